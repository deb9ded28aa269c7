/** The password KDF of DJW1 as a port: Argon2id (RFC 9106), version 0x13, 32 octets out. Who derives is for the caller. */
import type { Bytes } from '../bytes/bytes.ts';

/** What a derivation costs. */
export interface KdfCost {
  /** Memory in KiB. */
  readonly m: number;
  /** Passes. */
  readonly t: number;
  /** Lanes. */
  readonly p: number;
}

export interface KdfParams extends KdfCost {
  /** 32 octets. */
  readonly salt: Bytes;
}

/** What new password slots cost: 64 MiB, three passes, one lane. Never lowered. */
export const WRITTEN_COST: KdfCost = { m: 65_536, t: 3, p: 1 };

/**
 * Derives 32 octets from a password of 1 to 1,024 octets. The password may be consumed (detached) by it.
 * @throws `vault.unavailable` where the function cannot run here
 */
export type PasswordKdf = (params: KdfParams, password: Bytes) => Promise<Bytes>;
