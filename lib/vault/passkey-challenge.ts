/** A challenge for passkeys: ours, used once, and not later than two minutes after it was made. */
import type { Bytes } from '../bytes/bytes.ts';
import { WalletError } from '../errors.ts';

const SIZE = 32;
const LIFE_MS = 120_000;

export class PasskeyChallenge {
  /** 32 octets, to ask with. */
  readonly octets: Bytes;
  readonly #made: number;
  #used = false;

  /** `now`: milliseconds since 1970. */
  constructor(random: (length: number) => Bytes, now: number) {
    this.octets = random(SIZE);
    this.#made = now;
  }

  /** The challenge an answer must fit; the second time there is none. @throws `passkey.refused` */
  take(now: number): Bytes {
    const age = now - this.#made;
    if (this.#used || age < 0 || age > LIFE_MS) {
      throw new WalletError('passkey.refused', { detail: this.#used ? 'challenge used' : 'challenge too old' });
    }
    this.#used = true;
    return this.octets;
  }
}
