/** Opening the record of one certificate item. The list key opens it; the private keys inside stay sealed. */
import { wipe } from '../bytes/bytes.ts';
import { readContainer, type ItemContent } from './container.ts';
import { damaged } from './fault.ts';
import type { HeadItem } from './head.ts';
import { openRecord } from './open-record.ts';

export interface OpenItem extends ItemContent {
  /** Record id, base64url. */
  readonly id: string;
  readonly g: number;
  /** When it was moved to the wastebasket (seconds since 1970), or null. Such an item must not be offered or used. */
  readonly deleted: number | null;
}

/**
 * Opens the text that a store holds for an entry of a verified head. `secret` is the imported list key.
 * @throws `vault.damaged`, `vault.changed`, `vault.newer-version`
 */
export async function openItemRecord(secret: CryptoKey, vid: string, entry: HeadItem, text: string | null): Promise<OpenItem> {
  if (entry.k !== 'I') throw damaged('not a certificate item');
  const plain = await openRecord(secret, vid, entry, text);
  try {
    return { id: entry.id, g: entry.g, deleted: entry.del ?? null, ...readContainer(plain) };
  } finally {
    wipe(plain);
  }
}
