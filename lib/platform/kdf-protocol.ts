/** What the KDF Worker is told and what it answers. */
import type { Bytes } from '../bytes/bytes.ts';
import type { ErrorCode } from '../errors.ts';
import type { KdfParams } from '../vault/kdf.ts';

export type KdfOrder =
  /** Compile and run once with tiny memory on constant input; answers nothing. */
  { readonly warm: true } | { readonly id: number; readonly params: KdfParams; readonly password: Bytes };

export type KdfAnswer = { readonly id: number; readonly key: Bytes } | { readonly id: number; readonly code: ErrorCode; readonly detail: string };
