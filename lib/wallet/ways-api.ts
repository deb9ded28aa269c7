/** What the screens may ask of the ways into the wallet: password, passkeys, recovery code, and when it locks by itself. */
import type { LockMinutes } from '../vault/settings-text.ts';

export type { LockMinutes } from '../vault/settings-text.ts';

/** Whether passkeys can open the wallet in this browser: `browser` cannot at all, `prf` says that the extension is missing. */
export type PasskeySupport = 'ready' | 'browser' | 'prf';

/** What an act is proven with: the wallet password as typed, or the touch of a passkey, which is asked for once the act begins. */
export type ActSecret = { readonly kind: 'password'; readonly text: string } | { readonly kind: 'touch' };

export interface PasskeyWay {
  readonly sid: string;
  /** As the owner named it; empty while the wallet is locked, and where no name was kept. */
  readonly name: string;
  /** It may be on other devices of the owner too; otherwise it is on this one alone. */
  readonly synced: boolean;
}

export interface Ways {
  readonly passkeys: readonly PasskeyWay[];
  /** Four characters that stand on the current sheet; null where there is no recovery code. */
  readonly sheet: string | null;
  /** Null while the wallet is locked. */
  readonly lockMinutes: LockMinutes | null;
  readonly support: PasskeySupport;
}

/** A recovery code that was just made. It is shown once; nothing keeps it. */
export interface RecoverySheet {
  /** Seven groups of four characters, with hyphens between them. */
  readonly code: string;
  /** Tells this sheet from older ones. */
  readonly mark: string;
  /** Milliseconds since 1970. */
  readonly madeAt: number;
}

/** A wallet that was just made. Its keys live in this page's memory until `end`, so that no password is asked for these. */
export interface NewWallet {
  /** @throws `vault.locked` once the wallet was locked or this ended, `vault.*` */
  makeCode(): Promise<RecoverySheet>;
  /** @param name as in `WaysApi.addPasskey` @throws `vault.locked`, `user.cancelled`, `passkey.*`, `vault.*` */
  addPasskey(name: string): Promise<void>;
  /** Wipes the keys. */
  end(): void;
}

export interface PasswordChange {
  readonly current: { readonly kind: 'password' | 'code'; readonly text: string };
  readonly password: string;
  /** Passkeys that are touched again for this and stay, by slot id. The others go. */
  readonly keep: readonly string[];
  /** Told before each touch, with the passkey's place in `keep`. */
  readonly onTouch: (nth: number) => void;
}

export interface PasswordChanged {
  /** The new recovery code, where there was one. */
  readonly sheet: RecoverySheet | null;
  /** Passkeys that open this wallet no more. */
  readonly dropped: readonly PasskeyWay[];
  /** Nothing that the former password opens is left in either copy. */
  readonly formerGone: boolean;
  /** A sync copy that the former password still opens could not be replaced yet. */
  readonly formerInSync: boolean;
}

export interface WaysApi {
  /** The ways in. It needs no open wallet, but names are told only then. @throws `vault.*` */
  list(): Promise<Ways>;
  /** Whole seconds until a secret may be tried again; 0 where it may now. */
  waitSeconds(): Promise<number>;
  /** @throws `password.wait`, `user.cancelled`, `passkey.*`, `vault.*` */
  unlockByTouch(): Promise<void>;
  /** @param name one line of 1 to 64 characters @throws `password.*`, `request.malformed`, `user.cancelled`, `passkey.*`, `vault.*` */
  addPasskey(name: string, walletPassword: string): Promise<void>;
  /** Of the open wallet. @throws `vault.locked`, `request.malformed`, `vault.*` */
  renamePasskey(sid: string, name: string): Promise<void>;
  /** Removes a passkey or the recovery code. @throws `request.forbidden` for the password, `password.*`, `vault.*` */
  remove(sid: string, walletPassword: string): Promise<void>;
  /** Makes a recovery code; a former one opens nothing any more. @throws `password.*`, `vault.*` */
  makeCode(walletPassword: string): Promise<RecoverySheet>;
  /** Removes the recovery code. @throws `password.*`, `vault.*` */
  removeCode(walletPassword: string): Promise<void>;
  /** Whether a person typed group `nth` (from 0) of a code back. */
  isGroupTyped(code: string, nth: number, typed: string): Promise<boolean>;
  /**
   * Changes the password and with it every key. Afterwards the wallet is locked in all windows.
   * @throws `password.*` (`password.short-for-sync` where there is a sync copy), `recovery.mistyped`, `recovery.wrong`,
   *   `user.cancelled`, `passkey.*`, `vault.*`
   */
  changePassword(change: PasswordChange): Promise<PasswordChanged>;
  /** Of the open wallet. @throws `vault.locked`, `vault.*` */
  lockAfter(minutes: LockMinutes): Promise<void>;
}
