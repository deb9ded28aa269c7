/** What screens may ask about sites: where the wallet answers, what is blocked, which certificate is whose. */

/** `listed`: it comes with the extension. `added`: the owner let the browser do it for good. `off`: nothing of ours runs there by itself. */
export type SiteStanding = 'listed' | 'added' | 'off';

/** A site that the wallet knows something of. */
export interface SiteRow {
  /** Serialized origin. */
  readonly origin: string;
  readonly standing: SiteStanding;
  readonly blocked: boolean;
  /** Record id of the certificate that the owner chose for it. */
  readonly preset: string | null;
  /** Record id of the certificate that was used there last, and when (milliseconds since 1970). */
  readonly certificate: string | null;
  readonly used: number | null;
}

/** The site in the tab under the popup. */
export interface TabSite extends Pick<SiteRow, 'origin' | 'standing' | 'blocked'> {
  /** The wallet answers this very page. */
  readonly running: boolean;
  /** When it was used last; null where it never was, and undefined while the wallet is locked. */
  readonly used: number | null | undefined;
  /** The listed domain that its host resembles without being of it; null for none. */
  readonly resembles: string | null;
}

export interface SitesApi {
  /** The last used first. @throws `vault.locked`, `vault.*` */
  rows(): Promise<readonly SiteRow[]>;
  /** Null where the tab shows no site. It needs no open wallet. */
  inTab(): Promise<TabSite | null>;
  /** @throws `vault.locked`, `vault.*` */
  block(origin: string, blocked: boolean): Promise<void>;
  /** Which certificate stands first there; null for none. @throws `vault.locked`, `vault.*` */
  prefer(origin: string, certificate: string | null): Promise<void>;
  /** Takes away what is noted of it, also that it is blocked or on; the history keeps what was done there. @throws as `block` */
  forget(origin: string): Promise<void>;
  /** The listed domain that an address, as somebody typed it, resembles; null for none. */
  resembles(address: string): Promise<string | null>;
  /**
   * Has the browser ask its person whether the wallet may answer there from now on; gives the answer. It must be the first
   * thing that a click does. @throws `request.malformed` for what is no address of a site
   */
  add(address: string): Promise<boolean>;
  /** Nothing of ours runs there any more once its pages are loaded anew; until then they ask in vain. */
  turnOff(origin: string): Promise<void>;
  /** Answers the page in the tab until it goes; false where the browser does not let us. */
  turnOnInTab(): Promise<boolean>;
}
