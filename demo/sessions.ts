/** Sessions of the demo bank, in memory: bounded in number and time. */
import { toBase64Url } from '../lib/bytes/base64.ts';
import type { SignIn } from '../lib/verify/result.ts';
import type { Customer } from './customers.ts';
import type { BankDocument } from './transfers.ts';

export interface Session {
  readonly id: string;
  /** The nonce given to this browser and not yet answered. */
  nonce: string | null;
  /** Whether the sign-in that this nonce is for needs the identity value too. */
  wantsIdentity: boolean;
  /** Documents given to this browser to be signed, and not answered yet. */
  transfer: readonly BankDocument[] | null;
  /** Who is signed in. */
  readonly signIn: SignIn | null;
  /** Whether the number on file was found to be that of the certificate. */
  readonly identified: boolean;
  /** Who proved to be whom at the certificate centre. */
  readonly customer: Customer | null;
}

interface Kept {
  readonly session: Session;
  readonly ends: number;
}

const LIFETIME_MS = 30 * 60_000;
const LIMIT = 1_000;

export class Sessions {
  readonly #kept = new Map<string, Kept>();
  readonly #clock: () => number;

  constructor(clock: () => number) {
    this.#clock = clock;
  }

  find(id: string | undefined): Session | null {
    const kept = this.#kept.get(id ?? '');
    return kept !== undefined && kept.ends > this.#clock() ? kept.session : null;
  }

  /** A new session with a new id; whoever signs in or proves who he is never keeps the id from before. */
  start(signIn: SignIn | null, { customer = null, identified = false }: Partial<Pick<Session, 'customer' | 'identified'>> = {}): Session {
    for (const [id, { ends }] of this.#kept) {
      if (ends > this.#clock() && this.#kept.size < LIMIT) break;
      this.#kept.delete(id);
    }
    const id = toBase64Url(crypto.getRandomValues(new Uint8Array(32)));
    const session: Session = { id, nonce: null, transfer: null, wantsIdentity: false, signIn, identified, customer };
    this.#kept.set(session.id, { session, ends: this.#clock() + LIFETIME_MS });
    return session;
  }

  end(session: Session | null): void {
    if (session !== null) this.#kept.delete(session.id);
  }
}
