/** Private keys of the wallet's records, opened in a page that the person just gave the wallet password to. */
import { wipe, type Bytes } from '../bytes/bytes.ts';
import { WalletError } from '../errors.ts';
import { readCertificate } from '../npki/certificate.ts';
import type { ExportIdentity, ExportPair } from '../npki/export-files.ts';
import type { VaultHead } from '../vault/head.ts';
import type { OpenItem } from '../vault/item.ts';
import { openSealedKey, recordKey, type KeyRole } from '../vault/sealed-key.ts';
import type { OpenSlot } from '../vault/unlock.ts';

interface Sealed {
  readonly certificate: Bytes | null;
  readonly sealed: Bytes | null;
}

const SLOTS: Readonly<Record<KeyRole, (item: OpenItem) => Sealed>> = {
  sign: ({ signCertificate, sealedSignKey }) => ({ certificate: signCertificate, sealed: sealedSignKey }),
  km: ({ kmCertificate, sealedKmKey }) => ({ certificate: kmCertificate, sealed: sealedKmKey }),
};

/**
 * The certificate of one role with its key, for the caller to wipe; null where the record has none.
 * @throws `vault.damaged`, `vault.changed`
 */
export async function openPair({ vid }: VaultHead, { signingKey }: OpenSlot, item: OpenItem, role: KeyRole): Promise<ExportPair | null> {
  const { certificate, sealed } = SLOTS[role](item);
  if (certificate === null || sealed === null) return null;
  const read = readCertificate(certificate);
  const key = await recordKey(signingKey, vid, item.id, role, sealed);
  try {
    return { certificate: read, privateKeyInfo: await openSealedKey({ key, vid, id: item.id, role, sealed, spki: read.spki }) };
  } finally {
    wipe(key);
  }
}

/** @throws `certificate.not-found` for an item in the wastebasket or without a certificate */
export function presentItem(item: OpenItem): OpenItem {
  if (item.deleted !== null || item.signCertificate === null) throw new WalletError('certificate.not-found');
  return item;
}

/** Both pairs and the chain of an item. Throws as `openPair`. */
export async function openIdentityOf(head: VaultHead, slot: OpenSlot, item: OpenItem, { withKm }: { withKm: boolean }): Promise<ExportIdentity> {
  const sign = await openPair(head, slot, item, 'sign');
  try {
    const km = withKm ? await openPair(head, slot, item, 'km') : null;
    return { sign, km, chain: item.chain.map((der) => readCertificate(der)) };
  } catch (thrown) {
    wipe(sign?.privateKeyInfo);
    throw thrown;
  }
}

export function wipeIdentities(identities: readonly ExportIdentity[]): void {
  for (const { sign, km } of identities) wipe(sign?.privateKeyInfo, km?.privateKeyInfo);
}
