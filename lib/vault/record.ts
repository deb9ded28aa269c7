/**
 * The record grammar of DJW1 (docs/VAULT.md):
 *
 *   "DJW1." type "." fields "." body "." sum
 *
 * one ASCII line; `fields` is base64url of canonical JSON, `body` base64url of octets, `sum` base64url of the first 16
 * octets of SHA-256 over everything before the last dot. The same text stands in every copy of the vault.
 */
import { toBase64Url } from '../bytes/base64.ts';
import type { Bytes } from '../bytes/bytes.ts';
import { fromUtf8, utf8 } from '../bytes/text.ts';
import { WalletError } from '../errors.ts';
import { damaged } from './fault.ts';
import { readBase64Url, readInteger } from './fields.ts';
import { readJson, writeJson, type Fields } from './json.ts';
import { BODY_MAX, FIELDS_MAX, HEAD_FIELDS_MAX, VERSION } from './limits.ts';

/** Records whose body is sealed under the list key: certificate item, sites and settings, history page, journal entry. */
export type SealedType = 'I' | 'G' | 'L' | 'J';

/** Besides: head, slot, marker, throttle, first and last line of a backup file. */
export type RecordType = SealedType | 'H' | 'S' | 'M' | 'T' | 'B' | 'Z';

export interface VaultRecord {
  /** Version of the format that wrote it, 1 up to the one the reader knows. */
  readonly version: number;
  readonly fields: Fields;
  readonly body: Bytes;
  /** The text up to and including the dot before the body: what seals and the head's HMAC authenticate. */
  readonly prefix: string;
  readonly sum: string;
  readonly text: string;
}

const MAGIC = 'DJW1';
const SUM_SIZE = 16;

function base64Length(octets: number): number {
  return Math.ceil((octets * 4) / 3);
}

/** Characters of the longest record. */
export const TEXT_MAX = MAGIC.length + 3 + base64Length(HEAD_FIELDS_MAX) + 1 + base64Length(BODY_MAX) + 1 + base64Length(SUM_SIZE);

function split(text: unknown, type: RecordType): { head: string; body: string; sum: string } {
  if (typeof text !== 'string' || text.length > TEXT_MAX) throw damaged('record');
  const [magic, letter, head, body, sum, ...rest] = text.split('.', 6);
  if (magic !== MAGIC || letter !== type || !head || body === undefined || sum === undefined || rest.length > 0) throw damaged('record');
  if (head.length > base64Length(type === 'H' ? HEAD_FIELDS_MAX : FIELDS_MAX)) throw damaged('fields');
  if (body.length > base64Length(BODY_MAX)) throw damaged('body');
  return { head, body, sum };
}

/** First 16 octets of SHA-256 over a text, base64url. */
async function checksum(text: string): Promise<string> {
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', utf8(text)));
  return toBase64Url(digest.subarray(0, SUM_SIZE));
}

/** The checksum that stands at the end of a record. */
export function checksumOf(text: string): string {
  return text.slice(text.lastIndexOf('.') + 1);
}

/** Whether a text is a whole record with this checksum, whatever its fields say. */
export async function isIntact(text: string | null, sum: string): Promise<boolean> {
  if (text === null || text.length > TEXT_MAX || !text.endsWith(`.${sum}`)) return false;
  const end = text.length - sum.length - 1;
  return text.startsWith(`${MAGIC}.`) && (await checksum(text.slice(0, end))) === sum;
}

function readFieldText(head: string): Fields {
  const octets = readBase64Url(head, 'fields');
  let json: string;
  try {
    json = fromUtf8(octets);
  } catch (cause) {
    throw damaged('fields', cause);
  }
  return readJson(json);
}

/**
 * Reads one record of the expected type: bounds, grammar, checksum, canonical fields, version; the fields themselves
 * are for the caller. `known` is the highest version the caller reads.
 * @throws `vault.damaged`, `vault.newer-version`
 */
export async function readRecord(text: unknown, type: RecordType, known = VERSION): Promise<VaultRecord> {
  const parts = split(text, type);
  const prefix = `${MAGIC}.${type}.${parts.head}.`;
  if ((await checksum(prefix + parts.body)) !== parts.sum) throw damaged('checksum');
  const fields = readFieldText(parts.head);
  const version = readInteger(fields, 'v', 1, Number.MAX_SAFE_INTEGER);
  if (version > known) throw new WalletError('vault.newer-version');
  return { version, fields, body: readBase64Url(parts.body, 'body'), prefix, sum: parts.sum, text: `${prefix}${parts.body}.${parts.sum}` };
}

/** The text of a record up to and including the dot before its body. */
export function writePrefix(type: RecordType, fields: Fields): string {
  return `${MAGIC}.${type}.${toBase64Url(utf8(writeJson(fields)))}.`;
}

/** Completes a record that `writePrefix` began. */
export async function writeRecord(prefix: string, body: Uint8Array): Promise<string> {
  const text = prefix + toBase64Url(body);
  return `${text}.${await checksum(text)}`;
}
