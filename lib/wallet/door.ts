/**
 * Opening and closing the wallet from a page of ours. The page that takes the password opens the slot itself; only the
 * list key leaves it, into the session store.
 */
import { wipe, type Bytes } from '../bytes/bytes.ts';
import { WalletError } from '../errors.ts';
import type { VaultHead } from '../vault/head.ts';
import type { PasswordKdf } from '../vault/kdf.ts';
import { passwordBytes } from '../vault/password.ts';
import type { VaultStore } from '../vault/store.ts';
import { openWithPassword, type OpenSlot } from '../vault/unlock.ts';
import { openBatches, openItem, readVault } from '../vault/vault.ts';
import type { OpenItem } from '../vault/item.ts';
import { MARKS, type CertificateRow, type Mark, type WalletState, type WalletStatus } from './model.ts';
import { readRows, rowOf, writeRows } from './rows.ts';
import type { KeptRows, OpenSession, Sessions } from './session.ts';

export interface DoorPorts {
  readonly store: VaultStore;
  readonly sessions: Sessions;
  readonly kdf: PasswordKdf;
  /** Tells the background that the wallet was opened, so that it watches the deadline. */
  readonly announceOpened: () => Promise<void>;
}

function isMark(value: string | null): value is Mark {
  return (MARKS as readonly (string | null)[]).includes(value);
}

function stateOf(code: string): WalletState {
  return code === 'vault.unavailable' ? 'unavailable' : 'damaged';
}

function keptRows(head: VaultHead, rows: readonly CertificateRow[]): KeptRows {
  return { generation: head.gen, text: writeRows(rows) };
}

export class Door {
  readonly #ports: DoorPorts;

  constructor(ports: DoorPorts) {
    this.#ports = ports;
  }

  async status(): Promise<WalletStatus> {
    const reading = await readVault(this.#ports.store);
    if (reading.state !== 'ready') {
      return { state: reading.state === 'damaged' ? stateOf(reading.code) : reading.state, locksAt: null, count: 0, mark: null };
    }
    const [session, mark] = await Promise.all([this.#session(reading.head), this.#ports.store.mark()]);
    wipe(session?.listKey);
    const count = reading.head.items.filter((item) => item.k === 'I' && item.del === undefined).length;
    return { state: session ? 'open' : 'locked', locksAt: session?.deadline ?? null, count, mark: isMark(mark) ? mark : null };
  }

  /** The newest head. @throws `vault.absent`, `vault.damaged`, `vault.newer-version`, … */
  async head(): Promise<VaultHead> {
    const reading = await readVault(this.#ports.store);
    if (reading.state === 'ready') return reading.head;
    throw new WalletError(reading.state === 'none' ? 'vault.absent' : reading.state === 'damaged' ? reading.code : 'vault.newer-version');
  }

  /** Proves the password and gives both keys, for the caller to wipe. Does not unlock. @throws `password.wrong`, `vault.*` */
  async openSlot(password: string): Promise<{ head: VaultHead; slot: OpenSlot }> {
    const head = await this.head();
    return { head, slot: await openWithPassword(head, passwordBytes(password), this.#ports.kdf) };
  }

  /** Puts the list key where our other windows find it, and makes the rows. */
  async enter(head: VaultHead, listKey: Bytes): Promise<void> {
    const rows = await this.#makeRows(head, listKey);
    await this.#ports.sessions.open(head.vid, listKey, keptRows(head, rows));
    await this.#ports.announceOpened();
  }

  /** Makes the rows after a save, for all our windows. It opens nothing: a wallet that was locked meanwhile stays so. */
  async refresh(head: VaultHead, listKey: Bytes): Promise<void> {
    await this.#ports.sessions.putRows(keptRows(head, await this.#makeRows(head, listKey)));
  }

  async unlock(password: string): Promise<void> {
    const { head, slot } = await this.openSlot(password);
    try {
      await this.enter(head, slot.listKey);
    } finally {
      wipe(slot.listKey, slot.signingKey);
    }
  }

  /** Rows of the open wallet. @throws `vault.locked` */
  async rows(): Promise<readonly CertificateRow[]> {
    const { head, listKey } = await this.requireOpen();
    try {
      const kept = await this.#ports.sessions.rows(head.gen);
      const known = kept === undefined ? null : readRows(kept);
      if (known) return known;
      const rows = await this.#makeRows(head, listKey);
      await this.#ports.sessions.putRows(keptRows(head, rows));
      return rows;
    } finally {
      wipe(listKey);
    }
  }

  /** One record of the open wallet. @throws `vault.locked`, `certificate.not-found` */
  async item(id: string): Promise<OpenItem> {
    const { head, listKey } = await this.requireOpen();
    try {
      return await openItem(this.#ports.store, head, listKey, id);
    } finally {
      wipe(listKey);
    }
  }

  /** Newest head and list key of the open wallet; the caller wipes the key. @throws `vault.locked` */
  async requireOpen(): Promise<{ head: VaultHead; listKey: Bytes }> {
    const head = await this.head();
    const session = await this.#session(head);
    if (!session) throw new WalletError('vault.locked');
    return { head, listKey: session.listKey };
  }

  /** A session of another wallet (a profile restored under us) does not count. */
  async #session(head: VaultHead): Promise<OpenSession | null> {
    const session = await this.#ports.sessions.current();
    if (session?.vid === head.vid) return session;
    wipe(session?.listKey);
    return null;
  }

  /** Makes the rows of what opens; a damaged record costs its own row only. */
  async #makeRows(head: VaultHead, listKey: Bytes): Promise<readonly CertificateRow[]> {
    const rows: CertificateRow[] = [];
    for await (const { items } of openBatches(this.#ports.store, head, listKey)) {
      const usable = items.filter((item) => item.deleted === null && item.signCertificate !== null);
      rows.push(...(await Promise.all(usable.map(rowOf))));
    }
    return rows.sort((a, b) => a.notAfter - b.notAfter);
  }
}
