import { describe, expect, test } from 'vitest';
import { toBase64Url } from '../../../lib/bytes/base64.ts';
import type { Bytes } from '../../../lib/bytes/bytes.ts';
import { utf8 } from '../../../lib/bytes/text.ts';
import { WalletError } from '../../../lib/errors.ts';
import { browserPasskeys, passkeySupport } from '../../../lib/platform/passkeys.ts';

const ORIGIN = 'chrome-extension://abcdefghijklmnopabcdefghijklmnop';
const octets = (value: number, length = 32): Bytes => new Uint8Array(length).fill(value);

/** What a browser has in its page, with the answer it is to give. */
class Browser {
  readonly created: PublicKeyCredentialCreationOptions[] = [];
  readonly asked: PublicKeyCredentialRequestOptions[] = [];
  answer: unknown = null;
  failure: DOMException | null = null;

  readonly container = (): CredentialsContainer => ({
    create: (options) => this.#take(this.created, options?.publicKey),
    get: (options) => this.#take(this.asked, options?.publicKey),
    store: () => Promise.reject(new Error('not asked for')),
    preventSilentAccess: () => Promise.resolve(),
  });

  #take<Options>(list: Options[], options: Options | undefined): Promise<Credential | null> {
    if (options) list.push(options);
    if (this.failure !== null) return Promise.reject(this.failure);
    return Promise.resolve(this.answer as never);
  }
}

const order = { challenge: octets(1), userId: octets(2), name: 'Dojang', exclude: [{ id: octets(9, 20), transports: ['usb'] }] };
const allowed = { id: octets(3, 40), transports: ['internal', 'hybrid'], first: octets(4), second: octets(5) };

function newCredential(changes: Record<string, unknown> = {}, extensions: unknown = { prf: { enabled: true } }): unknown {
  return {
    type: 'public-key',
    rawId: octets(3).buffer,
    response: { clientDataJSON: utf8('{}').buffer, attestationObject: octets(6, 5).buffer, getTransports: () => ['internal', 5] },
    getClientExtensionResults: () => extensions,
    ...changes,
  };
}

function answer(results: unknown, changes: Record<string, unknown> = {}): unknown {
  const response = { clientDataJSON: utf8('{}').buffer, authenticatorData: octets(7, 37).buffer, signature: octets(8, 70).buffer };
  return {
    type: 'public-key',
    rawId: octets(3).buffer,
    response: { ...response, ...changes },
    getClientExtensionResults: () => ({ prf: { results } }),
  };
}

async function failure(promise: Promise<unknown>): Promise<string> {
  try {
    await promise;
    return 'fulfilled';
  } catch (thrown) {
    return thrown instanceof WalletError ? `${thrown.code}: ${thrown.detail}` : String(thrown);
  }
}

describe('making a passkey', () => {
  test('asks for a verified user, no attestation, the PRF and three algorithms, under our own origin', async () => {
    const browser = new Browser();
    browser.answer = newCredential();
    const made = await browserPasskeys(ORIGIN, browser.container).create(order);
    expect(browser.created).toEqual([
      {
        challenge: octets(1),
        rp: { name: 'Dojang' },
        user: { id: octets(2), name: 'Dojang', displayName: 'Dojang' },
        pubKeyCredParams: [-7, -8, -257].map((alg) => ({ type: 'public-key', alg })),
        attestation: 'none',
        authenticatorSelection: { userVerification: 'required', residentKey: 'preferred' },
        excludeCredentials: [{ type: 'public-key', id: octets(9, 20), transports: ['usb'] }],
        extensions: { prf: {} },
        timeout: 120_000,
      },
    ]);
    expect(made).toEqual({ id: octets(3), clientData: utf8('{}'), attestationObject: octets(6, 5), transports: ['internal'], prf: true });
  });

  test.each<[string, unknown]>([
    ['no word of the PRF', {}],
    ['a PRF that is not enabled', { prf: { enabled: false } }],
    ['a PRF that is enabled by a text', { prf: { enabled: 'true' } }],
  ])('E14: takes %s as none', async (_, extensions) => {
    const browser = new Browser();
    browser.answer = newCredential({}, extensions);
    expect((await browserPasskeys(ORIGIN, browser.container).create(order)).prf).toBe(false);
  });
});

