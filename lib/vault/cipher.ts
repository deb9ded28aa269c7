/** AES-256-GCM with a 96-bit IV and a 128-bit tag (NIST SP 800-38D). Keys are fresh for each sealing, so IVs have no budget. */
import type { Bytes } from '../bytes/bytes.ts';
import { changed } from './fault.ts';

/** Ciphertext followed by the tag. */
export async function seal(key: CryptoKey, iv: Bytes, associated: Bytes, plain: Bytes): Promise<Bytes> {
  return new Uint8Array(await crypto.subtle.encrypt({ name: 'AES-GCM', iv, additionalData: associated }, key, plain));
}

/** @throws `vault.changed` where key, IV, associated data or octets are not those of the sealing; `what` names the thing. */
export async function unseal(key: CryptoKey, iv: Bytes, associated: Bytes, sealed: Bytes, what: string): Promise<Bytes> {
  try {
    return new Uint8Array(await crypto.subtle.decrypt({ name: 'AES-GCM', iv, additionalData: associated }, key, sealed));
  } catch (cause) {
    throw changed(what, cause);
  }
}
