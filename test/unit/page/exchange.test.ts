import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { WalletError } from '../../../lib/errors.ts';
import { DojangError } from '../../../lib/page/error.ts';
import { answerLimit, exchange } from '../../../lib/page/exchange.ts';
import { arrival, delivered, inbox, openWindow, type FakeWindow } from './fake-window.ts';

const ACK_MS = 1_000;
const ANSWER_MS = 120_000;

let window: FakeWindow;

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  window = openWindow();
});

afterEach(() => {
  vi.useRealTimers();
});

interface Call {
  readonly port: MessagePort;
  /** What the library sent over the port. */
  readonly sent: unknown[];
  /** The library's outcomes, one by one; more than one would be a fault. */
  readonly outcomes: string[];
  readonly say: (...messages: unknown[]) => Promise<void>;
}

/** Asks, and takes the other end as a content script does. */
async function ask(payload: unknown = {}, signal?: AbortSignal, read: (value: unknown) => unknown = (value) => value): Promise<Call> {
  const outcomes: string[] = [];
  exchange('signIn', payload, { ackMs: ACK_MS, answerMs: ANSWER_MS, signal }, read).then(
    (value) => outcomes.push(`result ${JSON.stringify(value)}`),
    (thrown: unknown) => outcomes.push(thrown instanceof DojangError ? thrown.code : 'not ours'),
  );
  await delivered();
  const [port = new MessageChannel().port1] = window.messages[0]?.ports ?? [];
  const sent = inbox(port);
  const say = async (...messages: unknown[]): Promise<void> => {
    for (const message of messages) port.postMessage(message);
    await delivered();
  };
  return { port, sent, outcomes, say };
}

describe('an exchange', () => {
  it('posts one message with a port and its own origin as target, and listens to nothing but that port', async () => {
    await ask({ nonce: 'n' });
    expect(window.messages).toHaveLength(1);
    const { data, ports } = window.messages[0] ?? { data: null, ports: [] };
    expect(data).toStrictEqual({ dojang: 1, id: expect.stringMatching(/^[0-9a-f-]{36}$/), action: 'signIn', payload: { nonce: 'n' } });
    expect(ports).toHaveLength(1);
    expect(window.listened).toEqual([]);
  });

  it('gives the result that its reader makes', async () => {
    const { say, outcomes } = await ask({}, undefined, (value) => [value]);
    await say({ ack: true }, { result: 7 });
    expect(outcomes).toEqual(['result [7]']);
  });

  it.each([
    ['a code of the wallet', { error: { code: 'request.busy' } }, 'request.busy'],
    ['a code that nobody knows', { error: { code: 'surprise' } }, 'internal'],
    ['an unreadable message', { result: 1, error: { code: 'internal' } }, 'request.malformed'],
    ['no message at all', null, 'request.malformed'],
  ])('fails with %s', async (_, message, code) => {
    const { say, outcomes } = await ask();
    await say({ ack: true }, message);
    expect(outcomes).toEqual([code]);
  });

  it.each([
    ['one of ours', new WalletError('request.malformed'), 'request.malformed'],
    ['anything else', new TypeError('x'), 'internal'],
  ])('fails as its reader fails: %s', async (_, thrown, code) => {
    const { say, outcomes } = await ask({}, undefined, () => {
      throw thrown;
    });
    await say({ result: 1 });
    expect(outcomes).toEqual([code]);
  });

  it('settles once, whatever comes afterwards', async () => {
    const stop = new AbortController();
    const { say, outcomes } = await ask({}, stop.signal);
    await say({ ack: true }, { result: 1 }, { result: 2 }, { error: { code: 'internal' } }, { extend: { seconds: 1 } }, 'nonsense');
    stop.abort();
    vi.advanceTimersByTime(ANSWER_MS * 10);
    await delivered();
    expect(outcomes).toEqual(['result 1']);
  });
});

