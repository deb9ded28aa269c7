/** Tells what a file is by its content, whatever it is called. */
import type { Bytes } from '../bytes/bytes.ts';
import { WalletError } from '../errors.ts';
import type { Certificate } from './certificate.ts';
import { readDerContent, type DerContent } from './der-content.ts';
import { NPKI_LIMITS } from './limits.ts';
import { isAuthority, leavesFirst, readTextContent, type RefusedBlock, type StoredKey, type TextContent } from './text-content.ts';

export type FileContent =
  /** `more` are the certificates that lie in the same file. */
  | { readonly kind: 'certificate'; readonly text: boolean; readonly certificate: Certificate; readonly more: readonly Certificate[] }
  /** A key file whose encryption is known, or one without any (`plain`); `file` ends where its DER ends. */
  | { readonly kind: 'key'; readonly text: boolean; readonly file: Bytes; readonly plain: boolean }
  /** CaPubs: certificates of authorities. Chain material, never a trust anchor. */
  | { readonly kind: 'chain'; readonly text: boolean; readonly certificates: readonly Certificate[] }
  /** One file that holds keys, with the certificates that it shows: those of holders first. */
  | {
      readonly kind: 'container';
      readonly form: 'pfx' | 'pem';
      readonly file: Bytes;
      readonly certificates: readonly Certificate[];
      readonly needsPassword: boolean;
    };

function ofCertificates(certificates: readonly Certificate[], text: boolean): FileContent {
  const [certificate, ...more] = leavesFirst(certificates);
  if (certificate === undefined) throw new WalletError('file.unsupported');
  // Alone, an authority's certificate may still be what somebody picked.
  if (isAuthority(certificate) && more.length > 0) return { kind: 'chain', text, certificates: [certificate, ...more] };
  return { kind: 'certificate', text, certificate, more };
}

/** What a file holds. Only a text holds more than one thing, with blocks among it that cannot be taken. */
export interface FileContents {
  readonly contents: readonly FileContent[];
  readonly refused: readonly RefusedBlock[];
}

function ofText(file: Bytes, { certificates, keys, pfxs, refused }: TextContent): FileContents {
  const rest = certificates.length + keys.length > 0 ? [ofPlainText(file, certificates, keys)] : [];
  return { contents: [...rest, ...pfxs.map(ofDer)], refused };
}

/** Certificates and keys of a text; PKCS#12 files in it count for themselves. */
function ofPlainText(file: Bytes, certificates: readonly Certificate[], keys: readonly StoredKey[]): FileContent {
  const [key, ...others] = keys;
  if (key === undefined) return ofCertificates(certificates, true);
  if (others.length === 0 && certificates.length === 0) return { kind: 'key', text: true, ...key };
  return { kind: 'container', form: 'pem', file, certificates, needsPassword: keys.some(({ plain }) => !plain) };
}

function ofDer(content: DerContent): FileContent {
  switch (content.kind) {
    case 'pfx':
      return {
        kind: 'container',
        form: 'pfx',
        file: content.file,
        certificates: leavesFirst(content.certificates),
        needsPassword: content.needsPassword,
      };
    case 'set':
      return ofCertificates(content.certificates, false);
    case 'certificate':
      return { ...content, text: false, more: [] };
    default:
      return { ...content, text: false };
  }
}

/**
 * Reads a file of one of our kinds: DER, PKCS#12 in BER, or a text with any of them.
 *
 * @throws `file.too-large`, `file.unreadable` (no DER and no text, or damaged), `file.hostile`, `file.unsupported` (something
 *   else, or a key whose algorithm is not known: detail is the OID)
 */
export function readFileContents(bytes: Bytes): FileContents {
  if (bytes.length > NPKI_LIMITS.chainBytes) throw new WalletError('file.too-large');
  const text = readTextContent(bytes);
  return text === null ? { contents: [ofDer(readDerContent(bytes))], refused: [] } : ofText(bytes, text);
}
