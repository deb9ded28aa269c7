/** OCSP answers and revocation lists made on the spot, good ones and every bad one a test asks for. */
import { TAG } from '../../lib/asn1/tags.ts';
import * as der from '../../lib/asn1/writer.ts';
import type { Bytes } from '../../lib/bytes/bytes.ts';
import { utf8 } from '../../lib/bytes/text.ts';
import type { Certificate } from '../../lib/npki/certificate.ts';
import { OID } from '../../lib/npki/oids.ts';
import type { CertId } from '../../lib/trust/status/ocsp-request.ts';
import { keyHash } from '../../lib/trust/status/ocsp-request.ts';
import { writeExtension } from '../../demo/x509.ts';
import { NOW, signerOf, type Issued } from './test-authority.ts';

export const HOUR = 3_600_000;
const SHA256_RSA = der.sequence(der.objectIdentifier(OID.sha256WithRsa), der.nullValue());

/** CertStatus choices (RFC 6960 4.2.1). */
export const STATUS = {
  good: der.element(0x80),
  unknown: der.element(0x82),
  revoked: (reason: number | null, at = NOW - 48 * HOUR): Bytes =>
    der.context(1, der.generalizedTime(at), ...(reason === null ? [] : [der.context(0, der.element(TAG.ENUMERATED, Uint8Array.of(reason)))])),
};

export interface SingleFields {
  readonly certId: CertId;
  readonly hash?: string;
  readonly status?: Bytes;
  readonly thisUpdate?: number;
  readonly nextUpdate?: number | null;
  readonly extensions?: readonly Bytes[];
}

export function writeSingle(fields: SingleFields): Bytes {
  const { certId, hash = OID.sha1, status = STATUS.good, thisUpdate = NOW - HOUR, nextUpdate = NOW + HOUR, extensions = [] } = fields;
  const { nameHash, keyHash: key, serial } = certId;
  const algorithm = der.sequence(der.objectIdentifier(hash), der.nullValue());
  return der.sequence(
    der.sequence(algorithm, der.octetString(nameHash), der.octetString(key), der.element(TAG.INTEGER, serial)),
    status,
    der.generalizedTime(thisUpdate),
    ...(nextUpdate === null ? [] : [der.context(0, der.generalizedTime(nextUpdate))]),
    ...(extensions.length === 0 ? [] : [der.context(1, der.sequence(...extensions))]),
  );
}

export interface AnswerFields {
  readonly singles: readonly Bytes[];
  readonly signer: Issued;
  /** The names of the signer, or SHA-1 of its key. */
  readonly by?: 'name' | 'key';
  readonly nonce: Bytes | null;
  readonly producedAt?: number;
  readonly extensions?: readonly Bytes[];
  readonly certificates?: readonly Certificate[];
  readonly algorithm?: Bytes;
  /** Spoils the signature. */
  readonly spoilt?: boolean;
  readonly type?: string;
}

/** OCSPResponse `successful` around a BasicOCSPResponse. */
export async function writeAnswer(fields: AnswerFields): Promise<Bytes> {
  const { singles, signer, by = 'name', nonce, producedAt = NOW, extensions = [], certificates = [signer.certificate] } = fields;
  const nonceExtension = nonce === null ? [] : [writeExtension('1.3.6.1.5.5.7.48.1.2', false, der.octetString(nonce))];
  const all = [...nonceExtension, ...extensions];
  const { certificate } = signer;
  const data = der.sequence(
    by === 'name' ? der.context(1, certificate.subject.der) : der.context(2, der.octetString(await keyHash(certificate))),
    der.generalizedTime(producedAt),
    der.sequence(...singles),
    ...(all.length === 0 ? [] : [der.context(1, der.sequence(...all))]),
  );
  const signature = await signerOf(signer.key)(data);
  if (fields.spoilt === true) signature[9] = (signature[9] ?? 0) ^ 1;
  const along = certificates.length === 0 ? [] : [der.context(0, der.sequence(...certificates.map((one) => one.der)))];
  const basic = der.sequence(data, fields.algorithm ?? SHA256_RSA, der.bitString(signature), ...along);
  const type = der.objectIdentifier(fields.type ?? '1.3.6.1.5.5.7.48.1.1');
  return der.sequence(der.element(TAG.ENUMERATED, Uint8Array.of(0)), der.context(0, der.sequence(type, der.octetString(basic))));
}

/** An answer of a status other than `successful`. */
export function writeRefusal(code: number): Bytes {
  return der.sequence(der.element(TAG.ENUMERATED, Uint8Array.of(code)));
}

export interface EntryFields {
  /** Content octets of the serial. */
  readonly serial: Bytes;
  readonly reason?: number | null;
  readonly at?: number;
  readonly extensions?: readonly Bytes[];
}

export function writeEntry({ serial, reason = 1, at = NOW - 48 * HOUR, extensions = [] }: EntryFields): Bytes {
  const code = reason === null ? [] : [writeExtension('2.5.29.21', false, der.element(TAG.ENUMERATED, Uint8Array.of(reason)))];
  const all = [...code, ...extensions];
  return der.sequence(der.element(TAG.INTEGER, serial), der.time(at), ...(all.length === 0 ? [] : [der.sequence(...all)]));
}

export interface ListFields {
  readonly signer: Issued;
  /** Named in the list instead of the signer. */
  readonly issuer?: Bytes;
  readonly entries?: readonly Bytes[];
  readonly thisUpdate?: number;
  readonly nextUpdate?: number | null;
  readonly number?: number | null;
  readonly extensions?: readonly Bytes[];
  readonly version?: number;
  readonly spoilt?: boolean;
  readonly innerAlgorithm?: Bytes;
}

export async function writeList(fields: ListFields): Promise<Bytes> {
  const { signer, entries = [], thisUpdate = NOW - HOUR, nextUpdate = NOW + 23 * HOUR, number = 5, extensions = [], version = 1 } = fields;
  const all = [...(number === null ? [] : [writeExtension('2.5.29.20', false, der.integer(number))]), ...extensions];
  const signed = der.sequence(
    der.integer(version),
    fields.innerAlgorithm ?? SHA256_RSA,
    fields.issuer ?? signer.certificate.subject.der,
    der.time(thisUpdate),
    ...(nextUpdate === null ? [] : [der.time(nextUpdate)]),
    ...(entries.length === 0 ? [] : [der.element(TAG.SEQUENCE, Buffer.concat(entries))]), // too many for arguments
    ...(all.length === 0 ? [] : [der.context(0, der.sequence(...all))]),
  );
  const signature = await signerOf(signer.key)(signed);
  if (fields.spoilt === true) signature[9] = (signature[9] ?? 0) ^ 1;
  return der.sequence(signed, SHA256_RSA, der.bitString(signature));
}

/** fullName of a DistributionPointName with one address. */
export function fullName(address: string): Bytes {
  return der.context(0, der.element(0x86, utf8(address)));
}

/** IssuingDistributionPoint, critical as the standard has it. */
export function issuingPoint(...parts: readonly Bytes[]): Bytes {
  return writeExtension('2.5.29.28', true, der.sequence(...parts));
}
