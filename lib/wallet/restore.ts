/** Restoring from a backup file or a sync copy: what is in it beside what is here, and bringing the chosen ones back. */
import { copy, wipe, type Bytes } from '../bytes/bytes.ts';
import { WalletError } from '../errors.ts';
import { lostRecords, openCarried, type Carried, type OpenedCarried } from '../vault/carried.ts';
import type { VaultHead } from '../vault/head.ts';
import { carriedBy } from '../vault/read-backup.ts';
import { settle } from '../vault/repair.ts';
import { compareWithHere, restoreItems, type Here, type RestoreRow } from '../vault/restore.ts';
import { WRITE_LOCK } from '../vault/store.ts';
import type { OpenSlot } from '../vault/unlock.ts';
import { openItems } from '../vault/vault.ts';
import type { RestoreApi, RestoreSession } from './keeping-api.ts';
import type { BackupPorts } from './backup.ts';
import type { Opened } from './door.ts';
import { CERTIFICATE_READER, openWithTyped, readBackupFile } from './backup-secret.ts';
import type { RestorableRow, RestoreResult } from './keeping-api.ts';
import { rowOf } from './rows.ts';

const NOTHING_HERE: Here = { vid: '', items: [] };

async function openHere({ store }: Pick<BackupPorts, 'store'>, head: VaultHead, listKey: Bytes): Promise<Here> {
  return { vid: head.vid, items: (await openItems(store, head, listKey)).items };
}

/** The open wallet, or nothing in a fresh profile. @throws `vault.locked`, `vault.damaged`, `vault.newer-version` */
async function hereNow(ports: BackupPorts): Promise<Here> {
  const { door } = ports;
  if ((await door.status()).state === 'none') return NOTHING_HERE;
  const { head, listKey } = await door.requireOpen();
  try {
    return await openHere(ports, head, listKey);
  } finally {
    wipe(listKey);
  }
}

/** Nothing where the certificate cannot be read: there is nothing to show then, and it counts among those that do not open. */
async function shown({ item, state, deletedHere }: RestoreRow): Promise<readonly RestorableRow[]> {
  try {
    return [{ ...(await rowOf(item)), state, deletedHere, deletedThere: item.deleted !== null }];
  } catch {
    return [];
  }
}

/** What certificates are brought back from. */
interface RestoreSource {
  readonly carried: Carried;
  readonly state: RestoreSession['state'];
}

class OpenedCopy implements RestoreSession {
  readonly rows: readonly RestorableRow[];
  readonly state: RestoreSession['state'];
  readonly madeAt: number;
  readonly unreadable: number;
  readonly #ports: BackupPorts;
  readonly #carried: Carried;
  readonly #opened: OpenedCarried;
  /** Keys of the wallet here, where the secret was its password too. */
  readonly #own: Opened | null;
  #over = false;

  constructor(ports: BackupPorts, source: RestoreSource, opened: OpenedCarried, rows: readonly RestorableRow[], own: Opened | null) {
    this.#own = own;
    this.#ports = ports;
    this.#carried = source.carried;
    this.#opened = opened;
    this.rows = rows;
    this.state = source.state;
    this.madeAt = opened.head.ts;
    this.unreadable = opened.head.items.filter(({ k }) => k === 'I').length - rows.length;
  }

  get alike(): boolean {
    return this.#own !== null;
  }

  async restore(ids: readonly string[], walletPassword: string | null): Promise<RestoreResult> {
    if (this.#over) throw new WalletError('user.cancelled');
    const { door, withLock, note } = this.#ports;
    const { head, slot, wasOpen } = walletPassword === null ? await this.#ownKeys() : await door.openSlot(walletPassword);
    try {
      const { saved, ...result } = await withLock(WRITE_LOCK, () => this.#bringBack(head.vid, slot, ids));
      await door.enter(saved, { listKey: slot.listKey, wasOpen });
      if (result.restored > 0) note('restore');
      return result;
    } finally {
      wipe(slot.listKey, slot.signingKey);
    }
  }

  discard(): void {
    this.#over = true;
    wipe(this.#opened.keys.listKey, this.#opened.keys.signingKey, this.#own?.slot.listKey, this.#own?.slot.signingKey);
  }

  /** For one act, while the wallet is open. @throws `vault.locked` */
  async #ownKeys(): Promise<Opened> {
    if (!this.#own) throw new WalletError('password.wrong');
    wipe((await this.#ports.door.requireOpen()).listKey);
    const { listKey, signingKey } = this.#own.slot;
    return { ...this.#own, slot: { listKey: copy(listKey), signingKey: copy(signingKey) } };
  }

  /** Under `WRITE_LOCK`. What came in meanwhile, here or in another window, is left out. */
  async #bringBack(vid: string, keys: OpenSlot, ids: readonly string[]): Promise<RestoreResult & { readonly saved: VaultHead }> {
    const { store, random, clock, app, pause } = this.#ports;
    const { head, missing } = await this.#refill(vid, keys.listKey);
    const rows = await compareWithHere(this.#opened, await openHere(this.#ports, head, keys.listKey));
    const present = new Set(rows.filter(({ state }) => state === 'here').map(({ item }) => item.id));
    const chosen = [...new Set(ids)].filter((id) => !present.has(id));
    const base = { store, head, keys, now: clock(), app };
    const restored = await restoreItems({ ...base, random, from: this.#opened, chosen, reader: CERTIFICATE_READER, pause });
    const refused = restored.refused.map(({ id, code }) => ({ holder: this.rows.find((row) => row.id === id)?.holder ?? null, code }));
    return { saved: restored.head, restored: restored.count, present: ids.length - chosen.length, refused, missing: missing.length };
  }

  /** Records that the wallet here lists and lost are taken as they were carried, where it is a copy of this wallet. */
  async #refill(vid: string, listKey: Bytes): Promise<{ readonly head: VaultHead; readonly missing: readonly string[] }> {
    const { store, door } = this.#ports;
    const head = await door.head();
    const from = { vid: this.#carried.head.vid, records: this.#carried.records };
    const everything = head.items.map(({ id }) => id);
    return settle({ copies: store, vid, listKey, depth: 'records', ...(from.vid === vid ? { known: lostRecords(head, from, everything) } : {}) });
  }
}

/**
 * Opens a copy with what its owner typed, beside the open wallet or in a fresh profile. Throws as `openCarried`.
 * @param own tries the same on the open wallet, so that nobody types one secret twice
 */
export async function openToRestore(
  ports: BackupPorts,
  source: RestoreSource,
  secret: string,
  own: (secret: string) => Promise<Opened | null> = () => Promise.resolve(null),
): Promise<RestoreSession> {
  const { kdf, pause } = ports;
  const opened = await openCarried(source.carried, (head) => openWithTyped(head, secret, kdf), pause);
  try {
    const here = await hereNow(ports);
    const rows = await compareWithHere(opened, here);
    const seen = (await Promise.all(rows.map(shown))).flat();
    return new OpenedCopy(ports, source, opened, seen, here === NOTHING_HERE ? null : await own(secret));
  } catch (thrown) {
    wipe(opened.keys.listKey, opened.keys.signingKey);
    throw thrown;
  }
}

export class Restores implements RestoreApi {
  readonly #ports: BackupPorts;

  constructor(ports: BackupPorts) {
    this.#ports = ports;
  }

  async open(file: Blob, secret: string): Promise<RestoreSession> {
    const read = await readBackupFile(file);
    return openToRestore(this.#ports, { carried: carriedBy(read), state: read.state }, secret);
  }
}
