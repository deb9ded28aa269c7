import { describe, expect, it } from 'vitest';
import { errorCode } from '../../../lib/errors.ts';
import { route, type Handlers, type Home, type RawSender } from '../../../lib/messaging/route.ts';
import { APPROVAL_VERBS, PAGE_VERBS, WALLET_VERBS, type PageVerb, type WalletVerb } from '../../../lib/messaging/verbs.ts';
import type { Asker } from '../../../lib/wallet/ports.ts';

const OWN_ID = 'abcdefghijklmnopabcdefghijklmnop';
const HOME: Home = { id: OWN_ID, origin: `chrome-extension://${OWN_ID}`, mayBeLocal: false };
const DEMO: Home = { ...HOME, mayBeLocal: true };
const REQUEST = '0f8fad5b-d9cb-469f-a165-70867728950e';
const OTHER = '1f8fad5b-d9cb-469f-a165-70867728950e';

const PAGE = {
  id: OWN_ID,
  origin: 'https://bank.example',
  url: 'https://bank.example/login?next=1',
  frameId: 0,
  documentId: 'D1',
  documentLifecycle: 'active',
  tab: { id: 7 },
};
const OWN = { id: OWN_ID, origin: HOME.origin, url: `${HOME.origin}/manager.html#/list`, frameId: 0, tab: { id: 9 } };
const POPUP = { id: OWN_ID, origin: HOME.origin, url: `${HOME.origin}/popup.html` };
const APPROVAL = { ...OWN, url: `${HOME.origin}/approve.html?request=${REQUEST}` };

/** The sender with some fields changed; undefined takes one away. */
function sender(of: object, changes: Record<string, unknown> = {}): RawSender {
  return Object.fromEntries(Object.entries({ ...of, ...changes }).filter(([, value]) => value !== undefined));
}

interface Served {
  readonly verb: string;
  readonly asker: Asker | null;
  readonly content: unknown;
}

/** What was served, or the code of the refusal; never both. */
function served(message: unknown, from: RawSender, home: Home = HOME): Served | string {
  const calls: Served[] = [];
  const serve = (verb: string, asker: Asker | null, content: unknown): Promise<void> => {
    calls.push({ verb, asker, content });
    return Promise.resolve();
  };
  const handlers: Handlers = {
    page: Object.fromEntries(PAGE_VERBS.map((verb) => [verb, (asker: Asker, content: unknown) => serve(verb, asker, content)])) as Handlers['page'],
    wallet: Object.fromEntries(WALLET_VERBS.map((verb) => [verb, (content: unknown) => serve(verb, null, content)])) as Handlers['wallet'],
  };
  try {
    void route(message, from, handlers, home);
  } catch (thrown) {
    expect(calls).toEqual([]);
    return errorCode(thrown);
  }
  return calls[0] ?? 'nothing';
}

const open = { verb: 'page.open', content: { id: 1 } };
const about = (verb: string, request: string = REQUEST): object => ({ verb, content: { request } });

describe('the verbs', () => {
  it('stand in exactly one table each', () => {
    const all = [...PAGE_VERBS, ...WALLET_VERBS];
    expect(new Set(all).size).toBe(all.length);
    expect(PAGE_VERBS.filter((verb) => !verb.startsWith('page.'))).toEqual([]);
    expect(WALLET_VERBS.filter((verb) => !verb.startsWith('wallet.'))).toEqual([]);
  });

  it.each(PAGE_VERBS.map((verb: PageVerb) => [verb]))('%s serves a page, and none of our own documents', (verb) => {
    const message = { verb, content: 'x' };
    expect(served(message, sender(PAGE))).toEqual({ verb, asker: { origin: PAGE.origin, tabId: 7, documentId: 'D1' }, content: 'x' });
    for (const own of [OWN, POPUP, APPROVAL, { ...OWN, documentId: 'D2' }])
      expect(served(message, sender(own))).toMatch(/^request\.(forbidden|insecure)$/);
  });

  it.each(WALLET_VERBS.map((verb: WalletVerb) => [verb]))('%s serves our approval window, and no content script', (verb) => {
    expect(served(about(verb), sender(APPROVAL))).toEqual({ verb, asker: null, content: { request: REQUEST } });
    expect(served(about(verb), sender(PAGE))).toBe('request.forbidden');
    expect(served(about(verb), sender(PAGE, { url: APPROVAL.url }))).toBe('request.forbidden');
  });

  it.each(WALLET_VERBS.filter((verb) => !(APPROVAL_VERBS as readonly string[]).includes(verb)).map((verb) => [verb]))(
    '%s serves popup and manager page',
    (verb) => {
      for (const own of [OWN, POPUP]) expect(served({ verb }, sender(own))).toEqual({ verb, asker: null, content: undefined });
    },
  );

  it.each([
    ['no message', undefined],
    ['null', null],
    ['a text', 'page.open'],
    ['no verb', {}],
    ['an unknown verb', { verb: 'page.export' }],
    ['a verb of a prototype', { verb: 'toString' }],
    ['a list of verbs', { verb: ['page.open'] }],
    ['a verb object', { verb: new String('page.open') }],
    ['another case', { verb: 'PAGE.OPEN' }],
    ['a number', { verb: 0 }],
  ])('are a closed list: %s', (_, message) => {
    for (const from of [PAGE, OWN, APPROVAL]) expect(served(message, sender(from))).toBe('request.malformed');
  });
});

