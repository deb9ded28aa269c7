/** The authority's register: whom it knows, and what became of every certificate it issued. */
import { createHash } from 'node:crypto';
import type { DatabaseSync } from 'node:sqlite';
import type { Bytes } from '../../lib/bytes/bytes.ts';
import { copy } from '../../lib/bytes/bytes.ts';
import { readCertificate, type Certificate } from '../../lib/npki/certificate.ts';
import { nextOf } from './counters.ts';
import type { Kind } from './profile.ts';

export interface Holder {
  readonly id: number;
  readonly realName: string;
  /** 13 or 10 digits. */
  readonly idNumber: string;
  readonly policy: string;
  /** Name as DER, the same in all certificates of the holder. */
  readonly subject: Bytes;
}

export const STATES = ['pending', 'active', 'held', 'revoked'] as const;
export type State = (typeof STATES)[number];

export interface Registered {
  readonly serial: string;
  readonly certificate: Certificate;
  readonly kind: Kind;
  readonly holder: number;
  readonly state: State;
  /** Of RFC 5280 5.3.1; null while the certificate is good. */
  readonly reason: number | null;
  /** When it came into its state, milliseconds since 1970 UTC. */
  readonly changed: number;
}

type Row = Record<string, unknown>;

export function hashOf(bytes: Bytes): string {
  return createHash('sha256').update(bytes).digest('hex');
}

function holderOf(row: Row): Holder {
  return {
    id: Number(row['id']),
    realName: String(row['real_name']),
    idNumber: String(row['id_number']),
    policy: String(row['policy']),
    subject: copy(row['subject'] as Uint8Array),
  };
}

function registeredOf(row: Row): Registered {
  return {
    serial: String(row['serial']),
    certificate: readCertificate(copy(row['der'] as Uint8Array)),
    kind: row['kind'] as Kind,
    holder: Number(row['holder']),
    state: row['state'] as State,
    reason: row['reason'] === null ? null : Number(row['reason']),
    changed: Number(row['changed']),
  };
}

export class Certificates {
  readonly #database: DatabaseSync;

  constructor(database: DatabaseSync) {
    this.#database = database;
  }

  addHolder({ realName, idNumber, policy, subject }: Omit<Holder, 'id'>): Holder {
    const insert = this.#database.prepare('INSERT INTO holders (real_name, id_number, policy, subject) VALUES (?, ?, ?, ?) RETURNING *');
    return holderOf(insert.get(realName, idNumber, policy, subject) ?? {});
  }

  holder(id: number): Holder {
    const row = this.#database.prepare('SELECT * FROM holders WHERE id = ?').get(id);
    if (row === undefined) throw new Error('no such holder');
    return holderOf(row);
  }

  /** Everybody with that identity number: one holder for each name that was ever given. */
  holdersOf(idNumber: string): Holder[] {
    return this.#database.prepare('SELECT * FROM holders WHERE id_number = ? ORDER BY id').all(idNumber).map(holderOf);
  }

  add(certificate: Certificate, kind: Kind, holder: number, state: State, now: number): void {
    const { serialHex, der, spki, notAfter } = certificate;
    const insert = this.#database.prepare(
      'INSERT INTO certificates (serial, der, kind, holder, spki_hash, not_after, state, reason, changed) VALUES (?, ?, ?, ?, ?, ?, ?, NULL, ?)',
    );
    insert.run(serialHex, der, kind, holder, hashOf(spki), notAfter, state, now);
  }

  find(serial: string): Registered | null {
    const row = this.#database.prepare('SELECT * FROM certificates WHERE serial = ?').get(serial);
    return row === undefined ? null : registeredOf(row);
  }

  /** Whether a certificate for that SubjectPublicKeyInfo was ever issued. */
  knowsKey(spki: Bytes): boolean {
    return this.#database.prepare('SELECT 1 FROM certificates WHERE spki_hash = ?').get(hashOf(spki)) !== undefined;
  }

  ofHolder(holder: number): Registered[] {
    return this.#database.prepare('SELECT * FROM certificates WHERE holder = ? ORDER BY serial').all(holder).map(registeredOf);
  }

  /** Held and revoked ones in the order of their serials: what a revocation list names. */
  notGood(): { readonly serial: string; readonly reason: number; readonly changed: number }[] {
    const rows = this.#database.prepare("SELECT serial, reason, changed FROM certificates WHERE state IN ('held', 'revoked') ORDER BY serial").all();
    return rows.map((row) => ({ serial: String(row['serial']), reason: Number(row['reason']), changed: Number(row['changed']) }));
  }

  /** @param reason null where the new state is good */
  change(serial: string, state: State, reason: number | null, now: number): void {
    this.#database.prepare('UPDATE certificates SET state = ?, reason = ?, changed = ? WHERE serial = ?').run(state, reason, now, serial);
  }

  isEmpty(): boolean {
    return this.#database.prepare('SELECT 1 FROM certificates LIMIT 1').get() === undefined;
  }

  /** The next number of a pair; the km serial follows the sign serial. */
  nextPair(): number {
    return 2 * nextOf(this.#database, 'pair');
  }

  /** The running number behind a new holder's name. */
  nextHolder(): number {
    return nextOf(this.#database, 'holder');
  }
}
