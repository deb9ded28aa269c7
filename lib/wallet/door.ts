/**
 * Opening and closing the wallet from a page of ours. The page that takes the password opens the slot itself; only the
 * list key leaves it, into the session store.
 */
import { wipe, type Bytes } from '../bytes/bytes.ts';
import { WalletError } from '../errors.ts';
import type { VaultHead } from '../vault/head.ts';
import type { PasswordKdf } from '../vault/kdf.ts';
import { passwordBytes } from '../vault/password.ts';
import { openFromCopies } from '../vault/open-copies.ts';
import { headOfKey, headsToOpen } from '../vault/heads-to-open.ts';
import { settle, type Settled } from '../vault/repair.ts';
import { openSettings } from '../vault/settings-record.ts';
import { DEFAULT_SETTINGS, type LockMinutes, type PrivateSettings } from '../vault/settings-text.ts';
import { readStartUp, type StartUp } from '../vault/startup.ts';
import { WRITE_LOCK } from '../vault/store.ts';
import type { Throttle } from '../vault/throttle.ts';
import type { OpenSlot, Secret } from '../vault/unlock.ts';
import { openItem } from '../vault/vault.ts';
import type { OpenItem } from '../vault/item.ts';
import { clockAhead, clockBehind } from './clock-doubt.ts';
import { MARKS, type CertificateRow, type Mark, type WalletNotice, type WalletStatus } from './model.ts';
import type { Clock, WithLock } from './ports.ts';
import { NO_NOTES, readRevocationNotes } from './revocation-notes.ts';
import { RowKeeper, type RowKeeperPorts } from './row-keeper.ts';
import type { KeptRows, OpenSession } from './session.ts';

/** The wallet as it was opened, with both keys. */
export interface Opened {
  readonly head: VaultHead;
  readonly slot: OpenSlot;
  /** The wallet was open when the secret was taken; where it is not any more, it was locked since, and stays so. */
  readonly wasOpen: boolean;
  readonly by: Secret['kind'];
}

/** What opens the wallet for our other windows. */
export interface Entry extends Pick<Opened, 'wasOpen'> {
  readonly listKey: Bytes;
}

export interface DoorPorts extends RowKeeperPorts {
  readonly throttle: Pick<Throttle, 'guarded' | 'waitSeconds'>;
  readonly withLock: WithLock;
  readonly kdf: PasswordKdf;
  readonly clock: Clock;
  /** Version of the extension. */
  readonly app: string;
  /** Tells the background that the wallet was opened, so that it watches the deadline. */
  readonly announceOpened: () => Promise<void>;
}

function isMark(value: string | null): value is Mark {
  return (MARKS as readonly (string | null)[]).includes(value);
}

/** Another window changed the password meanwhile, and every key with it. */
function formerKeys(by: Secret['kind']): WalletError {
  return new WalletError(by === 'pw' ? 'password.former' : 'vault.conflict', { detail: 'changed meanwhile' });
}

export class Door {
  readonly #ports: DoorPorts;
  readonly #rows: RowKeeper;

  constructor(ports: DoorPorts) {
    this.#ports = ports;
    this.#rows = new RowKeeper(ports, (vid, listKey) => this.settle(vid, listKey, 'heads'));
  }

