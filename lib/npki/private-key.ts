/** Opens key files (`signPri.key`, `kmPri.key`) and the keys of PKCS#12 files. */
import type { Bytes } from '../bytes/bytes.ts';
import { errorCode } from '../errors.ts';
import { decryptAs } from './decrypt.ts';
import { readEncryptedKey, type Sealed } from './encryption.ts';
import { readPrivateKeyInfo, type PrivateKeyParts } from './private-key-info.ts';

/** A private key as it was decrypted. All other fields are views of `privateKeyInfo`: wiping that wipes them. */
export interface OpenedKey extends PrivateKeyParts {
  /** The exact octets, attributes included: re-encoding by common libraries loses R. */
  readonly privateKeyInfo: Bytes;
}

/** Null where decrypted octets are no key at all; a sound key of another algorithm throws. */
function readDecrypted(privateKeyInfo: Bytes): OpenedKey | null {
  try {
    return { privateKeyInfo, ...readPrivateKeyInfo(privateKeyInfo) };
  } catch (thrown) {
    if (errorCode(thrown) === 'file.unreadable' || errorCode(thrown) === 'file.hostile') return null;
    throw thrown;
  }
}

/**
 * Opens an encrypted key that was read before. The caller wipes `privateKeyInfo` after use.
 *
 * @throws `password.wrong`; `file.unsupported` where the key inside is not RSA (detail: its OID)
 */
export function openSealedKey(sealed: Sealed, password: string): Promise<OpenedKey> {
  return decryptAs(sealed, password, readDecrypted);
}

/**
 * Opens an encrypted key file with the certificate password. The caller wipes `privateKeyInfo` after use.
 *
 * @throws what `readEncryptedKey` throws, before anything is derived, and what `openSealedKey` throws
 */
export async function openPrivateKey(file: Bytes, password: string): Promise<OpenedKey> {
  return openSealedKey(readEncryptedKey(file), password);
}
