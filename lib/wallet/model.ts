/** What screens show of a wallet: plain data, no keys, no bytes. */
import type { ErrorCode } from '../errors.ts';
import type { CertificateFacts } from '../npki/facts.ts';
import type { NoticeChoice } from './notice-choice.ts';
import type { RevocationNote } from './revocation-api.ts';

export type { CertificateFacts } from '../npki/facts.ts';
export type { RevocationNote } from './revocation-api.ts';

/** State of a certificate: what its authority said of it, else its dates against a clock. */
export type Validity = 'valid' | 'expires-soon' | 'expired' | 'not-yet-valid' | 'revoked' | 'on-hold';

/** What a person writes beside a certificate; empty where nothing was. */
export interface Labels {
  /** A name of the person's own for it (별칭). */
  readonly nickname: string;
  /** Whom it belongs to (거래처): certificates of one client have the same. */
  readonly group: string;
  /** May have lines. */
  readonly note: string;
}

/** Other labels for one certificate. `seen` are those that the person saw when deciding. */
export interface LabelChange {
  readonly id: string;
  readonly seen: Labels;
  readonly labels: Labels;
}

/** One row of the lists. */
export interface CertificateRow extends CertificateFacts, NoticeChoice {
  /** Record id, base64url. */
  readonly id: string;
  readonly hasRandom: boolean;
  readonly hasKm: boolean;
  /** Whether its keyUsage lets it sign (null usage counts as yes). */
  readonly canSign: boolean;
  readonly labels: Labels;
  /** Id of the newest one of the same holder and authority in the wallet, where that is another; else null. */
  readonly replacedBy: string | null;
  /** Saved, but its authority does not know that yet: it signs nothing, and takes nobody's place. */
  readonly unconfirmed: boolean;
  /** What its authority said when it was asked; null where it never was. */
  readonly revocation: RevocationNote | null;
}

/** What the details view shows besides the row. Names are RFC 4514 texts. */
export interface CertificateDetails extends CertificateRow {
  readonly subject: string;
  readonly issuerDn: string;
  readonly keyBits: number;
  readonly keyUsage: readonly string[];
  readonly signatureAlgorithm: string;
  readonly kmSerialHex: string | null;
  readonly chainLength: number;
  /** Authorities above it that this record or our own list knows, the nearest first. */
  readonly issuers: readonly { readonly name: string; readonly notAfter: number }[];
  /** Whether their signatures lead to a root that we ship. It says nothing of revocation. */
  readonly rooted: boolean;
  /** SHA-1 of the certificate in lower-case hex, as older programs show it. */
  readonly fingerprintSha1: string;
  /** The certificate as a text, RFC 7468. */
  readonly pem: string;
  readonly importedAt: number;
}

export type WalletState =
  /** No trace of a wallet. */
  | 'none'
  | 'locked'
  | 'open'
  /** Traces of a wallet, and no head to start from without the owner's word: damage, or a store that does not answer. */
  | 'recovery'
  /** Written by a later version. */
  | 'newer-version';

/** What the person should hear of beside the state. */
export type WalletNotice =
  /** The primary copy is of other keys than the open wallet: nothing is saved until the owner has the copies made one. */
  | 'other-keys'
  /** An older state seems to have been put back. */
  | 'rolled-back'
  /** The dates that were told while it was locked are not those of the certificates. */
  | 'other-dates'
  /** The second copy is owed, or holds something that is kept until the owner says so. */
  | 'one-copy';

export interface WalletStatus {
  readonly state: WalletState;
  /** When the open wallet locks by itself if nothing is touched; null unless open. */
  readonly locksAt: number | null;
  /** Until when signing is held open, so that an approval asks for no secret; null where it is not. */
  readonly signingUntil: number | null;
  /** Number of certificates, which the head tells even while locked. */
  readonly count: number;
  /** The wallet picture chosen at first run (one of MARKS), null before. */
  readonly mark: Mark | null;
  readonly notice: WalletNotice | null;
  /** How far this computer's clock is behind what the wallet wrote itself (milliseconds); null where it may be right. */
  readonly clockBehind: number | null;
  /** How far it was ahead when an authority told the time in the last days (milliseconds); null where nothing says so. */
  readonly clockAhead: number | null;
}

