/**
 * Public keys of passkeys (COSE_Key, RFC 9052 and RFC 9053; RSA by RFC 8230) of the three algorithms that are asked for,
 * and the proof of a signature with one through WebCrypto.
 */
import { toBase64Url } from '../bytes/base64.ts';
import { concat, type Bytes } from '../bytes/bytes.ts';
import { readCborMap, type CborMap } from './cbor.ts';
import { ecdsaPair } from './ecdsa-signature.ts';
import { damaged } from './fault.ts';

export type CoseKey =
  | { readonly algorithm: -7; readonly x: Bytes; readonly y: Bytes }
  | { readonly algorithm: -8; readonly x: Bytes }
  | { readonly algorithm: -257; readonly n: Bytes };

/** Labels of a COSE_Key; -1 to -3 mean what the key type says. */
const KTY = 1;
const ALG = 3;
const FIRST = -1;
const SECOND = -2;
const THIRD = -3;

const COORDINATE_SIZE = 32;
const MODULUS_MIN = 256;
const MODULUS_MAX = 512;
/** 65537, the only exponent authenticators use. */
const EXPONENT = 'AQAB';

/** The map holds exactly these labels, and these numbers at some of them. */
function checkLabels(map: CborMap, labels: readonly number[], numbers: readonly (readonly [number, number])[]): void {
  if (map.size !== labels.length || !labels.every((label) => map.has(label))) throw damaged('cose labels');
  if (!numbers.every(([label, number]) => map.get(label) === number)) throw damaged('cose type');
}

function readOctets(map: CborMap, label: number, min: number, max: number): Bytes {
  const value = map.get(label);
  if (!(value instanceof Uint8Array) || value.length < min || value.length > max) throw damaged('cose octets');
  return value;
}

function readEs256(map: CborMap): CoseKey {
  checkLabels(
    map,
    [KTY, ALG, FIRST, SECOND, THIRD],
    [
      [KTY, 2],
      [FIRST, 1],
    ],
  );
  const [x, y] = [SECOND, THIRD].map((label) => readOctets(map, label, COORDINATE_SIZE, COORDINATE_SIZE));
  if (!x || !y) throw damaged('cose octets');
  return { algorithm: -7, x, y };
}

function readEdDsa(map: CborMap): CoseKey {
  checkLabels(
    map,
    [KTY, ALG, FIRST, SECOND],
    [
      [KTY, 1],
      [FIRST, 6],
    ],
  );
  return { algorithm: -8, x: readOctets(map, SECOND, COORDINATE_SIZE, COORDINATE_SIZE) };
}

function readRs256(map: CborMap): CoseKey {
  checkLabels(map, [KTY, ALG, FIRST, SECOND], [[KTY, 3]]);
  const n = readOctets(map, FIRST, MODULUS_MIN, MODULUS_MAX);
  if (toBase64Url(readOctets(map, SECOND, 3, 3)) !== EXPONENT || n[0] === 0) throw damaged('cose rsa');
  return { algorithm: -257, n };
}

/** @throws `vault.damaged` for other algorithms, curves, sizes or fields */
export function readCoseKey(octets: Bytes): CoseKey {
  const map = readCborMap(octets);
  switch (map.get(ALG)) {
    case -7:
      return readEs256(map);
    case -8:
      return readEdDsa(map);
    case -257:
      return readRs256(map);
    default:
      throw damaged('cose algorithm');
  }
}

/** Whether the holder of the key signed the octets. A key that is none, or a signature out of form, proves nothing. */
export async function isSignedBy(key: CoseKey, signature: Bytes, signed: Bytes): Promise<boolean> {
  const { subtle } = crypto;
  switch (key.algorithm) {
    case -7: {
      const pair = ecdsaPair(signature);
      const point = concat(new Uint8Array([4]), key.x, key.y);
      const imported = await subtle.importKey('raw', point, { name: 'ECDSA', namedCurve: 'P-256' }, false, ['verify']);
      return pair !== null && subtle.verify({ name: 'ECDSA', hash: 'SHA-256' }, imported, pair, signed);
    }
    case -8:
      return subtle.verify('Ed25519', await subtle.importKey('raw', key.x, 'Ed25519', false, ['verify']), signature, signed);
    case -257: {
      const jwk = { kty: 'RSA', n: toBase64Url(key.n), e: EXPONENT, alg: 'RS256' };
      const imported = await subtle.importKey('jwk', jwk, { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' }, false, ['verify']);
      return subtle.verify('RSASSA-PKCS1-v1_5', imported, signature, signed);
    }
  }
}
