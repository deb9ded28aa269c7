/** What screens may ask about keeping certificates: the wastebasket, backups and bringing them back, and recovery. */
import type { ErrorCode } from '../errors.ts';
import type { BackupCheck } from '../vault/check-backup.ts';
import type { BackupRule } from '../vault/settings-text.ts';
import type { CertificateRow, ExportedFile, RecordPart } from './model.ts';

export type { BackupRule } from '../vault/settings-text.ts';
export type { BackupCheck } from '../vault/check-backup.ts';

/** A certificate in the wastebasket. Times in milliseconds since 1970. */
export interface DeletedRow extends CertificateRow {
  readonly deletedAt: number;
  /** When its days are over; null for one whose encryption key is nowhere else, which stays until the owner takes it away. */
  readonly goneAt: number | null;
  /** Null unless the same certificate came into the list again: what that record lacks and this one has; often nothing. */
  readonly adds: readonly RecordPart[] | null;
}

export interface PutBack {
  /** Ids that were not put back as rows of their own: the same certificate is in the list, and stays there. */
  readonly merged: readonly string[];
}

/** Deleted certificates. Nothing in here can be used; all of it throws `vault.locked` where the wallet is. */
export interface WastebasketApi {
  /** Those that go first come first. */
  rows(): Promise<readonly DeletedRow[]>;
  /** Deletes certificates: moves them here, all or none. @throws `certificate.not-found`, `vault.*` */
  move(ids: readonly string[]): Promise<void>;
  /** @throws `certificate.not-found`, `vault.conflict` where one has to be merged with the password, `vault.*` */
  putBack(ids: readonly string[]): Promise<PutBack>;
  /** Gives the record in the list what only the deleted one of the same certificate has. @throws `password.*`, `vault.*` */
  merge(id: string, walletPassword: string): Promise<void>;
  /** Takes them out of the wallet for good. @throws `vault.single-copy`, `password.*`, `certificate.not-found`, `vault.*` */
  purge(ids: readonly string[], walletPassword: string): Promise<void>;
}

export interface BackupStatus {
  readonly rule: BackupRule;
  /** When the last backup file was saved (milliseconds since 1970), and whole days since; null for never. */
  readonly at: number | null;
  readonly days: number | null;
  /** Certificates that came, changed or were deleted since. */
  readonly changes: number;
  /** Whether the owner's rule asks for one now. */
  readonly due: boolean;
  /** Certificates that a file of now would hold, those in the wastebasket too. */
  readonly count: number;
  /** Ids of certificates that no backup file holds as they are. */
  readonly unsaved: readonly string[];
  /** Name of a file that is made now. */
  readonly name: string;
}

export interface MadeBackup {
  readonly name: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** State of the wallet that it holds, and when it was made (milliseconds since 1970). */
  readonly gen: number;
  readonly at: number;
  /** Certificates in it, and those that could not be taken because they do not open. */
  readonly count: number;
  readonly left: number;
}

/** Backup files of the open wallet. A made file is the caller's to save, and then to tell so. */
export interface BackupApi {
  status(): Promise<BackupStatus>;
  setRule(rule: BackupRule): Promise<void>;
  /** A file that opens with the wallet password and the recovery code of today. @throws `vault.*`, `backup.too-large` */
  make(): Promise<MadeBackup>;
  /** A file that opens with a password of its own alone. @throws `password.*` (of both), `vault.*`, `backup.too-large` */
  makeWithPassword(filePassword: string, walletPassword: string): Promise<MadeBackup>;
  /** Notes that a made file was saved, from which the next one counts. */
  noteSaved(made: Pick<MadeBackup, 'gen' | 'at'>): Promise<void>;
  /**
   * Opens everything in a file, private keys too, and writes nothing.
   * @param secret wallet password or recovery code of the day it was made, or the file's own password
   * @throws `backup.*`, `file.unreadable`
   */
  check(file: Blob, secret: string): Promise<BackupCheck>;
}

/** One certificate of a backup file, beside what is here. */
export interface RestorableRow extends CertificateRow {
  /** `newer-here`: the same record was written later here; it stays whatever is chosen. */
  readonly state: 'new' | 'here' | 'newer-here';
  /** The one here is in the wastebasket. */
  readonly deletedHere: boolean;
  /** It was in the wastebasket, and would come back there. */
  readonly deletedThere: boolean;
}

export interface RestoreResult {
  readonly restored: number;
  /** Chosen ones that were here by then. */
  readonly present: number;
  readonly refused: readonly { readonly holder: string | null; readonly code: ErrorCode }[];
  /** Certificates of the wallet here that stay lost. */
  readonly missing: number;
}

