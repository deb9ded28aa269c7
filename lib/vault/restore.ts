/**
 * Bringing back what a backup file or a sync copy holds: always as new records of the wallet here, sealed under its own
 * keys with new ids. Nothing here is overwritten, whatever the file says.
 */
import { toBase64Url } from '../bytes/base64.ts';
import { wipe, type Bytes } from '../bytes/bytes.ts';
import { errorCode, WalletError, type ErrorCode } from '../errors.ts';
import { keysOf, openProvenKey, type CertificateReader, type OpenedCarried } from './carried.ts';
import type { VaultHead } from './head.ts';
import type { OpenItem } from './item.ts';
import { ID_SIZE } from './limits.ts';
import type { SaveBase } from './next-head.ts';
import { restoredOthers } from './restore-others.ts';
import { saveItems, type NewItem } from './save.ts';
import { sealKey, type KeyRole } from './sealed-key.ts';
import type { OpenSlot } from './unlock.ts';
import { secondsOf } from './wastebasket-time.ts';

/**
 * `new`: not in this wallet. `here`: every private key of it is here. `newer-here`: the record of the same id was written
 * later here (renewed, labelled); that one stays.
 */
export type RestoreState = 'new' | 'here' | 'newer-here';

export interface RestoreRow {
  readonly item: OpenItem;
  readonly state: RestoreState;
  /** The one here is in the wastebasket. */
  readonly deletedHere: boolean;
}

/** The wallet here, as far as a comparison needs it. */
export interface Here {
  readonly vid: string;
  readonly items: readonly OpenItem[];
}

async function fingerprint(certificate: Bytes): Promise<string> {
  return toBase64Url(new Uint8Array(await crypto.subtle.digest('SHA-256', certificate)));
}

/** One name for each private key of an item: its role and its certificate. An item without any goes by its certificates. */
async function namesOf(item: OpenItem): Promise<readonly string[]> {
  const keys = keysOf(item).flatMap(({ role, certificate }) => (certificate ? [{ role, certificate }] : []));
  const bare = [item.signCertificate, item.kmCertificate].flatMap((certificate) => (certificate ? [{ role: 'none', certificate }] : []));
  return Promise.all((keys.length > 0 ? keys : bare).map(async ({ role, certificate }) => `${role} ${await fingerprint(certificate)}`));
}

/** Says of every item of an opened file whether it is here. Rows come in the order of the file. */
export async function compareWithHere(opened: Pick<OpenedCarried, 'head' | 'items'>, here: Here): Promise<readonly RestoreRow[]> {
  const named = new Map<string, OpenItem>();
  for (const item of here.items) for (const name of await namesOf(item)) if (!named.has(name) || item.deleted === null) named.set(name, item);
  const byId = new Map(here.vid === opened.head.vid ? here.items.map((item) => [item.id, item]) : []);
  const rows: RestoreRow[] = [];
  for (const item of opened.items) {
    const names = await namesOf(item);
    const found = names.map((name) => named.get(name));
    const same = names.length > 0 && found.every((held) => held !== undefined);
    const later = byId.get(item.id);
    const newer = later !== undefined && later.g > item.g;
    const held = newer ? later : same ? found[0] : undefined;
    rows.push({ item, state: newer ? 'newer-here' : same ? 'here' : 'new', deletedHere: (held?.deleted ?? null) !== null });
  }
  return rows;
}

export interface RestoreRequest extends Omit<SaveBase, 'listKey'> {
  /** Both keys of the wallet here, from the secret that was just given; the caller wipes them. */
  readonly keys: OpenSlot;
  readonly random: (length: number) => Bytes;
  readonly from: OpenedCarried;
  /** Ids, in the file, of the items to bring back. */
  readonly chosen: readonly string[];
  readonly reader: CertificateReader;
  /** Gives a page its turn between items. */
  readonly pause?: () => Promise<void>;
}

export interface Restored {
  readonly head: VaultHead;
  /** Items that are new here now. */
  readonly count: number;
  /** Chosen items that were not brought back, by their id in the file. */
  readonly refused: readonly { readonly id: string; readonly code: ErrorCode }[];
}

async function resealKeys(request: RestoreRequest, item: OpenItem, id: string): Promise<ReadonlyMap<KeyRole, Bytes>> {
  const { head, keys, from, reader, random } = request;
  const sealed = new Map<KeyRole, Bytes>();
  for (const key of keysOf(item)) {
    const privateKeyInfo = await openProvenKey(from, item.id, key, reader);
    try {
      const spki = reader.spkiOf(key.certificate ?? new Uint8Array(0));
      const place = { vid: head.vid, id, role: key.role };
      sealed.set(key.role, await sealKey({ ...place, signingKey: keys.signingKey, spki, privateKeyInfo, random }));
    } finally {
      wipe(privateKeyInfo);
    }
  }
  return sealed;
}

/** What was in the wastebasket goes there again, with all its days before it. */
async function newItem(request: RestoreRequest, item: OpenItem): Promise<NewItem> {
  const id = toBase64Url(request.random(ID_SIZE));
  const sealed = await resealKeys(request, item, id);
  return {
    ...item,
    id,
    na: item.signCertificate ? request.reader.endOf(item.signCertificate) : null,
    deleted: item.deleted === null ? null : secondsOf(request.now),
    sealedSignKey: sealed.get('sign') ?? null,
    sealedKmKey: sealed.get('km') ?? null,
  };
}

interface Resealed {
  readonly put: readonly NewItem[];
  /** New ids by those in the file. */
  readonly ids: ReadonlyMap<string, string>;
  readonly refused: Restored['refused'];
}

async function resealItems(request: RestoreRequest): Promise<Resealed> {
  const { from, chosen, pause } = request;
  const known = new Map(from.items.map((item) => [item.id, item]));
  const put: NewItem[] = [];
  const ids = new Map<string, string>();
  const refused: Restored['refused'][number][] = [];
  for (const id of new Set(chosen)) {
    await pause?.();
    try {
      const item = known.get(id);
      if (!item) throw new WalletError('certificate.not-found');
      const sealed = await newItem(request, item);
      put.push(sealed);
      ids.set(id, sealed.id);
    } catch (thrown) {
      refused.push({ id, code: errorCode(thrown) });
    }
  }
  return { put, ids, refused };
}

/**
 * Brings chosen items back in one save, with the settings, sites and history that are not here; call it under
 * `WRITE_LOCK`. Each private key is proven against its certificate first; an item that fails is refused alone.
 * @throws `vault.full`, `vault.conflict` and what `saveItems` throws; nothing was brought back then
 */
export async function restoreItems(request: RestoreRequest): Promise<Restored> {
  const { store, head, keys, from, random, now, app, pause } = request;
  const base = { store, head, listKey: keys.listKey, now, app };
  const { put, ids, refused } = await resealItems(request);
  const others = await restoredOthers({ ...base, random, from, ids });
  if (put.length === 0 && others.length === 0) return { head, count: 0, refused };
  const saved = await saveItems({ ...base, random, put, remove: [], others, ...(pause ? { pause } : {}) });
  return { head: saved, count: put.length, refused };
}