describe('asking for a passkey', () => {
  test('gives each its own inputs, and octets back', async () => {
    const browser = new Browser();
    browser.answer = answer({ first: octets(11).buffer, second: octets(12) });
    const got = await browserPasskeys(ORIGIN, browser.container).ask({ challenge: octets(1), allow: [allowed] });
    expect(browser.asked).toEqual([
      {
        challenge: octets(1),
        allowCredentials: [{ type: 'public-key', id: octets(3, 40), transports: ['internal', 'hybrid'] }],
        userVerification: 'required',
        extensions: { prf: { evalByCredential: { [toBase64Url(octets(3, 40))]: { first: octets(4), second: octets(5) } } } },
        timeout: 120_000,
      },
    ]);
    const { first, second, ...rest } = got;
    expect(rest).toEqual({ id: octets(3), clientData: utf8('{}'), authenticatorData: octets(7, 37), signature: octets(8, 70) });
    expect([first, second]).toEqual([octets(11), octets(12)]);
  });

  test.each<[string, unknown]>([
    ['no results', undefined],
    ['texts', { first: 'AAAA', second: 'BBBB' }],
    ['lists', { first: [1], second: [2] }],
  ])('E14: gives no outputs for %s', async (_, results) => {
    const browser = new Browser();
    browser.answer = answer(results);
    expect(await browserPasskeys(ORIGIN, browser.container).ask({ challenge: octets(1), allow: [allowed] })).toMatchObject({
      first: null,
      second: null,
    });
  });
});

describe('E14: what the browser refuses has its reason', () => {
  test.each([
    ['NotAllowedError', 'user.cancelled'],
    ['AbortError', 'user.cancelled'],
    ['InvalidStateError', 'passkey.exists'],
    ['NotSupportedError', 'passkey.unsupported'],
    ['SecurityError', 'passkey.unsupported'],
    ['ConstraintError', 'passkey.unsupported'],
    ['UnknownError', 'passkey.refused'],
    ['constructor', 'passkey.refused'],
  ])('%s: %s', async (name, code) => {
    const browser = new Browser();
    browser.failure = new DOMException('words of the browser', name);
    const passkeys = browserPasskeys(ORIGIN, browser.container);
    expect(await failure(passkeys.create(order))).toBe(`${code}: ${name}`);
    expect(await failure(passkeys.ask({ challenge: octets(1), allow: [allowed] }))).toBe(`${code}: ${name}`);
  });

  test.each<[string, unknown, string]>([
    ['nothing', null, 'credential'],
    ['a password', { type: 'password' }, 'credential'],
    ['an id that is a text', newCredential({ rawId: 'AAAA' }), 'id'],
    ['no signature', answer({}, { signature: undefined }), 'signature'],
  ])('an answer that is %s is refused', async (_, given, detail) => {
    const browser = new Browser();
    browser.answer = given;
    expect(await failure(browserPasskeys(ORIGIN, browser.container).ask({ challenge: octets(1), allow: [allowed] }))).toBe(
      `passkey.refused: ${detail}`,
    );
  });

  test.each(['moz-extension://0b1c', 'https://bank.example', 'null'])('a page of %s asks nobody', async (origin) => {
    const browser = new Browser();
    const passkeys = browserPasskeys(origin, browser.container);
    expect(await failure(passkeys.create(order))).toBe('passkey.unsupported: browser');
    expect(await failure(passkeys.ask({ challenge: octets(1), allow: [allowed] }))).toBe('passkey.unsupported: browser');
    expect([...browser.created, ...browser.asked]).toEqual([]);
  });
});

describe('whether passkeys can be offered', () => {
  const saying = (capabilities: unknown): { PublicKeyCredential: unknown } => ({
    PublicKeyCredential: Object.assign(() => undefined, { getClientCapabilities: () => Promise.resolve(capabilities) }),
  });
  test.each<[string, string, { PublicKeyCredential?: unknown }, string]>([
    ['Chromium', ORIGIN, saying({ 'extension:prf': true }), 'ready'],
    ['Chromium that says nothing of the PRF', ORIGIN, saying({}), 'ready'],
    ['Chromium before it could say', ORIGIN, { PublicKeyCredential: () => undefined }, 'ready'],
    ['Chromium that fails to say', ORIGIN, saying(null), 'ready'],
    ['Chromium without the PRF', ORIGIN, saying({ 'extension:prf': false }), 'prf'],
    ['a browser without passkeys', ORIGIN, {}, 'browser'],
    ['Firefox', 'moz-extension://0b1c', saying({ 'extension:prf': true }), 'browser'],
  ])('%s', async (_, origin, scope, support) => {
    expect(await passkeySupport(origin, scope)).toBe(support);
  });
});
