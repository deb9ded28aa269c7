/** Tells what DER of this field is by its structure. */
import { readDerPrefix, sequence, type DerNode } from '../asn1/reader.ts';
import { contextTag, TAG } from '../asn1/tags.ts';
import type { Bytes } from '../bytes/bytes.ts';
import { WalletError } from '../errors.ts';
import { readCertificate, type Certificate } from './certificate.ts';
import { looksLikeCertificateSet, readCertificateSet } from './certificate-set.ts';
import { looksLikeEncryptedKey, readEncryptedKey } from './encryption.ts';
import { NPKI_LIMITS } from './limits.ts';
import { looksLikePlainKey, readPlainKeyFile } from './plain-key.ts';
import { looksLikePfx, readPfx } from './pkcs12/open-pfx.ts';

export type DerContent =
  | { readonly kind: 'certificate'; readonly certificate: Certificate }
  /** EncryptedPrivateKeyInfo whose encryption is known, or PrivateKeyInfo (`plain`); `file` ends where its DER ends. */
  | { readonly kind: 'key'; readonly file: Bytes; readonly plain: boolean }
  /** CaPubs: certificates of authorities. Chain material, never a trust anchor. */
  | { readonly kind: 'chain'; readonly certificates: readonly Certificate[] }
  /** Certificates that were put together by another program, the holder's perhaps among them (PKCS#7). */
  | { readonly kind: 'set'; readonly certificates: readonly Certificate[] }
  | { readonly kind: 'pfx'; readonly file: Bytes; readonly certificates: readonly Certificate[]; readonly needsPassword: boolean };

function parts(node: DerNode | undefined): DerNode[] {
  return node?.tag === TAG.SEQUENCE ? sequence(node) : [];
}

/** Certificate: three parts, the first of which starts with `[0]`, the version. A CRL starts with a plain number. */
function looksLikeCertificate(node: DerNode | undefined): boolean {
  const [tbs, algorithm, signature, more] = parts(node);
  if (more !== undefined || algorithm?.tag !== TAG.SEQUENCE || signature?.tag !== TAG.BIT_STRING) return false;
  return parts(tbs)[0]?.tag === contextTag(0);
}

function readChain(nodes: readonly DerNode[]): Certificate[] {
  if (nodes.length > NPKI_LIMITS.chainCertificates) throw new WalletError('file.hostile', { detail: 'certificates' });
  return nodes.map(({ raw }) => readCertificate(raw));
}

function withoutTrail(bytes: Bytes, length: number): void {
  if (length !== bytes.length) throw new WalletError('file.unreadable', { detail: 'trailing octets' });
}

/**
 * Reads DER of one of our kinds, and PKCS#12 in BER.
 *
 * @throws `file.too-large`, `file.unreadable` (no DER, or damaged), `file.hostile`, `file.unsupported` (something else,
 *   or a key whose algorithm is not known: detail is the OID)
 */
export function readDerContent(bytes: Bytes): DerContent {
  if (bytes.length > NPKI_LIMITS.chainBytes) throw new WalletError('file.too-large');
  if (looksLikePfx(bytes)) return { kind: 'pfx', file: bytes.slice(), ...readPfx(bytes) };
  const { node, length } = readDerPrefix(bytes);
  const inside = parts(node);
  if (looksLikeCertificate(node)) return { kind: 'certificate', certificate: readCertificate(bytes) };
  if (looksLikeEncryptedKey(inside)) {
    readEncryptedKey(bytes);
    return { kind: 'key', file: bytes.slice(0, length), plain: false };
  }
  if (looksLikePlainKey(inside)) return { kind: 'key', file: readPlainKeyFile(bytes.subarray(0, length)), plain: true };
  if (looksLikeCertificateSet(inside)) {
    withoutTrail(bytes, length);
    return { kind: 'set', certificates: readChain(readCertificateSet(inside).filter(looksLikeCertificate)) };
  }
  if (inside.length > 0 && inside.every(looksLikeCertificate)) {
    withoutTrail(bytes, length);
    return { kind: 'chain', certificates: readChain(inside) };
  }
  throw new WalletError('file.unsupported');
}
