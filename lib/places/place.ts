/** Where joint certificates come from and where they are registered, as data with source and date (`places.json`). */

export const PLACE_KINDS = ['ca', 'bank', 'card', 'securities', 'tax', 'government', 'app'] as const;
export type PlaceKind = (typeof PLACE_KINDS)[number];

/** What the person should have at hand. */
export const NEEDS = ['certificate', 'number', 'account', 'medium'] as const;
export type Need = (typeof NEEDS)[number];

/** Who renews: the place itself, the bank or the securities firm that registered the person. */
export const RENEWED_AT = ['own', 'bank', 'securities'] as const;
export type RenewedAt = (typeof RENEWED_AT)[number];

/** A sentence about one place alone, which is no word of our screens. */
export interface BothLanguages {
  readonly ko: string;
  readonly en: string;
}

export interface Renewal {
  readonly at: RenewedAt;
  /** Calendar days in Korea before the end from which it is usual. */
  readonly fromDays: number;
  readonly needs: readonly Need[];
  /** Hours in Korea between which its page answers; null where no guide names any. */
  readonly hours: { readonly from: string; readonly to: string } | null;
  readonly fee: BothLanguages | null;
  readonly note: BothLanguages | null;
}

export interface Place {
  /** Lower-case letters, digits and hyphens. It stands in wallets, so it never changes its meaning. */
  readonly id: string;
  readonly kind: PlaceKind;
  readonly name: BothLanguages;
  /** Registrable domains that are its own; none for a kind of places, such as other banks. */
  readonly hosts: readonly string[];
  /** Its front page, https and on one of its hosts; null for a kind of places. Pages within move, menu words last longer. */
  readonly url: string | null;
  /** Menu words as its own screens have them; null where no guide names them. */
  readonly menus: {
    readonly renew: string | null;
    readonly issue: string | null;
    /** Registering a certificate that somebody else issued. */
    readonly register: string | null;
    /** Of the app on the phone. */
    readonly app: string | null;
  };
  /** Null for a place that renews none. */
  readonly renewal: Renewal | null;
  /** Addresses of the guides this was read in, and the day it was (YYYY-MM-DD). */
  readonly source: readonly string[];
  readonly checked: string;
}
