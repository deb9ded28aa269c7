/**
 * What the list key opens of a wallet. Nothing here creates, saves or derives from a password, so that the background can
 * carry it.
 */
import type { Bytes } from '../bytes/bytes.ts';
import { errorCode, WalletError, type ErrorCode } from '../errors.ts';
import { verifyHead, type HeadItem, type VaultHead } from './head.ts';
import { openItemRecord, type OpenItem } from './item.ts';
import { importSecret } from './keys.ts';
import type { VaultStore } from './store.ts';

export interface OpenedItems {
  readonly items: readonly OpenItem[];
  /** Items that did not open, each with its cause; the others stay usable. */
  readonly damaged: readonly { readonly id: string; readonly code: ErrorCode }[];
}

/** Records that are read and opened at a time. */
const BATCH = 16;

/**
 * Opens one certificate item, after proving the head with the list key.
 * @throws `certificate.not-found`, `vault.damaged`, `vault.changed`, `vault.newer-version`
 */
export async function openItem(store: VaultStore, head: VaultHead, listKey: Bytes, id: string): Promise<OpenItem> {
  const entry = head.items.find((item) => item.id === id && item.k === 'I');
  if (!entry) throw new WalletError('certificate.not-found');
  await verifyHead(head, listKey);
  const [text] = await store.records([entry]);
  return openItemRecord(await importSecret(listKey), head.vid, entry, text ?? null);
}

/**
 * Opens the certificate items, or the wanted ones, a few at a time, after proving the head with the list key. The store is read between two
 * batches, so that a page which works off a batch at once goes on drawing.
 * @throws `vault.changed` where the head is not ours; what is wrong with a single record stands in the batch
 */
export async function* openBatches(
  store: VaultStore,
  head: VaultHead,
  listKey: Bytes,
  wanted: (id: string) => boolean = () => true,
): AsyncGenerator<OpenedItems> {
  await verifyHead(head, listKey);
  const secret = await importSecret(listKey);
  const entries = head.items.filter((item) => item.k === 'I' && wanted(item.id));
  for (let at = 0; at < entries.length; at += BATCH) {
    const batch = entries.slice(at, at + BATCH);
    const texts = await store.records(batch);
    const items: OpenItem[] = [];
    const bad: { id: string; code: ErrorCode }[] = [];
    const open = async (entry: HeadItem, text: string | null): Promise<OpenItem | null> => {
      try {
        return await openItemRecord(secret, head.vid, entry, text);
      } catch (thrown) {
        bad.push({ id: entry.id, code: errorCode(thrown) });
        return null;
      }
    };
    const opened = await Promise.all(batch.map((entry, i) => open(entry, texts[i] ?? null)));
    for (const item of opened) if (item) items.push(item);
    yield { items, damaged: bad };
  }
}

/** All items at once. Throws as `openBatches`. */
export async function openItems(store: VaultStore, head: VaultHead, listKey: Bytes): Promise<OpenedItems> {
  const items: OpenItem[] = [];
  const bad: OpenedItems['damaged'][number][] = [];
  for await (const batch of openBatches(store, head, listKey)) {
    items.push(...batch.items);
    bad.push(...batch.damaged);
  }
  return { items, damaged: bad };
}
