/**
 * Slots: each wraps the same 64 octets, list key and signing key, under one form of the owner's secret. Read here:
 * which slots there are, and the bounds of the password slot's KDF, before anything is derived from them.
 */
import type { Bytes } from '../bytes/bytes.ts';
import { damaged } from './fault.ts';
import { checkKeys, readBytes, readBytesText, readFields, readInteger, readText } from './fields.ts';
import type { Fields } from './json.ts';
import type { KdfParams } from './kdf.ts';
import { COMMITMENT_SIZE, ID_SIZE, IV_SIZE, KEY_SIZE, SALT_SIZE, TAG_SIZE } from './limits.ts';
import { readCredential, type PasskeyCredential } from './passkey-credential.ts';
import { readRecord, type VaultRecord } from './record.ts';

/** What every slot has that this version opens. */
interface SealedKeys {
  /** Slot id, base64url. */
  readonly sid: string;
  readonly salt: Bytes;
  readonly commitment: Bytes;
  readonly iv: Bytes;
  /** Sealed list key and signing key. */
  readonly body: Bytes;
  readonly prefix: string;
  readonly text: string;
}

/** The slot of the wallet password. Its KDF and its HKDF use one salt. */
export interface PasswordSlot extends SealedKeys {
  readonly kind: 'pw';
  readonly kdf: KdfParams;
}

/** The slot of one passkey. */
export interface PasskeySlot extends SealedKeys {
  readonly kind: 'prf';
  readonly credential: PasskeyCredential;
}

/** The slot of the printed recovery code. */
export interface RecoverySlot extends SealedKeys {
  readonly kind: 'rec';
}

/** A slot that a secret of this version opens. */
export type KnownSlot = PasswordSlot | PasskeySlot | RecoverySlot;

/** A slot of a kind this version does not open; it is kept octet for octet. */
export interface OtherSlot {
  readonly kind: 'other';
  readonly sid: string;
  readonly text: string;
}

export type Slot = KnownSlot | OtherSlot;

/** List key and signing key, sealed. */
const BODY_SIZE = 2 * KEY_SIZE + TAG_SIZE;
const KIND = /^[a-z]{2,8}$/;
const ARGON2ID = /^argon2id$/;

/** The fields of every slot record, and those that only one kind has. */
const SHARED = ['v', 'vid', 'sid', 'k', 'salt', 'kc', 'iv'] as const;
const PASSKEY = ['cred', 'pk', 'alg', 'tr', 'rp', 'ps', 'be'] as const;

/**
 * What a stored slot may ask of the KDF. The floor is what has always been written, so nobody can weaken a slot; the
 * ceiling keeps a planted one from stopping the machine.
 */
const MEMORY_MIN = 65_536;
const MEMORY_MAX = 524_288;
const PASSES_MIN = 3;
const PASSES_MAX = 12;
const LANES = 1;

function readKdf(fields: Fields, salt: Bytes): KdfParams {
  const kdf = readFields(fields.get('kdf'), 'kdf');
  checkKeys(kdf, ['a', 'm', 't', 'p']);
  readText(kdf, 'a', ARGON2ID);
  return {
    m: readInteger(kdf, 'm', MEMORY_MIN, MEMORY_MAX),
    t: readInteger(kdf, 't', PASSES_MIN, PASSES_MAX),
    p: readInteger(kdf, 'p', LANES, LANES),
    salt,
  };
}

function readSealedKeys({ fields, body, prefix, text }: VaultRecord, sid: string): SealedKeys {
  if (body.length !== BODY_SIZE) throw damaged('slot body');
  return {
    sid,
    salt: readBytes(fields, 'salt', SALT_SIZE),
    commitment: readBytes(fields, 'kc', COMMITMENT_SIZE),
    iv: readBytes(fields, 'iv', IV_SIZE),
    body,
    prefix,
    text,
  };
}

function readKnownSlot(record: VaultRecord, kind: string, sid: string): KnownSlot | null {
  const { fields } = record;
  switch (kind) {
    case 'pw': {
      checkKeys(fields, [...SHARED, 'kdf']);
      const keys = readSealedKeys(record, sid);
      return { kind, ...keys, kdf: readKdf(fields, keys.salt) };
    }
    case 'prf':
      checkKeys(fields, [...SHARED, ...PASSKEY]);
      return { kind, ...readSealedKeys(record, sid), credential: readCredential(fields) };
    case 'rec':
      checkKeys(fields, SHARED);
      return { kind, ...readSealedKeys(record, sid) };
    default:
      return null;
  }
}

/**
 * Reads one slot record of the wallet `vid`.
 * @throws `vault.damaged`, `vault.newer-version`
 */
export async function readSlot(text: unknown, vid: string): Promise<Slot> {
  const record = await readRecord(text, 'S');
  const sid = readBytesText(record.fields, 'sid', ID_SIZE);
  const kind = readText(record.fields, 'k', KIND);
  if (readBytesText(record.fields, 'vid', ID_SIZE) !== vid) throw damaged('slot of another wallet');
  return readKnownSlot(record, kind, sid) ?? { kind: 'other', sid, text: record.text };
}
