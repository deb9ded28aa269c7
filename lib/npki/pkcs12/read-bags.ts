/** SafeContents (RFC 7292 4.2): the certificates and keys of a PKCS#12 file, some of them in bags within bags. */
import { readBer } from '../../asn1/ber.ts';
import { explicit, objectIdentifier, octetString, sequence, type DerNode } from '../../asn1/reader.ts';
import { contextTag } from '../../asn1/tags.ts';
import { wipe, type Bytes } from '../../bytes/bytes.ts';
import { errorCode } from '../../errors.ts';
import { readCertificate, type Certificate } from '../certificate.ts';
import { readEncryptedKeyNode, type Sealed } from '../encryption.ts';
import { OID } from '../oids.ts';
import type { PfxBounds } from './pfx-bounds.ts';

export interface Bags {
  readonly certificates: Certificate[];
  readonly sealedKeys: Sealed[];
  /** PrivateKeyInfo of keys that have no encryption of their own: views of what was read. */
  readonly plainKeys: Bytes[];
}

const VALUE = contextTag(0);

/**
 * A certificate that nobody here could use (version 1, another encoding) is left out: it may be one of a chain, and where it
 * is the holder's its key stays without one, which is told then.
 */
function readCertificateBag(value: DerNode): Certificate[] {
  const [type, content] = sequence(value);
  if (objectIdentifier(type) !== OID.x509Certificate) return [];
  try {
    return [readCertificate(octetString(explicit(content, VALUE)))];
  } catch (thrown) {
    if (errorCode(thrown) === 'file.unreadable' || errorCode(thrown) === 'file.unsupported') return [];
    throw thrown;
  }
}

/** Bags of other kinds (secrets, revocation lists) are skipped. */
function collectBag(node: DerNode, bags: Bags, bounds: PfxBounds): void {
  bounds.countBag();
  const [id, wrapped] = sequence(node);
  const type = objectIdentifier(id);
  const value = explicit(wrapped, VALUE);
  switch (type) {
    case OID.certificateBag:
      bags.certificates.push(...readCertificateBag(value));
      break;
    case OID.keyBag:
      bags.plainKeys.push(value.raw);
      break;
    case OID.shroudedKeyBag:
      bags.sealedKeys.push(bounds.countSealed(readEncryptedKeyNode(value)));
      break;
    case OID.safeContentsBag:
      // The depth of this is bounded by that of the whole tree, which was read before.
      for (const inner of sequence(value)) collectBag(inner, bags, bounds);
  }
}

/**
 * Adds what SafeContents hold to `bags`. Throws as the readers of certificates and encrypted keys, and `file.hostile`; keys
 * in the clear that were copied until then are wiped.
 */
export function collectBags(safeContents: Bytes, bags: Bags, bounds: PfxBounds): void {
  const root = readBer(safeContents);
  try {
    for (const node of sequence(root)) collectBag(node, bags, bounds);
  } catch (thrown) {
    wipe(root.raw);
    throw thrown;
  }
}

export function noBags(): Bags {
  return { certificates: [], sealedKeys: [], plainKeys: [] };
}
