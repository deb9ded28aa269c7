/** What screens may ask about renewing a certificate, and about what comes after. */
import type { GuidePlace } from '../vault/guides-text.ts';
import type { CertificateRow } from './model.ts';
import type { TidyCondition } from './tidy.ts';

export type { TidyCondition } from './tidy.ts';

/** `known`: `name` is an id of the shipped directory; `site`: a host where it was used; `own`: the owner's words. */
export type ChecklistPlace = Pick<GuidePlace, 'sort' | 'name'>;

/** One place of the list. Times in milliseconds since 1970. */
export interface ChecklistRow extends Omit<GuidePlace, 'off'> {
  /** When this certificate, or one that it replaced, was used there last; null where it was not. */
  readonly lastUsed: number | null;
}

/** One thing that the owner does in a guide. */
export type GuideChange =
  | { readonly type: 'add' | 'remove'; readonly place: ChecklistPlace }
  | { readonly type: 'tick'; readonly place: ChecklistPlace; readonly yes: boolean }
  /** One line, up to 100 characters; empty for none. */
  | { readonly type: 'note'; readonly place: ChecklistPlace; readonly note: string }
  /** `proved`: it worked somewhere. `later`: the list is put off. `ended`: no more of this guide. */
  | { readonly type: 'proved' | 'later' | 'ended'; readonly yes: boolean };

export interface RenewalGuide {
  /** The newest one of its holder and authority. */
  readonly certificate: CertificateRow;
  /** Those in the list that it replaced, the newest first. */
  readonly older: readonly CertificateRow[];
  readonly places: readonly ChecklistRow[];
  /** What has to hold before the older ones are tidied up. */
  readonly conditions: readonly TidyCondition[];
  readonly proved: number | null;
  readonly later: number | null;
  readonly ended: number | null;
}

/** A guide that was begun and is not done. */
export interface OpenGuide {
  readonly id: string;
  readonly places: number;
  readonly done: number;
}

/** All of it throws `vault.locked` where the wallet is, and `vault.*`. */
export interface RenewalApi {
  /** The guide of a certificate, or of the one that replaced it. @throws `certificate.not-found` */
  guide(id: string): Promise<RenewalGuide>;
  /** The guides of these are to be told of until they are done or ended. @throws `certificate.not-found`, `vault.full` */
  begin(ids: readonly string[]): Promise<void>;
  /** @throws `certificate.not-found`, `request.malformed`, `vault.full` */
  change(id: string, change: GuideChange): Promise<void>;
  /** Opens its signing key and signs on trial. @throws `password.*`, `file.pair-mismatch`, `certificate.wrong-use` */
  tryKey(id: string, walletPassword: string): Promise<void>;
  /**
   * Moves those that it replaced to the wastebasket and gives their ids. @throws `vault.conflict` where a condition does not
   * hold (detail: its name) or nothing is older
   */
  tidy(id: string): Promise<readonly string[]>;
  /** Guides that wait for the owner, the latest first. */
  open(): Promise<readonly OpenGuide[]>;
}
