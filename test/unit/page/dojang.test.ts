import { beforeEach, describe, expect, it } from 'vitest';
import { ERROR_CODES } from '../../../lib/errors.ts';
import { connectWallet, DojangError } from '../../../lib/page/dojang.ts';
import { openWindow, type FakeWindow } from './fake-window.ts';

const GREETING = { protocol: 1, wallet: { name: 'Dojang', version: '0.1.0' }, features: ['signIn'] };
const REQUEST = { nonce: 'n'.repeat(43) };

let window: FakeWindow;

beforeEach(() => {
  window = openWindow();
});

/** Answers `connect` with a greeting and `signIn` with what is given. */
function answering(signIn: unknown, greeting: unknown = { result: GREETING }): void {
  window.onMessage = ({ data, ports }) => {
    const { action } = data as { action: string };
    ports[0]?.postMessage(action === 'connect' ? greeting : signIn);
  };
}

async function failure(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    () => 'none',
    (thrown: unknown) => (thrown instanceof DojangError ? thrown.code : 'not ours'),
  );
}

describe('connecting', () => {
  it('tells what the wallet is and can', async () => {
    answering(null);
    expect(await connectWallet()).toMatchObject(GREETING);
  });

  it.each([
    ['another version of the protocol', { result: { ...GREETING, protocol: 2 } }, 'request.unsupported-version'],
    ['a refusal', { error: { code: 'request.unsupported-version' } }, 'request.unsupported-version'],
    ['a greeting that is none', { result: { ...GREETING, wallet: 'Dojang' } }, 'request.malformed'],
    ['nothing in it', {}, 'request.malformed'],
  ])('fails with %s', async (_, greeting, code) => {
    answering(null, greeting);
    expect(await failure(connectWallet())).toBe(code);
  });

  it('gives up after the time it was given', async () => {
    expect(await failure(connectWallet({ timeoutMs: 5 }))).toBe('wallet.absent');
  });
});

describe('signing in', () => {
  it('gives the signed statement and the certificate', async () => {
    const result = { cms: 'AAAA', certificate: 'BBBB' };
    answering({ result });
    const wallet = await connectWallet();
    expect(await wallet.signIn(REQUEST)).toEqual(result);
    expect(window.messages[1]?.data).toMatchObject({ action: 'signIn', payload: REQUEST });
  });

  it('uses a new id and a new port for each call, even with the same nonce', async () => {
    answering({ error: { code: 'user.cancelled' } });
    const wallet = await connectWallet();
    expect(await failure(wallet.signIn(REQUEST))).toBe('user.cancelled');
    expect(await failure(wallet.signIn(REQUEST))).toBe('user.cancelled');
    const ids = window.messages.map(({ data }) => (data as { id: string }).id);
    expect(new Set(ids).size).toBe(3);
    expect(new Set(window.messages.map(({ ports }) => ports[0])).size).toBe(3);
  });

  it.each([
    ['no certificate', { cms: 'AAAA' }],
    ['something more', { cms: 'AAAA', certificate: 'BBBB', random: 'CCCC' }],
    ['nothing', null],
  ])('refuses a result with %s', async (_, result) => {
    answering({ result });
    const wallet = await connectWallet();
    expect(await failure(wallet.signIn(REQUEST))).toBe('request.malformed');
  });
});

describe('an error of the library', () => {
  it.each(ERROR_CODES.map((code) => [code]))('keeps its code and says a word to the developer: %s', (code) => {
    const error = new DojangError(code);
    expect(error).toBeInstanceOf(Error);
    expect(error).toMatchObject({ name: 'DojangError', code });
    expect(error.message).not.toBe('');
  });
});
