/** Writing the record of one certificate item under the list key. */
import { wipe, type Bytes } from '../bytes/bytes.ts';
import { WalletError } from '../errors.ts';
import { writeContainer, type ItemContent } from './container.ts';
import { CHAIN_MAX } from './limits.ts';
import { sealRecord, type RecordPlace } from './seal-record.ts';

/**
 * The text of an item record. `secret` is the imported list key, `random` gives fresh octets.
 * @throws `file.too-large` where the certificates do not fit a record
 */
export async function sealItem(secret: CryptoKey, place: RecordPlace, content: ItemContent, random: (length: number) => Bytes): Promise<string> {
  if (content.chain.length > CHAIN_MAX) throw new WalletError('file.too-large', { detail: 'chain' });
  const plain = writeContainer(content);
  try {
    return await sealRecord(secret, 'I', place, plain, random);
  } finally {
    wipe(plain);
  }
}
