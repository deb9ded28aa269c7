/**
 * What the screens may ask of the wallet. The entrypoints compose it from the use cases and the platform and hand it to
 * the components, which know nothing below it. Everything that fails throws a `WalletError`.
 *
 * Passwords are texts from an input element; the callee encodes them at once and keeps no copy.
 */
import type {
  CertificateDetails,
  CertificateRow,
  ExportedFile,
  ExportForm,
  ExportResult,
  FilePasswordRule,
  ImportCandidate,
  ImportResult,
  LabelChange,
  Mark,
  Progress,
  WalletStatus,
} from './model.ts';
import type { WaitingCall } from '../protocol/calls.ts';
import type { ActsApi } from './acts-api.ts';
import type { InvoiceFacts } from '../sign/tax-invoice/facts.ts';
import type { BackupApi, RecoveryApi, RestoreApi, WastebasketApi } from './keeping-api.ts';
import type { HistoryApi } from './history-api.ts';
import type { LifecycleApi, TestAuthorityApi } from './lifecycle-api.ts';
import type { NoticesApi } from './notices-api.ts';
import type { RenewalApi } from './renewal-api.ts';
import type { SettingsApi } from './settings-api.ts';
import type { RevocationApi } from './revocation-api.ts';
import type { SitesApi } from './sites-api.ts';
import type { SyncApi } from './sync-api.ts';
import type { SigningApi } from './signing-api.ts';
import type { WaitingApi } from './waiting.ts';
import type { NewWallet, WaysApi } from './ways-api.ts';

export type { WaitingCall } from '../protocol/calls.ts';
export type { InvoiceFacts, InvoiceParty } from '../sign/tax-invoice/facts.ts';

export interface Running {
  readonly signal: AbortSignal;
  readonly onProgress: (progress: Progress) => void;
}

/** Popup and manager page. */
export interface WalletApi {
  readonly backup: BackupApi;
  readonly basket: WastebasketApi;
  readonly restore: RestoreApi;
  readonly recovery: RecoveryApi;
  readonly renewal: RenewalApi;
  readonly sync: SyncApi;
  readonly ways: WaysApi;
  readonly notices: NoticesApi;
  readonly signing: SigningApi;
  readonly revocation: RevocationApi;
  readonly settings: SettingsApi;
  readonly history: HistoryApi;
  readonly sites: SitesApi;
  readonly waiting: WaitingApi;
  readonly lifecycle: LifecycleApi;
  /** Of the demo build; the product asks none of them. */
  readonly testAuthorities: TestAuthorityApi;
  status(): Promise<WalletStatus>;
  /** Calls back after any change of state or content, in any window; returns the way to stop. */
  onChange(listener: () => void): () => void;
  /** Makes an empty wallet and leaves it open. @throws `password.weak`, `password.common`, `password.too-long`, `vault.exists`, `vault.unavailable` */
  create(password: string, mark: Mark): Promise<void>;
  /** The same, for whoever adds ways in right afterwards. @throws as `create` */
  begin(password: string, mark: Mark): Promise<NewWallet>;
  /** @throws `password.wrong`, `vault.damaged`, `vault.changed`, `vault.newer-version` */
  unlock(password: string): Promise<void>;
  lock(): Promise<void>;
  /** Tells that the person used one of our windows, which moves the auto-lock. */
  touch(): void;
  /** Writes what a save that was cut off still owes the second copy. @throws `vault.locked`, `vault.*` */
  mend(): Promise<void>;
  /** The owner read the notice that an older state was put back: no window of ours tells it again until it is found again. */
  putAwayNotice(): Promise<void>;
  /** Rows of the open wallet. @throws `vault.locked` */
  rows(): Promise<readonly CertificateRow[]>;
  details(id: string): Promise<CertificateDetails>;
  /**
   * Writes labels, all or none. No password is asked: no private key is touched.
   * @throws `vault.conflict` where a record's labels are no longer those that were seen, `request.malformed` (detail: which is
   *   too long), `certificate.not-found`, `vault.*`
   */
  label(changes: readonly LabelChange[]): Promise<void>;
  /** Looks through picked files or folders without asking for any password. */
  inspect(files: readonly PickedFile[], running: Running): Promise<ImportSession>;
  /** The rules that a new file password breaks; empty where it may be used. */
  filePasswordProblems(password: string): Promise<readonly FilePasswordRule[]>;
  /**
   * Writes certificates with their keys in a form for other programs and proves the result by reading it back. The wallet
   * password is asked whether or not the wallet is open.
   * @throws `password.wrong` (the wallet's), `password.weak` (the file's; detail: the rules), `certificate.not-found`,
   *   `user.cancelled`, `vault.*`
   */
  exportFiles(order: ExportOrder, running: Running): Promise<ExportResult>;
  /** One file that holds them all and unpacks to the same paths. */
  archive(files: readonly ExportedFile[]): Promise<Uint8Array<ArrayBuffer>>;
  /**
   * Whether the certificate was issued to the holder of that number (본인확인). The number is compared on this machine and
   * kept nowhere.
   * @param idNumber 13 or 10 digits, hyphens and blanks allowed
   * @throws `password.wrong`, `request.malformed` (no such number), `certificate.no-random`, `certificate.no-identity`
   *   (the authority wrote none), `vault.*`
   */
  checkIdentity(id: string, idNumber: string, walletPassword: string): Promise<boolean>;
}

