/** CMP transactions: what was asked, what was answered, and how far it went. All of it survives a restart. */
import type { DatabaseSync } from 'node:sqlite';
import { copy, type Bytes } from '../../lib/bytes/bytes.ts';

/** One requested certificate of a transaction. */
export interface RequestedCertificate {
  readonly requestId: number;
  /** Null until it is issued. */
  readonly serial: string | null;
}

export interface Transaction {
  /** transactionID in hex. */
  readonly id: string;
  readonly kind: 'ir' | 'cr' | 'kur' | 'rr';
  /** `waiting` to be decided, `pending` confirmation, and then over. */
  readonly state: 'waiting' | 'pending' | 'confirmed' | 'withdrawn';
  /** Where a reference number protects the messages. */
  readonly registration: number | null;
  /** Serial of the certificate that signs the messages. */
  readonly signer: string | null;
  /** The newest message and its answer, octet by octet: the same message gets the same answer. */
  readonly request: Bytes;
  readonly answer: Bytes;
  /** The message that began it, to be read again when waiting is over. */
  readonly application: Bytes;
  /** senderNonce of the newest answer in hex. */
  readonly nonce: string;
  readonly requests: readonly RequestedCertificate[];
  /** Certificates that fall when these are confirmed. */
  readonly oldSerials: readonly string[];
  /** How often the applicant will still be told to wait. */
  readonly waits: number;
  /** Milliseconds since 1970 UTC. */
  readonly confirmUntil: number;
  readonly confirmation: Bytes | null;
  readonly confirmationAnswer: Bytes | null;
}

function bytesOrNull(value: unknown): Bytes | null {
  return value === null ? null : copy(value as Uint8Array);
}

function transactionOf(row: Record<string, unknown>): Transaction {
  return {
    id: String(row['id']),
    kind: row['kind'] as Transaction['kind'],
    state: row['state'] as Transaction['state'],
    registration: row['registration'] === null ? null : Number(row['registration']),
    signer: row['signer'] as string | null,
    request: copy(row['request'] as Uint8Array),
    answer: copy(row['answer'] as Uint8Array),
    application: copy(row['application'] as Uint8Array),
    nonce: String(row['nonce']),
    requests: JSON.parse(String(row['requests'])) as RequestedCertificate[],
    oldSerials: JSON.parse(String(row['old_serials'])) as string[],
    waits: Number(row['waits']),
    confirmUntil: Number(row['confirm_until']),
    confirmation: bytesOrNull(row['confirmation']),
    confirmationAnswer: bytesOrNull(row['confirmation_answer']),
  };
}

export class Transactions {
  readonly #database: DatabaseSync;

  constructor(database: DatabaseSync) {
    this.#database = database;
  }

  find(id: string): Transaction | null {
    const row = this.#database.prepare('SELECT * FROM transactions WHERE id = ?').get(id);
    return row === undefined ? null : transactionOf(row);
  }

  /** Writes it, in place of what stood under its id. */
  save(one: Transaction): void {
    const { id, kind, state, registration, signer, request, answer, application, nonce, requests, oldSerials, waits, confirmUntil } = one;
    const put = this.#database.prepare(
      `INSERT OR REPLACE INTO transactions (id, kind, state, registration, signer, request, answer, application, nonce, requests, old_serials, waits,
         confirm_until, confirmation, confirmation_answer) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    );
    const lists = [JSON.stringify(requests), JSON.stringify(oldSerials)] as const;
    const { confirmation, confirmationAnswer } = one;
    put.run(
      id,
      kind,
      state,
      registration,
      signer,
      request,
      answer,
      application,
      nonce,
      ...lists,
      waits,
      confirmUntil,
      confirmation,
      confirmationAnswer,
    );
  }

  /** Those whose certificates nobody confirmed in time. */
  unconfirmed(now: number): Transaction[] {
    const late = this.#database.prepare("SELECT * FROM transactions WHERE state = 'pending' AND confirm_until <= ?");
    return late.all(now).map(transactionOf);
  }

  /** Whether another transaction that is not over yet would replace one of these certificates. */
  isReplacing(serials: readonly string[], except: string): boolean {
    const open = this.#database.prepare("SELECT * FROM transactions WHERE state IN ('waiting', 'pending')").all().map(transactionOf);
    return open.some(({ id, oldSerials }) => id !== except && oldSerials.some((serial) => serials.includes(serial)));
  }
}
