import { beforeEach, describe, expect, it } from 'vitest';
import { WalletError } from '../../../lib/errors.ts';
import { LIMITS } from '../../../lib/protocol/limits.ts';
import { requestDigest, requestOfAlarm } from '../../../lib/wallet/page-requests.ts';
import { REQUESTS_KEY } from '../../../lib/wallet/requests.ts';
import type { PendingRequest } from '../../../lib/wallet/stored-requests.ts';
import { codeOf } from '../../support/npki-fixtures.ts';
import { ask, asker, NONCE, NOW, onlyRequest, World, type Background } from './support.ts';

const A = asker('A');
const B = asker('B', 'https://other.example', 8);
const SIGNED = { cms: 'AAAA', certificate: 'BBBB' };

let world: World;
let background: Background;

beforeEach(() => {
  world = new World();
  background = world.start();
});

const signed = (): Promise<unknown> => Promise.resolve(SIGNED);
const answer = (documentId: string, pageId: string, what: object): object => ({ documentId, id: pageId, ...what });
const cancelled = { error: { code: 'user.cancelled' } };
const timedOut = { error: { code: 'user.timeout' } };

async function approval(request: PendingRequest): Promise<{ requestId: string; shown: string; itemId: string }> {
  return { requestId: request.id, shown: await requestDigest(request), itemId: 'an item' };
}

/** The person says yes to the one request that waits, as it was shown. */
async function approve(make: (request: PendingRequest) => Promise<unknown> = signed): Promise<string> {
  const given = await approval(await onlyRequest(background));
  return codeOf(() => background.pageRequests.approve(given, make));
}

async function expectNothingLeft(): Promise<void> {
  expect(await background.requests.list()).toEqual([]);
  expect(await background.requests.outbox()).toEqual([]);
  expect([...world.open]).toEqual([]);
  expect([...world.alarms]).toEqual([]);
}

describe('a page that asks', () => {
  it('gets a window of its own, an end in two minutes, and an alarm for it', async () => {
    const pageId = await ask(world, background, A);
    const request = await onlyRequest(background);
    expect(request).toStrictEqual({
      id: expect.stringMatching(/^[0-9a-f-]{36}$/),
      pageId,
      call: { action: 'signIn', payload: { nonce: NONCE } },
      asker: A,
      requestedAt: NOW,
      expiresAt: NOW + LIMITS.waitMs,
      windowId: 101,
    });
    expect([...world.open]).toEqual([[101, request.id]]);
    expect([...world.alarms].map(([name, time]) => [requestOfAlarm(name), time])).toEqual([[request.id, request.expiresAt]]);
    expect(world.delivered).toEqual([]);
  });

  it('is known inside by an id that it cannot know', async () => {
    const pageId = await ask(world, background, A);
    expect((await onlyRequest(background)).id).not.toBe(pageId);
  });

  it.each([
    ['null', null],
    ['nothing in it', {}],
    ['a connection, which needs nobody', { id: crypto.randomUUID(), action: 'connect', payload: {} }],
    ['an unknown action', { id: crypto.randomUUID(), action: 'sign', payload: { nonce: NONCE } }],
    ['an id of another form', { id: '1', action: 'signIn', payload: { nonce: NONCE } }],
    ['an origin of its own choice', { id: crypto.randomUUID(), action: 'signIn', payload: { nonce: NONCE }, origin: 'https://x.example' }],
    ['a nonce too short', { id: crypto.randomUUID(), action: 'signIn', payload: { nonce: 'n' } }],
    ['a hash to sign', { id: crypto.randomUUID(), action: 'signIn', payload: { nonce: NONCE, hash: 'AAAA' } }],
  ])('is refused with %s, and no window opens', async (_, content) => {
    expect(await codeOf(() => background.pageRequests.open(A, content))).toBe('request.malformed');
    await expectNothingLeft();
  });

  it.each([
    ['a second time', () => ask(world, background, A)],
    [
      'as the fourth in all',
      async () => {
        for (const name of ['A', 'B', 'C']) await ask(world, background, asker(name));
      },
    ],
  ])('is told that the wallet is busy %s', async (_, before) => {
    await before();
    const windows = world.open.size;
    const late = asker(windows === 1 ? 'A' : 'D');
    expect(await codeOf(() => ask(world, background, late))).toBe('request.busy');
    expect(world.open.size).toBe(windows);
  });

  it('is not kept out by requests whose time is over, even where their alarm never rang', async () => {
    const first = await ask(world, background, A);
    world.now += LIMITS.waitMs;
    await ask(world, background, B);
    expect(world.delivered).toEqual([answer('A', first, timedOut)]);
    expect((await onlyRequest(background)).asker).toEqual(B);
  });

  it('may try again where no window could be opened', async () => {
    world.whileOpening = () => Promise.reject(new Error('no window'));
    expect(await codeOf(() => ask(world, background, A))).toBe('internal');
    expect(await background.requests.list()).toEqual([]);
    expect([...world.alarms]).toEqual([]);
    world.whileOpening = () => Promise.resolve();
    world.open.clear();
    await ask(world, background, A);
    expect(world.open.size).toBe(1);
  });
});

