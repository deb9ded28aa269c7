/**
 * The one error type of Dojang and the closed list of its codes.
 *
 * Functions throw `WalletError`; only a boundary (message, page, screen) turns it into data, and only the code
 * crosses. Messages, details, causes and stacks stay where they arose.
 */

/** Every code a person, a page or a log can meet. Each has a sentence in `public/_locales` that says what to do next. */
export const ERROR_CODES = [
  'file.unreadable',
  'file.unsupported',
  'file.pair-missing',
  'file.pair-mismatch',
  'file.too-large',
  'file.hostile',
  'file.nothing-found',
  'file.exists',
  'file.unwritable',
  'password.wrong',
  'password.file-wrong',
  'password.weak',
  'password.common',
  'password.short-for-sync',
  'password.too-long',
  'password.mismatch',
  'password.wait',
  'password.former',
  'recovery.mistyped',
  'recovery.wrong',
  'passkey.unsupported',
  'passkey.exists',
  'passkey.refused',
  'passkey.wrong',
  'clock.wrong',
  'certificate.expired',
  'certificate.not-yet-valid',
  'certificate.revoked',
  'certificate.on-hold',
  'certificate.untrusted',
  'certificate.wrong-use',
  'certificate.not-found',
  'certificate.not-accepted',
  'certificate.no-random',
  'certificate.no-identity',
  'certificate.none',
  'certificate.not-selected',
  'document.not-known',
  'vault.absent',
  'vault.exists',
  'vault.locked',
  'vault.damaged',
  'vault.changed',
  'vault.newer-version',
  'vault.full',
  'vault.conflict',
  'vault.read-only',
  'vault.unavailable',
  'vault.single-copy',
  'vault.apart',
  'backup.unknown',
  'backup.too-large',
  'backup.damaged',
  'backup.cut',
  'backup.newer-version',
  'backup.secret',
  'backup.other-wallet',
  'sync.full',
  'sync.foreign',
  'sync.unavailable',
  'sync.secret',
  'sync.damaged',
  'request.malformed',
  'request.unsupported-version',
  'request.insecure',
  'request.forbidden',
  'request.busy',
  'request.too-large',
  'request.duplicate',
  'request.gone',
  'request.recipient',
  'user.cancelled',
  'user.timeout',
  'wallet.absent',
  'etax.wrong-kind',
  'ca.unreachable',
  'ca.refused',
  'ca.waiting',
  'ca.unconfirmed',
  'ca.busy',
  'transfer.malformed',
  'transfer.newer-version',
  'transfer.code-wrong',
  'transfer.too-large',
  'transfer.damaged',
  'camera.none',
  'camera.denied',
  'camera.busy',
  'verify.statement',
  'verify.document',
  'verify.origin',
  'verify.nonce',
  'verify.time',
  'verify.signature',
  'verify.identity',
  'internal',
] as const;

export type ErrorCode = (typeof ERROR_CODES)[number];

export interface ErrorContext {
  /** For the log and the details line of our own screens (an OID, a file name); never for a page, never a secret. */
  readonly detail?: string;
  readonly cause?: unknown;
}

export class WalletError extends Error {
  override readonly name = 'WalletError';
  readonly code: ErrorCode;
  readonly detail: string | undefined;

  constructor(code: ErrorCode, context: ErrorContext = {}) {
    super(code, context.cause === undefined ? undefined : { cause: context.cause });
    this.code = code;
    this.detail = context.detail;
  }
}

const KNOWN: ReadonlySet<string> = new Set(ERROR_CODES);

/** Whether an unknown value (from a message, a page) is one of our codes. */
export function isErrorCode(value: unknown): value is ErrorCode {
  return typeof value === 'string' && KNOWN.has(value);
}

/** The code of anything that was thrown; whatever is not ours is `internal`. */
export function errorCode(thrown: unknown): ErrorCode {
  return thrown instanceof WalletError ? thrown.code : 'internal';
}
