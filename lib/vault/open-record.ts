/** Opening records whose body is sealed under the list key, whatever they hold. */
import type { Bytes } from '../bytes/bytes.ts';
import { utf8 } from '../bytes/text.ts';
import { unseal } from './cipher.ts';
import { changed, damaged } from './fault.ts';
import { checkKeys, readBase64Url, readBytes, readBytesText, readInteger } from './fields.ts';
import type { HeadItem } from './head.ts';
import { deriveCipher, lp } from './keys.ts';
import { GENERATION_MAX, ID_SIZE, IV_SIZE, SALT_SIZE } from './limits.ts';
import { readRecord, type SealedType } from './record.ts';

/** The key of a record's body, for this writing of it. */
export function bodyKey(secret: CryptoKey, type: SealedType, vid: string, id: string, rnd: Bytes): Promise<CryptoKey> {
  return deriveCipher(secret, rnd, lp('djw1/body', type, readBase64Url(vid, 'vid'), readBase64Url(id, 'id')));
}

/**
 * Opens the text that a store holds for an entry of a verified head: the plain octets of its body, for the caller to
 * wipe. `secret` is the imported list key.
 * @throws `vault.damaged`, `vault.changed`, `vault.newer-version`
 */
export async function openRecord(secret: CryptoKey, vid: string, entry: HeadItem, text: string | null): Promise<Bytes> {
  if (text === null) throw damaged('record missing');
  const { fields, body, prefix, sum } = await readRecord(text, entry.k);
  checkKeys(fields, ['v', 'vid', 'id', 'g', 'rnd', 'iv']);
  const rnd = readBytes(fields, 'rnd', SALT_SIZE);
  const iv = readBytes(fields, 'iv', IV_SIZE);
  const g = readInteger(fields, 'g', 1, GENERATION_MAX);
  const own = readBytesText(fields, 'vid', ID_SIZE) === vid && readBytesText(fields, 'id', ID_SIZE) === entry.id;
  if (!own || g !== entry.g || sum !== entry.sum) throw changed('record is not the listed one');
  return unseal(await bodyKey(secret, entry.k, vid, entry.id, rnd), iv, utf8(prefix), body, 'record');
}
