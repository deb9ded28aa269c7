/**
 * Slots: each wraps the same 64 octets, list key and signing key, under one form of the owner's secret. Read here:
 * which slots there are, and the bounds of the password slot's KDF, before anything is derived from them.
 */
import type { Bytes } from '../bytes/bytes.ts';
import { damaged } from './fault.ts';
import { checkKeys, readBytes, readBytesText, readFields, readInteger, readText } from './fields.ts';
import type { KdfParams } from './kdf.ts';
import { COMMITMENT_SIZE, ID_SIZE, IV_SIZE, KEY_SIZE, SALT_SIZE, TAG_SIZE } from './limits.ts';
import { readRecord, type VaultRecord } from './record.ts';

/** The slot of the wallet password. */
export interface PasswordSlot {
  readonly kind: 'pw';
  /** Slot id, base64url. */
  readonly sid: string;
  readonly kdf: KdfParams;
  readonly commitment: Bytes;
  readonly iv: Bytes;
  /** Sealed list key and signing key. */
  readonly body: Bytes;
  readonly prefix: string;
  readonly text: string;
}

/** A slot of a kind this version does not open; it is kept octet for octet. */
export interface OtherSlot {
  readonly kind: 'other';
  readonly sid: string;
  readonly text: string;
}

export type Slot = PasswordSlot | OtherSlot;

/** List key and signing key, sealed. */
const BODY_SIZE = 2 * KEY_SIZE + TAG_SIZE;
const KIND = /^[a-z]{2,8}$/;
const ARGON2ID = /^argon2id$/;

/**
 * What a stored slot may ask of the KDF. The floor is what has always been written, so nobody can weaken a slot; the
 * ceiling keeps a planted one from stopping the machine.
 */
const MEMORY_MIN = 65_536;
const MEMORY_MAX = 524_288;
const PASSES_MIN = 3;
const PASSES_MAX = 12;
const LANES = 1;

function readPasswordSlot(record: VaultRecord, sid: string): PasswordSlot {
  const { fields, body, prefix, text } = record;
  checkKeys(fields, ['v', 'vid', 'sid', 'k', 'salt', 'kc', 'iv', 'kdf']);
  const kdf = readFields(fields.get('kdf'), 'kdf');
  checkKeys(kdf, ['a', 'm', 't', 'p']);
  readText(kdf, 'a', ARGON2ID);
  const params = {
    m: readInteger(kdf, 'm', MEMORY_MIN, MEMORY_MAX),
    t: readInteger(kdf, 't', PASSES_MIN, PASSES_MAX),
    p: readInteger(kdf, 'p', LANES, LANES),
    salt: readBytes(fields, 'salt', SALT_SIZE),
  };
  if (body.length !== BODY_SIZE) throw damaged('slot body');
  return {
    kind: 'pw',
    sid,
    kdf: params,
    commitment: readBytes(fields, 'kc', COMMITMENT_SIZE),
    iv: readBytes(fields, 'iv', IV_SIZE),
    body,
    prefix,
    text,
  };
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
  return kind === 'pw' ? readPasswordSlot(record, sid) : { kind: 'other', sid, text: record.text };
}
