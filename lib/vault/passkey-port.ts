/** What the vault needs of whoever talks to authenticators, and what comes back: octets that nobody has checked yet. */
import type { Bytes } from '../bytes/bytes.ts';
import type { PasskeyCredential } from './passkey-credential.ts';

/** A passkey that may answer, with the PRF inputs of its slot (32 octets each). */
export interface AllowedPasskey extends Pick<PasskeyCredential, 'id' | 'transports'> {
  readonly first: Bytes;
  readonly second: Bytes;
}

/** The answer of a passkey that was touched. */
export interface PasskeyAnswer {
  readonly id: Bytes;
  readonly clientData: Bytes;
  readonly authenticatorData: Bytes;
  readonly signature: Bytes;
  /** PRF outputs; null where there was none. */
  readonly first: Bytes | null;
  readonly second: Bytes | null;
}

/** The answer of an authenticator that made a passkey. */
export interface NewPasskeyAnswer {
  readonly id: Bytes;
  readonly clientData: Bytes;
  readonly attestationObject: Bytes;
  readonly transports: readonly string[];
  /** The authenticator says that it has the PRF. */
  readonly prf: boolean;
}

export interface Passkeys {
  /** Origin of the page that asks, as it stands in answers. */
  readonly origin: string;
  /** RP id that is asked for, or empty for the extension's own origin. */
  readonly rp: string;
  /**
   * Makes a passkey. `name` is what the browser's own windows show.
   * @throws `user.cancelled`, `passkey.unsupported`, `passkey.exists`
   */
  create(order: {
    readonly challenge: Bytes;
    readonly userId: Bytes;
    readonly name: string;
    /** Passkeys whose authenticator must not make another. */
    readonly exclude: readonly Pick<PasskeyCredential, 'id' | 'transports'>[];
  }): Promise<NewPasskeyAnswer>;
  /** Asks for a touch of one of these. @throws `user.cancelled`, `passkey.unsupported` */
  ask(order: { readonly challenge: Bytes; readonly allow: readonly AllowedPasskey[] }): Promise<PasskeyAnswer>;
}
