/** One page of the history as it stands in a sealed record `L`: what was done, where and with which item; no content. */
import { wipe, type Bytes } from '../bytes/bytes.ts';
import { checkKeys, readBytesText, readFields, readInteger, readList, readText } from './fields.ts';
import type { HeadItem, VaultHead } from './head.ts';
import type { Json } from './json.ts';
import { BODY_MAX, ID_SIZE, TAG_SIZE, TIME_MAX } from './limits.ts';
import type { SealedRecord } from './next-head.ts';
import { openRecord } from './open-record.ts';
import { headEntry } from './save.ts';
import { sealRecord } from './seal-record.ts';
import { readSealedJson, textForm, writeSealedJson } from './sealed-json.ts';

export interface HistoryDocument {
  readonly title: string;
  /** Octets. */
  readonly size: number;
  /** SHA-256 of the document, base64url. */
  readonly digest: string;
}

export interface HistoryEntry {
  /** Milliseconds since 1970. */
  readonly at: number;
  /** Origin of the page, or empty for what was done in our own windows. */
  readonly origin: string;
  /** What it was: `sign-in`, `sign`, `export`, … */
  readonly purpose: string;
  /** Id of the item, or null. */
  readonly item: string | null;
  readonly documents: readonly HistoryDocument[];
  /** What was given out beside a signature: `random`, `certificate`, … */
  readonly released: readonly string[];
  /** `done` or an error code. */
  readonly result: string;
}

const PAGE_ENTRIES_MAX = 200;
const DOCUMENTS_MAX = 100;
const RELEASED_MAX = 8;
const TITLE_MAX = 200;
const ORIGIN = /^(?:https?:\/\/[\x21-\x7e]{1,248})?$/;
const WORD = /^[a-z][a-z.-]{0,31}$/;
const DIGEST_SIZE = 32;

function readDocument(value: Json): HistoryDocument {
  const fields = readFields(value, 'document');
  checkKeys(fields, ['title', 'size', 'digest']);
  return {
    title: readText(fields, 'title', textForm(TITLE_MAX)),
    size: readInteger(fields, 'size', 0, Number.MAX_SAFE_INTEGER),
    digest: readBytesText(fields, 'digest', DIGEST_SIZE),
  };
}

function readWord(word: Json): string {
  return readText(new Map([['released', word]]), 'released', WORD);
}

function readEntry(value: Json): HistoryEntry {
  const fields = readFields(value, 'entry');
  checkKeys(fields, ['at', 'origin', 'purpose', 'documents', 'released', 'result'], ['item']);
  return {
    at: readInteger(fields, 'at', 0, TIME_MAX),
    origin: readText(fields, 'origin', ORIGIN),
    purpose: readText(fields, 'purpose', WORD),
    item: fields.has('item') ? readBytesText(fields, 'item', ID_SIZE) : null,
    documents: readList(fields, 'documents', DOCUMENTS_MAX).map(readDocument),
    released: readList(fields, 'released', RELEASED_MAX).map(readWord),
    result: readText(fields, 'result', WORD),
  };
}

/** @throws `vault.damaged`, `vault.newer-version` */
export function readHistoryPage(plain: Bytes): readonly HistoryEntry[] {
  const fields = readSealedJson(plain);
  checkKeys(fields, ['v', 'entries']);
  return readList(fields, 'entries', PAGE_ENTRIES_MAX).map(readEntry);
}

function documentFields({ title, size, digest }: HistoryDocument): Json {
  return new Map<string, Json>([
    ['title', title],
    ['size', size],
    ['digest', digest],
  ]);
}

function entryFields({ at, origin, purpose, item, documents, released, result }: HistoryEntry): Json {
  const fields = new Map<string, Json>([
    ['at', at],
    ['origin', origin],
    ['purpose', purpose],
    ['documents', documents.map(documentFields)],
    ['released', released],
    ['result', result],
  ]);
  if (item !== null) fields.set('item', item);
  return fields;
}

/** Octets of one page. What `readHistoryPage` would refuse is a fault of the caller's. */
export function writeHistoryPage(entries: readonly HistoryEntry[]): Bytes {
  return writeSealedJson([['entries', entries.map(entryFields)]]);
}

/** Whether the entries have room on one page; else the writer begins another. */
export function fitsHistoryPage(entries: readonly HistoryEntry[]): boolean {
  return entries.length <= PAGE_ENTRIES_MAX && writeHistoryPage(entries).length + TAG_SIZE <= BODY_MAX;
}

/** One name for what an entry says: two of the same are one event that was written twice. */
export function nameOfEntry({ at, origin, purpose, item, documents, result }: HistoryEntry): string {
  return JSON.stringify([at, origin, purpose, item, documents.map(({ digest }) => digest), result]);
}

/** Opens the text of a history page. `secret` is the imported list key. */
export async function openHistoryRecord(secret: CryptoKey, vid: string, entry: HeadItem, text: string | null): Promise<readonly HistoryEntry[]> {
  const plain = await openRecord(secret, vid, entry, text);
  try {
    return readHistoryPage(plain);
  } finally {
    wipe(plain);
  }
}

/** Seals a page for the generation after `head`, under the id of a page that is there or a new one. */
export async function sealHistoryPage(
  secret: CryptoKey,
  { vid, gen }: Pick<VaultHead, 'vid' | 'gen'>,
  id: string,
  entries: readonly HistoryEntry[],
  random: (length: number) => Bytes,
): Promise<SealedRecord> {
  const g = gen + 1;
  const plain = writeHistoryPage(entries);
  try {
    readHistoryPage(plain); // What our own reader would refuse is not written.
    const text = await sealRecord(secret, 'L', { vid, id, g }, plain, random);
    return { entry: headEntry(text, id, 'L', g), record: { id, g, text } };
  } finally {
    wipe(plain);
  }
}