describe('a page', () => {
  it('is known by what the browser says of it, whatever the message claims', () => {
    const claims = { verb: 'page.open', content: { id: 1, origin: 'https://other.example' }, origin: 'https://other.example', sender: OWN };
    expect(served(claims, sender(PAGE))).toMatchObject({ asker: { origin: 'https://bank.example', tabId: 7, documentId: 'D1' } });
  });

  it('needs no life-cycle where the browser tells none', () => {
    expect(served(open, sender(PAGE, { documentLifecycle: undefined }))).toMatchObject({ verb: 'page.open' });
  });

  it.each([
    ['no origin', { origin: undefined }, 'request.insecure'],
    ['the origin "null", though its address says the bank', { origin: 'null' }, 'request.insecure'],
    ['plain http', { origin: 'http://bank.example', url: 'http://bank.example/' }, 'request.insecure'],
    ['a file', { origin: 'file://', url: 'file:///bank.html' }, 'request.insecure'],
    ['another extension as origin', { origin: 'chrome-extension://p', url: 'chrome-extension://p/' }, 'request.insecure'],
    ['an address of another origin', { url: 'https://other.example/' }, 'request.insecure'],
    ['an address of another port', { url: 'https://bank.example:8443/' }, 'request.insecure'],
    ['an address that begins like its origin', { url: 'https://bank.example.evil.example/' }, 'request.insecure'],
    ['a user in the address', { url: 'https://bank.example@evil.example/' }, 'request.insecure'],
    ['a blob', { url: 'blob:https://bank.example/0f8fad5b' }, 'request.insecure'],
    ['a blank page', { url: 'about:blank' }, 'request.insecure'],
    ['no address', { url: undefined }, 'request.insecure'],
    ['a frame', { frameId: 3 }, 'request.forbidden'],
    ['no frame', { frameId: undefined }, 'request.forbidden'],
    ['no tab', { tab: undefined }, 'request.forbidden'],
    ['a tab without a number', { tab: {} }, 'request.forbidden'],
    ['no document', { documentId: undefined }, 'request.forbidden'],
    ['a prerendered document', { documentLifecycle: 'prerender' }, 'request.forbidden'],
    ['a cached document', { documentLifecycle: 'cached' }, 'request.forbidden'],
    ['a document that is about to go', { documentLifecycle: 'pending_deletion' }, 'request.forbidden'],
    ['another extension', { id: 'ponmlkjihgfedcbaponmlkjihgfedcba' }, 'request.forbidden'],
    ['no extension', { id: undefined }, 'request.forbidden'],
  ])('is refused with %s', (_, changes, code) => {
    expect(served(open, sender(PAGE, changes))).toBe(code);
  });
});

describe('a loopback page', () => {
  it.each(['http://localhost', 'http://localhost:8080', 'http://127.0.0.1', 'http://127.0.0.1:65535'])(
    'is served by the demo alone: %s',
    (origin) => {
      const from = sender(PAGE, { origin, url: `${origin}/` });
      expect(served(open, from)).toBe('request.insecure');
      expect(served(open, from, DEMO)).toMatchObject({ asker: { origin } });
    },
  );

  it.each([
    'http://bank.example',
    'http://127.0.0.2',
    'http://192.168.0.1',
    'http://[::1]',
    'http://localhost.evil.example',
    'http://evil.example:80#localhost',
    'http://localhost:123456',
    'http://127x0y0z1',
    'ftp://localhost',
    'http://localhost\n',
  ])('is exactly that, also in the demo: %s', (origin) => {
    expect(served(open, sender(PAGE, { origin, url: `${origin}/` }), DEMO)).toBe('request.insecure');
  });
});

describe('a document of ours', () => {
  it.each([
    ['a web page with our id', { origin: 'https://bank.example' }],
    ['no origin, though the address is ours', { origin: undefined }],
    ['the origin "null"', { origin: 'null' }],
    ['another extension', { id: 'ponmlkjihgfedcbaponmlkjihgfedcba' }],
    ['no extension', { id: undefined }],
    ['another extension in both', { id: 'p', origin: 'chrome-extension://p' }],
    ['an origin that begins like ours', { origin: `${HOME.origin}x` }],
    ['a frame', { frameId: 1 }],
  ])('is not %s', (_, changes) => {
    for (const verb of WALLET_VERBS) expect(served(about(verb), sender(APPROVAL, changes))).toBe('request.forbidden');
  });

  it.each(
    APPROVAL_VERBS.flatMap(
      (verb) =>
        [
          [verb, 'the manager page', OWN, REQUEST],
          [verb, 'the popup', POPUP, REQUEST],
          [verb, 'the window of another request', APPROVAL, OTHER],
          [verb, 'a window of no request', { ...OWN, url: `${HOME.origin}/approve.html` }, REQUEST],
          [verb, 'a page that only carries the name', { ...OWN, url: `${HOME.origin}/manager.html?/approve.html?request=${REQUEST}` }, REQUEST],
          [verb, 'a page below that name', { ...OWN, url: `${HOME.origin}/approve.html/x?request=${REQUEST}` }, REQUEST],
          [verb, 'a document without an address', { ...OWN, url: undefined }, REQUEST],
        ] as const,
    ),
  )('C19: %s is refused from %s', (verb, _, from, request) => {
    expect(served(about(verb, request), sender(from))).toBe('request.forbidden');
  });

  it.each(APPROVAL_VERBS.map((verb) => [verb]))('%s is refused without a request', (verb) => {
    for (const content of [undefined, null, {}, [], 'x', { request: [REQUEST] }, { request: null }])
      expect(served({ verb, content }, sender(APPROVAL))).toBe('request.forbidden');
    expect(served({ verb, content: { request: null } }, sender({ ...OWN, url: `${HOME.origin}/approve.html` }))).not.toMatchObject({ verb });
  });
});