describe('while the window opens', () => {
  it('a lock ends the request, and the window goes again', async () => {
    world.whileOpening = () => background.pageRequests.endAll();
    const pageId = crypto.randomUUID();
    expect(await codeOf(() => ask(world, background, A, pageId))).toBe('request.gone');
    expect(world.delivered).toEqual([answer('A', pageId, cancelled)]);
    await expectNothingLeft();
  });

  it('a person may close it already, which is a no', async () => {
    world.whileOpening = () => {
      world.open.clear();
      return Promise.resolve();
    };
    const pageId = await ask(world, background, A);
    expect(world.delivered).toEqual([answer('A', pageId, cancelled)]);
    await expectNothingLeft();
  });

  it('a page may take its request back already', async () => {
    const pageId = crypto.randomUUID();
    world.whileOpening = async () => {
      world.documents.get('A')?.delete(pageId);
      await background.pageRequests.cancel(A, { id: pageId });
    };
    expect(await codeOf(() => ask(world, background, A, pageId))).toBe('request.gone');
    await expectNothingLeft();
  });

  it('a page may be gone whose wish to stop came before its request was remembered', async () => {
    const pageId = crypto.randomUUID();
    world.documents.set('A', new Set([pageId]));
    const opening = background.pageRequests.open(A, { id: pageId, action: 'signIn', payload: { nonce: NONCE } });
    world.documents.delete('A');
    await background.pageRequests.cancel(A, { id: pageId });
    await opening;
    expect(world.delivered).toEqual([]);
    await expectNothingLeft();
  });
});

