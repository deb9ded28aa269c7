import { beforeEach, describe, expect, it } from 'vitest';
import { LIMITS } from '../../../lib/protocol/limits.ts';
import { REQUESTS_KEY, type Requests } from '../../../lib/wallet/requests.ts';
import type { PendingRequest } from '../../../lib/wallet/stored-requests.ts';
import { codeOf } from '../../support/npki-fixtures.ts';
import { asker, NONCE, NOW, World } from './support.ts';

const SECOND = 1_000;

let world: World;
let requests: Requests;

beforeEach(() => {
  world = new World();
  ({ requests } = world.start());
});

function pending(documentId: string, of: Partial<PendingRequest> = {}): PendingRequest {
  return {
    id: crypto.randomUUID(),
    pageId: crypto.randomUUID(),
    call: { action: 'signIn', payload: { nonce: NONCE } },
    asker: asker(documentId),
    requestedAt: NOW,
    expiresAt: NOW + LIMITS.waitMs,
    windowId: null,
    ...of,
  };
}

const put = (request: PendingRequest): Promise<string> => codeOf(() => requests.put(request));

describe('a request that waits', () => {
  it('reads back as it was put, also by a background that starts anew', async () => {
    const request = pending('A', {
      call: { action: 'signIn', payload: { nonce: NONCE, accept: { policies: ['1.2.3'], issuers: ['\ud800', '금융결제원'] } } },
      windowId: 12,
    });
    await requests.put(request);
    expect(await world.start().requests.list()).toStrictEqual([request]);
    expect(await world.start().requests.get(request.id)).toStrictEqual(request);
  });

  it('is kept as text', async () => {
    await requests.put(pending('A'));
    expect([...world.session.texts.keys()]).toEqual([REQUESTS_KEY]);
    expect(typeof world.session.texts.get(REQUESTS_KEY)).toBe('string');
  });

  it.each([
    ['before', LIMITS.waitMs - 1, 'none'],
    ['at', LIMITS.waitMs, 'request.gone'],
    ['after', LIMITS.waitMs + 1, 'request.gone'],
  ])('is there until its end: %s', async (_, later, code) => {
    const request = pending('A');
    await requests.put(request);
    world.now += later;
    expect(await codeOf(() => requests.get(request.id))).toBe(code);
  });

  it.each([
    ['another id', crypto.randomUUID()],
    ['nothing', ''],
    ['a name of a prototype', '__proto__'],
  ])('is not found under %s', async (_, id) => {
    await requests.put(pending('A'));
    expect(await codeOf(() => requests.get(id))).toBe('request.gone');
    expect(await codeOf(() => requests.update(id, (request) => request))).toBe('request.gone');
  });

  it('is taken once, by whoever comes first', async () => {
    const request = pending('A');
    await requests.put(request);
    const isIt = ({ id }: PendingRequest): boolean => id === request.id;
    const taken = await Promise.all([1, 2, 3].map(() => requests.take(isIt, () => null)));
    expect(taken.filter((one) => one !== null)).toStrictEqual([request]);
    expect(await requests.list()).toEqual([]);
  });

  it('leaves its answer in the outbox from the moment it is taken until it is handed over', async () => {
    const request = pending('A', { windowId: 3 });
    await requests.put(request);
    await requests.take(
      () => true,
      ({ pageId }) => ({ id: pageId, result: { cms: 'AAAA' } }),
    );
    const again = world.start().requests;
    expect(await again.outbox()).toStrictEqual([{ asker: request.asker, delivery: { id: request.pageId, result: { cms: 'AAAA' } }, windowId: 3 }]);
    await again.answered(request.pageId);
    expect(await again.outbox()).toEqual([]);
  });

  it('loses nothing when several are changed at once', async () => {
    const all = ['A', 'B', 'C'].map((name) => pending(name));
    await Promise.all(all.map((request) => requests.put(request)));
    await Promise.all(all.map(({ id }, at) => requests.update(id, (request) => ({ ...request, windowId: at }))));
    expect((await requests.list()).map(({ windowId }) => windowId)).toEqual([0, 1, 2]);
  });
});

describe('the number of requests', () => {
  it('is one for a document', async () => {
    expect(await put(pending('A'))).toBe('none');
    expect(await put(pending('A'))).toBe('request.busy');
    expect(await put(pending('B'))).toBe('none');
  });

  it('is three in all', async () => {
    for (const name of ['A', 'B', 'C']) expect(await put(pending(name))).toBe('none');
    expect(await put(pending('D'))).toBe('request.busy');
    await requests.take(
      ({ asker: { documentId } }) => documentId === 'B',
      () => null,
    );
    expect(await put(pending('D'))).toBe('none');
  });

  it('holds when a thousand come at once', async () => {
    const codes = await Promise.all(Array.from({ length: 1_000 }, (_, at) => put(pending(`D${at}`))));
    expect(codes.filter((code) => code === 'none')).toHaveLength(LIMITS.pending);
    expect(codes.filter((code) => code === 'request.busy')).toHaveLength(1_000 - LIMITS.pending);
  });

  it('counts no id twice, in whatever document', async () => {
    const first = pending('A');
    await requests.put(first);
    for (const name of ['A', 'B']) expect(await put(pending(name, { pageId: first.pageId }))).toBe('request.duplicate');
  });
});

