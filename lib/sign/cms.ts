/**
 * Writes CMS SignedData (RFC 5652) around octets, in DER, with one signer. It never holds a key: the caller signs.
 * It stands in the background, so it needs nothing but the small DER reader and writer.
 */
import { elementHeader, integer, nullValue, objectIdentifier, octetString, sequence, setOf, time, utf8String } from '../asn1/writer.ts';
import { contextTag, TAG } from '../asn1/tags.ts';
import { concat, type Bytes } from '../bytes/bytes.ts';
import { SHAPES, type SignedDataForm } from './forms.ts';
import { CMS_OID } from './oids.ts';
import { issuerAndSerialNumber } from './signer-identifier.ts';

export interface SignedDataInput {
  readonly content: Bytes;
  /** The signer's certificate in DER. */
  readonly certificate: Bytes;
  /** Certificates between the signer's and the root, in DER; may be empty. */
  readonly chain: readonly Bytes[];
  /** Milliseconds since 1970 UTC; whole seconds are kept. */
  readonly signingTime: number;
  readonly form: SignedDataForm;
  /** Serialized origin of the page that asked for it, to be signed as an attribute where the form has any; a sign-in has it in its content. */
  readonly origin?: string;
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
async function signedAttributes({ content, certificate, signingTime, origin }: SignedDataInput): Promise<Bytes> {
  const [contentDigest, certificateDigest] = await Promise.all([sha256(content), sha256(certificate)]);
  // RFC 5035 4: ESSCertIDv2 leaves out its hash algorithm where that is the default, SHA-256.
  const signingCertificate = sequence(sequence(sequence(octetString(certificateDigest))));
  return setOf(
    attribute(CMS_OID.contentType, objectIdentifier(CMS_OID.data)),
    attribute(CMS_OID.messageDigest, octetString(contentDigest)),
    attribute(CMS_OID.signingTime, time(signingTime)),
    attribute(CMS_OID.signingCertificateV2, signingCertificate),
    ...(origin === undefined ? [] : [attribute(CMS_OID.origin, utf8String(origin))]),
  );
}

/** One element in pieces, so that large content is copied once, at the end, and not at every level around it. */
function wrap(tag: number, ...content: readonly Uint8Array[]): Uint8Array[] {
  const length = content.reduce((sum, piece) => sum + piece.length, 0);
  return [elementHeader(tag, length), ...content];
}

/** SignerInfo (RFC 5652 5.3). The attributes travel under an IMPLICIT tag in place of the SET they were signed as. */
function signerInfo(signer: Bytes, algorithms: { digest: Bytes; signature: Bytes }, attributes: Bytes | null, signature: Bytes): Bytes {
  const tagged = attributes === null ? [] : [Uint8Array.of(contextTag(0)), attributes.subarray(1)];
  return sequence(integer(1), signer, algorithms.digest, ...tagged, algorithms.signature, octetString(signature));
}

/** A message that carries its content is `before`, the content, `after`; one that does not is `before` alone. */
export interface SignedDataParts {
  readonly before: Bytes;
  readonly after: Bytes;
}

/**
 * Signs `content` and returns what stands before and after it in the DER of the message, so that large content need not travel.
 * @throws `file.unreadable` where the certificate is not one; whatever `sign` throws
 */
export async function signedDataParts(input: SignedDataInput): Promise<SignedDataParts> {
  const { attached, attributes, plainRsa, contentInfo } = SHAPES[input.form];
  const signer = issuerAndSerialNumber(input.certificate);
  const signed = attributes ? await signedAttributes(input) : null;
  const signature = await input.sign(signed ?? input.content);
  const digest = sequence(objectIdentifier(CMS_OID.sha256)); // RFC 5754 2: parameters absent
  // RFC 5754 3.2 and RFC 3370 3.2: parameters NULL
  const algorithm = sequence(objectIdentifier(plainRsa ? CMS_OID.rsaEncryption : CMS_OID.sha256WithRsa), nullValue());
  const content = attached ? wrap(contextTag(0), ...wrap(TAG.OCTET_STRING, input.content)) : [];
  const signedData = wrap(
    TAG.SEQUENCE,
    integer(1),
    setOf(digest),
    ...wrap(TAG.SEQUENCE, objectIdentifier(CMS_OID.data), ...content),
    // Not sorted: some readers take the first certificate for the signer's, and RFC 5652 asks DER of the attributes alone.
    ...wrap(contextTag(0), input.certificate, ...(attributes ? input.chain : [])),
    setOf(signerInfo(signer, { digest, signature: algorithm }, signed, signature)),
  );
  const pieces = contentInfo ? wrap(TAG.SEQUENCE, objectIdentifier(CMS_OID.signedData), ...wrap(contextTag(0), ...signedData)) : signedData;
  const at = attached ? pieces.indexOf(input.content) : pieces.length;
  return { before: concat(...pieces.slice(0, at)), after: concat(...pieces.slice(at + 1)) };
}

/** As `signedDataParts`, the message in one piece. */
export async function writeSignedData(input: SignedDataInput): Promise<Bytes> {
  const { before, after } = await signedDataParts(input);
  return SHAPES[input.form].attached ? concat(before, input.content, after) : before;
}
