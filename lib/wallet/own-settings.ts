/** Settings of no other part, as our windows ask for them. */
import { wipe } from '../bytes/bytes.ts';
import type { Copies } from '../vault/copies.ts';
import { diagnosis, type DiagnosisPorts } from './diagnosis.ts';
import type { Door } from './door.ts';
import type { Mark } from './model.ts';
import type { SettingsApi } from './settings-api.ts';

export interface OwnSettingsPorts extends DiagnosisPorts {
  readonly store: Pick<Copies, 'setMark'>;
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

  diagnosis(): Promise<string> {
    return diagnosis(this.#ports);
  }
}
