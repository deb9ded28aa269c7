/** What the screens may ask of settings that belong to no other part of the wallet. */
import type { EraseApi } from './keeping-api.ts';
import type { Mark } from './model.ts';

/** Erasing here is of a wallet that starts, open or locked: who forgot the password has no other way to a new one. */
export interface SettingsApi extends EraseApi {
  /** Changes the wallet picture of the open wallet. @throws `vault.locked`, `vault.*` */
  setMark(mark: Mark): Promise<void>;
  /**
   * What a report of a fault needs, for the owner to read and copy: a fact a line, in English. Versions, states and counts;
   * no name, serial, site or id. It works in every state of the wallet and does not throw.
   */
  diagnosis(): Promise<string>;
}
