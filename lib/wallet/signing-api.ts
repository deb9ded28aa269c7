/** What the screens may ask of signing that is held open (서명 열어 두기). */

/** How long signing may be held open. */
export const SIGNING_MINUTES = [5, 15, 60] as const;
export type SigningMinutes = (typeof SIGNING_MINUTES)[number];

/**
 * While signing is held open, the approval window asks for no secret: whoever can read this computer's memory could sign.
 * Everything else asks as before. It ends with its time and with every lock. `WalletStatus` tells whether it is.
 */
export interface SigningApi {
  /** @throws `password.*`, `vault.*` */
  hold(minutes: SigningMinutes, walletPassword: string): Promise<void>;
  /** The same by the touch of a passkey. @throws `password.wait`, `user.cancelled`, `passkey.*`, `vault.*` */
  holdByTouch(minutes: SigningMinutes): Promise<void>;
  release(): Promise<void>;
}
