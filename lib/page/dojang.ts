/**
 * The library that a bank's page loads to talk to the Dojang wallet. No globals, no injected code: it posts a message
 * that only the wallet's content script reads, and gets the answer over a port of its own.
 */
import { readLifecycleResult, type IssueRequest, type LifecycleResult, type RenewRequest, type RevokeRequest } from '../protocol/lifecycle.ts';
import { readSignInResult, type SignInRequest, type SignInResult } from '../protocol/sign-in.ts';
import { readTaxInvoicesResult, type TaxInvoicesRequest, type TaxInvoicesResult } from '../protocol/tax-invoices.ts';
import { LIMITS } from '../protocol/limits.ts';
import { PROTOCOL_VERSION, type Action } from '../protocol/version.ts';
import { readGreeting } from '../protocol/wire.ts';
import { outgoing, type SignOptions, type SignResult } from './documents.ts';
import { DojangError } from './error.ts';
import { answerLimit, exchange, type CallOptions } from './exchange.ts';

export { DojangError } from './error.ts';
export type { OpaqueDocument, SignOptions, SignResult, TextDocument } from './documents.ts';
export type { CallOptions } from './exchange.ts';
export type { Accept, SignInRequest, SignInResult } from '../protocol/sign-in.ts';
export type { IssueRequest, LifecycleCertificate, LifecycleResult, RenewRequest, RevokeRequest } from '../protocol/lifecycle.ts';
export type { TaxInvoicesRequest, TaxInvoicesResult } from '../protocol/tax-invoices.ts';
export type { ErrorCode } from '../errors.ts';

export interface Wallet {
  /** Version of the page protocol that both sides speak. */
  readonly protocol: number;
  readonly wallet: { readonly name: string; readonly version: string };
  /** What this wallet can do, e.g. `signIn`. */
  readonly features: readonly string[];
  /**
   * Asks the person to sign in with a joint certificate.
   *
   * The wallet signs a statement of its own with this page's origin and your nonce; send `cms` to your server and check
   * it there (`dojang/verify`). Nothing of the certificate is known to the page before the person says yes.
   *
   * @throws {DojangError} `user.cancelled`, `user.timeout`, `request.*`
   */
  signIn(request: SignInRequest, options?: CallOptions): Promise<SignInResult>;
  /**
   * Asks the person to sign documents, all of them or none. They are shown in the wallet's window as far as their types allow.
   *
   * Send the signatures to your server and check each there (`verifyDocument` of `dojang/verify`), with the document as the server has it.
   *
   * @throws {DojangError} `user.cancelled`, `user.timeout`, `request.*`
   */
  sign(request: SignOptions, options?: CallOptions): Promise<SignResult>;
  /**
   * Asks the person to have a certificate issued by an authority that the wallet knows, with the numbers of the registration
   * office. Its keys are made in the wallet and stay there. The promise may last: give it a `timeoutMs` of some minutes.
   *
   * @throws {DojangError} `user.cancelled`, `user.timeout`, `request.*`, `ca.refused`, `ca.waiting` where the authority lets
   *   wait, `ca.unconfirmed` and `ca.unreachable` where the outcome is not known yet
   */
  issue(request: IssueRequest, options?: CallOptions): Promise<LifecycleResult>;
  /** Asks the person to renew a certificate with its own key; which one, the person chooses. Throws as `issue`. */
  renew(request?: RenewRequest, options?: CallOptions): Promise<LifecycleResult>;
  /** Asks the person to revoke a certificate for good; which one and why, the person chooses. Throws as `issue`. */
  revoke(request?: RevokeRequest, options?: CallOptions): Promise<LifecycleResult>;
  /**
   * Asks the person to sign electronic tax invoices (KEC 표준전자세금계산서) with a business or e-tax certificate: all or none.
   *
   * The wallet shows parties, date and sums of each, puts one signature into each and leaves all else as it was. Up to 100
   * invoices of 512 Ki characters in all.
   *
   * @throws {DojangError} `request.malformed` for what is no such invoice or is signed already, `user.*`, `request.*`
   */
  signTaxInvoices(request: TaxInvoicesRequest, options?: CallOptions): Promise<TaxInvoicesResult>;
}

export interface ConnectOptions {
  /** How long to wait for a wallet, in milliseconds; one second unless told otherwise. */
  readonly timeoutMs?: number;
}

/**
 * Finds the wallet. It answers only on sites where it is enabled, and tells nothing about certificates or locks.
 *
 * @throws {DojangError} `wallet.absent` where nothing answers, `request.unsupported-version`
 */
export async function connectWallet(options: ConnectOptions = {}): Promise<Wallet> {
  const ackMs = options.timeoutMs ?? LIMITS.ackMs;
  const greeting = await exchange('connect', {}, { ackMs, answerMs: ackMs, signal: undefined }, readGreeting);
  if (greeting.protocol !== PROTOCOL_VERSION) throw new DojangError('request.unsupported-version');
  return {
    ...greeting,
    signIn: (request, call) => ask('signIn', request, call, readSignInResult),
    sign: async (request, call) => {
      const { payload, read } = outgoing(request);
      return ask('sign', payload, call, read);
    },
    issue: (request, call) => ask('issue', request, call, readLifecycleResult),
    renew: (request = {}, call) => ask('renew', request, call, readLifecycleResult),
    revoke: (request = {}, call) => ask('revoke', request, call, readLifecycleResult),
    signTaxInvoices: (request, call) => ask('signTaxInvoices', request, call, readTaxInvoicesResult),
  };
}

function ask<Result>(action: Action, request: unknown, call: CallOptions = {}, read: (value: unknown) => Result): Promise<Result> {
  return exchange(action, request, { ackMs: LIMITS.ackMs, answerMs: answerLimit(call), signal: call.signal }, read);
}
