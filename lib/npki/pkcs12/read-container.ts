/** The outer structure of a PKCS#12 file (RFC 7292 4): what is in the clear, what is encrypted, and the MAC. */
import { readBer, readBerPrefix } from '../../asn1/ber.ts';
import { children, explicit, objectIdentifier, octetString, sequence, smallInteger, type DerNode } from '../../asn1/reader.ts';
import { contextTag } from '../../asn1/tags.ts';
import { concat, type Bytes } from '../../bytes/bytes.ts';
import { WalletError } from '../../errors.ts';
import { readSealed, type Sealed } from '../encryption.ts';
import { NPKI_LIMITS } from '../limits.ts';
import { OID } from '../oids.ts';
import { readMac, type PfxMac } from './mac.ts';
import type { PfxBounds } from './pfx-bounds.ts';

export interface PfxContainer {
  /** SafeContents as they lie in the file. */
  readonly plain: readonly Bytes[];
  /** SafeContents under the password. */
  readonly sealed: readonly Sealed[];
  /** Null where nothing protects the file. */
  readonly mac: PfxMac | null;
  /** What the MAC is of. */
  readonly authenticated: Bytes;
}

const CONTENT = contextTag(0);
/** Of the PFX, since version 1.0 of PKCS#12. */
export const PFX_VERSION = 3;

function damaged(detail: string): WalletError {
  return new WalletError('file.unreadable', { detail });
}

/** ContentInfo. Signed and enveloped ones are of integrity and privacy by public keys, which nobody here uses. */
function readContent(node: DerNode | undefined, allowed: readonly string[]): { type: string; content: DerNode } {
  const [id, content, more] = sequence(node);
  const type = objectIdentifier(id);
  if (!allowed.includes(type)) throw new WalletError('file.unsupported', { detail: type });
  if (more !== undefined) throw damaged('content');
  return { type, content: explicit(content, CONTENT) };
}

/** `[0] IMPLICIT OCTET STRING`, which in BER may be in pieces; those pieces are whole here. */
function implicitOctets(node: DerNode | undefined): Bytes {
  if (node?.tag === contextTag(0, false)) return node.content;
  if (node?.tag === CONTENT) return concat(...children(node).map(octetString));
  throw damaged('encrypted content');
}

/** EncryptedData (RFC 5652 8) around SafeContents. */
function readEncryptedData(node: DerNode): Sealed {
  const [version, info] = sequence(node);
  const [type, algorithm, content] = sequence(info);
  smallInteger(version);
  if (objectIdentifier(type) !== OID.data) throw damaged('encrypted content');
  return readSealed(algorithm, implicitOctets(content));
}

/** The file itself. Octets behind it are not looked at, as with key files. */
function readFile(file: Bytes): DerNode[] {
  if (file.length > NPKI_LIMITS.pfxBytes) throw new WalletError('file.too-large', { detail: 'PKCS#12' });
  const [version, ...fields] = sequence(readBerPrefix(file).node);
  if (smallInteger(version) !== PFX_VERSION) throw new WalletError('file.unsupported', { detail: 'PKCS#12 version' });
  if (fields.length > 2) throw damaged('PKCS#12');
  return fields;
}

/**
 * Reads a PKCS#12 file down to its SafeContents. Nothing is derived.
 *
 * @throws `file.too-large`, `file.unreadable`, `file.hostile`, `file.unsupported` (detail: the OID of what is not known)
 */
export function readContainer(file: Bytes, bounds: PfxBounds): PfxContainer {
  const [authSafe, macData] = readFile(file);
  const mac = macData === undefined ? null : bounds.countMac(readMac(macData));
  const authenticated = octetString(readContent(authSafe, [OID.data]).content);
  const plain: Bytes[] = [];
  const sealed: Sealed[] = [];
  for (const node of sequence(readBer(authenticated))) {
    bounds.countSafe();
    const { type, content } = readContent(node, [OID.data, OID.encryptedData]);
    if (type === OID.data) plain.push(octetString(content));
    else sealed.push(bounds.countSealed(readEncryptedData(content)));
  }
  return { plain, sealed, mac, authenticated };
}
