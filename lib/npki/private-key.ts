/** Opens key files (`signPri.key`, `kmPri.key`). */
import { wipe, type Bytes } from '../bytes/bytes.ts';
import { errorCode, WalletError } from '../errors.ts';
import { decryptKey, passwordEncodings } from './decrypt.ts';
import { readEncryptedKey } from './encryption.ts';
import { readPrivateKeyInfo, type PrivateKeyParts } from './private-key-info.ts';

/** A private key as it was decrypted. All other fields are views of `privateKeyInfo`: wiping that wipes them. */
export interface OpenedKey extends PrivateKeyParts {
  /** The exact octets, attributes included: re-encoding by common libraries loses R. */
  readonly privateKeyInfo: Bytes;
}

/**
 * Padding is right by chance once in 256 wrong passwords, so that the plaintext must read as an RSA key too. Null where
 * it does not; a sound key of another algorithm throws.
 */
function readDecrypted(privateKeyInfo: Bytes): OpenedKey | null {
  try {
    return { privateKeyInfo, ...readPrivateKeyInfo(privateKeyInfo) };
  } catch (thrown) {
    wipe(privateKeyInfo);
    if (errorCode(thrown) === 'file.unreadable' || errorCode(thrown) === 'file.hostile') return null;
    throw thrown;
  }
}

/**
 * Opens an encrypted key file with the certificate password. The caller wipes `privateKeyInfo` after use.
 *
 * @throws what `readEncryptedKey` throws, before anything is derived; `password.wrong`; `file.unsupported` where the
 *   key inside is not RSA (detail: its OID)
 */
export async function openPrivateKey(file: Bytes, password: string): Promise<OpenedKey> {
  const sealed = readEncryptedKey(file);
  const secrets = passwordEncodings(password, sealed.encryption);
  try {
    for (const secret of secrets) {
      const plain = await decryptKey(sealed, secret);
      const opened = plain === null ? null : readDecrypted(plain);
      if (opened !== null) return opened;
    }
  } finally {
    wipe(...secrets);
  }
  throw new WalletError('password.wrong');
}
