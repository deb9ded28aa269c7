/** The one message of a transfer under AES-256-GCM (NIST SP 800-38D), with the tag at its end. */
import type { Bytes } from '../bytes/bytes.ts';
import { WalletError } from '../errors.ts';
import { SEALED_MAX, TAG_LENGTH } from './limits.ts';

/** Zeros: the key comes from two ephemeral keys and seals one message only. */
const iv = (): Bytes => new Uint8Array(12);

/** @throws `transfer.too-large` */
export function checkRoom(file: Bytes): void {
  if (file.length + TAG_LENGTH > SEALED_MAX) throw new WalletError('transfer.too-large', { detail: String(file.length) });
}

/** @throws `transfer.too-large` */
export async function seal(file: Bytes, key: CryptoKey): Promise<Bytes> {
  checkRoom(file);
  return new Uint8Array(await crypto.subtle.encrypt({ name: 'AES-GCM', iv: iv() }, key, file));
}

/** @throws `transfer.damaged` */
export async function unseal(sealed: Bytes, key: CryptoKey): Promise<Bytes> {
  try {
    return new Uint8Array(await crypto.subtle.decrypt({ name: 'AES-GCM', iv: iv() }, key, sealed));
  } catch (cause) {
    throw new WalletError('transfer.damaged', { cause });
  }
}
