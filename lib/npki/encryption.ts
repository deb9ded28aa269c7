/** EncryptedPrivateKeyInfo (RFC 5208 6): key files, and the shrouded bags of PKCS#12. */
import { octetString, readDerPrefix, sequence, type DerNode } from '../asn1/reader.ts';
import { TAG } from '../asn1/tags.ts';
import { copy, type Bytes } from '../bytes/bytes.ts';
import { WalletError } from '../errors.ts';
import { blockOf, readEncryption, type Encryption } from './encryption-scheme.ts';
import { NPKI_LIMITS } from './limits.ts';

/** What a password opens. */
export interface Sealed {
  readonly encryption: Encryption;
  /** Whole blocks, at least one. */
  readonly encrypted: Bytes;
}

/** Reads an algorithm and what is encrypted with it. Throws as `readEncryption`, and `file.unreadable` on broken blocks. */
export function readSealed(identifier: DerNode | undefined, encrypted: Bytes): Sealed {
  const encryption = readEncryption(identifier);
  if (encrypted.length === 0 || encrypted.length % blockOf(encryption) !== 0)
    throw new WalletError('file.unreadable', { detail: 'encrypted length' });
  return { encryption, encrypted };
}

/** Whether an element has the shape of EncryptedPrivateKeyInfo: an algorithm and octets, nothing else. */
export function looksLikeEncryptedKey(parts: readonly DerNode[]): boolean {
  return parts.length === 2 && parts[0]?.tag === TAG.SEQUENCE && parts[0].content[0] === TAG.OID && parts[1]?.tag === TAG.OCTET_STRING;
}

/** The element itself. Throws as `readEncryptedKey`. */
export function readEncryptedKeyNode(node: DerNode): Sealed {
  const parts = sequence(node);
  if (!looksLikeEncryptedKey(parts)) throw new WalletError('file.unsupported', { detail: 'key' });
  return readSealed(parts[0], octetString(parts[1]));
}

/**
 * Reads a key file. Octets behind the outer SEQUENCE are ignored: some programs wrote a file over a longer one.
 *
 * @throws `file.too-large`, `file.unreadable`, `file.hostile` (counts out of bounds), `file.unsupported` (detail: the
 *   OID of the algorithm that is not known, or `key` where it is no encrypted key at all)
 */
export function readEncryptedKey(file: Bytes): Sealed {
  if (file.length > NPKI_LIMITS.fileBytes) throw new WalletError('file.too-large', { detail: 'key' });
  const { length } = readDerPrefix(file);
  // A copy of its own, so that nothing of the stale octets is kept.
  return readEncryptedKeyNode(readDerPrefix(copy(file.subarray(0, length))).node);
}
