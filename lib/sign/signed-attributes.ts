/** Signed attributes of a SignerInfo (RFC 5652 5.3 and 11, RFC 5035, RFC 6211). */
import { children, expectTag, objectIdentifier, octetString, sequence, set, text, time, type DerNode } from '../asn1/reader.ts';
import { contextTag, TAG } from '../asn1/tags.ts';
import { concat, type Bytes } from '../bytes/bytes.ts';
import { WalletError } from '../errors.ts';
import { CMS_OID } from './oids.ts';

export interface SignedAttributes {
  /** The octets under the signature: the attributes with the tag of a SET (RFC 5652 5.4). */
  readonly signed: Bytes;
  readonly messageDigest: Bytes;
  /** Milliseconds since 1970 UTC, as the signer claims. */
  readonly signingTime: number | null;
  /** SHA-256 of the certificate that the signer says is his (signingCertificateV2). */
  readonly certificateDigest: Bytes | null;
  /** IssuerSerial beside it as `issuer`, `serial` elements, where it is there. */
  readonly certificateIssuerSerial: { readonly issuer: Bytes; readonly serial: Bytes } | null;
  /** Origin of the page that asked for the signature, as the wallet wrote it. */
  readonly origin: string | null;
}

function malformed(detail: string): WalletError {
  return new WalletError('request.malformed', { detail: `cms: ${detail}` });
}

/** Attribute types with their values; a type that comes twice is refused (RFC 5652 11). */
function readAll(node: DerNode): Map<string, DerNode[]> {
  const found = new Map<string, DerNode[]>();
  for (const attribute of children(node)) {
    const [type, values, more] = sequence(attribute);
    const id = objectIdentifier(type);
    if (found.has(id) || more !== undefined) throw malformed(`attribute ${id}`);
    found.set(id, set(values));
  }
  return found;
}

/** The one value of an attribute, or null where the attribute is absent. */
function single(all: ReadonlyMap<string, DerNode[]>, type: string): DerNode | null {
  const values = all.get(type);
  if (values === undefined) return null;
  if (values.length !== 1 || values[0] === undefined) throw malformed(`attribute ${type}`);
  return values[0];
}

/** RFC 6211: where the signer wrote the algorithms under the signature, they are the ones outside. */
function checkProtection(value: DerNode | null, digest: string, signature: string): void {
  if (value === null) return;
  const [inner, protectedSignature, more] = sequence(value);
  const signed = children(expectTag(protectedSignature, contextTag(1)))[0];
  if (more !== undefined || objectIdentifier(sequence(inner)[0]) !== digest || objectIdentifier(signed) !== signature) {
    throw malformed('algorithm protection');
  }
}

type SigningCertificate = Pick<SignedAttributes, 'certificateDigest' | 'certificateIssuerSerial'>;

/** IssuerSerial with exactly one directory name (RFC 5035 4). */
function readIssuerSerial(node: DerNode | undefined): SigningCertificate['certificateIssuerSerial'] {
  if (node === undefined) return null;
  const [names, serial] = sequence(node);
  const [name, another] = sequence(names);
  const issuer = children(expectTag(name, contextTag(4)))[0];
  if (another !== undefined || issuer === undefined) throw malformed('issuerSerial');
  return { issuer: issuer.raw, serial: expectTag(serial, TAG.INTEGER).raw };
}

/** The first ESSCertIDv2, which names the signer's own certificate (RFC 5035 3). Hashes other than SHA-256 are refused. */
function readSigningCertificate(value: DerNode | null): SigningCertificate {
  if (value === null) return { certificateDigest: null, certificateIssuerSerial: null };
  const parts = sequence(sequence(sequence(value)[0])[0]);
  const named = parts[0]?.tag === TAG.SEQUENCE;
  if (named && objectIdentifier(sequence(parts[0])[0]) !== CMS_OID.sha256) throw malformed('signingCertificateV2 hash');
  const [digest, issuerSerial, more] = named ? parts.slice(1) : parts;
  if (more !== undefined) throw malformed('signingCertificateV2');
  return { certificateDigest: octetString(digest), certificateIssuerSerial: readIssuerSerial(issuerSerial) };
}

const MAX_ORIGIN = 512;

function readOrigin(value: DerNode | null): string | null {
  if (value === null) return null;
  if (expectTag(value, TAG.UTF8_STRING).content.length > MAX_ORIGIN) throw malformed('origin');
  return text(value);
}

/**
 * Reads the `[0]` of a SignerInfo, given the OIDs of its digest and signature algorithms. The octets are taken as they came;
 * a signer that signed another order than he sent has signed something else.
 *
 * @throws `request.malformed`, `file.unreadable`
 */
export function readSignedAttributes(node: DerNode, digestAlgorithm: string, signatureAlgorithm: string): SignedAttributes {
  const all = readAll(node);
  const contentType = single(all, CMS_OID.contentType);
  const messageDigest = single(all, CMS_OID.messageDigest);
  const signingTime = single(all, CMS_OID.signingTime);
  // RFC 5652 5.3: both must be there, and contentType names the content that is signed.
  if (contentType === null || objectIdentifier(contentType) !== CMS_OID.data) throw malformed('contentType attribute');
  if (messageDigest === null) throw malformed('messageDigest attribute');
  checkProtection(single(all, CMS_OID.algorithmProtection), digestAlgorithm, signatureAlgorithm);
  return {
    signed: concat(Uint8Array.of(TAG.SET), node.raw.subarray(1)),
    messageDigest: octetString(messageDigest),
    signingTime: signingTime === null ? null : time(signingTime),
    ...readSigningCertificate(single(all, CMS_OID.signingCertificateV2)),
    origin: readOrigin(single(all, CMS_OID.origin)),
  };
}
