/** The certificate that a page names for its server, as the one to encrypt to. */
import type { Bytes } from '../bytes/bytes.ts';
import { WalletError } from '../errors.ts';
import { readCertificate, type Certificate } from '../npki/certificate.ts';
import { usableKey } from '../npki/rsa.ts';

/** Longer keys cost time and are no server's. */
const RSA_BITS_MOST = 4096;

function unfit(detail: string, cause?: unknown): WalletError {
  return new WalletError('request.recipient', { detail, cause });
}

function read(der: Bytes): Certificate {
  try {
    const certificate = readCertificate(der);
    usableKey(certificate);
    return certificate;
  } catch (cause) {
    throw unfit(cause instanceof WalletError ? (cause.detail ?? cause.code) : 'internal', cause);
  }
}

/**
 * Reads a certificate to encrypt to. It must be valid now, of an RSA key of 2048 to 4096 bits that is meant for encrypting keys
 * (keyEncipherment), of no authority, and have no critical extension that is not understood. Whose it is, is another question.
 *
 * @param now milliseconds since 1970 UTC
 * @throws `request.recipient` (detail: why)
 */
export function readRecipient(der: Bytes, now: number): Certificate {
  const certificate = read(der);
  const { keyUsage, basicConstraints, unknownCritical, notBefore, notAfter, publicKey } = certificate;
  if ((publicKey?.bits ?? 0) > RSA_BITS_MOST) throw unfit('key length');
  if (keyUsage?.includes('keyEncipherment') !== true) throw unfit('key usage');
  if (basicConstraints?.ca === true || keyUsage.includes('keyCertSign')) throw unfit('authority');
  if (unknownCritical.length > 0) throw unfit(`critical extension ${unknownCritical.join(' ')}`);
  if (now < notBefore) throw unfit('not yet valid');
  if (now > notAfter) throw unfit('expired');
  return certificate;
}
