/** The owner's settings as they stand in the sealed record `G`: names of passkeys, sites, guides, backup and sync state. */
import type { Bytes } from '../bytes/bytes.ts';
import { damaged } from './fault.ts';
import { checkKeys, readBytesText, readFields, readInteger, readList, readOptionalInteger, readText } from './fields.ts';
import { guidesField, readGuides, type Guide } from './guides-text.ts';
import type { Fields, Json } from './json.ts';
import { GENERATION_MAX, ID_SIZE, SLOTS_MAX, TIME_MAX } from './limits.ts';
import { NOT_ASKED, readRevocationChoice, revocationField, type RevocationChoice } from './revocation-choice.ts';
import { readSealedJson, textForm, writeSealedJson } from './sealed-json.ts';

export const LOCK_MINUTES = [1, 5, 15, 30, 60] as const;
export type LockMinutes = (typeof LOCK_MINUTES)[number];

export const BACKUP_RULES = ['change', 'week', 'month', 'off'] as const;
export type BackupRule = (typeof BACKUP_RULES)[number];

/** Days that entries of the history are kept; 0 for none kept at all. */
export const HISTORY_DAYS = [0, 180, 365, 730, 1825] as const;
export type HistoryDays = (typeof HISTORY_DAYS)[number];

/** A site the wallet was used on, or was told about. */
export interface SiteNote {
  readonly origin: string;
  /** Id of the item used there last, or null. */
  readonly item: string | null;
  /** Id of the item that the owner chose for it, or null. */
  readonly preset: string | null;
  /** Milliseconds since 1970; 0 where it was never used. */
  readonly used: number;
  /** The owner wants no request of it. */
  readonly blocked: boolean;
}

export interface PrivateSettings {
  readonly lockMinutes: LockMinutes;
  readonly backup: {
    readonly rule: BackupRule;
    /** When the last backup file was made (milliseconds since 1970) and from which generation; 0 and 0 for never. */
    readonly at: number;
    readonly gen: number;
  };
  readonly sites: readonly SiteNote[];
  readonly revocation: RevocationChoice;
  /** What was done after renewals, the latest last. */
  readonly guides: readonly Guide[];
  readonly historyDays: HistoryDays;
  /** Names of passkeys by slot id. */
  readonly passkeys: readonly { readonly sid: string; readonly name: string }[];
  readonly sync: {
    readonly on: boolean;
    /** Ids of the items in the sync copy. */
    readonly items: readonly string[];
    /** Digests of the head that was written last and of the one that was about to be; empty for none. */
    readonly last: string;
    readonly pending: string;
    /** When it was written last, milliseconds since 1970. */
    readonly at: number;
  };
}

export const SITES_MAX = 300;
const SYNC_ITEMS_MAX = 100;
const ORIGIN = /^https?:\/\/[\x21-\x7e]{1,248}$/;
const RULE = new RegExp(`^(?:${BACKUP_RULES.join('|')})$`);
const DIGEST_OR_NONE = /^(?:[A-Za-z0-9_-]{43})?$/;
/** Characters of a passkey's name. */
export const PASSKEY_NAME_MAX = 64;

export const DEFAULT_SETTINGS: PrivateSettings = {
  lockMinutes: 5,
  backup: { rule: 'change', at: 0, gen: 0 },
  sites: [],
  revocation: NOT_ASKED,
  guides: [],
  historyDays: 730,
  passkeys: [],
  sync: { on: false, items: [], last: '', pending: '', at: 0 },
};

function readLockMinutes(fields: Fields): LockMinutes {
  const minutes = fields.get('lock');
  const known = LOCK_MINUTES.find((allowed) => allowed === minutes);
  if (known === undefined) throw damaged('lock');
  return known;
}

function readSite(value: Json): SiteNote {
  const fields = readFields(value, 'site');
  checkKeys(fields, ['origin', 'used'], ['item', 'preset', 'blocked']);
  const readId = (key: string): string | null => (fields.has(key) ? readBytesText(fields, key, ID_SIZE) : null);
  return {
    origin: readText(fields, 'origin', ORIGIN),
    item: readId('item'),
    preset: readId('preset'),
    used: readInteger(fields, 'used', 0, TIME_MAX),
    blocked: readOptionalInteger(fields, 'blocked', 1, 1) === 1,
  };
}

