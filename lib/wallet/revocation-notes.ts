/**
 * What authorities said of certificates, kept in the clear and for this browser alone: ids and states, no names. It is a cache:
 * where it is lost, nothing is known until an authority is asked again. Nothing in it is ever taken for a certificate's own word.
 */
import { fromHex, toHex } from '../bytes/hex.ts';
import type { Bytes } from '../bytes/bytes.ts';
import { isPlain, malformed, readRecord } from '../protocol/read.ts';
import { REVOCATION_REASONS, UNKNOWN_REASONS } from '../trust/status/state.ts';
import { ITEMS_MAX } from '../vault/limits.ts';
import type { CertificateRow } from './model.ts';
import type { TextStore } from './ports.ts';
import { REVOCATION_SOURCES, type RevocationNote, type RevocationWord } from './revocation-api.ts';

/** Both in milliseconds since 1970. */
export interface ToldTime {
  readonly theirs: number;
  readonly ours: number;
}

export interface RevocationNotes {
  /** By record id. */
  readonly notes: ReadonlyMap<string, RevocationNote>;
  /** Number of the newest list seen, by its address. */
  readonly lists: ReadonlyMap<string, Bytes>;
  /** Korean calendar day on which all were asked last, in days since 1970; null for never. */
  readonly lastDay: number | null;
  /** What an authority's clock showed last, and ours at that moment; null where none was told. */
  readonly told: ToldTime | null;
}

export const NO_NOTES: RevocationNotes = { notes: new Map(), lists: new Map(), lastDay: null, told: null };

/** Characters; a longer text is not read. */
const TEXT_MAX = 1_048_576;
const LISTS_MAX = 64;
const ADDRESS_MAX = 512;
const ID = /^[A-Za-z0-9_-]{22}$/;
const NUMBER = /^(?:[0-9a-f]{2}){1,21}$/;

function readTime(value: unknown): number {
  if (typeof value !== 'number' || !Number.isSafeInteger(value)) throw malformed('time');
  return value;
}

function oneOf<Value>(all: readonly Value[], value: unknown): Value {
  const found = all.find((one) => one === value);
  if (found === undefined) throw malformed('word');
  return found;
}

function readWord(value: unknown): RevocationWord {
  const fields = readRecord(value, ['state', 'at', 'source', 'since', 'reason']);
  const state = oneOf(['good', 'revoked', 'on-hold'] as const, fields.get('state'));
  const since = fields.get('since') === null ? null : readTime(fields.get('since'));
  if ((since === null) !== (state === 'good')) throw malformed('since');
  const reason = oneOf(REVOCATION_REASONS, fields.get('reason'));
  return { state, at: readTime(fields.get('at')), source: oneOf(REVOCATION_SOURCES, fields.get('source')), since, reason };
}

function readFailed(value: unknown): NonNullable<RevocationNote['failed']> {
  const fields = readRecord(value, ['at', 'why']);
  return { at: readTime(fields.get('at')), why: oneOf(UNKNOWN_REASONS, fields.get('why')) };
}

/** @throws `request.malformed` */
export function readRevocationNote(value: unknown): RevocationNote {
  const fields = readRecord(value, ['word', 'failed']);
  const [word, failed] = [fields.get('word'), fields.get('failed')];
  if (word === null && failed === null) throw malformed('note');
  return { word: word === null ? null : readWord(word), failed: failed === null ? null : readFailed(failed) };
}

function readMap<Value>(value: unknown, most: number, isKey: (key: string) => boolean, read: (entry: unknown) => Value): Map<string, Value> {
  if (!isPlain(value)) throw malformed('notes');
  const entries = Object.entries(value);
  if (entries.length > most || !entries.every(([key]) => isKey(key))) throw malformed('notes');
  return new Map(entries.map(([key, entry]) => [key, read(entry)]));
}

function readNumber(value: unknown): Bytes {
  if (typeof value !== 'string' || !NUMBER.test(value)) throw malformed('number');
  return fromHex(value);
}

/** Earlier texts have none. */
function readTold(value: unknown): ToldTime | null {
  if (value === null || value === undefined) return null;
  const fields = readRecord(value, ['theirs', 'ours']);
  return { theirs: readTime(fields.get('theirs')), ours: readTime(fields.get('ours')) };
}

/** Reads what `writeRevocationNotes` wrote; anything else is none. */
export function readRevocationNotes(text: string | null): RevocationNotes {
  if (text === null || text.length > TEXT_MAX) return NO_NOTES;
  try {
    const fields = readRecord(JSON.parse(text) as unknown, ['v', 'notes', 'lists', 'lastDay'], ['told']);
    if (fields.get('v') !== 1) throw malformed('version');
    const lastDay = fields.get('lastDay');
    return {
      notes: readMap(fields.get('notes'), ITEMS_MAX, (id) => ID.test(id), readRevocationNote),
      lists: readMap(fields.get('lists'), LISTS_MAX, (url) => url.length <= ADDRESS_MAX, readNumber),
      lastDay: lastDay === null ? null : readTime(lastDay),
      told: readTold(fields.get('told')),
    };
  } catch {
    return NO_NOTES;
  }
}

export function writeRevocationNotes({ notes, lists, lastDay, told }: RevocationNotes): string {
  const numbers = [...lists].slice(-LISTS_MAX).map(([url, number]) => [url, toHex(number)]);
  return JSON.stringify({ v: 1, notes: Object.fromEntries(notes), lists: Object.fromEntries(numbers) as unknown, lastDay, told });
}

/** Record ids of the certificates that an authority said are revoked for good; none where that does not read. */
export async function knownRevoked(store: Pick<TextStore, 'read'>): Promise<ReadonlySet<string>> {
  const { notes } = await store.read().then(readRevocationNotes, () => NO_NOTES);
  return new Set([...notes].filter(([, { word }]) => word?.state === 'revoked').map(([id]) => id));
}

/** Rows with what is known of each. */
export function withNotes(rows: readonly CertificateRow[], { notes }: RevocationNotes): readonly CertificateRow[] {
  return rows.map((row) => ({ ...row, revocation: notes.get(row.id) ?? null }));
}
