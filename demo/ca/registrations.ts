/** What the registration office promised: a reference number and an authorization code, good once and for some days. */
import type { DatabaseSync } from 'node:sqlite';

export const REGISTERED_ACTS = ['issue', 'reissue', 'revoke'] as const;
export type RegisteredAct = (typeof REGISTERED_ACTS)[number];

export interface RegistrationFields {
  readonly act: RegisteredAct;
  /** 참조번호: printable ASCII. */
  readonly reference: string;
  /** 인가코드, without the hyphens it is shown with. */
  readonly code: string;
  /** Id in the register. */
  readonly holder: number;
  /** Whether a km certificate goes along. */
  readonly km: boolean;
  /** Length of the certificate's life, unless `notAfter` says when it ends. */
  readonly days: number;
  /** Milliseconds since 1970 UTC; a reissue keeps the end of the old certificate. */
  readonly notAfter: number | null;
  /** How often the applicant is told to wait. */
  readonly waits: number;
  /** Whether a request without EncryptedVID is refused. */
  readonly vid: boolean;
  /** Certificates that fall when the new ones are confirmed, or that may be revoked with this number. */
  readonly oldSerials: readonly string[];
  /** Last moment of the number, milliseconds since 1970 UTC. */
  readonly ends: number;
}

export interface Registration extends RegistrationFields {
  readonly id: number;
  /** `taken` while certificates issued with it wait for their confirmation; `used` for ever after that. */
  readonly state: 'open' | 'taken' | 'used';
}

function registrationOf(row: Record<string, unknown>): Registration {
  return {
    id: Number(row['id']),
    act: row['act'] as RegisteredAct,
    reference: String(row['reference']),
    code: String(row['code']),
    holder: Number(row['holder']),
    km: row['km'] === 1,
    days: Number(row['days']),
    notAfter: row['not_after'] === null ? null : Number(row['not_after']),
    waits: Number(row['waits']),
    vid: row['vid'] === 1,
    oldSerials: JSON.parse(String(row['old_serials'])) as string[],
    ends: Number(row['ends']),
    state: row['state'] as Registration['state'],
  };
}

export class Registrations {
  readonly #database: DatabaseSync;

  constructor(database: DatabaseSync) {
    this.#database = database;
  }

  /** @throws of SQLite where the reference number is taken */
  add({ act, reference, code, holder, km, days, notAfter, waits, vid, oldSerials, ends }: RegistrationFields): Registration {
    const insert = this.#database.prepare(
      `INSERT INTO registrations (act, reference, code, holder, km, days, not_after, waits, vid, old_serials, ends, state)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'open') RETURNING *`,
    );
    const old = JSON.stringify(oldSerials);
    return registrationOf(insert.get(act, reference, code, holder, Number(km), days, notAfter, waits, Number(vid), old, ends) ?? {});
  }

  find(reference: string): Registration | null {
    const row = this.#database.prepare('SELECT * FROM registrations WHERE reference = ?').get(reference);
    return row === undefined ? null : registrationOf(row);
  }

  byId(id: number): Registration {
    const row = this.#database.prepare('SELECT * FROM registrations WHERE id = ?').get(id);
    if (row === undefined) throw new Error('no such registration');
    return registrationOf(row);
  }

  change(id: number, state: Registration['state']): void {
    this.#database.prepare('UPDATE registrations SET state = ? WHERE id = ?').run(state, id);
  }
}