describe('refusals of the person, and requests that the page took back,', () => {
  const refuseAt = async (...seconds: number[]): Promise<void> => {
    for (const second of seconds) {
      world.now = NOW + second * SECOND;
      await requests.refused('https://bank.example', 'person');
    }
  };
  const withdraw = async (times: number, everySeconds: number): Promise<void> => {
    for (let time = 0; time < times; time++) {
      world.now = NOW + time * everySeconds * SECOND;
      await requests.refused('https://bank.example', 'page');
    }
  };
  const codeAt = async (second: number, origin = 'https://bank.example'): Promise<string> => {
    world.now = NOW + second * SECOND;
    const request = pending('A', { asker: asker('A', origin) });
    const code = await put(request);
    await requests.take(
      ({ id }) => id === request.id,
      () => null,
    );
    return code;
  };

  it.each([
    ['none', [], 1, 'none'],
    ['two', [0, 1], 2, 'none'],
    ['three', [0, 1, 2], 3, 'request.busy'],
    ['three, to the end of the minute after the last', [0, 30, 59], 118, 'request.busy'],
    ['three, a minute after the last', [0, 30, 59], 119, 'none'],
    ['three in more than a minute', [0, 30, 60], 61, 'none'],
    ['the last three of many', [0, 70, 80, 90], 91, 'request.busy'],
    ['four', [0, 1, 2, 3], 62, 'request.busy'],
  ])('mute an origin after three in a minute, for a minute: %s', async (_, seconds, at, code) => {
    await refuseAt(...seconds);
    expect(await codeAt(at)).toBe(code);
  });

  it.each([
    ['nine within a minute', 9, 1, 10, 'none'],
    ['ten within a minute', 10, 1, 11, 'request.busy'],
    ['ten within a minute, a minute later', 10, 1, 70, 'none'],
    ['ten in more than a minute', 10, 7, 64, 'none'],
  ])('mute an origin that opens our window and takes it back again and again: %s', async (_, times, every, at, code) => {
    await withdraw(times, every);
    expect(await codeAt(at)).toBe(code);
  });

  it('are counted apart', async () => {
    await withdraw(8, 0);
    await refuseAt(0, 1);
    expect(await codeAt(2)).toBe('none');
  });

  it('mute no other origin, not even of the same host', async () => {
    await refuseAt(0, 1, 2);
    for (const origin of ['https://other.example', 'https://bank.example:8443', 'https://www.bank.example'])
      expect(await codeAt(3, origin)).toBe('none');
  });

  it('outlive the background', async () => {
    await refuseAt(0, 1, 2);
    ({ requests } = world.start());
    expect(await codeAt(3)).toBe('request.busy');
  });

  it('are forgotten when the clock is set back before them', async () => {
    await refuseAt(10, 11, 12);
    expect(await codeAt(0)).toBe('none');
  });
});

describe('a stored list', () => {
  it.each([
    ['no JSON', '{'],
    ['no list', '{"0":{}}'],
    ['null', 'null'],
    ['a list of nonsense', '[1,null,{},[],"x",{"id":1}]'],
    ['its own __proto__', '[{"__proto__":{"id":"x"}}]'],
  ])('that is %s counts as empty, and does not stop the next request', async (_, text) => {
    for (const key of [REQUESTS_KEY, 'djw1.refusals', 'djw1.outbox']) world.session.texts.set(key, text);
    expect(await requests.list()).toEqual([]);
    expect(await requests.outbox()).toEqual([]);
    const request = pending('A');
    expect(await put(request)).toBe('none');
    expect(
      await requests.take(
        () => true,
        () => null,
      ),
    ).toStrictEqual(request);
  });

  it.each([
    ['a field too many', (one: PendingRequest) => ({ ...one, approved: true })],
    ['a call of another kind', (one: PendingRequest) => ({ ...one, call: { action: 'connect', payload: {} } })],
    ['a nonce that no page may send', (one: PendingRequest) => ({ ...one, call: { action: 'signIn', payload: { nonce: 'short' } } })],
    ['a time that is a text', (one: PendingRequest) => ({ ...one, expiresAt: 'never' })],
    ['no end', (one: PendingRequest) => ({ ...one, expiresAt: null })],
    ['an id of another form', (one: PendingRequest) => ({ ...one, id: 'guessable' })],
    ['an asker with something more', (one: PendingRequest) => ({ ...one, asker: { ...one.asker, incognito: true } })],
  ])('loses the entry that has %s, and keeps the others', async (_, spoil) => {
    const good = pending('A');
    await requests.put(good);
    world.session.texts.set(REQUESTS_KEY, JSON.stringify([spoil(pending('B')), good]));
    expect(await requests.list()).toStrictEqual([good]);
  });
});
