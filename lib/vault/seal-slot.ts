/** Writing the password slot. */
import { toBase64Url } from '../bytes/base64.ts';
import { concat, wipe, type Bytes } from '../bytes/bytes.ts';
import { utf8 } from '../bytes/text.ts';
import { seal } from './cipher.ts';
import type { Json } from './json.ts';
import type { KdfParams } from './kdf.ts';
import { deriveBytes, deriveCipher, importSecret } from './keys.ts';
import { COMMITMENT_SIZE, IV_SIZE, VERSION } from './limits.ts';
import { writePrefix, writeRecord } from './record.ts';
import { slotInfo, type OpenSlot } from './unlock.ts';

export interface SlotPlace {
  readonly vid: string;
  /** Slot id, base64url of 16 octets. */
  readonly sid: string;
}

/**
 * The text of a password slot record that wraps the keys. `derived` is what the KDF gave for `params`.
 */
export async function sealSlot(
  place: SlotPlace,
  params: KdfParams,
  derived: Bytes,
  keys: OpenSlot,
  random: (length: number) => Bytes,
): Promise<string> {
  const { vid, sid } = place;
  const { m, t, p, salt } = params;
  const secret = await importSecret(derived);
  const iv = random(IV_SIZE);
  const fields = new Map<string, Json>([
    ['v', VERSION],
    ['vid', vid],
    ['sid', sid],
    ['k', 'pw'],
    ['salt', toBase64Url(salt)],
    ['kc', toBase64Url(await deriveBytes(secret, salt, slotInfo('commit', vid, sid), COMMITMENT_SIZE))],
    ['iv', toBase64Url(iv)],
    [
      'kdf',
      new Map<string, Json>([
        ['a', 'argon2id'],
        ['m', m],
        ['t', t],
        ['p', p],
      ]),
    ],
  ]);
  const prefix = writePrefix('S', fields);
  const wrapped = concat(keys.listKey, keys.signingKey);
  try {
    return await writeRecord(prefix, await seal(await deriveCipher(secret, salt, slotInfo('kek', vid, sid)), iv, utf8(prefix), wrapped));
  } finally {
    wipe(wrapped);
  }
}