describe('a page that waits', () => {
  it('learns after a second that no wallet is there, and nobody is asked any more', async () => {
    const { outcomes, sent } = await ask();
    vi.advanceTimersByTime(ACK_MS - 1);
    await delivered();
    expect(outcomes).toEqual([]);
    vi.advanceTimersByTime(1);
    await arrival(() => outcomes.length > 0 && sent.length > 0);
    expect(outcomes).toEqual(['wallet.absent']);
    expect(sent).toEqual([{ cancel: true }]);
  });

  it('takes its request back at the time limit', async () => {
    const { outcomes, sent, say } = await ask();
    await say({ ack: true });
    vi.advanceTimersByTime(ANSWER_MS - 1);
    await delivered();
    expect(outcomes).toEqual([]);
    vi.advanceTimersByTime(1);
    await arrival(() => sent.length > 0);
    expect(outcomes).toEqual(['user.timeout']);
    expect(sent).toEqual([{ cancel: true }]);
  });

  it('waits longer when the person asks for more time', async () => {
    const { outcomes, sent, say } = await ask();
    await say({ ack: true });
    vi.advanceTimersByTime(ANSWER_MS - 1_000);
    await say({ extend: { seconds: 121 } });
    vi.advanceTimersByTime(120_000);
    await delivered();
    expect(outcomes).toEqual([]);
    vi.advanceTimersByTime(1_000);
    await arrival(() => sent.length > 0);
    expect(outcomes).toEqual(['user.timeout']);
  });

  it('does not ask at all where it was told to stop before', async () => {
    const { outcomes } = await ask({}, AbortSignal.abort());
    expect(outcomes).toEqual(['user.cancelled']);
    expect(window.messages).toEqual([]);
  });

  it.each([
    ['before', []],
    ['after', [{ ack: true }]],
  ])('is told to stop %s the acknowledgement', async (_, before) => {
    const stop = new AbortController();
    const { outcomes, sent, say } = await ask({}, stop.signal);
    await say(...before);
    stop.abort();
    await arrival(() => sent.length > 0);
    expect(outcomes).toEqual(['user.cancelled']);
    expect(sent).toEqual([{ cancel: true }]);
  });

  it.each([
    [undefined, ANSWER_MS],
    [5_000, 5_000],
    [0, 1_000],
    [-1, 1_000],
    [Infinity, 600_000],
    [3_600_000, 600_000],
  ])('may set its own limit within bounds: %s', (timeoutMs, expected) => {
    expect(answerLimit(timeoutMs === undefined ? {} : { timeoutMs })).toBe(expected);
  });
});

describe('an answer from somebody else', () => {
  it('is ignored: a window message with the very id that was seen', async () => {
    const { outcomes, say } = await ask();
    const { id } = window.messages[0]?.data as { id: string };
    const { port1 } = new MessageChannel();
    for (const forged of [
      { dojang: 1, id, result: { cms: 'AAAA', certificate: 'AAAA' } },
      { dojang: 1, id, ack: true },
      { dojang: 1, id, error: { code: 'user.cancelled' } },
    ])
      window.postMessage(forged, window.origin, [port1].slice(1));
    await delivered();
    expect(outcomes).toEqual([]);
    await say({ ack: true }, { result: 'real' });
    expect(outcomes).toEqual(['result "real"']);
    port1.close();
  });

  it('cannot come from the port of another request', async () => {
    const { outcomes, say } = await ask();
    const other = window.messages.length;
    exchange('signIn', {}, { ackMs: ACK_MS, answerMs: ANSWER_MS, signal: undefined }, (value) => value).catch(() => undefined);
    await delivered();
    window.messages[other]?.ports[0]?.postMessage({ result: 'of the other' });
    await delivered();
    expect(outcomes).toEqual([]);
    await say({ result: 'mine' });
    expect(outcomes).toEqual(['result "mine"']);
  });
});

describe('a payload', () => {
  const revoked = Proxy.revocable({}, {});
  revoked.revoke();

  it.each([
    ['a function', { nonce: () => 'n' }],
    ['a symbol', { nonce: Symbol('n') }],
    ['a proxy', new Proxy({}, {})],
    ['a proxy that is gone', revoked.proxy],
    [
      'a getter that throws',
      {
        get nonce(): string {
          throw new Error('page');
        },
      },
    ],
  ])('that cannot be cloned never leaves: %s', async (_, payload) => {
    const { outcomes } = await ask(payload);
    expect(outcomes).toEqual(['request.malformed']);
    expect(window.messages).toEqual([]);
  });

  it('is a snapshot: getters are read once, and later changes change nothing', async () => {
    let reads = 0;
    const payload = {
      get nonce() {
        return `n${++reads}`;
      },
      list: ['a'],
    };
    await ask(payload);
    payload.list[0] = 'changed';
    expect(reads).toBe(1);
    expect(window.messages[0]?.data).toMatchObject({ payload: { nonce: 'n1', list: ['a'] } });
  });

  it('may be a cycle, which the wallet refuses', async () => {
    const payload: Record<string, unknown> = {};
    payload['again'] = payload;
    await ask(payload);
    expect(window.messages).toHaveLength(1);
  });
});

describe('a document', () => {
  it.each([
    ['that is not secure', { isSecureContext: false }],
    ['without an origin of its own', { origin: 'null' }],
  ])('%s asks nothing', async (_, of) => {
    Object.assign(window, of);
    const { outcomes } = await ask();
    expect(outcomes).toEqual(['request.insecure']);
    expect(window.messages).toEqual([]);
  });
});
