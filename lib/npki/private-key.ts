/** Opens key files (`signPri.key`, `kmPri.key`) and the keys of PKCS#12 files. */
import { wipe, type Bytes } from '../bytes/bytes.ts';
import { decryptAs } from './decrypt.ts';
import { readEncryptedKey, type Sealed } from './encryption.ts';
import { isPrivateKeyInfo, readPrivateKeyInfo, withNullParameters, type PrivateKeyParts } from './private-key-info.ts';

/** A private key as it was decrypted. All other fields are views of `privateKeyInfo`: wiping that wipes them. */
export interface OpenedKey extends PrivateKeyParts {
  /** The exact octets, attributes included: re-encoding by common libraries loses R. Only NULL parameters are added where they are missing. */
  readonly privateKeyInfo: Bytes;
  /** It lay in its file without any encryption. */
  readonly plain: boolean;
}

/** Null where decrypted octets are no key at all; a key that is damaged inside, or a sound one of another algorithm, throws. */
function readDecrypted(plain: Bytes): OpenedKey | null {
  if (!isPrivateKeyInfo(plain)) return null;
  const privateKeyInfo = withNullParameters(plain);
  try {
    return { privateKeyInfo, ...readPrivateKeyInfo(privateKeyInfo), plain: false };
  } catch (thrown) {
    wipe(privateKeyInfo);
    throw thrown;
  } finally {
    if (privateKeyInfo !== plain) wipe(plain);
  }
}

/**
 * Opens an encrypted key that was read before. The caller wipes `privateKeyInfo` after use.
 *
 * @throws `password.wrong`; `file.unreadable` where the key inside is damaged; `file.unsupported` where it is not RSA (detail: its OID)
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
