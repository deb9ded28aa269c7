import { WalletError } from '../../errors.ts';
import { workOf, workOfMac } from '../derivation-work.ts';
import type { Sealed } from '../encryption.ts';
import { NPKI_LIMITS } from '../limits.ts';
import type { PfxMac } from './mac.ts';

/** What one PKCS#12 file may ask of us: counted while it is read, before any of it is worked on. */
export class PfxBounds {
  #safes = 0;
  #bags = 0;
  #work = 0;

  /** @throws `file.hostile` where there are more SafeContents than a file can have bags */
  countSafe(): void {
    if (++this.#safes > NPKI_LIMITS.pfxBags) throw new WalletError('file.hostile', { detail: 'bags' });
  }

  /** @throws `file.hostile` where there are more bags than any real file has */
  countBag(): void {
    if (++this.#bags > NPKI_LIMITS.pfxBags) throw new WalletError('file.hostile', { detail: 'bags' });
  }

  /** Counts what checking takes, and hands it on. */
  countMac(mac: PfxMac): PfxMac {
    this.#count(workOfMac(mac));
    return mac;
  }

  /** @throws `file.hostile` where the derivations of the file together take too long */
  #count(work: number): void {
    this.#work += work;
    if (this.#work > NPKI_LIMITS.workOfFile) throw new WalletError('file.hostile', { detail: 'iterations' });
  }

  /** Counts what opening takes, and hands it on. */
  countSealed(sealed: Sealed): Sealed {
    this.#count(workOf(sealed.encryption));
    return sealed;
  }
}
