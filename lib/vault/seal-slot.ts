/** Writing slots, of every kind this version opens. */
import { toBase64Url } from '../bytes/base64.ts';
import { concat, wipe, type Bytes } from '../bytes/bytes.ts';
import { utf8 } from '../bytes/text.ts';
import { seal } from './cipher.ts';
import type { Json } from './json.ts';
import type { KdfParams } from './kdf.ts';
import { deriveBytes, deriveCipher, importSecret } from './keys.ts';
import { COMMITMENT_SIZE, IV_SIZE, SALT_SIZE, VERSION } from './limits.ts';
import { credentialFields, type PasskeyCredential } from './passkey-credential.ts';
import { writePrefix, writeRecord } from './record.ts';
import type { KnownSlot } from './slot.ts';
import { slotInfo, type OpenSlot } from './unlock.ts';

export interface SlotPlace {
  readonly vid: string;
  /** Slot id, base64url of 16 octets. */
  readonly sid: string;
}

type Random = (length: number) => Bytes;

interface Wrapping {
  readonly kind: KnownSlot['kind'];
  readonly salt: Bytes;
  /** The slot's secret, for HKDF. */
  readonly secret: Bytes;
  /** Fields that only this kind has. */
  readonly own: Iterable<readonly [string, Json]>;
}

async function wrapKeys({ vid, sid }: SlotPlace, { kind, salt, secret, own }: Wrapping, keys: OpenSlot, random: Random): Promise<string> {
  const imported = await importSecret(secret);
  const iv = random(IV_SIZE);
  const fields = new Map<string, Json>([
    ['v', VERSION],
    ['vid', vid],
    ['sid', sid],
    ['k', kind],
    ['salt', toBase64Url(salt)],
    ['kc', toBase64Url(await deriveBytes(imported, salt, slotInfo('commit', kind, vid, sid), COMMITMENT_SIZE))],
    ['iv', toBase64Url(iv)],
    ...own,
  ]);
  const prefix = writePrefix('S', fields);
  const wrapped = concat(keys.listKey, keys.signingKey);
  try {
    const key = await deriveCipher(imported, salt, slotInfo('kek', kind, vid, sid));
    return await writeRecord(prefix, await seal(key, iv, utf8(prefix), wrapped));
  } finally {
    wipe(wrapped);
  }
}

/**
 * The text of a password slot record that wraps the keys. `derived` is what the KDF gave for `params`.
 */
export function sealSlot(place: SlotPlace, params: KdfParams, derived: Bytes, keys: OpenSlot, random: Random): Promise<string> {
  const { m, t, p, salt } = params;
  const kdf = new Map<string, Json>([
    ['a', 'argon2id'],
    ['m', m],
    ['t', t],
    ['p', p],
  ]);
  return wrapKeys(place, { kind: 'pw', salt, secret: derived, own: [['kdf', kdf]] }, keys, random);
}

/** The text of a passkey slot record. `outputs` are both PRF outputs, 64 octets. */
export function sealPasskeySlot(place: SlotPlace, credential: PasskeyCredential, outputs: Bytes, keys: OpenSlot, random: Random): Promise<string> {
  return wrapKeys(place, { kind: 'prf', salt: random(SALT_SIZE), secret: outputs, own: credentialFields(credential) }, keys, random);
}

/** The text of a recovery slot record. `code` are the 16 octets of the code. */
export function sealRecoverySlot(place: SlotPlace, code: Bytes, keys: OpenSlot, random: Random): Promise<string> {
  return wrapKeys(place, { kind: 'rec', salt: random(SALT_SIZE), secret: code, own: [] }, keys, random);
}
