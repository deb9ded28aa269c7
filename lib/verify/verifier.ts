/**
 * What a bank's server uses to verify sign-ins (`dojang/verify`). No state but the nonces, so any number of servers may
 * run it; no browser, no network, no package besides the platform.
 */
import { fromBase64 } from '../bytes/base64.ts';
import { copy, wipe, type Bytes } from '../bytes/bytes.ts';
import { WalletError } from '../errors.ts';
import { readCertificate, type Certificate } from '../npki/certificate.ts';
import { verifyIdentity as matchesVid } from '../npki/identity.ts';
import { LIMITS } from '../protocol/limits.ts';
import { checkSignedData, signerCertificate } from '../sign/check-cms.ts';
import { readSignedData, type SignedData } from '../sign/read-cms.ts';
import type { SignedAttributes } from '../sign/signed-attributes.ts';
import { isOrigin, readStatement, type Statement } from '../sign/statement.ts';
import { checkPath, type Path } from '../trust/path.ts';
import { shippedIntermediates, shippedRoots } from '../trust/roots.ts';
import { acceptCertificate, type AcceptOptions } from './acceptance.ts';
import type { Nonces } from './nonces.ts';
import { openIdentityValue, type IdentityReceiver } from './open-identity.ts';
import { describeSignIn, type Check, type SignIn } from './result.ts';

export { WalletError, type ErrorCode } from '../errors.ts';
export { memoryNonces, type NonceOptions, type Nonces } from './nonces.ts';
export type { IdentityReceiver } from './open-identity.ts';
export type { Check, SignIn } from './result.ts';

/** The roots of Korean joint certificates that ship with this package, in DER. A bank may well keep its own list. */
export function koreanRoots(): Bytes[] {
  return shippedRoots().map(({ der }) => der);
}

/** The authorities below those roots, in DER; they change more often than roots. */
export function koreanIntermediates(): Bytes[] {
  return shippedIntermediates().map(({ der }) => der);
}

/** `good` and `revoked` are answers; `unknown` is that there was none. */
export type CertificateStatus = 'good' | 'revoked' | 'unknown';

/** Asks whether a certificate is revoked (OCSP, CRL); both arguments in DER. */
export type StatusCheck = (certificate: Bytes, issuer: Bytes) => Promise<CertificateStatus>;

export interface VerifierOptions {
  /** The origin people see in their address bar, as browsers serialize it: `https://bank.example`. */
  readonly origin: string;
  /** Trusted roots in DER. */
  readonly roots: readonly Uint8Array[];
  /** Authorities below the roots in DER; the wallet does not always send them along. */
  readonly intermediates?: readonly Uint8Array[];
  readonly nonces: Nonces;
  /** Milliseconds since 1970 UTC; the system's clock unless told otherwise. */
  readonly clock?: () => number;
  readonly status?: StatusCheck;
}

export interface SignInOptions extends AcceptOptions {
  /** The nonce this very session was given. Pass it, so that nobody can sign another person's browser in as himself. */
  readonly nonce?: string;
}

export interface IdentityOptions {
  /** The certificate that the page named as `identity.recipient`, and its key. */
  readonly receiver: IdentityReceiver;
  /** The nonce of the verified sign-in that the value came with. */
  readonly nonce: string;
}

export interface IdentityClaim {
  /** The certificate of a verified sign-in, in DER. */
  readonly certificate: Uint8Array;
  /** R (신원확인값) of its key, as the holder's wallet gave it: octets. It is as secret as the number itself. */
  readonly random: Uint8Array;
  /** Resident number (13 digits) or business number (10 digits) on file, digits only. */
  readonly idNumber: string;
}

export interface Verifier {
  /**
   * Verifies what the wallet's `signIn` gave to the page.
   *
   * The nonce is used up as soon as the message reads as a statement for this origin, before the signature is looked at:
   * a replay and a failed try both burn it. Whoever does not know a nonce cannot burn it.
   *
   * @param cms DER, or DER in base64
   * @throws `request.malformed`, `request.too-large`: not a message of the wallet;
   *   `verify.statement`, `verify.origin`, `verify.nonce`, `verify.time`, `verify.signature`: a message that does not hold;
   *   `certificate.untrusted`, `.expired`, `.not-yet-valid`, `.wrong-use`, `.not-accepted`, `.revoked`: its certificate does not
   */
  verifySignIn(cms: Uint8Array | string, options?: SignInOptions): Promise<SignIn>;

  /**
   * Opens the identity value that the wallet's `signIn` gave to the page beside `cms`, and checks that it was released to this
   * origin for this sign-in. Verify the sign-in first: the envelope by itself proves nothing of who sent it.
   *
   * @param envelope DER, or DER in base64
   * @returns R, for `verifyIdentity`; wipe it afterwards
   * @throws `request.malformed`, `request.too-large`: not an identity value for this receiver (always the same code, whatever
   *   does not open); `verify.origin`, `verify.nonce`: one that was released to another site, or for another sign-in
   */
  openIdentity(envelope: Uint8Array | string, options: IdentityOptions): Promise<Uint8Array>;

