/** Writes CMS SignedData in any shape, right and wrong, for tests of the reader. Every part can be replaced. */
import { TAG } from '../../lib/asn1/tags.ts';
import * as der from '../../lib/asn1/writer.ts';
import type { Bytes } from '../../lib/bytes/bytes.ts';
import { OID } from '../../lib/npki/oids.ts';
import { CMS_OID } from '../../lib/sign/oids.ts';
import { issuerAndSerialNumber } from '../../lib/sign/signer-identifier.ts';

export interface CmsShape {
  readonly content: Bytes;
  readonly certificate: Bytes;
  readonly key: CryptoKey;
  readonly detached?: boolean;
  readonly bare?: boolean;
  /** Signed attributes; null for a signature over the content itself. */
  readonly attributes?: readonly Bytes[] | null;
  readonly unsigned?: readonly Bytes[];
  readonly version?: number;
  readonly contentType?: string;
  readonly digest?: Bytes;
  readonly digests?: readonly Bytes[];
  readonly signerVersion?: number;
  readonly signer?: Bytes;
  readonly signerDigest?: Bytes;
  readonly signatureAlgorithm?: Bytes;
  readonly signature?: Bytes;
  readonly certificates?: readonly Bytes[] | null;
  readonly revocations?: readonly Bytes[];
  readonly signers?: number;
  /** Put behind the last field of SignedData. */
  readonly surplus?: readonly Bytes[];
}

export function algorithm(id: string, parameters: Bytes | null = der.nullValue()): Bytes {
  return der.sequence(der.objectIdentifier(id), ...(parameters === null ? [] : [parameters]));
}

export function attribute(type: string, ...values: readonly Bytes[]): Bytes {
  return der.sequence(der.objectIdentifier(type), der.setOf(...values));
}

async function digestOf(hash: string, bytes: Bytes): Promise<Bytes> {
  return new Uint8Array(await crypto.subtle.digest(hash, bytes));
}

/** signingCertificateV2 of a certificate; `hash` names SHA-256 although that is the default, `issuerSerial` adds it. */
export async function signingCertificate(certificate: Bytes, parts: { hash?: string; issuerSerial?: Bytes; digest?: Bytes } = {}): Promise<Bytes> {
  const digest = parts.digest ?? (await digestOf('SHA-256', certificate));
  const inner = [
    ...(parts.hash === undefined ? [] : [algorithm(parts.hash, null)]),
    der.octetString(digest),
    ...(parts.issuerSerial === undefined ? [] : [parts.issuerSerial]),
  ];
  return attribute(CMS_OID.signingCertificateV2, der.sequence(der.sequence(der.sequence(...inner))));
}

/** The attributes that the wallet signs; `hash` is the one of the message. */
export async function fullAttributes(content: Bytes, certificate: Bytes, time: number, hash = 'SHA-256'): Promise<Bytes[]> {
  return [
    attribute(CMS_OID.contentType, der.objectIdentifier(CMS_OID.data)),
    attribute(CMS_OID.signingTime, der.time(time)),
    attribute(CMS_OID.messageDigest, der.octetString(await digestOf(hash, content))),
    await signingCertificate(certificate),
  ];
}

export async function writeShape(shape: CmsShape): Promise<Bytes> {
  const digest = shape.digest ?? algorithm(OID.sha256);
  const set = shape.attributes === null || shape.attributes === undefined ? null : der.element(TAG.SET, ...shape.attributes);
  const signature = shape.signature ?? new Uint8Array(await crypto.subtle.sign('RSASSA-PKCS1-v1_5', shape.key, set ?? shape.content));
  const signerInfo = der.sequence(
    der.integer(shape.signerVersion ?? 1),
    shape.signer ?? issuerAndSerialNumber(shape.certificate),
    shape.signerDigest ?? digest,
    ...(shape.attributes === null || shape.attributes === undefined ? [] : [der.context(0, ...shape.attributes)]),
    shape.signatureAlgorithm ?? algorithm(OID.rsaEncryption),
    der.octetString(signature),
    ...(shape.unsigned === undefined ? [] : [der.context(1, ...shape.unsigned)]),
  );
  const content = shape.detached === true ? [] : [der.context(0, der.octetString(shape.content))];
  const certificates = shape.certificates === null ? [] : [der.context(0, ...(shape.certificates ?? [shape.certificate]))];
  const signedData = der.sequence(
    der.integer(shape.version ?? 1),
    der.element(TAG.SET, ...(shape.digests ?? [digest])),
    der.sequence(der.objectIdentifier(shape.contentType ?? CMS_OID.data), ...content),
    ...certificates,
    ...(shape.revocations === undefined ? [] : [der.context(1, ...shape.revocations)]),
    der.element(TAG.SET, ...Array.from({ length: shape.signers ?? 1 }, () => signerInfo)),
    ...(shape.surplus ?? []),
  );
  return shape.bare === true ? signedData : der.sequence(der.objectIdentifier(CMS_OID.signedData), der.context(0, signedData));
}
