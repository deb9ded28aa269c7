/** Who signed a message, and whether the bank takes his certificate: the part that all kinds of messages share. */
import { fromBase64 } from '../bytes/base64.ts';
import { copy, type Bytes } from '../bytes/bytes.ts';
import { WalletError } from '../errors.ts';
import { readCertificate, type Certificate } from '../npki/certificate.ts';
import { checkSignedData, signerCertificate } from '../sign/check-cms.ts';
import { readSignedData, type SignedData } from '../sign/read-cms.ts';
import type { SignedAttributes } from '../sign/signed-attributes.ts';
import { checkPath, type Path } from '../trust/path.ts';
import { acceptCertificate, type AcceptOptions } from './acceptance.ts';
import type { Check } from './result.ts';

/** `good` and `revoked` are answers; `unknown` is that there was none. */
export type CertificateStatus = 'good' | 'revoked' | 'unknown';

/** Asks whether a certificate is revoked (OCSP, CRL); both arguments in DER. */
export type StatusCheck = (certificate: Bytes, issuer: Bytes) => Promise<CertificateStatus>;

export interface Trust {
  readonly anchors: readonly Certificate[];
  readonly intermediates: readonly Certificate[];
  readonly status: StatusCheck | undefined;
}

/** How far the wallet's clock may be off. */
const CLOCK_TOLERANCE_MS = 5 * 60_000;

/** @throws `verify.time` */
export function checkTime(now: number, claimed: readonly number[]): void {
  // Written so that a time that is no number fails.
  if (!claimed.every((time) => Math.abs(now - time) <= CLOCK_TOLERANCE_MS)) throw new WalletError('verify.time');
}

/**
 * Octets of what a request body had, whatever its type.
 * @param message DER, or DER in base64
 * @param limit octets, or characters of base64
 * @throws `request.malformed`, `request.too-large`
 */
export function readOctets(message: unknown, limit: number, detail: string): Bytes {
  if (typeof message !== 'string' && !(message instanceof Uint8Array)) throw new WalletError('request.malformed', { detail });
  if (message.length > limit) throw new WalletError('request.too-large', { detail });
  return typeof message === 'string' ? fromBase64(message) : copy(message);
}

/** As `readOctets`, read as CMS. */
export function readMessage(cms: unknown, limit: number): SignedData {
  return readSignedData(readOctets(cms, limit, 'cms'), limit);
}

type FullAttributes = SignedAttributes & { readonly signingTime: number };

/** The wallet writes all these attributes; anything less could be a message of another program. @throws `verify.signature` */
export function requireAttributes({ attributes }: SignedData): FullAttributes {
  if (attributes === null) throw new WalletError('verify.signature', { detail: 'signed-attributes' });
  const { signingTime, certificateDigest } = attributes;
  if (signingTime === null || certificateDigest === null) throw new WalletError('verify.signature', { detail: 'signed-attributes' });
  return { ...attributes, signingTime };
}

function readSigner(message: SignedData): Certificate {
  try {
    return readCertificate(signerCertificate(message));
  } catch (cause) {
    if (cause instanceof WalletError && cause.code === 'verify.signature') throw cause;
    throw new WalletError('request.malformed', { detail: 'certificate', cause });
  }
}

/** The certificates that came along, as far as they read: helpers of the search for a path, nothing more. */
function readHelpers({ certificates }: SignedData): Certificate[] {
  return certificates.flatMap((certificate) => {
    try {
      return [readCertificate(certificate)];
    } catch {
      return [];
    }
  });
}

async function checkStatus(status: StatusCheck | undefined, [certificate, issuer]: Path): Promise<boolean> {
  if (status === undefined || certificate === undefined || issuer === undefined) return false;
  const answer = await status(certificate.der, issuer.der);
  if (answer === 'revoked') throw new WalletError('certificate.revoked');
  return answer === 'good';
}

export interface Signer {
  readonly certificate: Certificate;
  /** The octets that are proven to be signed. */
  readonly content: Bytes;
  readonly checks: readonly Check[];
}

interface SignerCircumstances {
  /** Milliseconds since 1970 UTC at which the certificate must hold. */
  readonly at: number;
  readonly accept: AcceptOptions;
}

/**
 * Checks a signer's path, key usage, the bank's own conditions and status, in this order.
 * @param helpers certificates that came along
 * @throws `certificate.*`
 */
export async function checkCertificate(
  { anchors, intermediates, status }: Trust,
  certificate: Certificate,
  helpers: readonly Certificate[],
  { at, accept }: SignerCircumstances,
): Promise<readonly Check[]> {
  const path = await checkPath({ leaf: certificate, intermediates: [...intermediates, ...helpers], anchors, at });
  const asked = acceptCertificate(certificate, path, accept);
  const answered: Check[] = (await checkStatus(status, path)) ? ['status'] : [];
  return ['path', 'key-usage', ...asked, ...answered];
}

/**
 * Checks signature, path at the time `at`, key usage, the bank's own conditions, status, in this order.
 * @param detached the content, for a message that does not carry it
 * @throws `verify.signature`, `certificate.*`
 */
export async function checkSigner(
  trust: Trust,
  message: SignedData,
  { at, accept, detached }: SignerCircumstances & { readonly detached?: Bytes },
): Promise<Signer> {
  const certificate = readSigner(message);
  const content = await checkSignedData(message, certificate, detached);
  const checks = await checkCertificate(trust, certificate, readHelpers(message), { at, accept });
  const bound: Check[] = message.attributes?.certificateDigest ? ['certificate-binding'] : [];
  return { certificate, content, checks: [...bound, 'signature', ...checks] };
}
