/** The certificates of the open wallet as an import compares them. */
import { wipe, type Bytes } from '../bytes/bytes.ts';
import { certificateFingerprint, readCertificate } from '../npki/certificate.ts';
import type { VaultHead } from '../vault/head.ts';
import type { OpenItem } from '../vault/item.ts';
import type { VaultStore } from '../vault/store.ts';
import { openBatches } from '../vault/vault.ts';
import type { Held } from './candidates.ts';
import type { Door } from './door.ts';
import { contentsOfItem } from './record-parts.ts';
import { namesOf } from './replaced.ts';

async function heldBy(item: OpenItem): Promise<Held[]> {
  const { id, deleted, signCertificate } = item;
  if (deleted !== null || signCertificate === null) return [];
  try {
    const certificate = readCertificate(signCertificate);
    const { notBefore, notAfter } = certificate;
    const fingerprint = await certificateFingerprint(certificate);
    return [{ id, fingerprint, names: namesOf(certificate), notBefore, notAfter, ...contentsOfItem(item) }];
  } catch {
    return []; // A damaged record costs its own row only, as in the lists.
  }
}

/** Reads them once, with the list key. @throws `vault.*` */
export async function heldCertificates(store: VaultStore, head: VaultHead, listKey: Bytes): Promise<readonly Held[]> {
  const held: Held[] = [];
  for await (const { items } of openBatches(store, head, listKey)) held.push(...(await Promise.all(items.map(heldBy))).flat());
  return held;
}

/** Those of the open wallet and the generation they are of. @throws `vault.locked` */
export async function heldOfOpen(store: VaultStore, door: Door): Promise<{ readonly held: readonly Held[]; readonly gen: number }> {
  const { head, listKey } = await door.requireOpen();
  try {
    return { held: await heldCertificates(store, head, listKey), gen: head.gen };
  } finally {
    wipe(listKey);
  }
}
