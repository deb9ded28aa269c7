/**
 * Reads CMS SignedData (RFC 5652) strictly: DER, one signer named by issuer and serial, RSA PKCS#1 v1.5 with SHA-2. Nothing
 * is verified here but the form. Taken are the shapes that Korean programs write: content attached or detached, signed
 * attributes or none, `rsaEncryption` or `sha…WithRSAEncryption`, parameters NULL or absent, with or without ContentInfo.
 */
import { explicit, expectTag, objectIdentifier, octetString, readDer, sequence, set, smallInteger, type DerNode } from '../asn1/reader.ts';
import { contextTag, TAG } from '../asn1/tags.ts';
import type { Bytes } from '../bytes/bytes.ts';
import { WalletError } from '../errors.ts';
import { OID } from '../npki/oids.ts';
import { SIGNATURE_HASHES, type SignatureHash } from '../trust/rsa-signature.ts';
import { CMS_OID } from './oids.ts';
import { readSignedAttributes, type SignedAttributes } from './signed-attributes.ts';

export interface SignedData {
  /** The signed octets; null where the message does not carry them. */
  readonly content: Bytes | null;
  /** Certificates that go along, in DER, unchecked. */
  readonly certificates: readonly Bytes[];
  /** IssuerAndSerialNumber of the signer's certificate, as encoded. */
  readonly signer: Bytes;
  /** Hash of the content and of the signature. */
  readonly hash: SignatureHash;
  /** Null where the signature is over the content itself. */
  readonly attributes: SignedAttributes | null;
  readonly signature: Bytes;
}

const MAX_CERTIFICATES = 16;

const DIGESTS: ReadonlyMap<string, SignatureHash> = new Map([
  [OID.sha256, 'SHA-256'],
  [OID.sha384, 'SHA-384'],
  [OID.sha512, 'SHA-512'],
]);

function malformed(detail: string, cause?: unknown): WalletError {
  return new WalletError('request.malformed', { detail: `cms: ${detail}`, cause });
}

/** AlgorithmIdentifier whose parameters are absent or NULL (RFC 5754 2). */
function readAlgorithm(node: DerNode | undefined): string {
  const [id, parameters, more] = sequence(node);
  const algorithm = objectIdentifier(id);
  if (more !== undefined || (parameters !== undefined && expectTag(parameters, TAG.NULL).content.length !== 0)) {
    throw malformed(`algorithm ${algorithm}`);
  }
  return algorithm;
}

function readDigest(node: DerNode | undefined): SignatureHash {
  const algorithm = readAlgorithm(node);
  const hash = DIGESTS.get(algorithm);
  if (hash === undefined) throw malformed(`algorithm ${algorithm}`);
  return hash;
}

function readContent(node: DerNode | undefined): Bytes | null {
  const [type, content, more] = sequence(node);
  if (objectIdentifier(type) !== CMS_OID.data || more !== undefined) throw malformed('content type');
  return content === undefined ? null : octetString(explicit(content, contextTag(0)));
}

/** CertificateSet (RFC 5652 10.2.3), of which only X.509 certificates are taken. */
function readCertificates(node: DerNode | undefined): Bytes[] {
  if (node === undefined) return [];
  const found = set({ ...node, tag: TAG.SET });
  if (found.length > MAX_CERTIFICATES) throw malformed('certificates');
  return found.map((certificate) => expectTag(certificate, TAG.SEQUENCE).raw);
}

type SignerInfo = Omit<SignedData, 'content' | 'certificates'>;

/** SignerInfo version 1 (RFC 5652 5.3). Unsigned attributes prove nothing and are not looked at. */
function readSignerInfo(node: DerNode | undefined): SignerInfo {
  const fields = sequence(node);
  const [version, signer, digest] = fields;
  if (smallInteger(version) !== 1) throw malformed('signer version');
  const attributes = fields[3]?.tag === contextTag(0) ? fields[3] : undefined;
  const [algorithm, signature, unsigned, more] = fields.slice(attributes === undefined ? 3 : 4);
  if (more !== undefined || (unsigned !== undefined && unsigned.tag !== contextTag(1))) throw malformed('signer');
  const hash = readDigest(digest);
  const signatureAlgorithm = readAlgorithm(algorithm);
  if (signatureAlgorithm !== OID.rsaEncryption && SIGNATURE_HASHES.get(signatureAlgorithm) !== hash) {
    throw malformed(`algorithm ${signatureAlgorithm}`);
  }
  return {
    signer: expectTag(signer, TAG.SEQUENCE).raw,
    hash,
    attributes: attributes === undefined ? null : readSignedAttributes(attributes, objectIdentifier(sequence(digest)[0]), signatureAlgorithm),
    signature: octetString(signature),
  };
}

/** SignedData, out of its ContentInfo where it has one (RFC 5652 3). */
function unwrap(bytes: Bytes): DerNode[] {
  const outer = sequence(readDer(bytes));
  if (outer[0]?.tag === TAG.INTEGER) return outer;
  if (objectIdentifier(outer[0]) !== CMS_OID.signedData || outer.length !== 2) throw malformed('not SignedData');
  return sequence(explicit(outer[1], contextTag(0)));
}

/** SignedData version 1 (RFC 5652 5.1): content of type data, one signer. */
function readFields(fields: readonly DerNode[]): SignedData {
  const [version, digests, content, ...rest] = fields;
  if (smallInteger(version) !== 1) throw malformed('version');
  const certificates = rest[0]?.tag === contextTag(0) ? rest.shift() : undefined;
  if (rest[0]?.tag === contextTag(1)) rest.shift(); // revocation lists: not taken from a message
  const signerInfos = set(rest[0]);
  if (rest.length !== 1 || signerInfos.length !== 1) throw malformed('exactly one signer');
  const signer = readSignerInfo(signerInfos[0]);
  if (!set(digests).map(readDigest).includes(signer.hash)) throw malformed('digest algorithms');
  return { content: readContent(content), certificates: readCertificates(certificates), ...signer };
}

/**
 * Reads a message of at most `maxBytes` octets. What it returns are views of `bytes`.
 *
 * @throws `request.too-large`; `request.malformed` for everything else, a SHA-1 or RSA-PSS signature among it
 */
export function readSignedData(bytes: Bytes, maxBytes: number): SignedData {
  if (bytes.length > maxBytes) throw new WalletError('request.too-large', { detail: 'cms' });
  try {
    return readFields(unwrap(bytes));
  } catch (thrown) {
    if (thrown instanceof WalletError && thrown.code === 'request.malformed') throw thrown;
    throw malformed(thrown instanceof WalletError ? (thrown.detail ?? thrown.code) : 'internal', thrown);
  }
}