describe('an approval', () => {
  it('answers the document that asked, once, and nobody else', async () => {
    const first = await ask(world, background, A);
    const request = await onlyRequest(background);
    await ask(world, background, B);
    await background.pageRequests.approve(await approval(request), signed);
    expect(world.delivered).toEqual([answer('A', first, { result: SIGNED })]);
    expect((await onlyRequest(background)).asker).toEqual(B);
    expect(world.open.size).toBe(1);
  });

  it('leaves nothing behind', async () => {
    await ask(world, background, A);
    expect(await approve()).toBe('none');
    await expectNothingLeft();
  });

  it('given twice at once answers once', async () => {
    const pageId = await ask(world, background, A);
    const given = await approval(await onlyRequest(background));
    const codes = await Promise.all([1, 2].map(() => codeOf(() => background.pageRequests.approve(given, signed))));
    expect(codes.toSorted()).toEqual(['none', 'request.gone']);
    expect(world.delivered).toEqual([answer('A', pageId, { result: SIGNED })]);
  });

  it('given twice in turn answers once', async () => {
    const pageId = await ask(world, background, A);
    const given = await approval(await onlyRequest(background));
    await background.pageRequests.approve(given, signed);
    expect(await codeOf(() => background.pageRequests.approve(given, signed))).toBe('request.gone');
    expect(world.delivered).toEqual([answer('A', pageId, { result: SIGNED })]);
  });

  it('makes what the remembered request says', async () => {
    await ask(world, background, A);
    const seen: PendingRequest[] = [];
    await approve((request) => {
      seen.push(request);
      return signed();
    });
    expect(seen).toMatchObject([{ asker: A, call: { action: 'signIn', payload: { nonce: NONCE } } }]);
  });

  it.each([
    ['nothing', ''],
    ['another digest', 'A'.repeat(43) + '='],
  ])('of %s that was shown is refused, and nothing is made', async (_, shown) => {
    await ask(world, background, A);
    const request = await onlyRequest(background);
    let made = 0;
    const make = (): Promise<unknown> => Promise.resolve(++made);
    expect(await codeOf(() => background.pageRequests.approve({ requestId: request.id, shown, itemId: 'an item' }, make))).toBe('request.forbidden');
    expect(made).toBe(0);
    expect(world.delivered).toEqual([]);
    expect(await onlyRequest(background)).toStrictEqual(request);
  });

  it.each([
    ['nonce', (one: PendingRequest) => ({ ...one, call: { action: 'signIn', payload: { nonce: 'x'.repeat(43) } } })],
    ['origin', (one: PendingRequest) => ({ ...one, asker: { ...one.asker, origin: 'https://evil.example' } })],
    ['accepted issuers', (one: PendingRequest) => ({ ...one, call: { action: 'signIn', payload: { nonce: NONCE, accept: { issuers: ['x'] } } } })],
  ])('is refused where the %s changed after it was shown', async (_, change) => {
    await ask(world, background, A);
    const request = await onlyRequest(background);
    const given = await approval(request);
    world.session.texts.set(REQUESTS_KEY, JSON.stringify([change(request)]));
    expect(await codeOf(() => background.pageRequests.approve(given, signed))).toBe('request.forbidden');
    expect(world.delivered).toEqual([]);
  });

  it('of one request does not do for another with the same content', async () => {
    await ask(world, background, A);
    const first = await onlyRequest(background);
    await ask(world, background, asker('C'));
    const second = (await background.requests.list()).find(({ id }) => id !== first.id);
    const given = { requestId: second?.id ?? '', shown: await requestDigest(first), itemId: 'an item' };
    expect(await codeOf(() => background.pageRequests.approve(given, signed))).toBe('request.forbidden');
  });

  it.each(['password.wrong', 'vault.locked', 'certificate.expired', 'internal'] as const)(
    'that fails with %s keeps the request for another try',
    async (code) => {
      const pageId = await ask(world, background, A);
      expect(await approve(() => Promise.reject(new WalletError(code)))).toBe(code);
      expect(world.delivered).toEqual([]);
      expect(world.open.size).toBe(1);
      expect(await approve()).toBe('none');
      expect(world.delivered).toEqual([answer('A', pageId, { result: SIGNED })]);
    },
  );

  it('comes too late at the end', async () => {
    await ask(world, background, A);
    world.now += LIMITS.waitMs;
    expect(await approve()).toBe('request.gone');
    expect(world.delivered).toEqual([]);
  });

  it.each([
    ['the document is gone', () => world.documents.delete('A')],
    ['the document no longer waits for it', () => world.documents.get('A')?.clear()],
    ['another document waits for the same id', (pageId: string) => (world.documents.delete('A'), world.documents.set('Z', new Set([pageId])))],
  ])('comes too late where %s; nothing is made', async (_, change) => {
    const pageId = await ask(world, background, A);
    change(pageId);
    let made = 0;
    expect(await approve(() => Promise.resolve(++made))).toBe('request.gone');
    expect(made).toBe(0);
    expect(world.delivered).toEqual([]);
    await expectNothingLeft();
  });

  it.each([
    ['the document goes', () => Promise.resolve(void world.documents.delete('A'))],
    [
      'the document is replaced by one that uses the old id',
      (pageId: string) => {
        world.documents.delete('A');
        world.documents.set('Z', new Set([pageId]));
        return Promise.resolve();
      },
    ],
    ['the page takes it back', (pageId: string) => (world.documents.get('A')?.clear(), background.pageRequests.cancel(A, { id: pageId }))],
    ['the wallet is locked', () => background.pageRequests.endAll()],
    ['the person closes the window', () => background.pageRequests.windowClosed(101)],
    ['its time ends', () => ((world.now += LIMITS.waitMs), background.pageRequests.expire())],
  ])('gives its result to nobody where %s while it is made', async (_, meanwhile) => {
    const pageId = await ask(world, background, A);
    const code = await approve(async () => {
      await meanwhile(pageId);
      return SIGNED;
    });
    expect(code).toBe('request.gone');
    expect(world.delivered.filter(({ result }) => result !== undefined)).toEqual([]);
    expect(world.documents.get('Z')?.has(pageId) ?? true).toBe(true);
    await expectNothingLeft();
  });
});

