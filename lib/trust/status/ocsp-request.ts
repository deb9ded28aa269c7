/** OCSP requests (RFC 6960 4.1, nonce by RFC 9654): one certificate, not signed, so that a request tells no more than it must. */
import { bitString, readDer, sequence } from '../../asn1/reader.ts';
import { TAG } from '../../asn1/tags.ts';
import * as der from '../../asn1/writer.ts';
import type { Bytes } from '../../bytes/bytes.ts';
import type { Certificate } from '../../npki/certificate.ts';
import { OID } from '../../npki/oids.ts';
import { STATUS_OID } from './oids.ts';

/** A certificate by its issuer and serial. The hashes are SHA-1, the only ones that every responder knows; nothing rests on them. */
export interface CertId {
  readonly nameHash: Bytes;
  readonly keyHash: Bytes;
  /** Content octets of the serial, as the certificate has them. */
  readonly serial: Bytes;
}

async function sha1(bytes: Bytes): Promise<Bytes> {
  return new Uint8Array(await crypto.subtle.digest('SHA-1', bytes));
}

/** SHA-1 of the bits of a public key, without tag, length and unused bits (RFC 6960 4.1.1). */
export function keyHash({ spki }: Pick<Certificate, 'spki'>): Promise<Bytes> {
  return sha1(bitString(sequence(readDer(spki))[1]).bytes);
}

export async function certIdOf({ serial }: Pick<Certificate, 'serial'>, issuer: Pick<Certificate, 'subject' | 'spki'>): Promise<CertId> {
  return { nameHash: await sha1(issuer.subject.der), keyHash: await keyHash(issuer), serial };
}

/** @param nonce 32 random octets, used once */
export function writeOcspRequest({ nameHash, keyHash, serial }: CertId, nonce: Bytes): Bytes {
  const sha1Id = der.sequence(der.objectIdentifier(OID.sha1), der.nullValue());
  const certId = der.sequence(sha1Id, der.octetString(nameHash), der.octetString(keyHash), der.element(TAG.INTEGER, serial));
  const extension = der.sequence(der.objectIdentifier(STATUS_OID.nonce), der.octetString(der.octetString(nonce)));
  const toBeSigned = der.sequence(der.sequence(der.sequence(certId)), der.context(2, der.sequence(extension)));
  return der.sequence(toBeSigned);
}
