/**
 * The head: which slots open the wallet and which records, by id, generation and checksum, belong to it. Whoever can
 * write the store can write a head; only `verifyHead` tells whether this wallet's list key made it.
 */
import { equal, type Bytes } from '../bytes/bytes.ts';
import { utf8 } from '../bytes/text.ts';
import { changed, damaged } from './fault.ts';
import { checkKeys, readBase64Url, readBytesText, readFields, readInteger, readList, readOptionalInteger, readText } from './fields.ts';
import type { Fields, Json } from './json.ts';
import { deriveMac, importSecret, lp } from './keys.ts';
import { GENERATION_MAX, ID_SIZE, ITEMS_MAX, SECONDS_MAX, SLOTS_MAX, TIME_MAX, VERSION } from './limits.ts';
import { readRecord } from './record.ts';
import { readSlot, type PasswordSlot, type RecoverySlot, type Slot } from './slot.ts';

/** What the head says of one record. */
export interface HeadItem {
  /** Record id, base64url. */
  readonly id: string;
  /** Record type: certificate item, sites and settings, history page, journal entry. */
  readonly k: 'I' | 'G' | 'L' | 'J';
  /** Generation that wrote the record. */
  readonly g: number;
  readonly sum: string;
  /**
   * Certificate items: end of the signing certificate, seconds since 1970. Not there for items that nobody is to hear of:
   * deleted, replaced by a newer one, or muted.
   */
  readonly na?: number;
  /** Beside `na`: a day on which the owner asked to be reminded of it, seconds since 1970. */
  readonly rem?: number;
  /** Certificate items: when it was moved to the wastebasket, seconds since 1970. */
  readonly del?: number;
  /** Journal entries: state and deadline (seconds since 1970). */
  readonly st?: string;
  readonly dl?: number;
}

export interface VaultHead {
  /** Version of the format that the wallet is in. */
  readonly version: number;
  /** Wallet id, base64url of 16 octets. */
  readonly vid: string;
  readonly gen: number;
  /** Version of the extension that wrote it. */
  readonly app: string;
  /** When it was written, milliseconds since 1970. */
  readonly ts: number;
  /** SHA-256 of the head record before it, base64url; empty in the first. */
  readonly prev: string;
  readonly slots: readonly Slot[];
  readonly items: readonly HeadItem[];
  /** A head of a chosen part of the wallet (sync copy): never one to start from. */
  readonly sub: boolean;
  readonly mac: Bytes;
  readonly prefix: string;
  readonly sum: string;
  readonly text: string;
}

const MAC_SIZE = 32;
export const APP = /^[0-9A-Za-z.+-]{1,32}$/;
const HASH_OR_NONE = /^(?:[A-Za-z0-9_-]{43})?$/;
const KIND = /^[IGLJ]$/;
const STATE = /^[A-Z]{1,16}$/;

function readKindFields(fields: Fields, k: HeadItem['k']): Pick<HeadItem, 'na' | 'rem' | 'del' | 'st' | 'dl'> {
  checkKeys(fields, ['id', 'k', 'g', 'sum'], k === 'I' ? ['na', 'rem', 'del'] : k === 'J' ? ['st', 'dl'] : []);
  const na = readOptionalInteger(fields, 'na', 0, SECONDS_MAX);
  const rem = readOptionalInteger(fields, 'rem', 0, SECONDS_MAX);
  const del = readOptionalInteger(fields, 'del', 0, SECONDS_MAX);
  const dl = readOptionalInteger(fields, 'dl', 0, SECONDS_MAX);
  if (na !== undefined && del !== undefined) throw damaged('na of a deleted item');
  if (na === undefined && rem !== undefined) throw damaged('rem without na');
  return {
    ...(na === undefined ? {} : { na }),
    ...(rem === undefined ? {} : { rem }),
    ...(del === undefined ? {} : { del }),
    ...(fields.has('st') ? { st: readText(fields, 'st', STATE) } : {}),
    ...(dl === undefined ? {} : { dl }),
  };
}

