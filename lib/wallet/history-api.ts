/** What screens may ask about the history: what was done with which certificate, where and when. */
import type { ErrorCode } from '../errors.ts';
import type { HistoryDays } from '../vault/settings-text.ts';

export type { HistoryDays } from '../vault/settings-text.ts';

/** What is done in our own windows and stands in the history. */
export const OWN_ACTS = [
  'import',
  'export',
  'identity-check',
  'delete',
  'put-back',
  'purge',
  'backup',
  'restore',
  'issue',
  'renew',
  'revoke',
  'hold',
  'release',
] as const;
export type OwnAct = (typeof OWN_ACTS)[number];

/** What pages ask for, as the history names it. */
export const PAGE_ACTS = ['sign-in', 'sign', 'issue', 'renew', 'revoke', 'tax-invoices'] as const;
export type PageAct = (typeof PAGE_ACTS)[number];

/** What the owner decided of a site. */
export const SITE_ACTS = ['block', 'unblock'] as const;
export type SiteAct = (typeof SITE_ACTS)[number];

/** What went out beside a signature. */
export const RELEASES = ['certificate', 'random', 'private-key'] as const;
export type Release = (typeof RELEASES)[number];

export interface HistoryDocument {
  readonly title: string;
  /** Octets. */
  readonly size: number;
  /** SHA-256 of the document, base64url. */
  readonly digest: string;
}

/** One thing that was done. What a later version wrote may have words that this one does not know. */
export interface HistoryRow {
  /** Names it to `remove`. */
  readonly key: string;
  /** Milliseconds since 1970. */
  readonly at: number;
  /** Serialized origin of the page; null for what was done in our own windows. */
  readonly origin: string | null;
  readonly act: OwnAct | PageAct | SiteAct | 'other';
  /** Record id of the certificate, which may be gone; null where there was none. */
  readonly certificate: string | null;
  readonly documents: readonly HistoryDocument[];
  readonly released: readonly Release[];
  readonly result: 'done' | ErrorCode;
}

export interface History {
  /** Newest first. */
  readonly rows: readonly HistoryRow[];
  /** Pages of it that do not open. */
  readonly unreadable: number;
  /** What was done and could not be written yet; it is tried again at every use. */
  readonly unwritten: number;
}

/** A place where a certificate was used. */
export interface SiteUse {
  /** Serialized origin. */
  readonly origin: string;
  /** When it was used there last, milliseconds since 1970. */
  readonly last: number;
  /** How often, as far as the history goes back. */
  readonly count: number;
}

/** The history of the open wallet. All of it throws `vault.locked` where the wallet is. */
export interface HistoryApi {
  read(): Promise<History>;
  /** Takes out entries. @throws `vault.*` */
  remove(keys: readonly string[]): Promise<void>;
  /** Takes out all of it, also what does not open. @throws `vault.*` */
  clear(): Promise<void>;
  /** Where one certificate was used with success, the last place first; no page of ours counts. */
  usedAt(certificate: string): Promise<readonly SiteUse[]>;
  /** For how many days entries are kept; 0 where none are. */
  retention(): Promise<HistoryDays>;
  /** From now on; what is older goes at once, and with 0 all of it. @throws `vault.*` */
  setRetention(days: HistoryDays): Promise<void>;
}
