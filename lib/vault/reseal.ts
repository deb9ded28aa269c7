/** Sealing records again under new keys: what a change of the secrets does to everything the wallet keeps. */
import { equal, wipe, type Bytes } from '../bytes/bytes.ts';
import { WalletError } from '../errors.ts';
import { writeContainer, type ItemContent } from './container.ts';
import { damaged } from './fault.ts';
import type { HeadItem } from './head.ts';
import { openItemRecord } from './item.ts';
import { openJournalRecord, sealJournal, writeJournal, type JournalEntry } from './journal.ts';
import { openRecord } from './open-record.ts';
import type { SealedRecord } from './next-head.ts';
import { sealItem } from './seal-item.ts';
import { sealRecord } from './seal-record.ts';
import { openSealedKey, recordKey, sealKey, type KeyPlace, type KeyRole } from './sealed-key.ts';

export interface SealingKeys {
  /** The imported list key. */
  readonly secret: CryptoKey;
  readonly signingKey: Bytes;
}

export interface Resealing {
  readonly vid: string;
  /** Generation of the head that will list the records. */
  readonly g: number;
  readonly from: SealingKeys;
  readonly to: SealingKeys;
  /** SubjectPublicKeyInfo (DER) of a certificate (DER), to which a sealed key is bound. */
  readonly spkiOf: (certificate: Bytes) => Bytes;
  readonly random: (length: number) => Bytes;
}

export async function openKey(signingKey: Bytes, place: KeyPlace, sealed: Bytes, spki: Bytes): Promise<Bytes> {
  const key = await recordKey(signingKey, place.vid, place.id, place.role, sealed);
  try {
    return await openSealedKey({ ...place, key, sealed, spki });
  } finally {
    wipe(key);
  }
}

/** The same private key under the new keys, opened again and compared. */
async function resealOne({ from, to, random }: Resealing, place: KeyPlace, sealed: Bytes, spki: Bytes): Promise<Bytes> {
  const privateKeyInfo = await openKey(from.signingKey, place, sealed, spki);
  let again: Bytes | null = null;
  try {
    const resealed = await sealKey({ ...place, signingKey: to.signingKey, spki, privateKeyInfo, random });
    again = await openKey(to.signingKey, place, resealed, spki);
    if (!equal(again, privateKeyInfo)) throw new WalletError('internal', { detail: 'self-check' });
    return resealed;
  } finally {
    wipe(privateKeyInfo, again);
  }
}

async function resealKey(work: Resealing, id: string, role: KeyRole, sealed: Bytes | null, certificate: Bytes | null): Promise<Bytes | null> {
  if (!sealed) return null;
  if (!certificate) throw damaged('key without certificate');
  return resealOne(work, { vid: work.vid, id, role }, sealed, work.spkiOf(certificate));
}

function written(entry: HeadItem, g: number, text: string): SealedRecord {
  return { entry: { ...entry, g, sum: text.slice(text.lastIndexOf('.') + 1) }, record: { id: entry.id, g, text } };
}

async function resealItem(work: Resealing, entry: HeadItem, text: string | null): Promise<SealedRecord> {
  const { vid, g, from, to, random } = work;
  const { id } = entry;
  const item = await openItemRecord(from.secret, vid, entry, text);
  const content: ItemContent = {
    ...item,
    sealedSignKey: await resealKey(work, id, 'sign', item.sealedSignKey, item.signCertificate),
    sealedKmKey: await resealKey(work, id, 'km', item.sealedKmKey, item.kmCertificate),
  };
  const sealed = written(entry, g, await sealItem(to.secret, { vid, id, g }, content, random));
  const opened = await openItemRecord(to.secret, vid, sealed.entry, sealed.record.text);
  if (!equal(writeContainer(opened), writeContainer(content))) throw new WalletError('internal', { detail: 'self-check' });
  return sealed;
}

async function resealPlain(work: Resealing, entry: HeadItem, text: string | null): Promise<SealedRecord> {
  const { vid, g, from, to, random } = work;
  const plain = await openRecord(from.secret, vid, entry, text);
  let again: Bytes | null = null;
  try {
    const sealed = written(entry, g, await sealRecord(to.secret, entry.k, { vid, id: entry.id, g }, plain, random));
    again = await openRecord(to.secret, vid, sealed.entry, sealed.record.text);
    if (!equal(again, plain)) throw new WalletError('internal', { detail: 'self-check' });
    return sealed;
  } finally {
    wipe(plain, again);
  }
}

/** A run that is under way goes on under the new keys. */
async function resealJournal(work: Resealing, entry: HeadItem, text: string | null): Promise<SealedRecord> {
  const { vid, g, from, to, random } = work;
  const { course, keys, ...about } = await openJournalRecord(from.secret, vid, entry, text);
  let again: JournalEntry | null = null;
  try {
    const resealed = await Promise.all(
      keys.map(async (key) => ({ ...key, sealed: await resealOne(work, { vid, id: key.item, role: key.role }, key.sealed, key.spki) })),
    );
    const sealed = await sealJournal(to.secret, { vid, gen: g - 1 }, { ...about, course, keys: resealed }, random);
    again = await openJournalRecord(to.secret, vid, sealed.entry, sealed.record.text);
    if (!equal(writeJournal(again), writeJournal({ course, keys: resealed }))) throw new WalletError('internal', { detail: 'self-check' });
    return sealed;
  } finally {
    wipe(course, again?.course);
  }
}

/**
 * Seals one record again and opens the outcome. What does not open is not left behind: it stops everything.
 * @throws `vault.damaged`, `vault.changed`
 */
export function resealRecord(work: Resealing, entry: HeadItem, text: string | null): Promise<SealedRecord> {
  if (entry.k === 'J') return resealJournal(work, entry, text);
  return entry.k === 'I' ? resealItem(work, entry, text) : resealPlain(work, entry, text);
}
