/**
 * A wallet outside the stores: the head and records of a backup file or of a sync copy, opened with their own secret.
 * It is only ever read; what is wanted of it is sealed anew for the wallet here.
 */
import { wipe, type Bytes } from '../bytes/bytes.ts';
import { errorCode, WalletError, type ErrorCode } from '../errors.ts';
import { faultOfFile } from './backup-fault.ts';
import { verifyHead, type HeadItem, type VaultHead } from './head.ts';
import { openHistoryRecord, type HistoryEntry } from './history-page.ts';
import { openItemRecord, type OpenItem } from './item.ts';
import { importSecret } from './keys.ts';
import { openKey } from './reseal.ts';
import type { KeyRole } from './sealed-key.ts';
import { openSettingsRecord } from './settings-record.ts';
import type { PrivateSettings } from './settings-text.ts';
import type { StoredRecord } from './store.ts';
import { WRONG_SECRET, type OpenSlot } from './unlock.ts';

export interface Carried {
  readonly head: VaultHead;
  /** Records by their checksums. */
  readonly records: ReadonlyMap<string, string>;
}

export interface OpenedCarried {
  readonly head: VaultHead;
  /** Its own keys, for the caller to wipe. */
  readonly keys: OpenSlot;
  readonly items: readonly OpenItem[];
  readonly settings: PrivateSettings | null;
  readonly history: readonly (readonly HistoryEntry[])[];
  /** Listed records that are missing or do not open. */
  readonly bad: readonly { readonly id: string; readonly k: HeadItem['k']; readonly code: ErrorCode }[];
}

/** What the wallet layer knows of certificates (DER), and the vault does not. */
export interface CertificateReader {
  /** SubjectPublicKeyInfo, DER. */
  readonly spkiOf: (certificate: Bytes) => Bytes;
  /** Its end, seconds since 1970. */
  readonly endOf: (certificate: Bytes) => number;
  /** Proves by signing and verifying that the private key (PKCS#8) is the certificate's; throws where it is not. */
  readonly prove: (certificate: Bytes, privateKeyInfo: Bytes, role: KeyRole) => Promise<void>;
}

/** Opens a slot of a head with a secret: `openWith` with the secret in it, or the like. */
export type OpenHead = (head: VaultHead) => Promise<OpenSlot>;

const BATCH = 16;

async function openSlotOf(head: VaultHead, open: OpenHead): Promise<OpenSlot> {
  let keys: OpenSlot | null = null;
  try {
    keys = await open(head);
    await verifyHead(head, keys.listKey);
    return keys;
  } catch (thrown) {
    wipe(keys?.listKey, keys?.signingKey);
    throw WRONG_SECRET.has(errorCode(thrown)) ? new WalletError('backup.secret', { cause: thrown }) : faultOfFile(thrown);
  }
}

/**
 * Opens what was carried with the secret of that day. A record that does not open costs itself only. Journal entries are
 * left alone: what they began goes on in the wallet that began it.
 * @throws `backup.secret`, `backup.damaged`, and what the KDF throws
 */
export async function openCarried({ head, records }: Carried, open: OpenHead, pause?: () => Promise<void>): Promise<OpenedCarried> {
  const keys = await openSlotOf(head, open);
  const secret = await importSecret(keys.listKey);
  const items: OpenItem[] = [];
  const history: (readonly HistoryEntry[])[] = [];
  const bad: { id: string; k: HeadItem['k']; code: ErrorCode }[] = [];
  let settings: PrivateSettings | null = null;
  for (const [nth, entry] of head.items.entries()) {
    if (nth % BATCH === BATCH - 1) await pause?.();
    const text = records.get(entry.sum) ?? null;
    try {
      if (entry.k === 'I') items.push(await openItemRecord(secret, head.vid, entry, text));
      else if (entry.k === 'L') history.push(await openHistoryRecord(secret, head.vid, entry, text));
      else if (entry.k === 'G') settings = await openSettingsRecord(secret, head.vid, entry, text);
    } catch (thrown) {
      bad.push({ id: entry.id, k: entry.k, code: errorCode(thrown) });
    }
  }
  return { head, keys, items, settings, history, bad };
}

/** One private key of an opened item. */
export interface ItemKey {
  readonly role: KeyRole;
  readonly certificate: Bytes | null;
  readonly sealed: Bytes;
}

/** The private keys of an item, one or two or none. */
export function keysOf({ signCertificate, kmCertificate, sealedSignKey, sealedKmKey }: OpenItem): readonly ItemKey[] {
  const keys: ItemKey[] = [];
  if (sealedSignKey) keys.push({ role: 'sign', certificate: signCertificate, sealed: sealedSignKey });
  if (sealedKmKey) keys.push({ role: 'km', certificate: kmCertificate, sealed: sealedKmKey });
  return keys;
}

/**
 * Opens one private key and proves it against its certificate. Returns PKCS#8, for the caller to wipe.
 * @throws `vault.damaged`, `vault.changed`, and what `prove` throws
 */
export async function openProvenKey(opened: OpenedCarried, id: string, key: ItemKey, reader: CertificateReader): Promise<Bytes> {
  const { role, certificate, sealed } = key;
  if (!certificate) throw new WalletError('vault.damaged', { detail: 'key without certificate' });
  const privateKeyInfo = await openKey(opened.keys.signingKey, { vid: opened.head.vid, id, role }, sealed, reader.spkiOf(certificate));
  try {
    await reader.prove(certificate, privateKeyInfo, role);
    return privateKeyInfo;
  } catch (thrown) {
    wipe(privateKeyInfo);
    throw thrown;
  }
}

/**
 * Records that this wallet's head lists and its stores lost, as a backup file or a copy has them: the same id, generation
 * and checksum, so they are what was lost.
 * @param from whose they are, and records by their checksums
 * @throws `backup.other-wallet`
 */
export function lostRecords(
  head: VaultHead,
  from: { readonly vid: string; readonly records: Carried['records'] },
  lost: readonly string[],
): readonly StoredRecord[] {
  if (from.vid !== head.vid) throw new WalletError('backup.other-wallet');
  const missing = new Set(lost);
  const found: StoredRecord[] = [];
  for (const { id, g, sum } of head.items) {
    const text = missing.has(id) ? from.records.get(sum) : undefined;
    if (text !== undefined) found.push({ id, g, text });
  }
  return found;
}
