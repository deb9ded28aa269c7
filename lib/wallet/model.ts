/** What screens show of a wallet: plain data, no keys, no bytes. */
import type { ErrorCode } from '../errors.ts';

/** What a certificate is for, from its policy OID (words for display; never a gate). */
export const PURPOSES = [
  'personal-general',
  'personal-bank',
  'business-general',
  'business-bank',
  'corporate-banking',
  'card',
  'securities',
  'e-tax',
  'partner',
  'civil',
  'institution',
  'special-grade',
  'special',
  'finance',
  'other',
] as const;
export type Purpose = (typeof PURPOSES)[number];

/** Certificate authorities that issue joint certificates, by the O of the issuer's name. */
export const ISSUERS = ['yessign', 'kica', 'signkorea', 'crosscert', 'tradesign', 'ncasign', 'inipass', 'other'] as const;
export type Issuer = (typeof ISSUERS)[number];

/** Time state of a certificate against a clock. */
export type Validity = 'valid' | 'expires-soon' | 'expired' | 'not-yet-valid';

/** The facts of one certificate that lists show. Times are milliseconds since 1970 UTC. */
export interface CertificateFacts {
  /** Name of the holder without the digits that banks append. */
  readonly holder: string;
  readonly purpose: Purpose;
  /** First policy OID, or null where the certificate names none. */
  readonly policy: string | null;
  readonly issuer: Issuer;
  /** O of the issuer's name as written, for issuers that are not in the list. */
  readonly issuerName: string;
  /** Id of the bank that registered the person, where the subject tells it ('woori', 'shinhan', …). */
  readonly bank: string | null;
  readonly notBefore: number;
  readonly notAfter: number;
  /** Content octets of the serial number in lower-case hex. */
  readonly serialHex: string;
  /** SHA-256 of the certificate in lower-case hex. */
  readonly fingerprint: string;
}

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
}
