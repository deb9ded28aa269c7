/** An authenticator and its browser in software, for tests: they answer as they should, or with one thing wrong. */
import { createHash, createHmac, generateKeyPairSync, sign, type KeyObject } from 'node:crypto';
import { toBase64Url } from '../../../lib/bytes/base64.ts';
import { concat, equal, type Bytes } from '../../../lib/bytes/bytes.ts';
import { utf8 } from '../../../lib/bytes/text.ts';
import { WalletError } from '../../../lib/errors.ts';
import type { NewPasskeyAnswer, PasskeyAnswer, Passkeys } from '../../../lib/vault/passkey-port.ts';
import { random } from './support.ts';

export const ORIGIN = 'chrome-extension://abcdefghijklmnopabcdefghijklmnop';

type Value = number | string | boolean | null | Uint8Array | readonly Value[] | ReadonlyMap<number | string, Value>;

function opening(major: number, argument: number): Uint8Array {
  const first = major << 5;
  if (argument < 24) return new Uint8Array([first | argument]);
  if (argument < 256) return new Uint8Array([first | 24, argument]);
  if (argument < 65_536) return new Uint8Array([first | 25, argument >> 8, argument & 255]);
  return new Uint8Array([first | 26, argument >>> 24, (argument >> 16) & 255, (argument >> 8) & 255, argument & 255]);
}

function isMap(value: Value): value is ReadonlyMap<number | string, Value> {
  return value instanceof Map;
}

/** CBOR (RFC 8949), shortest form. */
export function cbor(value: Value): Bytes {
  if (value === null) return new Uint8Array([0xf6]);
  if (typeof value === 'boolean') return new Uint8Array([value ? 0xf5 : 0xf4]);
  if (typeof value === 'number') return concat(value < 0 ? opening(1, -1 - value) : opening(0, value));
  if (typeof value === 'string') return concat(opening(3, utf8(value).length), utf8(value));
  if (value instanceof Uint8Array) return concat(opening(2, value.length), value);
  if (isMap(value)) return concat(opening(5, value.size), ...[...value].flatMap(([key, entry]) => [cbor(key), cbor(entry)]));
  const list = value;
  return concat(opening(4, list.length), ...list.map(cbor));
}

export type Algorithm = -7 | -8 | -257;

const octets = (text: string | undefined): Bytes => new Uint8Array(Buffer.from(text ?? '', 'base64url'));

export function coseKey(algorithm: Algorithm, key: KeyObject): Bytes {
  const { x, y, n, e } = key.export({ format: 'jwk' });
  if (algorithm === -7)
    return cbor(
      new Map<number, Value>([
        [1, 2],
        [3, -7],
        [-1, 1],
        [-2, octets(x)],
        [-3, octets(y)],
      ]),
    );
  if (algorithm === -8)
    return cbor(
      new Map<number, Value>([
        [1, 1],
        [3, -8],
        [-1, 6],
        [-2, octets(x)],
      ]),
    );
  return cbor(
    new Map<number, Value>([
      [1, 3],
      [3, -257],
      [-1, octets(n)],
      [-2, octets(e)],
    ]),
  );
}

function pair(algorithm: Algorithm): { privateKey: KeyObject; publicKey: KeyObject } {
  if (algorithm === -7) return generateKeyPairSync('ec', { namedCurve: 'P-256' });
  return algorithm === -8 ? generateKeyPairSync('ed25519') : generateKeyPairSync('rsa', { modulusLength: 2_048 });
}

export const sha256 = (value: Uint8Array | string): Bytes => new Uint8Array(createHash('sha256').update(value).digest());

/** What an answer has wrong. */
export interface Flaws {
  readonly type?: string;
  readonly challenge?: Bytes;
  readonly origin?: string;
  readonly crossOrigin?: unknown;
  readonly topOrigin?: string;
  readonly rp?: string;
  /** Flags of the authenticator data in place of UP, UV, BE. */
  readonly flags?: number;
  readonly first?: Bytes | null;
  readonly second?: Bytes | null;
  readonly prf?: boolean;
  readonly signature?: (signature: Bytes) => Bytes;
  readonly id?: Bytes;
  readonly publicKey?: (cose: Bytes) => Bytes;
  /** Octets after the authenticator data. */
  readonly tail?: Bytes;
  readonly cancelled?: boolean;
}

