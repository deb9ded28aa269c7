/** Writing records whose body is sealed under the list key, whatever they hold. */
import { toBase64Url } from '../bytes/base64.ts';
import type { Bytes } from '../bytes/bytes.ts';
import { utf8 } from '../bytes/text.ts';
import { WalletError } from '../errors.ts';
import { seal } from './cipher.ts';
import { BODY_MAX, IV_SIZE, SALT_SIZE, TAG_SIZE, VERSION } from './limits.ts';
import { bodyKey } from './open-record.ts';
import { writePrefix, writeRecord, type SealedType } from './record.ts';

export interface RecordPlace {
  readonly vid: string;
  /** Record id, base64url of 16 octets. */
  readonly id: string;
  /** Generation of the head that will list it. */
  readonly g: number;
}

/**
 * The text of a record with `plain` sealed in it. `secret` is the imported list key, `random` gives fresh octets.
 * @throws `file.too-large` where the octets do not fit a record
 */
export async function sealRecord(
  secret: CryptoKey,
  type: SealedType,
  place: RecordPlace,
  plain: Bytes,
  random: (length: number) => Bytes,
): Promise<string> {
  const { vid, id, g } = place;
  if (plain.length + TAG_SIZE > BODY_MAX) throw new WalletError('file.too-large', { detail: 'record' });
  const rnd = random(SALT_SIZE);
  const iv = random(IV_SIZE);
  const fields = new Map<string, string | number>([
    ['v', VERSION],
    ['vid', vid],
    ['id', id],
    ['g', g],
    ['rnd', toBase64Url(rnd)],
    ['iv', toBase64Url(iv)],
  ]);
  const prefix = writePrefix(type, fields);
  return writeRecord(prefix, await seal(await bodyKey(secret, type, vid, id, rnd), iv, utf8(prefix), plain));
}