describe('a no', () => {
  it.each([
    ['said in the window', ({ id }: PendingRequest) => background.pageRequests.reject(id)],
    ['said by closing the window', ({ windowId }: PendingRequest) => background.pageRequests.windowClosed(windowId ?? -1)],
  ])('is told to the page once: %s', async (_, refuse) => {
    const pageId = await ask(world, background, A);
    const request = await onlyRequest(background);
    await Promise.all([refuse(request), refuse(request)]);
    await background.pageRequests.reject(request.id);
    expect(world.delivered).toEqual([answer('A', pageId, cancelled)]);
    await expectNothingLeft();
  });

  it('looks up whether the site is blocked while its window is there, which waits for the answer', async () => {
    await ask(world, background, A);
    const windows: number[] = [];
    world.isBlocked = () => Promise.resolve(windows.push(world.open.size) === 0);
    await background.pageRequests.reject((await onlyRequest(background)).id);
    expect(windows).toEqual([1]);
    await expectNothingLeft();
  });

  it('ends all that the site asked where it is blocked', async () => {
    await ask(world, background, A);
    await ask(world, background, asker('C', A.origin, 9));
    await ask(world, background, B);
    world.isBlocked = (origin) => Promise.resolve(origin === A.origin);
    const [first] = await background.requests.list();
    await background.pageRequests.reject(first!.id);
    expect((await background.requests.list()).map(({ asker: { origin } }) => origin)).toEqual([B.origin]);
  });

  it('said three times mutes the origin for a minute, and no other', async () => {
    for (let times = 0; times < 3; times++) {
      await ask(world, background, A);
      await background.pageRequests.reject((await onlyRequest(background)).id);
    }
    expect(await codeOf(() => ask(world, background, A))).toBe('request.busy');
    expect(await codeOf(() => ask(world, background, asker('C', A.origin, 9)))).toBe('request.busy');
    expect(await codeOf(() => ask(world, background, B))).toBe('none');
    world.now += LIMITS.muteMs;
    expect(await codeOf(() => ask(world, background, A))).toBe('none');
  });

  it('is not what a page says that takes its request back', async () => {
    for (let times = 0; times < 4; times++) {
      const pageId = await ask(world, background, A);
      await background.pageRequests.cancel(A, { id: pageId });
    }
    expect(world.delivered).toEqual([]);
    await expectNothingLeft();
  });

  it('to an unknown request does nothing', async () => {
    await ask(world, background, A);
    await background.pageRequests.reject(crypto.randomUUID());
    await background.pageRequests.windowClosed(999);
    expect(world.delivered).toEqual([]);
    expect(world.open.size).toBe(1);
  });
});