function readHistoryDays(fields: Fields): HistoryDays {
  if (!fields.has('history')) return DEFAULT_SETTINGS.historyDays;
  const days = HISTORY_DAYS.find((allowed) => allowed === fields.get('history'));
  if (days === undefined) throw damaged('history');
  return days;
}

function readPasskey(value: Json): PrivateSettings['passkeys'][number] {
  const fields = readFields(value, 'passkey');
  checkKeys(fields, ['sid', 'name']);
  return { sid: readBytesText(fields, 'sid', ID_SIZE), name: readText(fields, 'name', textForm(PASSKEY_NAME_MAX)) };
}

function readBackup(value: Json | undefined): PrivateSettings['backup'] {
  const fields = readFields(value, 'backup');
  checkKeys(fields, ['rule', 'at', 'gen']);
  const rule = readText(fields, 'rule', RULE) as BackupRule;
  return { rule, at: readInteger(fields, 'at', 0, TIME_MAX), gen: readInteger(fields, 'gen', 0, GENERATION_MAX) };
}

function readSync(value: Json | undefined): PrivateSettings['sync'] {
  const fields = readFields(value, 'sync');
  checkKeys(fields, ['on', 'items', 'last', 'pending', 'at']);
  return {
    on: readInteger(fields, 'on', 0, 1) === 1,
    items: readList(fields, 'items', SYNC_ITEMS_MAX).map((id) => readBytesText(new Map([['id', id]]), 'id', ID_SIZE)),
    last: readText(fields, 'last', DIGEST_OR_NONE),
    pending: readText(fields, 'pending', DIGEST_OR_NONE),
    at: readInteger(fields, 'at', 0, TIME_MAX),
  };
}

function checkDistinct(names: readonly string[], what: string): void {
  if (new Set(names).size !== names.length) throw damaged(`${what} twice`);
}

/** @throws `vault.damaged`, `vault.newer-version` */
export function readSettings(plain: Bytes): PrivateSettings {
  const fields = readSealedJson(plain);
  checkKeys(fields, ['v', 'lock', 'backup', 'sites', 'passkeys', 'sync'], ['guides', 'history', 'revocation']);
  const sites = readList(fields, 'sites', SITES_MAX).map(readSite);
  const passkeys = readList(fields, 'passkeys', SLOTS_MAX).map(readPasskey);
  const sync = readSync(fields.get('sync'));
  checkDistinct(
    sites.map(({ origin }) => origin),
    'site',
  );
  checkDistinct(
    passkeys.map(({ sid }) => sid),
    'passkey',
  );
  checkDistinct(sync.items, 'sync item');
  return {
    lockMinutes: readLockMinutes(fields),
    backup: readBackup(fields.get('backup')),
    sites,
    historyDays: readHistoryDays(fields),
    revocation: readRevocationChoice(fields),
    guides: readGuides(fields),
    passkeys,
    sync,
  };
}

function fieldsOf(entries: Readonly<Record<string, Json | null>>): Fields {
  return new Map(Object.entries(entries).filter((entry): entry is [string, Json] => entry[1] !== null));
}

function siteFields({ origin, item, preset, used, blocked }: SiteNote): Fields {
  return fieldsOf({ origin, item, preset, used, blocked: blocked ? 1 : null });
}

export function writeSettings({ lockMinutes, backup, sites, historyDays, revocation, guides, passkeys, sync }: PrivateSettings): Bytes {
  const { on, items, last, pending, at } = sync;
  return writeSealedJson([
    ['lock', lockMinutes],
    ['backup', fieldsOf({ rule: backup.rule, at: backup.at, gen: backup.gen })],
    ['sites', sites.map(siteFields)],
    ...(historyDays === DEFAULT_SETTINGS.historyDays ? [] : [['history', historyDays] as const]),
    ...revocationField(revocation),
    ...guidesField(guides),
    ['passkeys', passkeys.map(({ sid, name }) => fieldsOf({ sid, name }))],
    ['sync', fieldsOf({ on: on ? 1 : 0, items, last, pending, at })],
  ]);
}
