/** Writing the record of one certificate item under the list key. */
import { toBase64Url } from '../bytes/base64.ts';
import { wipe, type Bytes } from '../bytes/bytes.ts';
import { utf8 } from '../bytes/text.ts';
import { WalletError } from '../errors.ts';
import { seal } from './cipher.ts';
import { writeContainer, type ItemContent } from './container.ts';
import { bodyKey } from './item.ts';
import { BODY_MAX, CHAIN_MAX, IV_SIZE, SALT_SIZE, TAG_SIZE, VERSION } from './limits.ts';
import { writePrefix, writeRecord } from './record.ts';

export interface ItemPlace {
  readonly vid: string;
  /** Record id, base64url of 16 octets. */
  readonly id: string;
  /** Generation of the head that will list it. */
  readonly g: number;
}

/**
 * The text of an item record. `secret` is the imported list key, `random` gives fresh octets.
 * @throws `file.too-large` where the certificates do not fit a record
 */
export async function sealItem(secret: CryptoKey, place: ItemPlace, content: ItemContent, random: (length: number) => Bytes): Promise<string> {
  const { vid, id, g } = place;
  if (content.chain.length > CHAIN_MAX) throw new WalletError('file.too-large', { detail: 'chain' });
  const plain = writeContainer(content);
  try {
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
    const prefix = writePrefix('I', fields);
    return await writeRecord(prefix, await seal(await bodyKey(secret, vid, id, rnd), iv, utf8(prefix), plain));
  } finally {
    wipe(plain);
  }
}
