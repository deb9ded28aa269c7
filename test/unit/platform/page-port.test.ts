import { beforeEach, describe, expect, it } from 'vitest';
import { WalletError } from '../../../lib/errors.ts';
import { connectWallet, DojangError } from '../../../lib/page/dojang.ts';
import { PagePort } from '../../../lib/platform/page-port.ts';
import { LIMITS } from '../../../lib/protocol/limits.ts';
import { FEATURES } from '../../../lib/protocol/version.ts';
import type { PageRequest } from '../../../lib/protocol/wire.ts';
import { arrival, delivered, inbox, openWindow, type FakeWindow, type WindowMessage } from '../page/fake-window.ts';

const NONCE = 'n'.repeat(43);
const ACK = { ack: true };

let window: FakeWindow;
let background: FakeBackground;
let page: PagePort;

/** Stands where the background is: keeps what it was told, and answers as it is told. */
class FakeBackground {
  readonly opened: PageRequest[] = [];
  readonly cancelled: string[] = [];
  woken = 0;
  answer: () => Promise<void> = () => Promise.resolve();

  wake(): void {
    this.woken++;
  }

  open(request: PageRequest): Promise<void> {
    this.opened.push(request);
    return this.answer();
  }

  cancel(id: string): void {
    this.cancelled.push(id);
  }
}

beforeEach(() => {
  window = openWindow();
  background = new FakeBackground();
  page = new PagePort(background, '0.1.0');
});

function receive(message: Partial<WindowMessage>): void {
  page.receive({ source: window, isTrusted: true, ports: [], data: null, ...message } as unknown as MessageEvent);
}

interface Sent {
  readonly id: string;
  readonly received: unknown[];
  readonly port: MessagePort;
}

/** A page's message, straight from its window. */
async function send(data: object, of: Partial<WindowMessage> = {}): Promise<Sent> {
  const { port1, port2 } = new MessageChannel();
  const received = inbox(port1);
  receive({ data, ports: [port2], ...of });
  await delivered();
  return { id: String(Reflect.get(data, 'id')), received, port: port1 };
}

const connect = (id: string = crypto.randomUUID()): object => ({ dojang: 1, id, action: 'connect', payload: {} });
const signIn = (id: string = crypto.randomUUID(), nonce = NONCE): object => ({ dojang: 1, id, action: 'signIn', payload: { nonce } });
const refused = (code: string): unknown[] => [{ error: { code } }];

describe('a message of the window', () => {
  it.each([
    ['of another window', { source: {} }],
    ['of no window', { source: null }],
    ['that a script made', { isTrusted: false }],
    ['without a port', { ports: [] }],
    ['that is not addressed to the wallet', { data: { type: 'hello', id: 1 } }],
    ['that is a text', { data: 'dojang' }],
    ['that is null', { data: null }],
  ])('is left alone %s', async (_, of) => {
    const { received } = await send(signIn(), of);
    expect(received).toEqual([]);
    expect(background.opened).toEqual([]);
    expect(background.woken).toBe(0);
  });

  it.each([
    ['is not secure', { isSecureContext: false }],
    ['has no origin of its own', { origin: 'null' }],
    ['is in a frame', { top: {} }],
  ])('is refused where the document %s', async (_, of) => {
    Object.assign(window, of);
    expect((await send(connect())).received).toEqual(refused('request.insecure'));
    expect((await send(signIn())).received).toEqual(refused('request.insecure'));
    expect(background.opened).toEqual([]);
    expect(background.woken).toBe(0);
  });

  it.each([
    ['a later version', { ...signIn(), dojang: 2 }, 'request.unsupported-version'],
    ['an unknown action', { ...signIn(), action: 'getCertificates' }, 'request.malformed'],
    ['a key too many', { ...signIn(), origin: 'https://other.example' }, 'request.malformed'],
    ['a nonce without end', signIn(crypto.randomUUID(), 'n'.repeat(LIMITS.request + 1)), 'request.too-large'],
  ])('is refused before the background hears of it with %s', async (_, data, code) => {
    expect((await send(data)).received).toEqual(refused(code));
    expect(background.opened).toEqual([]);
  });
});

describe('connecting', () => {
  it('is answered at once, and wakes the background', async () => {
    const { received } = await send(connect());
    expect(received).toEqual([{ result: { protocol: 1, wallet: { name: 'Dojang', version: '0.1.0' }, features: [...FEATURES] } }]);
    expect(background.woken).toBe(1);
    expect(background.opened).toEqual([]);
  });

  it('is answered while a request waits', async () => {
    await send(signIn());
    expect((await send(connect())).received).toMatchObject([{ result: { protocol: 1 } }]);
  });
});

