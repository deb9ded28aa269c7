/** What screens may ask about notices of certificates that end. */
import type { Ending } from './expiry.ts';
import type { NoticeSettings } from './notice-memory.ts';
import type { RunStub } from './run-notice.ts';

export type { Ending } from './expiry.ts';
export type { NoticeSettings } from './notice-memory.ts';

export interface NoticesApi {
  /** What has ended or ends soon. It needs no open wallet: ids and dates, no names. @throws `vault.*` */
  ending(): Promise<Ending>;
  /** Runs with authorities, those that have ended too. It needs no open wallet: states and times, no names. @throws `vault.*` */
  runs(): Promise<readonly RunStub[]>;
  settings(): Promise<NoticeSettings>;
  /** @throws `vault.*` where they cannot be kept */
  change(settings: NoticeSettings): Promise<void>;
  /** Shows a notice of no certificate; false where the browser says that it shows none. */
  tryOne(): Promise<boolean>;
  /** Whether anybody is to hear of these certificates' ends, all or none. @throws `vault.locked`, `certificate.not-found`, `vault.*` */
  mute(ids: readonly string[], muted: boolean): Promise<void>;
  /**
   * A day on which to be reminded of one certificate (milliseconds since 1970), beside the usual ones; null for none.
   * @throws `request.malformed` for a day that is over or after its end, `vault.locked`, `certificate.not-found`, `vault.*`
   */
  remind(id: string, at: number | null): Promise<void>;
}
