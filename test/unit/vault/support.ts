/** What the vault tests share: a quick stand-in for the password KDF, wallets, and a writer of hostile records. */
import { createHash, createHmac, hkdfSync } from 'node:crypto';
import { IDBFactory } from 'fake-indexeddb';
import { expect } from 'vitest';
import { fromBase64Url, toBase64Url } from '../../../lib/bytes/base64.ts';
import type { Bytes } from '../../../lib/bytes/bytes.ts';
import { utf8 } from '../../../lib/bytes/text.ts';
import { errorCode, WalletError, type ErrorCode } from '../../../lib/errors.ts';
import { indexedDbStore } from '../../../lib/platform/vault-store.ts';
import { createVault } from '../../../lib/vault/create.ts';
import { readHead, type VaultHead } from '../../../lib/vault/head.ts';
import type { PasswordKdf } from '../../../lib/vault/kdf.ts';
import { saveItems, type NewItem } from '../../../lib/vault/save.ts';
import type { StoredRecord, VaultStore } from '../../../lib/vault/store.ts';
import { openWithPassword, type OpenSlot } from '../../../lib/vault/unlock.ts';

export const APP = '0.1.0';
export const NOW = 1_764_000_000_000;
export const PASSWORD = '지갑 암호 하나 둘';

export const random = (length: number): Bytes => crypto.getRandomValues(new Uint8Array(length));
export const newId = (): string => toBase64Url(random(16));

/** Deterministic and quick; it stands for Argon2id where only the structure around it is tested. */
export const fastKdf: PasswordKdf = ({ m, t, p, salt }, password) =>
  Promise.resolve(new Uint8Array(createHmac('sha256', salt).update(`${m},${t},${p},`).update(password).digest()));

export const freshStore = (): VaultStore => indexedDbStore(new IDBFactory());

export interface Wallet extends OpenSlot {
  readonly store: VaultStore;
  readonly head: VaultHead;
}

export async function makeWallet(store: VaultStore = freshStore()): Promise<Wallet> {
  const made = await createVault({ store, password: utf8(PASSWORD), kdf: fastKdf, random, now: NOW, app: APP, mark: 'tiger' });
  return { store, ...made };
}

export function item(id: string, changes: Partial<NewItem> = {}): NewItem {
  return {
    id,
    meta: { label: '주거래 은행', importedAt: NOW },
    signCertificate: random(900),
    kmCertificate: null,
    chain: [random(700)],
    sealedSignKey: random(400),
    sealedKmKey: null,
    na: 1_800_000_000,
    ...changes,
  };
}

export function save({ store, head, listKey }: Wallet, put: readonly NewItem[], remove: readonly string[] = []): Promise<VaultHead> {
  return saveItems({ store, head, listKey, now: NOW + 1, app: APP, random, put, remove });
}

export function unlock(head: VaultHead, password = PASSWORD): Promise<OpenSlot> {
  return openWithPassword(head, utf8(password), fastKdf);
}

/** The code that a promise fails with; `fulfilled` where it does not. */
export async function codeOf(promise: Promise<unknown>): Promise<ErrorCode | 'fulfilled' | 'not ours'> {
  try {
    await promise;
    return 'fulfilled';
  } catch (thrown) {
    return thrown instanceof WalletError ? errorCode(thrown) : 'not ours';
  }
}

export function sumOf(textBeforeSum: string): string {
  return toBase64Url(createHash('sha256').update(textBeforeSum).digest().subarray(0, 16));
}

export function checksum(text: string): string {
  return text.slice(text.lastIndexOf('.') + 1);
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, entry]) => [key, sorted(entry)]),
  );
}

export interface Parts {
  readonly type: string;
  readonly fields: Record<string, unknown>;
  readonly body: Bytes;
}

/** Takes a record apart without any of our checks. */
export function parts(text: string): Parts {
  const [, type = '', head = '', body = ''] = text.split('.');
  return { type, fields: JSON.parse(Buffer.from(head, 'base64url').toString()) as Record<string, unknown>, body: fromBase64Url(body) };
}

/** Writes a record with a good checksum from fields in the order given, as somebody who has the store but no key can. */
export function forgeJson(type: string, json: string, body: Uint8Array): string {
  const text = `DJW1.${type}.${toBase64Url(utf8(json))}.${toBase64Url(body)}`;
  return `${text}.${sumOf(text)}`;
}

export function forge({ type, fields, body }: Parts): string {
  return forgeJson(type, JSON.stringify(sorted(fields)), body);
}

/** The record with some fields replaced (undefined removes one) and a good checksum. */
export function withFields(text: string, changes: Record<string, unknown>): string {
  const old = parts(text);
  const fields = Object.fromEntries(Object.entries({ ...old.fields, ...changes }).filter(([, value]) => value !== undefined));
  return forge({ ...old, fields });
}

/** The same for a head, proven with the list key, as only this wallet can. */
export function headWithFields(text: string, listKey: Uint8Array, changes: Record<string, unknown>): string {
  const { fields, type } = parts(withFields(text, changes));
  const prefix = `DJW1.${type}.${toBase64Url(utf8(JSON.stringify(sorted(fields))))}.`;
  const vid = Buffer.from(String(fields['vid']), 'base64url');
  const info = Buffer.concat([Buffer.from([0, 9]), Buffer.from('djw1/head')]);
  const key = Buffer.from(hkdfSync('sha256', listKey, vid, info, 32));
  return forge({ type, fields, body: new Uint8Array(createHmac('sha256', key).update(prefix).digest()) });
}

/** A store that holds exactly these texts, for reading what somebody wrote past us. */
export async function storeOf(head: string, records: readonly StoredRecord[] = []): Promise<VaultStore> {
  const store = freshStore();
  await store.commit({ base: null, gen: 1, records, head, marker: '' });
  return store;
}

export async function firstRecord(store: VaultStore, head: VaultHead): Promise<StoredRecord> {
  const [entry] = head.items;
  if (!entry) throw new Error('no item');
  const [text] = await store.records([entry]);
  expect(typeof text).toBe('string');
  return { id: entry.id, g: entry.g, text: text ?? '' };
}

export const reread = async (store: VaultStore): Promise<VaultHead> => readHead((await store.heads())[0]);
