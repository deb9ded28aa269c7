/** What screens show of a wallet: plain data, no keys, no bytes. */
import type { ErrorCode } from '../errors.ts';
import type { CertificateFacts } from '../npki/facts.ts';

export type { CertificateFacts } from '../npki/facts.ts';

/** Time state of a certificate against a clock. */
export type Validity = 'valid' | 'expires-soon' | 'expired' | 'not-yet-valid';

/** One row of the lists. */
export interface CertificateRow extends CertificateFacts {
  /** Record id, base64url. */
  readonly id: string;
  readonly hasRandom: boolean;
  readonly hasKm: boolean;
  /** Whether its keyUsage lets it sign (null usage counts as yes). */
  readonly canSign: boolean;
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
  readonly importedAt: number;
}

export type WalletState =
  /** No trace of a wallet. */
  | 'none'
  | 'locked'
  | 'open'
  /** A record or the head does not read. */
  | 'damaged'
  /** Written by a later version. */
  | 'newer-version'
  /** Storage does not answer (private window, broken profile). */
  | 'unavailable';

export interface WalletStatus {
  readonly state: WalletState;
  /** When the open wallet locks by itself if nothing is touched; null unless open. */
  readonly locksAt: number | null;
  /** Number of certificates, which the head tells even while locked. */
  readonly count: number;
  /** The wallet picture chosen at first run (one of MARKS), null before. */
  readonly mark: Mark | null;
}

/** The twelve wallet pictures. */
export const MARKS = ['tiger', 'crane', 'pine', 'moon', 'plum', 'turtle', 'deer', 'cloud', 'mountain', 'carp', 'lotus', 'magpie'] as const;
export type Mark = (typeof MARKS)[number];

/** One identity, or one file that cannot be one, found in what the person picked. */
export interface ImportCandidate {
  /** Key within this import only. */
  readonly key: string;
  /** Folder or file as picked, for display. */
  readonly path: string;
  readonly state:
    /** Its key file waits for a password. */
    | 'sealed'
    /** Opened and proven; can be stored. */
    | 'opened'
    /** The last password did not fit. */
    | 'wrong-password'
    /** Cannot be taken; `code` says why. */
    | 'refused'
    /** The same certificate is in the wallet already. */
    | 'present';
  readonly code: ErrorCode | null;
  /** File name or OID that belongs to `code`. */
  readonly detail: string | null;
  readonly facts: CertificateFacts | null;
  readonly hasKm: boolean;
  /** Whether the km key is opened too (null: there is none). Its password may differ. */
  readonly kmOpened: boolean | null;
  /** Whether R is there; null until opened. */
  readonly hasRandom: boolean | null;
}

export interface Progress {
  readonly done: number;
  readonly total: number;
}

export interface ImportResult {
  readonly stored: number;
  readonly left: readonly { readonly path: string; readonly code: ErrorCode }[];
  /** The wallet's password is also that of a stored file, whose weak protection would give the wallet away. */
  readonly samePassword: boolean;
}
