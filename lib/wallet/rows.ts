/** Rows of the lists, made from opened records, and their text in the session store. */
import { fromBase64Url, toBase64Url } from '../bytes/base64.ts';
import type { Bytes } from '../bytes/bytes.ts';
import { fromUtf8, utf8 } from '../bytes/text.ts';
import { readCertificate, certificateFingerprint, type Certificate } from '../npki/certificate.ts';
import { certificateFacts } from '../npki/facts.ts';
import { WalletError } from '../errors.ts';
import type { VaultHead } from '../vault/head.ts';
import type { OpenItem } from '../vault/item.ts';
import type { VaultStore } from '../vault/store.ts';
import { openBatches } from '../vault/vault.ts';
import { readLabels } from './labels.ts';
import type { CertificateRow } from './model.ts';
import { readNoticeChoice } from './notice-choice.ts';
import { readRevocationNote } from './revocation-notes.ts';
import { namesOf, replacements } from './replaced.ts';

/** What the wallet writes beside a certificate in its record. */
export interface ItemMeta {
  /** When it came into the wallet, milliseconds since 1970. */
  readonly importedAt: number;
  /** Whether the sealed signing key carries R. The list key cannot look. */
  readonly random: boolean;
  /**
   * Id of the record, while its authority does not know yet that it was saved, and waits to hear it. Out of a backup it comes into a
   * record of another id, where nobody waits any more.
   */
  readonly unconfirmed?: string;
}

function readMeta(meta: object): ItemMeta {
  const fields = new Map<string, unknown>(Object.entries(meta));
  const importedAt = fields.get('importedAt');
  const unconfirmed = fields.get('unconfirmed');
  return {
    importedAt: typeof importedAt === 'number' ? importedAt : 0,
    random: fields.get('random') === true,
    ...(typeof unconfirmed === 'string' ? { unconfirmed } : {}),
  };
}

/** The meta of a record whose certificate was confirmed. */
export function withConfirmed(meta: object): object {
  return Object.fromEntries(Object.entries(meta).filter(([name]) => name !== 'unconfirmed'));
}

/** When it came into the wallet, milliseconds since 1970. */
export function importedAt({ meta }: OpenItem): number {
  return readMeta(meta).importedAt;
}

/** Whether its signing key carries R, as the import saw it. */
export function carriesRandom({ meta }: OpenItem): boolean {
  return readMeta(meta).random;
}

/** End of its signing certificate, seconds since 1970. @throws what the certificate's reader throws */
export function endOfItem({ signCertificate: der }: OpenItem): number | null {
  return der ? Math.floor(readCertificate(der).notAfter / 1000) : null;
}

/** @throws `certificate.wrong-use` where there is none, what the certificate's reader throws */
export function signCertificate(item: OpenItem): Certificate {
  if (!item.signCertificate) throw new WalletError('certificate.wrong-use');
  return readCertificate(item.signCertificate);
}

/** The row of a record whose certificate was read. */
export async function rowFrom(item: OpenItem, certificate: Certificate): Promise<CertificateRow> {
  const { keyUsage } = certificate;
  return {
    ...certificateFacts(certificate, await certificateFingerprint(certificate)),
    id: item.id,
    hasRandom: carriesRandom(item),
    hasKm: item.kmCertificate !== null,
    canSign: item.sealedSignKey !== null && (keyUsage === null || keyUsage.includes('digitalSignature')),
    labels: readLabels(item.meta),
    ...readNoticeChoice(item.meta),
    replacedBy: null,
    unconfirmed: readMeta(item.meta).unconfirmed === item.id,
    revocation: null,
  };
}

/** The row of one record by itself, which says of no other. @throws what the certificate's reader throws */
export function rowOf(item: OpenItem): Promise<CertificateRow> {
  return rowFrom(item, signCertificate(item));
}

/** A row, and what it is compared by. */
interface NamedRow {
  readonly row: CertificateRow;
  readonly names: string;
}

/** As `rowOf`. */
async function namedRowOf(item: OpenItem): Promise<NamedRow> {
  const certificate = signCertificate(item);
  return { row: await rowFrom(item, certificate), names: namesOf(certificate) };
}

/** The rows of a whole wallet, the earliest end first: each knows whether another replaced it. */
function rowsOfAll(all: readonly NamedRow[]): readonly CertificateRow[] {
  const newer = replacements(all.map(({ row, names }) => ({ ...row, names, canSign: row.canSign && !row.unconfirmed })));
  return all.map(({ row }) => ({ ...row, replacedBy: newer.get(row.id) ?? null })).sort((a, b) => a.notAfter - b.notAfter);
}

/** Makes the rows of what opens; a damaged record costs its own row only. @throws `vault.changed` where the head is not ours */
export async function makeRows(store: VaultStore, head: VaultHead, listKey: Bytes): Promise<readonly CertificateRow[]> {
  const rows: NamedRow[] = [];
  for await (const { items } of openBatches(store, head, listKey)) {
    const usable = items.filter((item) => item.deleted === null && item.signCertificate !== null);
    rows.push(...(await Promise.all(usable.map(namedRowOf))));
  }
  return rowsOfAll(rows);
}

/** Rows as a text for the session store. Only our own contexts can write there; the text is still checked when read. */
export function writeRows(rows: readonly CertificateRow[]): string {
  return toBase64Url(utf8(JSON.stringify(rows)));
}

function isLabels(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  const fields = new Map<string, unknown>(Object.entries(value));
  return ['nickname', 'group', 'note'].every((key) => typeof fields.get(key) === 'string');
}

function isNote(value: unknown): boolean {
  try {
    if (value !== null) readRevocationNote(value);
    return true;
  } catch {
    return false;
  }
}

function isRow(value: unknown): value is CertificateRow {
  if (typeof value !== 'object' || value === null) return false;
  const texts = ['id', 'holder', 'purpose', 'issuer', 'issuerName', 'serialHex', 'fingerprint'];
  const fields = new Map<string, unknown>(Object.entries(value));
  return (
    texts.every((key) => typeof fields.get(key) === 'string') &&
    ['notBefore', 'notAfter'].every((key) => Number.isSafeInteger(fields.get(key))) &&
    ['hasRandom', 'hasKm', 'canSign', 'muted', 'unconfirmed'].every((key) => typeof fields.get(key) === 'boolean') &&
    (fields.get('remindAt') === null || Number.isSafeInteger(fields.get('remindAt'))) &&
    (fields.get('replacedBy') === null || typeof fields.get('replacedBy') === 'string') &&
    isLabels(fields.get('labels')) &&
    isNote(fields.get('revocation'))
  );
}

/** Reads what `writeRows` wrote; null where it is anything else, and the rows are then made anew. */
export function readRows(text: string): readonly CertificateRow[] | null {
  try {
    const value: unknown = JSON.parse(fromUtf8(fromBase64Url(text)));
    return Array.isArray(value) && value.every(isRow) ? value : null;
  } catch {
    return null;
  }
}