export interface RestoreApi {
  /**
   * Opens a backup file beside the open wallet, or in a fresh profile. Writes nothing.
   * @param secret as in `BackupApi.check`
   * @throws `backup.*`, `file.unreadable`, `vault.locked`, `vault.*`
   */
  open(file: Blob, secret: string): Promise<RestoreSession>;
}

/** An opened backup file. Its keys live in this page's memory until `discard`. */
export interface RestoreSession {
  readonly rows: readonly RestorableRow[];
  /** What became of the file: its end is missing (`cut`), or lines are broken (`damaged`). */
  readonly state: 'complete' | 'cut' | 'damaged';
  /** Milliseconds since 1970. */
  readonly madeAt: number;
  /** Certificates it lists that do not open. */
  readonly unreadable: number;
  /** What opened it is the password of the open wallet too, so `restore` asks for none. */
  readonly alike: boolean;
  /**
   * Seals chosen certificates anew for the wallet here, which is left open. Nothing here is overwritten.
   * @param walletPassword null where it is `alike`
   * @throws `password.*`, `vault.*`; nothing was brought back then
   */
  restore(ids: readonly string[], walletPassword: string | null): Promise<RestoreResult>;
  /** Wipes the file's keys. */
  discard(): void;
}

/** One saved state that a copy of the wallet holds. Nothing of it is proven before it is opened. */
export interface FoundState {
  /** Names it to `openFrom`; equal in both copies for the same state. */
  readonly key: string;
  /** Milliseconds since 1970. */
  readonly savedAt: number;
  readonly generation: number;
  /** Certificates it lists, those in the wastebasket left out. */
  readonly count: number;
  /** Records it lists that no copy holds. */
  readonly missing: number;
  /** Of another wallet than the one that was here. */
  readonly foreign: boolean;
  /** Whether a passkey can open it in this browser. */
  readonly touch: boolean;
}

/** What one of the two copies has. */
export interface CopyState {
  readonly name: 'primary' | 'mirror';
  /** `failed`: it does not answer. */
  readonly trace: 'none' | 'some' | 'failed';
  /** Why it, or a part of it, did not read. */
  readonly code: ErrorCode | null;
  /** Newest first. */
  readonly states: readonly FoundState[];
  /** States that do not read, or that a later version wrote. */
  readonly unread: number;
  /** The generation that was saved last, as far as the copy still says so. */
  readonly marked: number | null;
}

export interface RecoveryReport {
  readonly copies: readonly CopyState[];
}

export interface Recovered {
  /** Listed records that are nowhere. */
  readonly missing: number;
  /** False after a recovery code, which opens nothing but a change of the password. */
  readonly opened: boolean;
}

export interface Mended {
  /** Whether both copies hold the wallet now. */
  readonly whole: boolean;
  /** Listed records that are nowhere. */
  readonly missing: number;
}

/** Whether anything of this wallet lies in the browser's sync storage; `unknown` where that does not answer. */
export type SyncLeft = 'none' | 'some' | 'unknown';

/** What goes with the wallet when it is erased. */
export interface Erasure {
  /** Its area in the browser's sync storage, which other devices of that account share. */
  readonly syncCopy: boolean;
}

/** Erasing a wallet for good. The owner typed the phrase before. */
export interface EraseApi {
  syncLeft(): Promise<SyncLeft>;
  /** @throws `sync.unavailable`, `vault.conflict` where it may not go; nothing was erased then. `vault.read-only` */
  erase(what: Erasure): Promise<void>;
}

/** Where the wallet does not start by itself; there alone it is erased from here. */
export interface RecoveryApi extends EraseApi {
  /** What each copy has. Writes nothing and works with one copy dead, or both. */
  report(): Promise<RecoveryReport>;
  /** Everything both copies hold as lies there, sealed, for support. */
  rawFile(): Promise<ExportedFile>;
  /**
   * Opens a found state and makes it the newest in both copies; later states go. Leaves the wallet open.
   * @param secret wallet password or recovery code of that state
   * @param file a backup file of the same wallet: records of that state that are lost are taken from it as they are
   * @throws `vault.conflict` where the wallet starts by now, `password.*`, `recovery.wrong`, `backup.*`, `file.unreadable`,
   *   `vault.*`
   */
  openFrom(key: string, secret: string, file?: Blob | null): Promise<Recovered>;
  /** The same by the touch of a passkey. @throws `user.cancelled`, `passkey.*`, and as `openFrom` */
  openFromByTouch(key: string, file?: Blob | null): Promise<Recovered>;
  /**
   * The owner's word that both copies are to be made one: what a copy holds beside the wallet goes, and a broken place is
   * made anew. @throws `password.*`, `vault.*`
   */
  mend(walletPassword: string): Promise<Mended>;
}
