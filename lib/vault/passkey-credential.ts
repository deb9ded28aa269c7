/** What a wallet keeps of a passkey: how to ask for it, and how to know its answers. None of it is secret. */
import { toBase64Url } from '../bytes/base64.ts';
import type { Bytes } from '../bytes/bytes.ts';
import { readCoseKey } from './cose-key.ts';
import { damaged } from './fault.ts';
import { readBase64Url, readBytes, readInteger, readList, readText } from './fields.ts';
import type { Fields, Json } from './json.ts';

/** ES256, EdDSA with Ed25519, RS256, by their numbers in COSE (RFC 9053, RFC 8812). */
export type PasskeyAlgorithm = -7 | -8 | -257;

export interface PasskeyCredential {
  /** Credential id, 1 to 1,023 octets. */
  readonly id: Bytes;
  /** COSE_Key (RFC 9052) as the authenticator gave it. */
  readonly publicKey: Bytes;
  readonly algorithm: PasskeyAlgorithm;
  /** How the authenticator is reached, for the browser to ask in the right way: `internal`, `usb`, … */
  readonly transports: readonly string[];
  /** RP id (a host), or empty where it is the extension's own origin. */
  readonly rp: string;
  /** What makes the PRF inputs this slot's own, 32 octets. */
  readonly prfSalt: Bytes;
  /** It may be synchronised to other devices (the backup-eligible flag). */
  readonly synced: boolean;
}

const CREDENTIAL_ID_MAX = 1_023;
const PUBLIC_KEY_MAX = 1_024;
const TRANSPORTS_MAX = 8;
const TRANSPORT = /^[a-z-]{1,16}$/;
const RP = /^[a-z0-9.-]{0,253}$/;
const PRF_SALT_SIZE = 32;

function readSome(fields: Fields, key: string, max: number): Bytes {
  const text = fields.get(key);
  if (typeof text !== 'string' || text === '' || text.length > Math.ceil((max * 4) / 3)) throw damaged(key);
  return readBase64Url(text, key);
}

function readTransport(value: Json): string {
  if (typeof value !== 'string' || !TRANSPORT.test(value)) throw damaged('tr');
  return value;
}

/** Reads the fields of a passkey slot. @throws `vault.damaged` */
export function readCredential(fields: Fields): PasskeyCredential {
  const publicKey = readSome(fields, 'pk', PUBLIC_KEY_MAX);
  const { algorithm } = readCoseKey(publicKey);
  readInteger(fields, 'alg', algorithm, algorithm);
  return {
    id: readSome(fields, 'cred', CREDENTIAL_ID_MAX),
    publicKey,
    algorithm,
    transports: readList(fields, 'tr', TRANSPORTS_MAX).map(readTransport),
    rp: readText(fields, 'rp', RP),
    prfSalt: readBytes(fields, 'ps', PRF_SALT_SIZE),
    synced: readInteger(fields, 'be', 0, 1) === 1,
  };
}

/** Those of the browser's transports that fit the format; a later browser may name others. */
export function knownTransports(names: readonly string[]): readonly string[] {
  return names.filter((name) => TRANSPORT.test(name)).slice(0, TRANSPORTS_MAX);
}

/** The fields as they stand in the slot record. */
export function credentialFields({ id, publicKey, algorithm, transports, rp, prfSalt, synced }: PasskeyCredential): Map<string, Json> {
  return new Map<string, Json>([
    ['cred', toBase64Url(id)],
    ['pk', toBase64Url(publicKey)],
    ['alg', algorithm],
    ['tr', transports],
    ['rp', rp],
    ['ps', toBase64Url(prfSalt)],
    ['be', synced ? 1 : 0],
  ]);
}
