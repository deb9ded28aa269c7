/**
 * What a bank's server uses to verify sign-ins, signed documents and tax invoices (`dojang/verify`). No state but the nonces, so any number of servers may
 * run it; no browser, no network, no package besides the platform.
 */
import { copy, wipe, type Bytes } from '../bytes/bytes.ts';
import { WalletError } from '../errors.ts';
import { readCertificate, type Certificate } from '../npki/certificate.ts';
import { verifyIdentity as matchesVid } from '../npki/identity.ts';
import { LIMITS } from '../protocol/limits.ts';
import type { SignedData } from '../sign/read-cms.ts';
import { isOrigin, readStatement, type Statement } from '../sign/statement.ts';
import { shippedIntermediates, shippedRoots } from '../trust/roots.ts';
import type { AcceptOptions } from './acceptance.ts';
import { verifyDocument, type DocumentOptions } from './document.ts';
import type { Nonces } from './nonces.ts';
import { openIdentityValue, type IdentityReceiver } from './open-identity.ts';
import { describeSigner, type SignedDocument, type SignedInvoice, type SignIn } from './result.ts';
import { verifyTaxInvoice, type TaxInvoiceOptions } from './tax-invoice.ts';
import { checkSigner, checkTime, readMessage, readOctets, requireAttributes, type StatusCheck, type Trust } from './signer.ts';

export { WalletError, type ErrorCode } from '../errors.ts';
export type { SignedDataForm } from '../sign/forms.ts';
export type { DocumentOptions } from './document.ts';
export { memoryNonces, type NonceOptions, type Nonces } from './nonces.ts';
export type { IdentityReceiver } from './open-identity.ts';
export type { InvoiceFacts, InvoiceKind, InvoiceParty } from '../sign/tax-invoice/facts.ts';
export type { TaxInvoiceOptions } from './tax-invoice.ts';
export type { Check, SignedDocument, SignedInvoice, SignIn } from './result.ts';
export type { CertificateStatus, StatusCheck } from './signer.ts';

/** The roots of Korean joint certificates that ship with this package, in DER. A bank may well keep its own list. */
export function koreanRoots(): Bytes[] {
  return shippedRoots().map(({ der }) => der);
}

/** The authorities below those roots, in DER; they change more often than roots. */
export function koreanIntermediates(): Bytes[] {
  return shippedIntermediates().map(({ der }) => der);
}

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
   * Verifies one of the signatures that the wallet's `sign` gave to the page.
   *
   * A signature may be sent twice: write a number of your own into each document and take it once.
   *
   * @param signature DER, or DER in base64
   * @throws `request.malformed`, `request.too-large`: not such a message;
   *   `verify.document`: another form or content than asked for, or a sign-in; `verify.origin`, `verify.time`, `verify.signature`;
   *   `certificate.*` as for sign-ins
   */
  verifyDocument(signature: Uint8Array | string, options?: DocumentOptions): Promise<SignedDocument>;

  /**
   * Verifies one of the invoices that the wallet's `signTaxInvoices` gave to the page. Such a signature has no time and names no
   * site: compare with the invoice that you wrote.
   *
   * @throws `request.malformed`, `request.too-large`: no invoice signed in the national profile; `verify.signature`: one that was
   *   changed; `verify.document`: another one than given; `certificate.*` as for sign-ins
   */
  verifyTaxInvoice(signed: string, options?: TaxInvoiceOptions): Promise<SignedInvoice>;

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

/** The statement a message carries, still unproven. */
function readUnproven({ content }: SignedData): Statement {
  if (content === null) throw new WalletError('verify.statement', { detail: 'content is not attached' });
  try {
    return readStatement(content);
  } catch (cause) {
    throw new WalletError('verify.statement', { detail: cause instanceof WalletError ? (cause.detail ?? '') : '', cause });
  }
}

/**
 * Sets a verifier up. Reads the roots at once, so that a wrong file fails at start and not at the first sign-in.
 * @throws `internal` where the origin is not a serialized https (or http, for tests) origin; `file.*` for a root that does not read
 */
export function createVerifier(options: VerifierOptions): Verifier {
  const { origin, nonces, clock = Date.now } = options;
  if (!isOrigin(origin)) throw new WalletError('internal', { detail: 'origin' });
  const readAll = (all: readonly Uint8Array[]): Certificate[] => all.map((one) => readCertificate(copy(one)));
  const trust: Trust = { anchors: readAll(options.roots), intermediates: readAll(options.intermediates ?? []), status: options.status };

  async function checkFresh({ origin: asked, nonce }: Statement, expected: string | undefined): Promise<void> {
    if (asked !== origin) throw new WalletError('verify.origin', { detail: asked });
    if (expected !== undefined && nonce !== expected) throw new WalletError('verify.nonce', { detail: 'session' });
    if (!(await nonces.use(nonce))) throw new WalletError('verify.nonce', { detail: 'unknown or used' });
  }

  async function verifySignIn(cms: Uint8Array | string, accept: SignInOptions = {}): Promise<SignIn> {
    const message = readMessage(cms, LIMITS.request);
    const statement = readUnproven(message);
    await checkFresh(statement, accept.nonce);
    const { signingTime } = requireAttributes(message);
    checkTime(clock(), [statement.issuedAt, signingTime]);
    const { certificate, checks } = await checkSigner(trust, message, { at: statement.issuedAt, accept });
    return { ...describeSigner(certificate), signedAt: statement.issuedAt, checks: ['statement', 'origin', 'nonce', 'time', ...checks] };
  }

  async function openIdentity(envelope: Uint8Array | string, { receiver, nonce }: IdentityOptions): Promise<Uint8Array> {
    const value = await openIdentityValue(readOctets(envelope, LIMITS.request, 'identity'), receiver);
    if (value.origin === origin && value.nonce === nonce) return value.random;
    wipe(value.random);
    throw value.origin === origin
      ? new WalletError('verify.nonce', { detail: 'session' })
      : new WalletError('verify.origin', { detail: value.origin });
  }

  return {
    verifySignIn,
    openIdentity,
    verifyDocument: (signature, documentOptions = {}) => verifyDocument({ ...trust, origin, clock }, signature, documentOptions),
    verifyTaxInvoice: (signed, invoiceOptions = {}) => verifyTaxInvoice({ ...trust, clock }, signed, invoiceOptions),
    verifyIdentity,
  };
}

async function verifyIdentity({ certificate, random, idNumber }: IdentityClaim): Promise<void> {
  const matches = await matchesVid({ certificate: readCertificate(copy(certificate)), random: copy(random), idNumber });
  if (!matches) throw new WalletError('verify.identity');
}
