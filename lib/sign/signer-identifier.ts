import { readDer, sequence } from '../asn1/reader.ts';
import { contextTag, TAG } from '../asn1/tags.ts';
import { sequence as writeSequence } from '../asn1/writer.ts';
import type { Bytes } from '../bytes/bytes.ts';
import { WalletError } from '../errors.ts';

/**
 * IssuerAndSerialNumber (RFC 5652 10.2.4) of a certificate, from the very octets of the certificate: names and serials are
 * copied, never re-encoded.
 *
 * @param certificate a DER certificate (RFC 5280 4.1)
 * @throws `file.unreadable`, `file.hostile`
 */
export function issuerAndSerialNumber(certificate: Bytes): Bytes {
  const [toBeSigned] = sequence(readDer(certificate));
  const fields = sequence(toBeSigned);
  const at = fields[0]?.tag === contextTag(0) ? 1 : 0;
  const [serial, , issuer] = fields.slice(at);
  if (serial?.tag !== TAG.INTEGER || issuer?.tag !== TAG.SEQUENCE) throw new WalletError('file.unreadable', { detail: 'certificate' });
  return writeSequence(issuer.raw, serial.raw);
}