interface Made {
  readonly id: Bytes;
  readonly algorithm: Algorithm;
  readonly privateKey: KeyObject;
  readonly prfKey: Bytes;
}

const PRESENT_VERIFIED_ELIGIBLE = 0x0d;
const ATTESTED = 0x40;

/** An authenticator that keeps what it made, as the port a wallet asks through. */
export class SoftAuthenticator implements Passkeys {
  readonly origin = ORIGIN;
  readonly rp = '';
  readonly algorithm: Algorithm;
  flaws: Flaws = {};
  /** Times it was asked. */
  touches = 0;
  readonly #made: Made[] = [];

  constructor(algorithm: Algorithm = -7) {
    this.algorithm = algorithm;
  }

  create({ challenge, exclude }: Parameters<Passkeys['create']>[0]): Promise<NewPasskeyAnswer> {
    if (this.flaws.cancelled) return Promise.reject(new WalletError('user.cancelled'));
    if (exclude.some(({ id }) => this.#find(id))) return Promise.reject(new WalletError('passkey.exists'));
    const { privateKey, publicKey } = pair(this.algorithm);
    const made: Made = { id: random(32), algorithm: this.algorithm, privateKey, prfKey: random(32) };
    this.#made.push(made);
    const cose = coseKey(this.algorithm, publicKey);
    const key = this.flaws.publicKey?.(cose) ?? cose;
    const attested = concat(new Uint8Array(16), new Uint8Array([0, made.id.length]), made.id, key);
    const authData = concat(this.#data(ATTESTED), attested, this.flaws.tail ?? new Uint8Array(0));
    return Promise.resolve({
      id: this.flaws.id ?? made.id,
      clientData: this.#clientData('webauthn.create', challenge),
      attestationObject: cbor(
        new Map<string, Value>([
          ['fmt', 'none'],
          ['attStmt', new Map()],
          ['authData', authData],
        ]),
      ),
      transports: ['internal', 'A LATER ONE'],
      prf: this.flaws.prf ?? true,
    });
  }

  ask({ challenge, allow }: Parameters<Passkeys['ask']>[0]): Promise<PasskeyAnswer> {
    this.touches++;
    if (this.flaws.cancelled) return Promise.reject(new WalletError('user.cancelled'));
    const allowed = allow.find(({ id }) => this.#find(id));
    const made = allowed && this.#find(allowed.id);
    if (!made) return Promise.reject(new WalletError('user.cancelled'));
    const clientData = this.#clientData('webauthn.get', challenge);
    const authenticatorData = concat(this.#data(0), this.flaws.tail ?? new Uint8Array(0));
    const signed = concat(authenticatorData, sha256(clientData));
    const signature = new Uint8Array(sign(made.algorithm === -8 ? null : 'sha256', signed, made.privateKey));
    const prf = (input: Bytes): Bytes => new Uint8Array(createHmac('sha256', made.prfKey).update(input).digest());
    const { first, second } = this.flaws;
    return Promise.resolve({
      id: this.flaws.id ?? made.id,
      clientData,
      authenticatorData,
      signature: this.flaws.signature?.(signature) ?? signature,
      first: first === undefined ? prf(allowed.first) : first,
      second: second === undefined ? prf(allowed.second) : second,
    });
  }

  #find(id: Bytes): Made | undefined {
    return this.#made.find((made) => equal(made.id, id));
  }

  #data(more: number): Bytes {
    const flags = (this.flaws.flags ?? PRESENT_VERIFIED_ELIGIBLE) | more;
    return concat(sha256(this.flaws.rp ?? ORIGIN), new Uint8Array([flags, 0, 0, 0, 0]));
  }

  #clientData(type: string, challenge: Bytes): Bytes {
    const { crossOrigin = false, topOrigin } = this.flaws;
    const text = { type: this.flaws.type ?? type, challenge: toBase64Url(this.flaws.challenge ?? challenge), origin: this.flaws.origin ?? ORIGIN };
    return utf8(JSON.stringify({ ...text, crossOrigin, ...(topOrigin === undefined ? {} : { topOrigin }), extra: 'later browsers say more' }));
  }
}
