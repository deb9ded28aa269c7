/** What the screens may ask of issue, reissue, renewal and revocation by an authority that speaks certificate management. */
import type { Act, Course, IssueWarning } from '../cmp/course.ts';
import type { RefusalWord } from '../cmp/refusal.ts';
import type { Opened } from './door.ts';
import type { ActSecret } from './ways-api.ts';

export type { IssueWarning } from '../cmp/course.ts';
export type { RefusalWord } from '../cmp/refusal.ts';

/** An authority of the directory, as screens show it. */
export interface AuthorityRow {
  readonly id: string;
  readonly name: { readonly ko: string; readonly en: string };
  /** Shown as a test wherever it appears. */
  readonly test: boolean;
  /** Whether it can be asked from here; elsewhere its own pages are the way. */
  readonly here: boolean;
  /** Match patterns of its hosts: leave for these is asked for in the click, before anything else. */
  readonly hosts: readonly string[];
  /** Whether a certificate can be held and released from here. */
  readonly holds: boolean;
  /** Months after which a held certificate is revoked by itself; null where not known. */
  readonly holdMonths: number | null;
  /** Whether the person types the identification number, once, for the authority alone. */
  readonly asksNumber: boolean;
}

/** Why a certificate is revoked, in the words of RFC 5280. */
export type RevokeReason = 'cessationOfOperation' | 'affiliationChanged' | 'keyCompromise';

/** Reference number (참조번호) and authorization code (인가코드) from the bank, as typed. */
export interface BankNumbers {
  readonly reference: string;
  readonly code: string;
}

/** A certificate by its record; or one that is not in the wallet, by its authority and its serial number in hex as typed. */
export type RevocationTarget = { readonly id: string } | { readonly authority: string; readonly serial: string };

export interface RevocationOrder {
  readonly certificate: RevocationTarget;
  /** `hold` pauses the certificate, and `release` ends the pause. */
  readonly reason: RevokeReason | 'hold' | 'release';
  /** Prove to the authority who asks, where the certificate's own key cannot; null: the key signs. */
  readonly numbers: BankNumbers | null;
  readonly secret: RunSecret;
}

/** What a run does now, in this order; `waiting` only where the authority lets wait. */
export type LifecycleStep = 'keys' | 'asking' | 'waiting' | 'saving' | 'confirming';

export interface LifecycleRunning {
  readonly onStep: (step: LifecycleStep) => void;
  /** Stops the run as long as nothing was sent; afterwards it does nothing. */
  readonly signal: AbortSignal;
}

/** The wallet as a window opened it before, for one act: used up by it, whatever becomes of it. */
export interface HeldKeys {
  readonly kind: 'held';
  readonly opened: Opened;
}

export type RunSecret = ActSecret | HeldKeys;

/** A run that has not ended, or whose end nobody has seen. */
export interface LifecycleRun {
  readonly id: string;
  readonly act: Act;
  readonly state: Exclude<Course['state'], 'RECEIVED'>;
  /** Null where the directory no longer has it. */
  readonly authority: AuthorityRow | null;
  /** Milliseconds since 1970. */
  readonly startedAt: number;
  /** Record of the new certificate, from SAVED on. */
  readonly item: string | null;
  /** Record of the certificate that is renewed or revoked. */
  readonly old: string | null;
  /** When the authority is asked again, until when it waits for our word, until when keys are kept; milliseconds since 1970. */
  readonly dueAt: number | null;
  /** Going on takes the wallet password or a touch: the old key must sign again. */
  readonly needsSecret: boolean;
  /** Whether `resume` can do anything. */
  readonly canResume: boolean;
  /** Why it failed. The text is the authority's own, made harmless. */
  readonly refusal: {
    readonly word: RefusalWord;
    readonly flaw: string | null;
    readonly text: string | null;
    readonly clockAhead: number | null;
  } | null;
  readonly warnings: readonly IssueWarning[];
  /** The last word to the authority got no answer that can be believed. */
  readonly unanswered: boolean;
}

export interface IssueOrder extends BankNumbers {
  readonly authority: string;
  /** `reissue`: the certificate before was lost, and ends. */
  readonly act: 'issue' | 'reissue';
  /** Whether an encryption certificate is asked for, too. */
  readonly km: boolean;
  /** Where the authority asks for it: 13 or 10 digits; kept nowhere. */
  readonly idNumber: string | null;
  readonly secret: RunSecret;
}

/**
 * Every act asks for the wallet password or the touch of a passkey. The run is kept in the wallet at each step, before the octets go out that it allows; what
 * is cut off goes on with `resume`. One run at a time: `ca.busy` otherwise.
 */
export interface LifecycleApi {
  /** Whether a passkey can stand for the password in this browser. */
  canTouch(): Promise<boolean>;
  authorities(): Promise<readonly AuthorityRow[]>;
  /** The authority that issued a certificate of the open wallet; null where the directory has none. @throws `vault.locked`, `certificate.not-found` */
  authorityOf(id: string): Promise<AuthorityRow | null>;
  /** @throws `vault.locked` */
  runs(): Promise<readonly LifecycleRun[]>;
  /**
   * @throws `request.malformed` (detail: `reference`, `code` or the number), `password.*`, `passkey.*`, `ca.unreachable`, `ca.refused`, `ca.busy`,
   *   `user.cancelled` where it was stopped before anything was sent, or the touch was, `vault.*`
   */
  issue(order: IssueOrder, running: LifecycleRunning): Promise<LifecycleRun>;
  /** As `issue`; `certificate.expired`, `certificate.wrong-use`. The old certificate stays as it is. */
  renew(
    order: { readonly id: string; readonly idNumber: string | null; readonly secret: RunSecret },
    running: LifecycleRunning,
  ): Promise<LifecycleRun>;
  /**
   * Revokes, holds or releases: sign and km certificate of a record together, or the one of a serial number. As `issue`, with detail
   * `serial`; `certificate.wrong-use` where there is no key, and no numbers.
   */
  revoke(order: RevocationOrder, running: LifecycleRunning): Promise<LifecycleRun>;
  /** @param secret where `needsSecret`. @throws as `issue`, `vault.single-copy` where an old certificate would end while one copy alone has the new one */
  resume(id: string, secret: RunSecret | null, running: LifecycleRunning): Promise<LifecycleRun>;
  /** Waits no more for an answer to a request. The keys are kept for as long as the authority might still issue. */
  abandon(id: string): Promise<LifecycleRun>;
  /** Takes an ended run away, after it was seen. @throws `ca.waiting` where keys are still kept for it */
  forget(id: string): Promise<void>;
}

export interface TestAuthorityRow {
  readonly id: string;
  readonly name: string;
  readonly url: string;
  /** SHA-256 of root and issuing certificates, lower-case hex. */
  readonly fingerprints: readonly string[];
}

/** Test authorities of the demo build, added and removed by its owner alone. */
export interface TestAuthorityApi {
  list(): Promise<readonly TestAuthorityRow[]>;
  /**
   * @param order files: root and issuing certificate, DER; url: of the CMP service, https or http on this computer
   * @throws `request.malformed` (detail: `name`, `url` or `certificates`)
   */
  add(order: { readonly name: string; readonly url: string; readonly files: readonly Blob[] }): Promise<void>;
  remove(id: string): Promise<void>;
}