describe('a request', () => {
  it('is acknowledged at once and handed on in values of ours', async () => {
    const { id, received } = await send(signIn());
    expect(received).toEqual([ACK]);
    expect(background.opened).toStrictEqual([{ id, action: 'signIn', payload: { nonce: NONCE } }]);
    expect(page.isWaiting(id)).toBe(true);
  });

  it('is answered once', async () => {
    const { id, received } = await send(signIn());
    expect(page.answer(id, { result: 1 })).toBe(true);
    expect(page.answer(id, { result: 2 })).toBe(false);
    await delivered();
    expect(received).toEqual([ACK, { result: 1 }]);
    expect(page.isWaiting(id)).toBe(false);
  });

  it('goes on waiting after more time was given', async () => {
    const { id, received } = await send(signIn());
    expect(page.answer(id, { extend: { seconds: 60 } })).toBe(true);
    expect(page.answer(id, { error: { code: 'user.timeout' } })).toBe(true);
    await delivered();
    expect(received).toEqual([ACK, { extend: { seconds: 60 } }, { error: { code: 'user.timeout' } }]);
  });

  it.each([
    ['another id', crypto.randomUUID()],
    ['an id of a prototype', 'constructor'],
    ['nothing', ''],
  ])('is not answered under %s', async (_, guessed) => {
    const { received } = await send(signIn());
    expect(page.answer(guessed, { result: 1 })).toBe(false);
    expect(page.isWaiting(guessed)).toBe(false);
    await delivered();
    expect(received).toEqual([ACK]);
  });

  it.each([
    ['waits', signIn, signIn],
    ['was for connecting', connect, connect],
    ['was for something else', connect, signIn],
  ])('is refused under an id that %s', async (_, first, second) => {
    const id = crypto.randomUUID();
    await send(first(id));
    expect((await send(second(id))).received).toEqual(refused('request.duplicate'));
  });

  it('is refused under an id that was answered', async () => {
    const { id } = await send(signIn());
    page.answer(id, { result: 1 });
    expect((await send(signIn(id))).received).toEqual(refused('request.duplicate'));
  });

  it('is refused while another one of the document waits, and leaves that one alone', async () => {
    const first = await send(signIn());
    expect((await send(signIn())).received).toEqual(refused('request.busy'));
    expect(background.opened).toHaveLength(1);
    expect(page.isWaiting(first.id)).toBe(true);
  });

  it('may follow another with the same nonce, as a request of its own', async () => {
    const first = await send(signIn());
    page.answer(first.id, { error: { code: 'user.cancelled' } });
    expect((await send(signIn())).received).toEqual([ACK]);
    expect(background.opened).toHaveLength(2);
  });

  it('is one of a bounded number in the life of a document', async () => {
    const { port1, port2 } = new MessageChannel();
    const received = inbox(port1);
    for (let at = 0; at < LIMITS.perDocument; at++) receive({ data: connect(), ports: [port2] });
    await arrival(() => received.length === LIMITS.perDocument);
    expect((await send(connect())).received).toEqual(refused('request.busy'));
    port1.close();
  });
});

describe('a page that takes its request back', () => {
  it('ends it by its port, once', async () => {
    const { id, port, received } = await send(signIn());
    for (let times = 0; times < 3; times++) port.postMessage({ cancel: true });
    await delivered();
    expect(background.cancelled).toEqual([id]);
    expect(page.answer(id, { result: 1 })).toBe(false);
    await delivered();
    expect(received).toEqual([ACK]);
  });

  it.each([
    ['something else', { stop: true }],
    ['a request', signIn()],
    ['a wish that is not one', { cancel: 1 }],
    ['null', null],
  ])('says so; %s on the port does nothing', async (_, message) => {
    const { id, port } = await send(signIn());
    port.postMessage(message);
    await delivered();
    expect(background.cancelled).toEqual([]);
    expect(background.opened).toHaveLength(1);
    expect(page.isWaiting(id)).toBe(true);
  });

  it('cannot use the port of an old request for a new one', async () => {
    const first = await send(signIn());
    page.answer(first.id, { result: 1 });
    const second = await send(signIn());
    first.port.postMessage({ cancel: true });
    first.port.postMessage(signIn());
    await delivered();
    expect(background.cancelled).toEqual([]);
    expect(background.opened).toHaveLength(2);
    expect(page.isWaiting(second.id)).toBe(true);
  });
});

