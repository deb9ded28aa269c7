/**
 * The tie between a certificate and an identity number (KCAC.TS.SIVID): the authority wrote
 * `VID = H(H(HashContent))` into the certificate, where `HashContent ::= SEQUENCE { PrintableString, BIT STRING R }`.
 *
 * R and the certificate together give the number away by trial, so that R is a secret like the key it comes with.
 */
import * as der from '../asn1/writer.ts';
import { equal, wipe, type Bytes } from '../bytes/bytes.ts';
import { WalletError } from '../errors.ts';
import type { Certificate } from './certificate.ts';
import type { VidHash } from './identify-data.ts';

const NUMBER = /^(?:\d{13}|\d{10})$/;

/** A resident registration number (13 digits) or a business registration number (10), digits only. */
export function isIdNumber(text: string): boolean {
  return NUMBER.test(text);
}

/** DER of HashContent. @throws `request.malformed` where `idNumber` is not 10 or 13 digits */
export function hashContent(idNumber: string, random: Bytes): Bytes {
  if (!isIdNumber(idNumber)) throw new WalletError('request.malformed', { detail: 'idNumber' });
  return der.sequence(der.printableString(idNumber), der.bitString(random));
}

/** The virtual identifier of a number under R. @throws `request.malformed` */
export async function virtualId(hash: VidHash, idNumber: string, random: Bytes): Promise<Bytes> {
  const content = hashContent(idNumber, random);
  const once = await crypto.subtle.digest(hash, content);
  wipe(content);
  return new Uint8Array(await crypto.subtle.digest(hash, once));
}

export interface IdentityClaim {
  readonly certificate: Certificate;
  /** R of the certificate's key. */
  readonly random: Bytes;
  /** 13 or 10 digits, without hyphens. */
  readonly idNumber: string;
}

/**
 * Whether the certificate was issued to the holder of that number. False where the certificate has no VID.
 *
 * @throws `request.malformed` where the number is not 10 or 13 digits, `file.unsupported` where the certificate uses a
 *   hash that is not known here
 */
export async function verifyIdentity({ certificate, random, idNumber }: IdentityClaim): Promise<boolean> {
  if (!isIdNumber(idNumber)) throw new WalletError('request.malformed', { detail: 'idNumber' });
  const vid = certificate.identity?.vid ?? null;
  if (vid === null) return false;
  if (vid.hash === null) throw new WalletError('file.unsupported', { detail: 'VID hash' });
  return equal(await virtualId(vid.hash, idNumber, random), vid.value);
}