export interface ExportOrder {
  readonly ids: readonly string[];
  readonly form: ExportForm;
  /** Whether km pairs go along where they are held. */
  readonly withKm: boolean;
  /** Chosen anew; unused for `certificate`. */
  readonly filePassword: string;
  readonly walletPassword: string;
}

/** Puts files where the person wants them. */
export interface FileSaver {
  /** Whether this browser lets a page write into a folder. */
  readonly canUseFolder: boolean;
  /**
   * Asks for a folder, writes the files and reads them back: all of them or none. Must be called from a click. Files of the
   * same name and other content are not overwritten unless `replace`, which writes where they were met and asks for no folder.
   * @throws `user.cancelled`, `file.exists` (detail: the path), `file.unwritable`
   */
  toFolder(files: readonly ExportedFile[], options?: { replace?: boolean } & Partial<Running>): Promise<{ readonly folder: string }>;
  /**
   * Asks for a place, writes one file there and reads it back; only where `canUseFolder`. Must be called from a click. The
   * octets are asked for once there is a place. @throws `user.cancelled`, `file.unwritable`, and what `octets` throws
   */
  toFile(name: string, octets: () => Promise<Uint8Array<ArrayBuffer>>): Promise<void>;
  /** Hands one file to the browser's downloads. */
  download(name: string, bytes: Uint8Array<ArrayBuffer>): void;
}

/** A file as a picker or a drop gives it. `path` has the folders where the browser tells them. */
export interface PickedFile {
  readonly path: string;
  readonly file: Blob;
}

/** One run of the import wizard. Keys live in this page's memory until `store` or `discard`. */
export interface ImportSession {
  readonly candidates: readonly ImportCandidate[];
  /**
   * Tries one certificate password on the given candidates (all that are not opened when left out), also on km keys.
   * `candidates` tells the outcome; a wrong password does not throw.
   */
  tryPassword(
    password: string,
    options?: { keys?: readonly string[]; signal?: AbortSignal; onProgress?: (progress: Progress) => void },
  ): Promise<void>;
  /** The same with several passwords: each is tried on what the ones before it left. */
  tryPasswords(
    passwords: readonly string[],
    options?: { keys?: readonly string[]; signal?: AbortSignal; onProgress?: (progress: Progress) => void },
  ): Promise<void>;
  /** Seals the chosen opened candidates under the wallet's keys in one write. @throws `password.wrong`, `vault.*` */
  store(keys: readonly string[], walletPassword: string): Promise<ImportResult>;
  /** Wipes what was opened. */
  discard(): void;
}

/** Why a certificate is not offered to a page. */
export type NotOffered =
  | 'certificate.revoked'
  | 'certificate.on-hold'
  | 'certificate.expired'
  | 'certificate.not-yet-valid'
  | 'certificate.wrong-use'
  | 'certificate.not-accepted'
  | 'certificate.no-random'
  | 'etax.wrong-kind'
  | 'clock.wrong'
  | 'ca.unconfirmed';

