/**
 * Writes CMS SignedData (RFC 5652) around octets, in DER, with one signer. It never holds a key: the caller signs.
 * It stands in the background, so it needs nothing but the small DER reader and writer.
 */
import { elementHeader, integer, nullValue, objectIdentifier, octetString, sequence, setOf, time } from '../asn1/writer.ts';
import { contextTag, TAG } from '../asn1/tags.ts';
import { concat, type Bytes } from '../bytes/bytes.ts';
import { CMS_OID } from './oids.ts';
import { issuerAndSerialNumber } from './signer-identifier.ts';

/**
 * The shapes of SignedData differ on five axes: content attached or detached, signed attributes or none, how the signature
 * algorithm is named, ContentInfo around it or not, which certificates go along. A form is a named choice on all five:
 *
 * - `cms`: attached; contentType, messageDigest, signingTime and signingCertificateV2 signed; sha256WithRSAEncryption;
 *   ContentInfo; the signer's certificate and the chain as far as it is known.
 */
export type SignedDataForm = 'cms';

export interface SignedDataInput {
  readonly content: Bytes;
  /** The signer's certificate in DER. */
  readonly certificate: Bytes;
  /** Certificates between the signer's and the root, in DER; may be empty. */
  readonly chain: readonly Bytes[];
  /** Milliseconds since 1970 UTC; whole seconds are kept. */
  readonly signingTime: number;
  readonly form: SignedDataForm;
  /** RSASSA-PKCS1-v1_5 with SHA-256 over the octets it is given. */
  readonly sign: (toBeSigned: Bytes) => Promise<Bytes>;
}

function attribute(type: string, value: Bytes): Bytes {
  return sequence(objectIdentifier(type), setOf(value));
}

async function sha256(bytes: Bytes): Promise<Bytes> {
  return new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
}

/** SignedAttributes as DER SET OF: the octets that are signed (RFC 5652 5.4), sorted. */
async function signedAttributes({ content, certificate, signingTime }: SignedDataInput): Promise<Bytes> {
  const [contentDigest, certificateDigest] = await Promise.all([sha256(content), sha256(certificate)]);
  // RFC 5035 4: ESSCertIDv2 leaves out its hash algorithm where that is the default, SHA-256.
  const signingCertificate = sequence(sequence(sequence(octetString(certificateDigest))));
  return setOf(
    attribute(CMS_OID.contentType, objectIdentifier(CMS_OID.data)),
    attribute(CMS_OID.messageDigest, octetString(contentDigest)),
    attribute(CMS_OID.signingTime, time(signingTime)),
    attribute(CMS_OID.signingCertificateV2, signingCertificate),
  );
}

/** One element in pieces, so that large content is copied once, at the end, and not at every level around it. */
function wrap(tag: number, ...content: readonly Uint8Array[]): Uint8Array[] {
  const length = content.reduce((sum, piece) => sum + piece.length, 0);
  return [elementHeader(tag, length), ...content];
}

/** SignerInfo (RFC 5652 5.3). The attributes travel under an IMPLICIT tag in place of the SET they were signed as. */
function signerInfo(signer: Bytes, digestAlgorithm: Bytes, attributes: Bytes, signature: Bytes): Bytes {
  return sequence(
    integer(1),
    signer,
    digestAlgorithm,
    Uint8Array.of(contextTag(0)),
    attributes.subarray(1),
    sequence(objectIdentifier(CMS_OID.sha256WithRsa), nullValue()), // RFC 5754 3.2: parameters NULL
    octetString(signature),
  );
}

/**
 * Signs `content` and returns the DER of the message.
 * @throws `file.unreadable` where the certificate is not one; whatever `sign` throws
 */
export async function writeSignedData(input: SignedDataInput): Promise<Bytes> {
  const signer = issuerAndSerialNumber(input.certificate);
  const attributes = await signedAttributes(input);
  const signature = await input.sign(attributes);
  const digestAlgorithm = sequence(objectIdentifier(CMS_OID.sha256)); // RFC 5754 2: parameters absent
  const content = wrap(contextTag(0), ...wrap(TAG.OCTET_STRING, input.content));
  const signedData = wrap(
    TAG.SEQUENCE,
    integer(1),
    setOf(digestAlgorithm),
    ...wrap(TAG.SEQUENCE, objectIdentifier(CMS_OID.data), ...content),
    // Not sorted: some readers take the first certificate for the signer's, and RFC 5652 asks DER of the attributes alone.
    ...wrap(contextTag(0), input.certificate, ...input.chain),
    setOf(signerInfo(signer, digestAlgorithm, attributes, signature)),
  );
  return concat(...wrap(TAG.SEQUENCE, objectIdentifier(CMS_OID.signedData), ...wrap(contextTag(0), ...signedData)));
}