describe('a page that takes back', () => {
  const ways: readonly (readonly [string, (pageId: string) => Promise<unknown>])[] = [
    ['withdraws its requests', (pageId) => background.pageRequests.cancel(A, { id: pageId })],
    [
      'leaves each time',
      (pageId) => {
        world.documents.get(A.documentId)?.delete(pageId);
        return background.pageRequests.tabChanged(A.tabId);
      },
    ],
  ];
  it.each(ways)('again and again is mute for a minute, and no other origin: it %s', async (_, takeBack) => {
    for (let times = 0; times < LIMITS.withdrawals; times++) await takeBack(await ask(world, background, A));
    expect(await codeOf(() => ask(world, background, A))).toBe('request.busy');
    expect(await codeOf(() => ask(world, background, B))).toBe('none');
    world.now += LIMITS.muteMs;
    expect(await codeOf(() => ask(world, background, A))).toBe('none');
  });

  it.each([
    ['the request of another document', B, (pageId: string) => ({ id: pageId })],
    ['a request that is not there', A, () => ({ id: crypto.randomUUID() })],
  ])('%s changes nothing', async (_, from, content) => {
    const pageId = await ask(world, background, A);
    await background.pageRequests.cancel(from, content(pageId));
    expect((await onlyRequest(background)).pageId).toBe(pageId);
    expect(world.open.size).toBe(1);
  });

  it.each([
    ['nothing', null],
    ['something more', { id: crypto.randomUUID(), all: true }],
    ['an id that is none', { id: '*' }],
  ])('is refused with %s', async (_, content) => {
    await ask(world, background, A);
    expect(await codeOf(() => background.pageRequests.cancel(A, content))).toBe('request.malformed');
    await onlyRequest(background);
  });
});

describe('time', () => {
  it('ends a request at its end, once', async () => {
    const pageId = await ask(world, background, A);
    world.now += LIMITS.waitMs - 1;
    await background.pageRequests.expire();
    expect(world.delivered).toEqual([]);
    world.now += 1;
    await Promise.all([background.pageRequests.expire(), background.pageRequests.expire()]);
    expect(world.delivered).toEqual([answer('A', pageId, timedOut)]);
    await expectNothingLeft();
  });

  it('can be given by the person, two minutes at a time, up to ten in all', async () => {
    const pageId = await ask(world, background, A);
    const { id } = await onlyRequest(background);
    const ends: number[] = [];
    for (let times = 0; times < 6; times++) ends.push(await background.pageRequests.extend(id));
    expect(ends.map((end) => (end - NOW) / 60_000)).toEqual([4, 6, 8, 10, 10, 10]);
    expect(world.delivered).toEqual([240, 360, 480, 600, 600, 600].map((seconds) => answer('A', pageId, { extend: { seconds } })));
    expect([...world.alarms.values()]).toEqual([NOW + LIMITS.waitMaxMs]);
    expect((await onlyRequest(background)).expiresAt).toBe(NOW + LIMITS.waitMaxMs);
  });

  it('tells the page what is left, and never more than its library takes', async () => {
    await ask(world, background, A);
    const { id } = await onlyRequest(background);
    world.now += 90_500;
    await background.pageRequests.extend(id);
    world.now -= 3_600_000;
    await background.pageRequests.extend(id);
    expect(world.delivered.map(({ extend }) => extend?.seconds)).toEqual([150, LIMITS.waitMaxMs / 1000]);
  });

  it.each([
    ['is over', () => (world.now += LIMITS.waitMs)],
    ['was answered', () => background.pageRequests.endAll()],
  ])('cannot be given to a request that %s', async (_, end) => {
    await ask(world, background, A);
    const { id } = await onlyRequest(background);
    await end();
    expect(await codeOf(() => background.pageRequests.extend(id))).toBe('request.gone');
  });
});