  /**
   * Checks that the certificate was issued to the person with that number (KCAC.TS.SIVID). It says nothing about trust:
   * verify the sign-in first, and take the certificate from its result.
   *
   * @throws `verify.identity` where they do not belong together; `request.malformed` where the number is not 10 or 13 digits;
   *   `file.*` where the certificate does not read
   */
  verifyIdentity(claim: IdentityClaim): Promise<void>;
}

const ALWAYS_CHECKED: readonly Check[] = ['statement', 'origin', 'nonce', 'time', 'certificate-binding', 'signature', 'path', 'key-usage'];

/** How far the wallet's clock may be off. */
const CLOCK_TOLERANCE_MS = 5 * 60_000;

/** A server hands over what a request body had, whatever its type. */
function readOctets(message: Uint8Array | string, detail: string): Bytes {
  if (typeof message !== 'string' && !((message as unknown) instanceof Uint8Array)) throw new WalletError('request.malformed', { detail });
  if (message.length > LIMITS.request) throw new WalletError('request.too-large', { detail });
  return typeof message === 'string' ? fromBase64(message) : copy(message);
}

/** The statement a message carries, still unproven. */
function readUnproven({ content }: SignedData): Statement {
  if (content === null) throw new WalletError('verify.statement', { detail: 'content is not attached' });
  try {
    return readStatement(content);
  } catch (cause) {
    throw new WalletError('verify.statement', { detail: cause instanceof WalletError ? (cause.detail ?? '') : '', cause });
  }
}

/** A sign-in has all the attributes the wallet writes; anything less could be a message of another program. */
function requireAttributes({ attributes }: SignedData): SignedAttributes & { readonly signingTime: number } {
  if (attributes === null) throw new WalletError('verify.signature', { detail: 'signed-attributes' });
  const { signingTime, certificateDigest } = attributes;
  if (signingTime === null || certificateDigest === null) throw new WalletError('verify.signature', { detail: 'signed-attributes' });
  return { ...attributes, signingTime };
}

function checkTime(now: number, claimed: readonly number[]): void {
  // Written so that a time that is no number fails.
  if (!claimed.every((time) => Math.abs(now - time) <= CLOCK_TOLERANCE_MS)) throw new WalletError('verify.time');
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

/**
 * Sets a verifier up. Reads the roots at once, so that a wrong file fails at start and not at the first sign-in.
 * @throws `internal` where the origin is not a serialized https (or http, for tests) origin; `file.*` for a root that does not read
 */
export function createVerifier(options: VerifierOptions): Verifier {
  const { origin, nonces, clock = Date.now, status } = options;
  if (!isOrigin(origin)) throw new WalletError('internal', { detail: 'origin' });
  const anchors = options.roots.map((root) => readCertificate(copy(root)));
  const known = (options.intermediates ?? []).map((one) => readCertificate(copy(one)));

  async function checkFresh({ origin: asked, nonce }: Statement, expected: string | undefined): Promise<void> {
    if (asked !== origin) throw new WalletError('verify.origin', { detail: asked });
    if (expected !== undefined && nonce !== expected) throw new WalletError('verify.nonce', { detail: 'session' });
    if (!(await nonces.use(nonce))) throw new WalletError('verify.nonce', { detail: 'unknown or used' });
  }

  async function checkStatus([certificate, issuer]: Path): Promise<boolean> {
    if (status === undefined || certificate === undefined || issuer === undefined) return false;
    const answer = await status(certificate.der, issuer.der);
    if (answer === 'revoked') throw new WalletError('certificate.revoked');
    return answer === 'good';
  }

  async function verifySignIn(cms: Uint8Array | string, accept: SignInOptions = {}): Promise<SignIn> {
    const message = readSignedData(readOctets(cms, 'cms'), LIMITS.request);
    const statement = readUnproven(message);
    await checkFresh(statement, accept.nonce);
    const { signingTime } = requireAttributes(message);
    checkTime(clock(), [statement.issuedAt, signingTime]);
    const certificate = readSigner(message);
    await checkSignedData(message, certificate);
    const intermediates = [...known, ...readHelpers(message)];
    const path = await checkPath({ leaf: certificate, intermediates, anchors, at: statement.issuedAt });
    const asked = acceptCertificate(certificate, path, accept);
    const answered: Check[] = (await checkStatus(path)) ? ['status'] : [];
    return describeSignIn(certificate, statement, [...ALWAYS_CHECKED, ...asked, ...answered]);
  }

  async function openIdentity(envelope: Uint8Array | string, { receiver, nonce }: IdentityOptions): Promise<Uint8Array> {
    const value = await openIdentityValue(readOctets(envelope, 'identity'), receiver);
    if (value.origin === origin && value.nonce === nonce) return value.random;
    wipe(value.random);
    throw value.origin === origin
      ? new WalletError('verify.nonce', { detail: 'session' })
      : new WalletError('verify.origin', { detail: value.origin });
  }

  return { verifySignIn, openIdentity, verifyIdentity };
}

async function verifyIdentity({ certificate, random, idNumber }: IdentityClaim): Promise<void> {
  const matches = await matchesVid({ certificate: readCertificate(copy(certificate)), random: copy(random), idNumber });
  if (!matches) throw new WalletError('verify.identity');
}