function readItem(value: Json, gen: number): HeadItem {
  const fields = readFields(value, 'item');
  const k = readText(fields, 'k', KIND) as HeadItem['k'];
  return {
    id: readBytesText(fields, 'id', ID_SIZE),
    k,
    g: readInteger(fields, 'g', 1, gen),
    sum: readBytesText(fields, 'sum', 16),
    ...readKindFields(fields, k),
  };
}

function checkDistinct(ids: readonly string[], what: string): void {
  if (new Set(ids).size !== ids.length) throw damaged(`${what} twice`);
}

async function readSlots(fields: Fields, vid: string): Promise<readonly Slot[]> {
  const slots = await Promise.all(readList(fields, 'slots', SLOTS_MAX).map((slot) => readSlot(slot, vid)));
  checkDistinct(
    slots.map((slot) => slot.sid),
    'slot',
  );
  if (slots.filter((slot) => slot.kind === 'pw').length !== 1) throw damaged('password slot');
  if (slots.filter((slot) => slot.kind === 'rec').length > 1) throw damaged('recovery slot');
  return slots;
}

function readItems(fields: Fields, gen: number): readonly HeadItem[] {
  const items = readList(fields, 'items', ITEMS_MAX).map((item) => readItem(item, gen));
  checkDistinct(
    items.map((item) => item.id),
    'item',
  );
  return items;
}

/**
 * Reads a head record. It is well-formed then, not yet proven: see `verifyHead`. `known` is the highest version the
 * caller reads.
 * @throws `vault.damaged`, `vault.newer-version`
 */
export async function readHead(text: unknown, known = VERSION): Promise<VaultHead> {
  const { version, fields, body, prefix, sum, text: read } = await readRecord(text, 'H', known);
  checkKeys(fields, ['v', 'app', 'vid', 'gen', 'ts', 'prev', 'slots', 'items'], ['sub']);
  if (body.length !== MAC_SIZE) throw damaged('head body');
  const vid = readBytesText(fields, 'vid', ID_SIZE);
  const gen = readInteger(fields, 'gen', 1, GENERATION_MAX);
  const prev = readText(fields, 'prev', HASH_OR_NONE);
  readBase64Url(prev, 'prev');
  return {
    version,
    vid,
    gen,
    app: readText(fields, 'app', APP),
    ts: readInteger(fields, 'ts', 0, TIME_MAX),
    prev,
    slots: await readSlots(fields, vid),
    items: readItems(fields, gen),
    sub: readOptionalInteger(fields, 'sub', 1, 1) === 1,
    mac: body,
    prefix,
    sum,
    text: read,
  };
}

/** HMAC-SHA-256 of a head record's prefix under the key that the list key gives. */
export async function headMac(prefix: string, vid: string, listKey: Bytes): Promise<Bytes> {
  const key = await deriveMac(await importSecret(listKey), readBase64Url(vid, 'vid'), lp('djw1/head'));
  return new Uint8Array(await crypto.subtle.sign('HMAC', key, utf8(prefix)));
}

/**
 * Proves that the holder of the list key wrote this head.
 * @throws `vault.changed`
 */
export async function verifyHead(head: VaultHead, listKey: Bytes): Promise<void> {
  if (!equal(await headMac(head.prefix, head.vid, listKey), head.mac)) throw changed('head');
}

/** Whether the holder of the list key wrote this head. */
export async function isProven(head: VaultHead, listKey: Bytes): Promise<boolean> {
  try {
    await verifyHead(head, listKey);
    return true;
  } catch {
    return false;
  }
}

/** The password slot; every head has exactly one. */
export function passwordSlot(head: VaultHead): PasswordSlot {
  for (const slot of head.slots) if (slot.kind === 'pw') return slot;
  throw damaged('password slot');
}

/** The slot of the printed recovery code, or null. */
export function recoverySlot(head: VaultHead): RecoverySlot | null {
  for (const slot of head.slots) if (slot.kind === 'rec') return slot;
  return null;
}