describe('a tab that changes', () => {
  it('ends the requests of documents that are gone, without an answer to anybody', async () => {
    const pageId = await ask(world, background, A);
    world.documents.delete('A');
    world.documents.set('new', new Set([pageId]));
    await background.pageRequests.tabChanged(A.tabId);
    expect(world.delivered).toEqual([]);
    await expectNothingLeft();
  });

  it('leaves requests alone whose document still waits, and those of other tabs', async () => {
    await ask(world, background, A);
    await ask(world, background, B);
    world.documents.delete('B');
    await background.pageRequests.tabChanged(A.tabId);
    expect(await background.requests.list()).toHaveLength(2);
  });
});

describe('a lock', () => {
  it('ends all that waits', async () => {
    const first = await ask(world, background, A);
    const second = await ask(world, background, B);
    await background.pageRequests.endAll();
    expect(world.delivered).toEqual([answer('A', first, cancelled), answer('B', second, cancelled)]);
    await expectNothingLeft();
  });
});

describe('a background that stops', () => {
  it('answers as if it had not, when it starts again before the approval', async () => {
    const pageId = await ask(world, background, A);
    const before = await onlyRequest(background);
    background = world.start();
    await background.pageRequests.resume();
    expect(await onlyRequest(background)).toStrictEqual(before);
    expect(await approve()).toBe('none');
    expect(world.delivered).toEqual([answer('A', pageId, { result: SIGNED })]);
  });

  it('reads the request afresh, so that one of another content is not approved', async () => {
    await ask(world, background, A);
    const request = await onlyRequest(background);
    const given = await approval(request);
    background = world.start();
    world.session.texts.set(REQUESTS_KEY, JSON.stringify([{ ...request, call: { action: 'signIn', payload: { nonce: 'y'.repeat(43) } } }]));
    expect(await codeOf(() => background.pageRequests.approve(given, signed))).toBe('request.forbidden');
  });

  it.each([
    [
      'a result',
      (requests: Background['requests']) =>
        requests.take(
          () => true,
          ({ pageId }) => ({ id: pageId, result: SIGNED }),
        ),
      { result: SIGNED },
    ],
    [
      'a no',
      (requests: Background['requests']) =>
        requests.take(
          () => true,
          ({ pageId }) => ({ id: pageId, ...cancelled }),
        ),
      cancelled,
    ],
  ])('between taking and answering hands over %s when it starts again, once', async (_, take, what) => {
    const pageId = await ask(world, background, A);
    await take(background.requests);
    background = world.start();
    expect(world.delivered).toEqual([]);
    await background.pageRequests.resume();
    await world.start().pageRequests.resume();
    expect(world.delivered).toEqual([answer('A', pageId, what)]);
    expect(await background.requests.outbox()).toEqual([]);
    expect([...world.open]).toEqual([]);
  });

  it('between taking and answering keeps nothing for a document that is gone', async () => {
    const pageId = await ask(world, background, A);
    await background.requests.take(
      () => true,
      () => ({ id: pageId, result: SIGNED }),
    );
    world.documents.clear();
    world.documents.set('new', new Set([pageId]));
    background = world.start();
    await background.pageRequests.resume();
    expect(world.delivered).toEqual([]);
    expect(await background.requests.outbox()).toEqual([]);
  });

  it('ends what ran out while it was away', async () => {
    const pageId = await ask(world, background, A);
    world.now += 3_600_000;
    background = world.start();
    await background.pageRequests.expire();
    expect(world.delivered).toEqual([answer('A', pageId, timedOut)]);
    await expectNothingLeft();
  });
});

describe('an alarm', () => {
  it.each([
    ['request:0f8fad5b', '0f8fad5b'],
    ['lock', null],
    ['', null],
  ])('is about a request or not: %s', (name, expected) => {
    expect(requestOfAlarm(name)).toBe(expected);
  });
});
