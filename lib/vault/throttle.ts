/**
 * Slowing down whoever guesses at the keyboard. A try is written down before anything is derived, so that tries at once,
 * killed windows and restarts count too. Nothing is ever deleted or locked for good.
 */
import { WalletError } from '../errors.ts';
import { NO_TRIES, readTries, triesAt, tryStarted, writeTries, type Tries } from './throttle-record.ts';

/** Name of the lock under which tries are counted, among all contexts of the extension. */
export const THROTTLE_LOCK = 'djw1-throttle';

/** One place that keeps the text of the record. */
export interface ThrottlePlace {
  /** The text, or null where there is none. */
  read(): Promise<string | null>;
  write(text: string): Promise<void>;
}

export interface ThrottlePorts {
  /** Both copies, the more trusted one first: a later one only counts where those before do not read. */
  readonly places: readonly ThrottlePlace[];
  /** Milliseconds since 1970. */
  readonly clock: () => number;
  readonly withLock: <Result>(name: string, act: () => Promise<Result>) => Promise<Result>;
}

async function readPlace(place: ThrottlePlace): Promise<Tries | null> {
  try {
    const text = await place.read();
    return text === null ? null : await readTries(text);
  } catch {
    return null; // A copy that is lost or damaged must keep nobody out.
  }
}

async function isWritten(place: ThrottlePlace, text: string): Promise<boolean> {
  try {
    await place.write(text);
    return true;
  } catch {
    return false;
  }
}

export class Throttle {
  readonly #ports: ThrottlePorts;
  /** What this page wrote last, for a place that takes nothing. */
  #known: Tries = NO_TRIES;

  constructor(ports: ThrottlePorts) {
    this.#ports = ports;
  }

  /** Whole seconds until the next try may start; 0 where it may now. */
  async waitSeconds(): Promise<number> {
    const now = this.#ports.clock();
    return seconds(triesAt(await this.#read(), now), now);
  }

  /**
   * Runs one attempt with a secret of the owner's, unless it has to wait. Every attempt that starts counts until one
   * succeeds. Typing errors that need no derivation are to be found before (see `readRecoveryCode`).
   * @throws `password.wait` (the detail says how many seconds), and what the attempt throws
   */
  async guarded<Result>(attempt: () => Promise<Result>): Promise<Result> {
    await this.#ports.withLock(THROTTLE_LOCK, () => this.#start());
    const result = await attempt();
    await this.#ports.withLock(THROTTLE_LOCK, () => this.#write({ ...NO_TRIES, last: this.#ports.clock() }));
    return result;
  }

  async #start(): Promise<void> {
    const now = this.#ports.clock();
    const read = await this.#read();
    const tries = triesAt(read, now);
    const wait = seconds(tries, now);
    if (wait > 0) {
      await this.#write(tries); // By the clock of now, and in every place: one that was empty takes no other wait afterwards.
      throw new WalletError('password.wait', { detail: String(wait) });
    }
    await this.#write(tryStarted(tries, now));
  }

  async #read(): Promise<Tries> {
    for (const place of this.#ports.places) {
      const tries = await readPlace(place);
      if (tries) return tries.last < this.#known.last ? this.#known : tries;
    }
    return this.#known;
  }

  /** Writes every place. One that fails must not keep the owner out: this page remembers, and the other place does. */
  async #write(tries: Tries): Promise<void> {
    this.#known = tries;
    const text = await writeTries(tries);
    for (const place of this.#ports.places) await isWritten(place, text);
  }
}

function seconds({ until }: Tries, now: number): number {
  return Math.ceil((until - now) / 1_000);
}