export interface Offer {
  readonly row: CertificateRow;
  /** null: it can be used. */
  readonly reason: NotOffered | null;
  /** The owner chose it for this site. */
  readonly preset: boolean;
  /** It is not known whether its kind will do for tax invoices. */
  readonly doubtful: boolean;
}

/** Whom a page wants the identity value (R) encrypted to. Texts are those of the certificate that the page sent. */
export interface Receiver {
  readonly name: string;
  /** Empty where it says nothing more than the name. */
  readonly organization: string;
  /** SHA-256 of the certificate in lower-case hex. */
  readonly fingerprint: string;
  /** Its certificate is of the Korean authorities, so that these names were checked by one; else anybody may have written them. */
  readonly rooted: boolean;
}

/** What the approval window shows of the request it was opened for. */
export interface ApprovalRequest {
  readonly id: string;
  /** What is asked for. */
  readonly call: WaitingCall;
  /** Null where the page does not ask for the identity value. */
  readonly receiver: Receiver | null;
  /** Serialized origin the browser reports for the asking document, e.g. `https://bank.example`. */
  readonly origin: string;
  /** Name of the site where our list knows it. */
  readonly siteName: string | null;
  readonly siteClass: 'listed' | 'lookalike' | 'first' | 'known' | 'local';
  /** The listed domain that a look-alike resembles; null for others. */
  readonly resembles: string | null;
  readonly requestedAt: number;
  readonly expiresAt: number;
}

/** A document as the window shows it. */
export interface ShownDocument {
  readonly title: string;
  readonly mediaType: string;
  /** Octets. */
  readonly size: number;
  /** SHA-256 of the octets, base64url. */
  readonly digest: string;
  /** Null where it cannot be shown. */
  readonly text: string | null;
  /** Labels and values, of a text that has them. */
  readonly rows: readonly { readonly label: string; readonly value: string }[] | null;
}

/** The approval window. */
export interface ApprovalApi {
  /** @throws `request.gone` where no live request has this window's id. */
  request(): Promise<ApprovalRequest>;
  /** What the tax invoices of the request say, in their order: only what is under the signature. */
  invoices(): Promise<readonly InvoiceFacts[]>;
  /** @throws `user.cancelled` where the wallet was open in this window and is locked now, which ends the request */
  status(): Promise<WalletStatus>;
  /** The documents to be signed, from the very octets that will be; none where something else is asked. @throws `request.gone`, `request.forbidden` */
  documents(): Promise<readonly ShownDocument[]>;
  /** Certificates with the reasons why some are not offered, best choice first. @throws `vault.locked` */
  offers(): Promise<readonly Offer[]>;
  /** Opens the wallet with its password and keeps the opened slot in this window for this one request. @throws `password.wrong` */
  open(password: string): Promise<void>;
  /** Whether a passkey can open this wallet in this browser. */
  canTouch(): Promise<boolean>;
  /** As `open`, by the touch of a passkey. @throws `password.wait`, `user.cancelled`, `passkey.*` */
  openByTouch(): Promise<void>;
  /** Seconds until a secret may be tried again; 0 where it may now. */
  waitSeconds(): Promise<number>;
  /** Whether `open` succeeded in this window, so that `approve` needs no password. */
  readonly opened: boolean;
  /**
   * Signs with the chosen certificate. A password is needed unless `opened`, or signing is held open. The window closes itself
   * on success. @param identity releases the identity value to the request's `receiver` too
   */
  approve(id: string, password?: string, identity?: boolean): Promise<void>;
  /** What issue, renewal and revocation take; loaded where it is asked for. */
  acts(): Promise<ActsApi>;
  /** The person says no. */
  cancel(): Promise<void>;
  /** The person says no, now and to every later request of this site. @throws `vault.*` where that cannot be kept */
  block(): Promise<void>;
  /** Wipes what an entered password opened: the request is over. */
  forget(): void;
  /** Tells that the person used this window, which moves the auto-lock. */
  touch(): void;
  /** Moves the request's end by two minutes, up to ten in all; returns the new end. */
  extend(): Promise<number>;
  onChange(listener: () => void): () => void;
}
