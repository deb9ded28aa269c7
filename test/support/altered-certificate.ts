/** Certificates that no authority would issue, made from a genuine one. Signatures stay as they were: only reading is tested. */
import { readDer, sequence, type DerNode } from '../../lib/asn1/reader.ts';
import * as write from '../../lib/asn1/writer.ts';
import type { Bytes } from '../../lib/bytes/bytes.ts';
import { OID } from '../../lib/npki/oids.ts';

/** Fields of TBSCertificate: version, serial, algorithm, issuer, validity, subject, key, extensions. */
export const FIELD = { serial: 1, algorithm: 2, issuer: 3, validity: 4, subject: 5, key: 6, extensions: 7 } as const;

/** The certificate with the fields of its signed part changed. */
export function alterFields(certificate: Bytes, change: (fields: Bytes[]) => readonly Bytes[]): Bytes {
  const [tbs, algorithm, signature] = sequence(readDer(certificate)) as [DerNode, DerNode, DerNode];
  const fields = change(sequence(tbs).map(({ raw }) => raw));
  return write.sequence(write.sequence(...fields), algorithm.raw, signature.raw);
}

/** The certificate with one field replaced. */
export function alterField(certificate: Bytes, field: (typeof FIELD)[keyof typeof FIELD], value: Bytes): Bytes {
  return alterFields(certificate, (fields) => fields.map((old, at) => (at === field ? value : old)));
}

export function alterExtensions(certificate: Bytes, change: (extensions: Bytes[]) => readonly Bytes[]): Bytes {
  return alterFields(certificate, (fields) => {
    const list = readDer(readDer(fields[FIELD.extensions]!).content);
    return fields.map((old, at) =>
      at === FIELD.extensions ? write.context(3, write.sequence(...change(sequence(list).map(({ raw }) => raw)))) : old,
    );
  });
}

export function extension(oid: string, value: Bytes, critical = false): Bytes {
  return write.sequence(write.objectIdentifier(oid), ...(critical ? [write.boolean(true)] : []), write.octetString(value));
}

/** SubjectPublicKeyInfo of an RSA key of these numbers. */
export function rsaSpki(modulus: Bytes, exponent: Bytes): Bytes {
  const numbers = write.sequence(write.integer(modulus), write.integer(exponent));
  return write.sequence(write.sequence(write.objectIdentifier(OID.rsaEncryption), write.nullValue()), write.bitString(numbers));
}

/** A Name of `[type, text]` pairs in encoded order. */
export function nameOf(...attributes: readonly (readonly [string, string])[]): Bytes {
  return write.sequence(...attributes.map(([type, text]) => write.setOf(write.sequence(write.objectIdentifier(type), write.utf8String(text)))));
}
