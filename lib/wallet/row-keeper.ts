/** The rows of the lists: made once for all our windows, kept in the session store, and made to agree with the head's index. */
import { equal, wipe, type Bytes } from '../bytes/bytes.ts';
import type { Copies } from '../vault/copies.ts';
import type { VaultHead } from '../vault/head.ts';
import { keepIndex, sameEnds, tellsOtherEnds, type IndexPorts } from './expiry-index.ts';
import type { CertificateRow } from './model.ts';
import type { TextStore } from './ports.ts';
import { NO_NOTES, readRevocationNotes, withNotes } from './revocation-notes.ts';
import { makeRows, readRows, writeRows } from './rows.ts';
import type { KeptRows, Sessions } from './session.ts';

export interface RowKeeperPorts extends IndexPorts {
  readonly store: Copies;
  readonly sessions: Sessions;
  /** What authorities said of certificates. */
  readonly revocationNotes: TextStore;
}

function keptRows(head: VaultHead, rows: readonly CertificateRow[]): KeptRows {
  return { generation: head.gen, text: writeRows(rows) };
}

export class RowKeeper {
  readonly #ports: RowKeeperPorts;
  /** As `Door.settle` of the heads. */
  readonly #settle: (vid: string, listKey: Bytes) => Promise<VaultHead>;
  /** Dates were told, or stood in the index, that no certificate has; all our windows hear of it with the next rows. */
  #otherDates = false;

  constructor(ports: RowKeeperPorts, settle: (vid: string, listKey: Bytes) => Promise<VaultHead>) {
    this.#ports = ports;
    this.#settle = settle;
  }

  /** Rows of the open wallet, those that are kept where they are of this state. */
  async read(head: VaultHead, listKey: Bytes): Promise<readonly CertificateRow[]> {
    const kept = await this.#ports.sessions.rows(head.gen);
    const known = kept === undefined ? null : readRows(kept);
    if (known) return known;
    const rows = await this.#make(head, listKey);
    await this.#ports.sessions.putRows(keptRows(head, rows));
    return rows;
  }

  /** The rows anew, and the head's index of ends made to agree with them. */
  async make(head: VaultHead, listKey: Bytes): Promise<KeptRows> {
    const rows = await this.#make(head, listKey);
    this.#otherDates ||= tellsOtherEnds(head.items, rows);
    const kept = await keepIndex(this.#ports, { head, listKey, rows, settle: () => this.#settle(head.vid, listKey) });
    return keptRows(kept, rows);
  }

  /** The rows that were made when these very keys opened this very state. */
  async same({ gen }: VaultHead, listKey: Bytes): Promise<KeptRows | null> {
    const { sessions } = this.#ports;
    const session = await sessions.current();
    const same = session !== null && equal(session.listKey, listKey);
    wipe(session?.listKey);
    const text = same ? await sessions.rows(gen) : undefined;
    return text === undefined ? null : { generation: gen, text };
  }

  /** A head told the dates while the wallet was locked, and another one opened. */
  compareEnds(told: VaultHead, opened: VaultHead): void {
    this.#otherDates ||= !sameEnds(told.items, opened.items);
  }

  async noteDates(): Promise<void> {
    if (!this.#otherDates) return;
    this.#otherDates = false;
    await this.#ports.sessions.noteOtherDates();
  }

  async #make(head: VaultHead, listKey: Bytes): Promise<readonly CertificateRow[]> {
    const { store, revocationNotes } = this.#ports;
    const notes = await revocationNotes.read().then(readRevocationNotes, () => NO_NOTES);
    return withNotes(await makeRows(store, head, listKey), notes);
  }
}
