/** Opening the record of one certificate item. The list key opens it; the private keys inside stay sealed. */
import { wipe, type Bytes } from '../bytes/bytes.ts';
import { utf8 } from '../bytes/text.ts';
import { unseal } from './cipher.ts';
import { readContainer, type ItemContent } from './container.ts';
import { changed, damaged } from './fault.ts';
import { checkKeys, readBase64Url, readBytes, readBytesText, readInteger } from './fields.ts';
import type { HeadItem } from './head.ts';
import { deriveCipher, lp } from './keys.ts';
import { GENERATION_MAX, ID_SIZE, IV_SIZE, SALT_SIZE } from './limits.ts';
import { readRecord } from './record.ts';

export interface OpenItem extends ItemContent {
  /** Record id, base64url. */
  readonly id: string;
  readonly g: number;
  /** When it was moved to the wastebasket (seconds since 1970), or null. Such an item must not be offered or used. */
  readonly deleted: number | null;
}

/** The key of an item's body, for this writing of it. */
export function bodyKey(secret: CryptoKey, vid: string, id: string, rnd: Bytes): Promise<CryptoKey> {
  return deriveCipher(secret, rnd, lp('djw1/body', 'I', readBase64Url(vid, 'vid'), readBase64Url(id, 'id')));
}

/**
 * Opens the text that a store holds for an entry of a verified head. `secret` is the imported list key.
 * @throws `vault.damaged`, `vault.changed`, `vault.newer-version`
 */
export async function openItemRecord(secret: CryptoKey, vid: string, entry: HeadItem, text: string | null): Promise<OpenItem> {
  if (text === null) throw damaged('record missing');
  const { fields, body, prefix, sum } = await readRecord(text, 'I');
  checkKeys(fields, ['v', 'vid', 'id', 'g', 'rnd', 'iv']);
  const rnd = readBytes(fields, 'rnd', SALT_SIZE);
  const iv = readBytes(fields, 'iv', IV_SIZE);
  const g = readInteger(fields, 'g', 1, GENERATION_MAX);
  const own = readBytesText(fields, 'vid', ID_SIZE) === vid && readBytesText(fields, 'id', ID_SIZE) === entry.id;
  if (!own || g !== entry.g || sum !== entry.sum) throw changed('record is not the listed one');
  const plain = await unseal(await bodyKey(secret, vid, entry.id, rnd), iv, utf8(prefix), body, 'record');
  try {
    return { id: entry.id, g, deleted: entry.del ?? null, ...readContainer(plain) };
  } finally {
    wipe(plain);
  }
}
