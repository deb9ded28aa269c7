/** A wallet that was just made: what its owner adds right afterwards asks for nothing that was typed a moment ago. */
import { wipe } from '../bytes/bytes.ts';
import { WalletError } from '../errors.ts';
import type { OpenSlot } from '../vault/unlock.ts';
import type { Door } from './door.ts';
import type { WaysIn } from './ways.ts';
import type { NewWallet, RecoverySheet } from './ways-api.ts';

export interface NewWalletPorts {
  readonly door: Pick<Door, 'requireOpen'>;
  readonly ways: Pick<WaysIn, 'issueCode' | 'enrol'>;
}

export class JustMade implements NewWallet {
  readonly #ports: NewWalletPorts;
  /** Null once it is over. */
  #slot: OpenSlot | null;

  /** @param slot both keys, which are this object's from now on */
  constructor(slot: OpenSlot, ports: NewWalletPorts) {
    this.#slot = slot;
    this.#ports = ports;
  }

  async makeCode(): Promise<RecoverySheet> {
    return this.#ports.ways.issueCode({ slot: await this.#keys(), wasOpen: true });
  }

  async addPasskey(name: string): Promise<void> {
    await this.#ports.ways.enrol(name, { slot: await this.#keys(), wasOpen: true });
  }

  end(): void {
    wipe(this.#slot?.listKey, this.#slot?.signingKey);
    this.#slot = null;
  }

  /** Whoever locked the wallet meanwhile ended this too. @throws `vault.locked` */
  async #keys(): Promise<OpenSlot> {
    try {
      wipe((await this.#ports.door.requireOpen()).listKey);
    } catch (thrown) {
      this.end();
      throw thrown;
    }
    if (!this.#slot) throw new WalletError('vault.locked');
    return this.#slot;
  }
}
