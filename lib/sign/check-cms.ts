/** Checks the signature of a CMS message against the signer's certificate. Whether to trust that certificate is not asked. */
import { equal, type Bytes } from '../bytes/bytes.ts';
import { WalletError } from '../errors.ts';
import type { Certificate } from '../npki/certificate.ts';
import { isSignedBy } from '../trust/rsa-signature.ts';
import type { SignedData } from './read-cms.ts';
import type { SignedAttributes } from './signed-attributes.ts';
import { issuerAndSerialNumber } from './signer-identifier.ts';

/** Why a message does not hold, as `detail` of `verify.signature`. */
export type SignatureFlaw = 'content' | 'certificate' | 'content-digest' | 'signing-certificate' | 'signature';

function flaw(detail: SignatureFlaw): WalletError {
  return new WalletError('verify.signature', { detail });
}

function isNamed(certificate: Bytes, signer: Bytes): boolean {
  try {
    return equal(issuerAndSerialNumber(certificate), signer);
  } catch {
    return false; // what else a message brings along is no reason to refuse it
  }
}

/**
 * Finds the signer's certificate among those of the message, by issuer and serial.
 * @returns its DER
 * @throws `verify.signature` where it is missing, or two different ones claim the same issuer and serial
 */
export function signerCertificate({ certificates, signer }: SignedData): Bytes {
  const [found, ...others] = certificates.filter((der) => isNamed(der, signer));
  if (found === undefined || others.some((other) => !equal(other, found))) throw flaw('certificate');
  return found;
}

/** RFC 5035 5: the certificate must be the one the signer put under the signature. */
async function checkSigningCertificate(attributes: SignedAttributes, certificate: Certificate): Promise<void> {
  const { certificateDigest, certificateIssuerSerial } = attributes;
  if (certificateDigest === null) return;
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', certificate.der));
  if (!equal(digest, certificateDigest)) throw flaw('signing-certificate');
  if (certificateIssuerSerial === null) return;
  const { issuer, serial } = certificateIssuerSerial;
  if (!equal(issuer, certificate.issuer.der) || !equal(serial, certificate.serialDer)) throw flaw('signing-certificate');
}

/**
 * Checks content digest, certificate binding and signature (RFC 5652 5.4 and 5.6).
 *
 * @param detached the content, for a message that does not carry it; giving one to a message that does is an error
 * @returns the octets that are proven to be signed
 * @throws `verify.signature` with a `SignatureFlaw` as detail
 */
export async function checkSignedData(message: SignedData, certificate: Certificate, detached?: Bytes): Promise<Bytes> {
  const content = message.content ?? detached;
  if (content === undefined || (message.content !== null && detached !== undefined)) throw flaw('content');
  const { attributes, hash, signature } = message;
  if (!equal(issuerAndSerialNumber(certificate.der), message.signer)) throw flaw('certificate');
  if (attributes !== null) {
    const digest = new Uint8Array(await crypto.subtle.digest(hash, content));
    if (!equal(digest, attributes.messageDigest)) throw flaw('content-digest');
    await checkSigningCertificate(attributes, certificate);
  }
  const signed = attributes?.signed ?? content;
  if (!(await isSignedBy(certificate, hash, signature, signed))) throw flaw('signature');
  return content;
}
