/** Settings of no other part, as our windows ask for them. */
import { wipe } from '../bytes/bytes.ts';
import { WalletError } from '../errors.ts';
import { readStartUp } from '../vault/startup.ts';
import { diagnosis, type DiagnosisPorts } from './diagnosis.ts';
import type { Door } from './door.ts';
import { eraseWallet, syncLeft, type ErasePorts } from './erasing.ts';
import type { Erasure, SyncLeft } from './keeping-api.ts';
import type { Mark } from './model.ts';
import type { SettingsApi } from './settings-api.ts';

export interface OwnSettingsPorts extends DiagnosisPorts, ErasePorts {
  readonly door: Pick<Door, 'requireOpen'>;
}

export class OwnSettings implements SettingsApi {
  readonly #ports: OwnSettingsPorts;

  constructor(ports: OwnSettingsPorts) {
    this.#ports = ports;
  }

  async setMark(mark: Mark): Promise<void> {
    const { store, door } = this.#ports;
    wipe((await door.requireOpen()).listKey);
    await store.setMark(mark);
  }

  syncLeft(): Promise<SyncLeft> {
    return syncLeft(this.#ports);
  }

  erase(what: Erasure): Promise<void> {
    const { store } = this.#ports;
    return eraseWallet(this.#ports, what, async () => {
      const { state } = await readStartUp(store);
      if (state !== 'ready') throw new WalletError('vault.conflict', { detail: state });
    });
  }

  diagnosis(): Promise<string> {
    return diagnosis(this.#ports);
  }
}