describe('a document that goes away', () => {
  it('ends what waits, and gets no answer any more', async () => {
    const { id, received } = await send(signIn());
    page.leave();
    page.leave();
    expect(background.cancelled).toEqual([id]);
    expect(page.isWaiting(id)).toBe(false);
    expect(page.answer(id, { result: 'signed' })).toBe(false);
    await delivered();
    expect(received).toEqual([ACK, { error: { code: 'user.cancelled' } }]);
  });

  it('may ask again when it comes back from the cache', async () => {
    await send(signIn());
    page.leave();
    expect((await send(signIn())).received).toEqual([ACK]);
  });
});

describe('G6: an extension that was updated or removed under the page', () => {
  it('has the page told that nobody is there, for what waits, and is quiet from then on', async () => {
    const { id, received } = await send(signIn());
    page.retire();
    await delivered();
    expect(received).toEqual([ACK, { error: { code: 'wallet.absent' } }]);
    expect([page.isWaiting(id), page.answer(id, { result: {} })]).toEqual([false, false]);
    page.retire();
    for (const message of [connect(), signIn(), { dojang: 1, id, action: 'nothing' }]) expect((await send(message)).received).toEqual([]);
    expect([background.opened.length, background.cancelled, background.woken]).toEqual([1, [], 0]);
  });

  it('is found absent by the page library', async () => {
    page.retire();
    await expect(connectWallet({ timeoutMs: 5 })).rejects.toMatchObject({ code: 'wallet.absent' });
  });
});

describe('a background that does not take a request', () => {
  it.each([
    ['with its code', new WalletError('request.busy'), 'request.busy'],
    ['with nothing of a failure but internal', new Error('Could not establish connection'), 'internal'],
  ])('answers the page %s', async (_, thrown, code) => {
    background.answer = () => Promise.reject(thrown);
    const { id, received } = await send(signIn());
    expect(received).toEqual([ACK, { error: { code } }]);
    expect(page.isWaiting(id)).toBe(false);
  });

  it('says nothing to a page that has left meanwhile', async () => {
    let refuse: (reason: unknown) => void = () => undefined;
    background.answer = () =>
      new Promise((_, reject) => {
        refuse = reject;
      });
    const { port, received } = await send(signIn());
    port.postMessage({ cancel: true });
    await delivered();
    refuse(new WalletError('request.busy'));
    await delivered();
    expect(received).toEqual([ACK]);
  });
});

describe('the page library and the content script together', () => {
  beforeEach(() => {
    window.onMessage = receive;
  });

  it('carry an answer through', async () => {
    const wallet = await connectWallet();
    const asked = wallet.signIn({ nonce: NONCE });
    await arrival(() => background.opened.length > 0);
    page.answer(background.opened[0]?.id ?? '', { result: { cms: 'AAAA', certificate: 'BBBB' } });
    expect(await asked).toEqual({ cms: 'AAAA', certificate: 'BBBB' });
  });

  it('carry a wish to stop through', async () => {
    const stop = new AbortController();
    const wallet = await connectWallet();
    const asked = wallet.signIn({ nonce: NONCE }, { signal: stop.signal }).catch((thrown: unknown) => thrown);
    await arrival(() => background.opened.length > 0);
    stop.abort();
    expect(await asked).toMatchObject({ code: 'user.cancelled' });
    await arrival(() => background.cancelled.length > 0);
    expect(background.cancelled).toEqual([background.opened[0]?.id]);
  });

  it('ask nobody for a page that has given up before its message was seen', async () => {
    const late: WindowMessage[] = [];
    window.onMessage = (message) => void late.push(message);
    const gaveUp = await connectWallet({ timeoutMs: 1 }).catch((thrown: unknown) => thrown);
    expect(gaveUp).toBeInstanceOf(DojangError);
    window.onMessage = receive;
    const wallet = await connectWallet();
    window.onMessage = (message) => void late.push(message);
    const stop = new AbortController();
    const asked = wallet.signIn({ nonce: NONCE }, { signal: stop.signal }).catch((thrown: unknown) => thrown);
    stop.abort();
    await asked;
    for (const message of late) receive(message);
    await arrival(() => background.cancelled.length > 0);
    expect(background.cancelled).toEqual(background.opened.map(({ id }) => id));
  });
});
