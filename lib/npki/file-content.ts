/** Tells what a file is by its content, whatever it is called. */
import { readDerPrefix, sequence, type DerNode } from '../asn1/reader.ts';
import { contextTag, TAG } from '../asn1/tags.ts';
import type { Bytes } from '../bytes/bytes.ts';
import { WalletError } from '../errors.ts';
import { readCertificate, type Certificate } from './certificate.ts';
import { looksLikeEncryptedKey, readEncryptedKey } from './encryption.ts';
import { NPKI_LIMITS } from './limits.ts';

export type FileContent =
  | { readonly kind: 'certificate'; readonly certificate: Certificate }
  /** A key file whose encryption is known; `file` ends where its DER ends. */
  | { readonly kind: 'key'; readonly file: Bytes }
  /** CaPubs: certificates of authorities. Chain material, never a trust anchor. */
  | { readonly kind: 'chain'; readonly certificates: readonly Certificate[] };

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

/**
 * Reads a file of one of our kinds.
 *
 * @throws `file.too-large`, `file.unreadable` (no DER, or damaged), `file.hostile`, `file.unsupported` (something else,
 *   or a key whose algorithm is not known: detail is the OID)
 */
export function readFileContent(bytes: Bytes): FileContent {
  if (bytes.length > NPKI_LIMITS.chainBytes) throw new WalletError('file.too-large');
  const { node, length } = readDerPrefix(bytes);
  const inside = parts(node);
  if (looksLikeCertificate(node)) return { kind: 'certificate', certificate: readCertificate(bytes) };
  if (looksLikeEncryptedKey(inside)) {
    readEncryptedKey(bytes);
    return { kind: 'key', file: bytes.slice(0, length) };
  }
  if (inside.length > 0 && inside.every(looksLikeCertificate)) {
    if (length !== bytes.length) throw new WalletError('file.unreadable', { detail: 'trailing octets' });
    return { kind: 'chain', certificates: readChain(inside) };
  }
  throw new WalletError('file.unsupported');
}
