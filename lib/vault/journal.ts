/**
 * A journal entry (record `J`): how far a run with a certificate authority has come, and the new private keys that belong to no
 * item yet. The head has its state and deadline in the clear, without names; the course is octets here, which the wallet
 * understands. The body is parts (`parts.ts`, version 1): 1 the course, 2 a key, at most two.
 *
 * ```
 * key: role (1 octet: 1 sign, 2 km) ‖ id of the item it will belong to (16) ‖ length of SPKI (2, big-endian) ‖ SPKI ‖ sealed key
 * ```
 *
 * A key is sealed for the item it will belong to, so it goes there as it is.
 */
import { toBase64Url } from '../bytes/base64.ts';
import { concat, copy, wipe, type Bytes } from '../bytes/bytes.ts';
import { errorCode, type ErrorCode } from '../errors.ts';
import { damaged } from './fault.ts';
import { readBase64Url } from './fields.ts';
import { verifyHead, type HeadItem, type VaultHead } from './head.ts';
import { importSecret } from './keys.ts';
import { ID_SIZE } from './limits.ts';
import type { SealedRecord } from './next-head.ts';
import { openRecord } from './open-record.ts';
import { readParts, writePart, type PartsForm } from './parts.ts';
import { checksumOf } from './record.ts';
import { sealRecord } from './seal-record.ts';
import type { KeyRole } from './sealed-key.ts';
import type { VaultStore } from './store.ts';

/** A private key that waits for its certificate. */
export interface JournalKey {
  readonly role: KeyRole;
  /** Id of the item it will belong to, base64url. */
  readonly item: string;
  /** SubjectPublicKeyInfo (DER). */
  readonly spki: Bytes;
  /** As `sealKey` makes it. */
  readonly sealed: Bytes;
}

export interface JournalContent {
  /** Holds secrets until the run has ended. */
  readonly course: Bytes;
  readonly keys: readonly JournalKey[];
}

export interface JournalEntry extends JournalContent {
  /** Record id, base64url. */
  readonly id: string;
  /** A word of capital letters. */
  readonly state: string;
  /** Seconds since 1970; null where nothing is due. */
  readonly deadline: number | null;
}

export interface OpenedJournal {
  readonly entries: readonly JournalEntry[];
  readonly damaged: readonly { readonly id: string; readonly code: ErrorCode }[];
}

const TAG = { course: 1, key: 2 } as const;
const FORM: PartsForm = { version: 1, last: TAG.key, repeated: TAG.key };
const ROLES: readonly KeyRole[] = ['sign', 'km'];
const KEYS_MAX = 2;
/** Role, item id, length of the public key. */
const KEY_HEADER = 1 + ID_SIZE + 2;

function writeKey({ role, item, spki, sealed }: JournalKey): Bytes {
  const length = Uint8Array.of(spki.length >> 8, spki.length & 0xff);
  return concat(Uint8Array.of(ROLES.indexOf(role) + 1), readBase64Url(item, 'item'), length, spki, sealed);
}

function readKey(octets: Bytes): JournalKey {
  const role = ROLES[(octets[0] ?? 0) - 1];
  if (role === undefined || octets.length < KEY_HEADER) throw damaged('journal key');
  const end = KEY_HEADER + new DataView(octets.buffer, octets.byteOffset).getUint16(1 + ID_SIZE);
  if (end === KEY_HEADER || end >= octets.length) throw damaged('journal key');
  const item = toBase64Url(octets.subarray(1, 1 + ID_SIZE));
  return { role, item, spki: copy(octets.subarray(KEY_HEADER, end)), sealed: copy(octets.subarray(end)) };
}

/** The octets of a body, with secrets in them, for the caller to wipe. */
export function writeJournal({ course, keys }: JournalContent): Bytes {
  return concat(Uint8Array.of(FORM.version), writePart(TAG.course, course), ...keys.map((key) => writePart(TAG.key, writeKey(key))));
}

/** @throws `vault.damaged` */
export function readJournal(octets: Bytes): JournalContent {
  const parts = readParts(octets, FORM);
  const [course] = parts.get(TAG.course) ?? [];
  const keys = (parts.get(TAG.key) ?? []).map(readKey);
  if (course === undefined || course.length === 0 || keys.length > KEYS_MAX) throw damaged('journal');
  if (new Set(keys.map(({ role }) => role)).size < keys.length) throw damaged('journal key twice');
  return { course, keys };
}

/**
 * Seals an entry for the generation after `head`, in place of the one with its id. `secret` is the imported list key.
 * @throws `file.too-large`
 */
export async function sealJournal(
  secret: CryptoKey,
  { vid, gen }: Pick<VaultHead, 'vid' | 'gen'>,
  { id, state, deadline, ...content }: JournalEntry,
  random: (length: number) => Bytes,
): Promise<SealedRecord> {
  const g = gen + 1;
  const plain = writeJournal(content);
  try {
    readJournal(plain); // What our own reader would refuse is not written.
    const text = await sealRecord(secret, 'J', { vid, id, g }, plain, random);
    const entry: HeadItem = { id, k: 'J', g, sum: checksumOf(text), st: state, ...(deadline === null ? {} : { dl: deadline }) };
    return { entry, record: { id, g, text } };
  } finally {
    wipe(plain);
  }
}

/**
 * Opens the text of an entry; the caller wipes its course. `secret` is the imported list key.
 * @throws `vault.damaged`, `vault.changed`, `vault.newer-version`
 */
export async function openJournalRecord(secret: CryptoKey, vid: string, entry: HeadItem, text: string | null): Promise<JournalEntry> {
  if (entry.k !== 'J' || entry.st === undefined) throw damaged('not a journal entry');
  const plain = await openRecord(secret, vid, entry, text);
  try {
    return { id: entry.id, state: entry.st, deadline: entry.dl ?? null, ...readJournal(plain) };
  } finally {
    wipe(plain);
  }
}

/** All entries, after proving the head; what does not open is named. @throws `vault.changed`, `vault.unavailable` */
export async function openJournal(store: VaultStore, head: VaultHead, listKey: Bytes): Promise<OpenedJournal> {
  const listed = head.items.filter(({ k }) => k === 'J');
  if (listed.length === 0) return { entries: [], damaged: [] };
  await verifyHead(head, listKey);
  const secret = await importSecret(listKey);
  const texts = await store.records(listed);
  const entries: JournalEntry[] = [];
  const bad: OpenedJournal['damaged'][number][] = [];
  for (const [at, entry] of listed.entries()) {
    try {
      entries.push(await openJournalRecord(secret, head.vid, entry, texts[at] ?? null));
    } catch (thrown) {
      bad.push({ id: entry.id, code: errorCode(thrown) });
    }
  }
  return { entries, damaged: bad };
}