/** The twelve wallet pictures. */
export const MARKS = ['tiger', 'crane', 'pine', 'moon', 'plum', 'turtle', 'deer', 'cloud', 'mountain', 'carp', 'lotus', 'magpie'] as const;
export type Mark = (typeof MARKS)[number];

/** What a record of the wallet may lack: R in its signing key, the km pair, authorities above. */
export type RecordPart = 'random' | 'km' | 'chain';

/** How an identity lies in the files: the folder layout of Korean programs, texts, or PKCS#12. */
export type FileForm = 'npki' | 'pem' | 'pfx';

/**
 * One identity, or one file that cannot be one, found in what the person picked. A file that shows nothing before it is
 * opened (PKCS#12, a PEM bundle) is one candidate until a password fits, and then as many as it holds.
 */
export interface ImportCandidate {
  /** Key within this import only. */
  readonly key: string;
  /** Folder or file as picked, for display; inside an archive its path follows that of the archive. */
  readonly path: string;
  readonly form: FileForm;
  readonly state:
    /** Its key file waits for a password. */
    | 'sealed'
    /** Opened and proven; can be stored. */
    | 'opened'
    /** The last password did not fit. */
    | 'wrong-password'
    /** Cannot be taken; `code` says why. */
    | 'refused'
    /** The same certificate is in the wallet already, with all that is here. */
    | 'present'
    /** The same certificate stands in another row of this pick, which is the one to take. */
    | 'duplicate';
  readonly code: ErrorCode | null;
  /** File name or OID that belongs to `code`. */
  readonly detail: string | null;
  readonly facts: CertificateFacts | null;
  readonly hasKm: boolean;
  /** Whether the km key is opened too (null: there is none). Its password may differ. */
  readonly kmOpened: boolean | null;
  /** Whether R is there; null until opened. */
  readonly hasRandom: boolean | null;
  /** The key file is not encrypted at all: anyone who has it has the key. */
  readonly plain: boolean;
  /**
   * The certificate that this one seems to replace: same issuer and subject, a later start. `id` is that of the record in the
   * wallet, or the key of the older row where both were picked together.
   */
  readonly replaces: { readonly id: string; readonly notAfter: number } | null;
  /**
   * What the wallet's record of this certificate lacks and this copy has, or may have while it is closed; storing it
   * completes that record. Empty where the wallet has no such record.
   */
  readonly adds: readonly RecordPart[];
}

export interface Progress {
  readonly done: number;
  readonly total: number;
}

export interface ImportResult {
  /** Records that are new or were completed. */
  readonly stored: number;
  readonly left: readonly { readonly path: string; readonly code: ErrorCode }[];
  /** The wallet's password is also that of a stored file, whose weak protection would give the wallet away. */
  readonly samePassword: boolean;
}

/** What an export is for, and the rules of a new file password. docs/FORMATS.md has the octets. */
export type { ExportForm } from '../npki/export-files.ts';
export type { FilePasswordRule } from '../npki/file-password.ts';

export interface ExportedIdentity {
  readonly id: string;
  readonly holder: string;
  readonly hasRandom: boolean;
  readonly hasKm: boolean;
}

/** Written, opened again with the new password by the import's own reader, and found equal. */
export interface ExportResult {
  readonly files: readonly ExportedFile[];
  /** A name for one download of them all: of the file itself where it is one, else of an archive. */
  readonly name: string;
  readonly identities: readonly ExportedIdentity[];
  /** The new file password is the wallet's too: whoever guesses the weak file has the wallet. */
  readonly samePassword: boolean;
}

export interface ExportedFile {
  /** With `/` between folders; safe on every system. */
  readonly path: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
}
