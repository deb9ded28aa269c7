/**
 * Reading a wallet: what state it is in, and what the list key opens. Nothing here creates, saves or derives from a
 * password, so that the background can carry it.
 */
import type { Bytes } from '../bytes/bytes.ts';
import { errorCode, WalletError, type ErrorCode } from '../errors.ts';
import { damaged } from './fault.ts';
import { readHead, verifyHead, type HeadItem, type VaultHead } from './head.ts';
import { openItemRecord, type OpenItem } from './item.ts';
import { importSecret } from './keys.ts';
import { readMarker } from './marker.ts';
import type { VaultStore } from './store.ts';

export type VaultReading =
  | { readonly state: 'none' }
  /** `rolledBack`: the marker knows a later generation than any head, so an older state seems to have been put back. */
  | { readonly state: 'ready'; readonly head: VaultHead; readonly rolledBack: boolean }
  | { readonly state: 'damaged'; readonly code: ErrorCode }
  | { readonly state: 'newer-version' };

export interface OpenedItems {
  readonly items: readonly OpenItem[];
  /** Items that did not open, each with its cause; the others stay usable. */
  readonly damaged: readonly { readonly id: string; readonly code: ErrorCode }[];
}

/** Records that are read and opened at a time. */
const BATCH = 16;

async function isRolledBack(store: VaultStore, head: VaultHead): Promise<boolean> {
  try {
    const text = await store.marker();
    if (text === null) return false;
    const marker = await readMarker(text);
    return marker.vid !== head.vid || marker.gen > head.gen;
  } catch {
    return false; // The marker is a hint; a bad one must not keep anybody out.
  }
}

async function readNewest(store: VaultStore): Promise<VaultReading> {
  const [newest] = await store.heads();
  if (newest === undefined) throw damaged('no head');
  const head = await readHead(newest);
  if (head.sub) throw damaged('head of a part');
  return { state: 'ready', head, rolledBack: await isRolledBack(store, head) };
}

/**
 * Says what the store holds: nothing at all, a readable wallet, a broken one (`code` says how: `vault.damaged`,
 * `vault.unavailable`, …), or one of a later version. A store that fails is never an empty one. Does not throw.
 */
export async function readVault(store: VaultStore): Promise<VaultReading> {
  try {
    if ((await store.evidence()) === 'none') return { state: 'none' };
    return await readNewest(store);
  } catch (thrown) {
    const code = errorCode(thrown);
    return code === 'vault.newer-version' ? { state: 'newer-version' } : { state: 'damaged', code };
  }
}

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
