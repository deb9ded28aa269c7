/** Nonces of a bank's server: made for one sign-in, used once, forgotten after a while. */
import { toBase64Url } from '../bytes/base64.ts';
import { WalletError } from '../errors.ts';

/**
 * Where the server keeps the nonces it gave out. Several servers share one store (a database, Redis `SET NX EX` and `DEL`);
 * what matters is that `use` answers `true` for a nonce once, whichever server asks and however many ask at the same time.
 */
export interface Nonces {
  /** Makes a nonce and remembers it. */
  issue(): string | Promise<string>;
  /** Takes a nonce out: true the first time within its life, false ever after and for every other text. */
  use(nonce: string): boolean | Promise<boolean>;
}

export interface NonceOptions {
  /** Fills octets with randomness; the platform's own unless told otherwise. */
  readonly random?: (bytes: Uint8Array<ArrayBuffer>) => void;
  /** Milliseconds since 1970 UTC. */
  readonly clock?: () => number;
  /** How long a nonce can be used. A person may take ten minutes to approve; the default is fifteen. */
  readonly lifetimeMs?: number;
  /** Most nonces kept; the oldest go first. 100,000 unless told otherwise. */
  readonly limit?: number;
}

const NONCE_OCTETS = 32;

/** The options with their defaults filled in. @throws `internal` for a lifetime or limit that is not positive */
export function nonceSettings(options: NonceOptions): Required<NonceOptions> {
  const { random = (bytes) => void crypto.getRandomValues(bytes), clock = Date.now, lifetimeMs = 15 * 60_000, limit = 100_000 } = options;
  if (!(lifetimeMs > 0 && limit >= 1)) throw new WalletError('internal', { detail: 'nonce options' });
  return { random, clock, lifetimeMs, limit };
}

/** 32 random octets in base64url, as the page protocol wants them. */
export function makeNonce(random: (bytes: Uint8Array<ArrayBuffer>) => void): string {
  const bytes = new Uint8Array(NONCE_OCTETS);
  random(bytes);
  return toBase64Url(bytes);
}

/** Nonces in memory: for one process. A restart forgets them, so people who were about to sign in start again. */
export function memoryNonces(options: NonceOptions = {}): Nonces {
  const { random, clock, lifetimeMs, limit } = nonceSettings(options);
  /** Nonce to end of life. All live equally long, so the order of insertion is the order of age. */
  const kept = new Map<string, number>();

  const forget = (now: number): void => {
    for (const [nonce, end] of kept) {
      if (end > now && kept.size < limit) return;
      kept.delete(nonce);
    }
  };
  return {
    issue() {
      const now = clock();
      forget(now);
      const nonce = makeNonce(random);
      kept.set(nonce, now + lifetimeMs);
      return nonce;
    },
    use(nonce) {
      const end = kept.get(nonce);
      kept.delete(nonce);
      return end !== undefined && clock() < end;
    },
  };
}