  /** Reads both copies and writes nothing. */
  async status(): Promise<WalletStatus> {
    const start = await readStartUp(this.#ports.store);
    const now = this.#ports.clock();
    if (start.state !== 'ready') {
      return {
        state: start.state,
        locksAt: null,
        signingUntil: null,
        count: 0,
        mark: null,
        notice: null,
        clockBehind: clockBehind(now, null),
        clockAhead: null,
      };
    }
    const notes = this.#ports.revocationNotes.read().then(readRevocationNotes, () => NO_NOTES);
    const [open, mark, { told }] = await Promise.all([this.#open(start.head), this.#ports.store.mark(), notes]);
    wipe(open?.session.listKey);
    const { items } = open?.head ?? start.head;
    return {
      state: open ? 'open' : 'locked',
      locksAt: open?.session.deadline ?? null,
      signingUntil: open?.session.signingUntil ?? null,
      count: items.filter((item) => item.k === 'I' && item.del === undefined).length,
      mark: isMark(mark) ? mark : null,
      notice: await this.#notice(start, open?.head ?? null),
      clockBehind: clockBehind(now, (open?.head ?? start.head).ts),
      clockAhead: clockAhead(now, told),
    };
  }

  /** The newest head. @throws `vault.absent`, `vault.damaged`, `vault.newer-version` */
  async head(): Promise<VaultHead> {
    const choice = await this.#ports.store.choice();
    if (choice.state === 'ready') return choice.head;
    const codes = { none: 'vault.absent', recovery: 'vault.damaged', 'newer-version': 'vault.newer-version' } as const;
    throw new WalletError(codes[choice.state]);
  }

  /** Proves the wallet password and gives both keys, for the caller to wipe. Throws as `openWith`. */
  openSlot(password: string): Promise<Opened> {
    return this.openWith({ kind: 'pw', password: passwordBytes(password) });
  }

  /**
   * Opens with a secret, which is consumed, and gives both keys, for the caller to wipe. Every attempt is counted before it
   * is made. Does not unlock.
   * @throws `password.wait`, `password.wrong`, `password.former`, `recovery.wrong`, `passkey.wrong`, `vault.*`
   */
  openWith(secret: Secret): Promise<Opened> {
    return this.#openBy(secret, (attempt) => this.#ports.throttle.guarded(attempt));
  }

  /**
   * The same with a password that has just opened something else of this owner's: it counts as no try, since whoever guesses
   * would have to know that first. Null where it is not this wallet's.
   */
  async openAlike(password: string): Promise<Opened | null> {
    try {
      return await this.#openBy({ kind: 'pw', password: passwordBytes(password) }, (attempt) => attempt());
    } catch {
      return null;
    }
  }

  async #openBy(secret: Secret, by: <Result>(attempt: () => Promise<Result>) => Promise<Result>): Promise<Opened> {
    const { store, kdf, sessions } = this.#ports;
    const { newest, others } = await headsToOpen(store);
    const session = await sessions.current();
    wipe(session?.listKey);
    const { head, open } = await by(() => openFromCopies(newest, others, secret, kdf));
    // The head that told the dates while it was locked did not open.
    if (head.text !== newest.text) this.#rows.compareEnds(newest, head);
    return { head, slot: open, wasOpen: session !== null, by: secret.kind };
  }

  /**
   * Makes both copies one again as far as the list key proves, and gives the newest head; that an older state was put back is
   * kept to be told. Call it under `WRITE_LOCK`. Throws as `settle`.
   */
  async settle(vid: string, listKey: Bytes, depth: 'heads' | 'records'): Promise<VaultHead> {
    const { head, rolledBack } = await settle({ copies: this.#ports.store, vid, listKey, depth });
    // The next save leaves no trace of it in the stores.
    if (rolledBack) await this.#ports.sessions.noteOlder();
    return head;
  }

  /** Writes what a save that was cut off still owes the second copy, while the wallet is open. @throws `vault.locked`, as `settle` */
  async mend(): Promise<void> {
    const { head, listKey } = await this.requireOpen();
    try {
      await this.#ports.withLock(WRITE_LOCK, () => this.settle(head.vid, listKey, 'heads'));
    } finally {
      wipe(listKey);
    }
  }

  /**
   * Puts the list key where our other windows find it, and makes the rows. A wallet that was locked meanwhile stays so; so
   * does one whose keys were changed, and that is what false says.
   */
  enter(head: VaultHead, entry: Entry): Promise<boolean> {
    return this.#enter(head, entry, null);
  }

  async #enter(head: VaultHead, { listKey, wasOpen }: Entry, kept: KeptRows | null): Promise<boolean> {
    const rows = kept ?? (await this.#rows.make(head, listKey));
    const minutes = await this.#lockMinutes(head, listKey);
    const { sessions, withLock, store } = this.#ports;
    // Under the lock of the saves, since a change of the password locks right after its own.
    const current = await withLock(WRITE_LOCK, async () => {
      if (!(await headOfKey(store, await this.head(), listKey))) return false;
      await sessions.open(head.vid, listKey, rows, minutes, wasOpen);
      return true;
    });
    if (!current) return false;
    await this.#rows.noteDates();
    await this.#ports.announceOpened();
    return true;
  }

  /**
   * As `enter`, to use a key at once: the rows of a wallet that is open stay what they are.
   * @throws `password.former`, or `vault.conflict` where none was typed: the keys were changed
   */
  async enterNow({ head, slot, wasOpen, by }: Opened): Promise<void> {
    const { listKey } = slot;
    if (!(await this.#enter(head, { listKey, wasOpen }, await this.#rows.same(head, listKey)))) throw formerKeys(by);
  }

  /** Makes the rows after a save, for all our windows. It opens nothing: a wallet that was locked meanwhile stays so. */
  async refresh(head: VaultHead, listKey: Bytes): Promise<void> {
    await this.#ports.sessions.putRows(await this.#rows.make(head, listKey));
    await this.#rows.noteDates();
  }

  /**
   * Opens the wallet for all our windows with a secret, which is consumed; `then` has both keys until it is done. Throws as
   * `openWith` and `enterNow`.
   */
  async unlockWith(secret: Secret, then: (opened: Opened) => Promise<void>): Promise<void> {
    const opened = await this.openWith(secret);
    const { slot } = opened;
    try {
      const settled = await this.#settleAll(opened.head, slot.listKey);
      // Every row anew: records may have been lost, or found.
      if (!(await this.enter(settled.head, { listKey: slot.listKey, wasOpen: opened.wasOpen }))) throw formerKeys(opened.by);
      if (settled.rolledBack) await this.#ports.sessions.noteOlder();
      await then({ ...opened, head: settled.head });
    } finally {
      wipe(slot.listKey, slot.signingKey);
    }
  }

  /** Rows of the open wallet. @throws `vault.locked` */
  async rows(): Promise<readonly CertificateRow[]> {
    const { head, listKey } = await this.requireOpen();
    try {
      return await this.#rows.read(head, listKey);
    } finally {
      wipe(listKey);
    }
  }

  /** One record of the open wallet, and the wallet's id. @throws `vault.locked`, `certificate.not-found` */
  async item(id: string): Promise<{ vid: string; item: OpenItem }> {
    const { head, listKey } = await this.requireOpen();
    try {
      return { vid: head.vid, item: await openItem(this.#ports.store, head, listKey, id) };
    } finally {
      wipe(listKey);
    }
  }

  /** Settings of the open wallet. @throws `vault.locked`, as `openSettings` */
  async settings(): Promise<PrivateSettings> {
    const { head, listKey } = await this.requireOpen();
    try {
      return await openSettings(this.#ports.store, head, listKey);
    } finally {
      wipe(listKey);
    }
  }

  /** Newest head and list key of the open wallet; the caller wipes the key. @throws `vault.locked` */
  async requireOpen(): Promise<{ head: VaultHead; listKey: Bytes }> {
    const open = await this.#open(await this.head());
    if (!open) throw new WalletError('vault.locked');
    return { head: open.head, listKey: open.session.listKey };
  }

  /** After opening, every record of both copies is looked at. What cannot be repaired holds nobody up. */
  async #settleAll(head: VaultHead, listKey: Bytes): Promise<Pick<Settled, 'head' | 'rolledBack'>> {
    try {
      const { store: copies, withLock } = this.#ports;
      return await withLock(WRITE_LOCK, () => settle({ copies, vid: head.vid, listKey, depth: 'records' }));
    } catch {
      return { head, rolledBack: false };
    }
  }

  /** What the person should hear of beside the state, the graver first; what opening found counts while it is open. */
  async #notice(start: Extract<StartUp, { state: 'ready' }>, open: VaultHead | null): Promise<WalletNotice | null> {
    const { sessions } = this.#ports;
    if (open && open.text !== start.head.text) return 'other-keys';
    if (start.rolledBack || (open && (await sessions.isOlder()))) return 'rolled-back';
    if (open && (await sessions.toldOtherDates())) return 'other-dates';
    return start.agree ? null : 'one-copy';
  }

  /** Settings that do not open keep nobody out. */
  async #lockMinutes(head: VaultHead, listKey: Bytes): Promise<LockMinutes> {
    try {
      return (await openSettings(this.#ports.store, head, listKey)).lockMinutes;
    } catch {
      return DEFAULT_SETTINGS.lockMinutes;
    }
  }

  /** A session of another wallet (a profile restored under us), or of keys that were changed since, does not count. */
  async #open(start: VaultHead): Promise<{ readonly head: VaultHead; readonly session: OpenSession } | null> {
    const session = await this.#ports.sessions.current();
    if (!session) return null;
    const head = session.vid === start.vid ? await headOfKey(this.#ports.store, start, session.listKey) : null;
    if (head) return { head, session };
    wipe(session.listKey);
    return null;
  }
}
