/** What the screens may ask of the sync copy: chosen certificates, sealed, in the browser's own sync storage. */
import type { ErrorCode } from '../errors.ts';
import type { RestoreSession } from './keeping-api.ts';

/** Room of the sync storage, in octets. */
export interface SyncRoom {
  /** What this wallet's copy takes. */
  readonly octets: number;
  /** What lies there beside it, of other wallets too. */
  readonly others: number;
  readonly total: number;
  readonly fits: boolean;
}

export interface SyncStatus {
  readonly on: boolean;
  /** Ids of the chosen certificates that are in the list. */
  readonly items: readonly string[];
  /** When the copy that lies there was written (milliseconds since 1970); null where none of ours does. */
  readonly writtenAt: number | null;
  /** Whether that copy is what the wallet holds now. */
  readonly current: boolean;
  /** Why it is not, where that needs the owner: `sync.full`, `sync.foreign`, `sync.unavailable`, `vault.*`. */
  readonly trouble: ErrorCode | null;
}

/** A whole copy that lies in the sync storage. Nothing of it is proven before it is opened. */
export interface FoundCopy {
  /** Names it to `open`. */
  readonly key: string;
  /** Milliseconds since 1970. */
  readonly writtenAt: number;
  readonly count: number;
}

/** Off until the owner turns it on. No save waits for it, and it is no copy that the wallet counts on. */
export interface SyncApi {
  /** @throws `vault.locked`, `vault.*` */
  status(): Promise<SyncStatus>;
  /** The room that a copy of these certificates takes. @throws `vault.locked`, `sync.unavailable`, `vault.*` */
  room(ids: readonly string[]): Promise<SyncRoom>;
  /**
   * Turns it on with these certificates, or changes which ones, and writes it. Needs a password of twelve characters.
   * @param replace the owner's word that a copy of this wallet that another computer wrote may go
   * @throws `password.*`, `password.short-for-sync`, `sync.full`, `sync.foreign`, `vault.*`: nothing was changed then.
   *   `sync.unavailable`: it may be on, and is written later
   */
  turnOn(ids: readonly string[], walletPassword: string, replace?: boolean): Promise<void>;
  /** Turns it off and removes the copy, but none that another computer wrote. @throws `vault.locked`, `sync.unavailable`, `vault.*` */
  turnOff(): Promise<void>;
  /** Writes it now where it is not current. @throws `vault.locked`, `sync.*`, `vault.*` */
  now(): Promise<'written' | 'current'>;
  /** Copies of other wallets and computers, newest first; in a fresh profile all. @throws `vault.locked`, `sync.unavailable` */
  copies(): Promise<readonly FoundCopy[]>;
  /**
   * Opens a found copy beside the open wallet, or in a fresh profile, as a backup file is opened; where the secret is the open
   * wallet's password too, it is not asked for again. Writes nothing.
   * @param secret wallet password or recovery code of the wallet that wrote it
   * @throws `sync.secret`, `sync.damaged`, `sync.unavailable`, `vault.*`
   */
  open(key: string, secret: string): Promise<RestoreSession>;
}
