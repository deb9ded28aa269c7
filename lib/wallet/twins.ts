/**
 * A deleted certificate that came into the wallet again meanwhile. It is never put back beside the one in the list: that one
 * stays, and gets what only the deleted one has.
 */
import { equal, wipe } from '../bytes/bytes.ts';
import { WalletError } from '../errors.ts';
import type { VaultHead } from '../vault/head.ts';
import type { OpenItem } from '../vault/item.ts';
import type { SaveBase } from '../vault/next-head.ts';
import { saveItems, type NewItem } from '../vault/save.ts';
import type { OpenSlot } from '../vault/unlock.ts';
import { LABEL_MOST, readLabels, sameLabels, withLabels } from './labels.ts';
import type { RecordPart } from './model.ts';
import { openPair } from './open-items.ts';
import type { OpenedKeyPair, Random } from './ports.ts';
import { contentsOfItem, partsBeyond } from './record-parts.ts';
import { carriesRandom, endOfItem } from './rows.ts';
import { completeItem } from './seal-rows.ts';

/** The record in the list, and what the deleted one would add to it. */
export interface Twin {
  readonly item: OpenItem;
  readonly adds: readonly RecordPart[];
}

/** Two encryption certificates beside one signing certificate are two records: neither has room for both. */
function isTwin({ signCertificate, kmCertificate }: OpenItem, other: OpenItem): boolean {
  if (other.deleted !== null || !signCertificate || !other.signCertificate || !equal(signCertificate, other.signCertificate)) return false;
  return !kmCertificate || !other.kmCertificate || equal(kmCertificate, other.kmCertificate);
}

export function twinOf(deleted: OpenItem, items: readonly OpenItem[]): Twin | null {
  const item = items.find((one) => isTwin(deleted, one));
  return item ? { item, adds: partsBeyond(contentsOfItem(deleted), contentsOfItem(item)) } : null;
}

/** Both notes, one below the other, as far as there is room. */
function bothNotes(kept: string, other: string): string {
  if (kept === '' || kept.includes(other)) return kept === '' ? other : kept;
  const both = `${kept}\n${other}`;
  return both.length <= LABEL_MOST.note ? both : kept;
}

/** The meta with what the owner wrote beside either. Of two names the one that is kept counts; null where nothing is new. */
function bothLabels(kept: object, other: object): object | null {
  const ours = readLabels(kept);
  const theirs = readLabels(other);
  const labels = { nickname: ours.nickname || theirs.nickname, group: ours.group || theirs.group, note: bothNotes(ours.note, theirs.note) };
  return sameLabels(ours, labels) ? null : withLabels(kept, labels);
}

export interface FoldRequest extends SaveBase {
  readonly random: Random;
  readonly deleted: OpenItem;
  readonly twin: Twin;
  readonly twoVerified: () => Promise<boolean>;
}

async function save({ deleted, twoVerified, ...base }: FoldRequest, kept: NewItem | null): Promise<VaultHead> {
  // All that it had is in the record that stays; while one copy alone holds that, it is left where it lies.
  const remove = (await twoVerified()) ? [deleted.id] : [];
  const put = kept ? [kept] : [];
  return put.length + remove.length > 0 ? saveItems({ ...base, put, remove }) : base.head;
}

/**
 * Folds a deleted record that has no key and no certificate of its own into its twin; call it under `WRITE_LOCK`. The list
 * key is enough, for no private key moves. @throws `vault.conflict` where one would, and as `saveItems`
 */
export async function foldNotes(request: FoldRequest): Promise<VaultHead> {
  const { item, adds } = request.twin;
  if (adds.length > 0) throw new WalletError('vault.conflict', { detail: 'adds' });
  const meta = bothLabels(item.meta, request.deleted.meta);
  return save(request, meta ? { ...item, meta, na: endOfItem(item) } : null);
}

async function openedPair(head: VaultHead, slot: OpenSlot, item: OpenItem, role: 'sign' | 'km'): Promise<OpenedKeyPair | null> {
  const pair = await openPair(head, slot, item, role);
  if (!pair) return null;
  const { der, spki } = pair.certificate;
  return { certificate: der, spki, privateKeyInfo: pair.privateKeyInfo, hasRandom: role === 'sign' && carriesRandom(item), chain: item.chain };
}

/**
 * The same with private keys, for which the owner gave the wallet password; call it under `WRITE_LOCK`.
 * @throws `vault.full` where there is no room in one record, `vault.damaged`, `vault.changed`, and as `saveItems`
 */
export async function foldKeys(request: FoldRequest & { readonly slot: OpenSlot; readonly pause: () => Promise<void> }): Promise<VaultHead> {
  const { head, slot, deleted, twin, random, pause, now } = request;
  const sign = await openedPair(head, slot, deleted, 'sign');
  const km = await openedPair(head, slot, deleted, 'km');
  try {
    const order = { vid: head.vid, signingKey: slot.signingKey, now, random, pause };
    const kept = await completeItem({ sign, km }, twin.item, order);
    if (!kept) throw new WalletError('vault.full', { detail: 'record' });
    return await save(request, { ...kept, meta: bothLabels(kept.meta, deleted.meta) ?? kept.meta });
  } finally {
    wipe(sign?.privateKeyInfo, km?.privateKeyInfo);
  }
}
