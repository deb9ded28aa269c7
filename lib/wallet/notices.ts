/**
 * Notices of certificates that end and of authorities that are to be asked again, without a page of any bank and while the wallet is locked. The background computes them
 * whenever it wakes; an alarm a day sees to it that it does. It computes and never counts, so nothing is lost by sleeping.
 */
import { wipe } from '../bytes/bytes.ts';
import type { Copies } from '../vault/copies.ts';
import type { VaultHead } from '../vault/head.ts';
import { badgeOf } from './badge.ts';
import { dueNotices, endingSoon, expiryIndex, type ExpiryEntry } from './expiry.ts';
import { NOTICES_LOCK, readNoticeMemory, USUAL_SETTINGS, writeNoticeMemory, type NoticeMemory, type NoticeSettings } from './notice-memory.ts';
import { noticeName, RUNS_NAME, TRIAL_NAME } from './notice-link.ts';
import type { Clock, NotificationPort, SchedulePort, TextStore, ToolbarPort, WithLock } from './ports.ts';
import { knownRevoked } from './revocation-notes.ts';
import { runsDue, runStubs, toldOfRuns, type RunsDue } from './run-notice.ts';
import { signingMinutes, type OpenSession } from './session-text.ts';
import type { Sessions } from './session.ts';

export const NOTICE_ALARM = 'notices';
/** Rings when an authority is to be asked again. */
export const RUNS_ALARM = 'runs';

export interface NoticePorts {
  readonly store: Pick<Copies, 'choice'>;
  readonly sessions: Sessions;
  readonly clock: Clock;
  readonly withLock: WithLock;
  readonly schedule: SchedulePort;
  readonly noticeStore: TextStore;
  /** What authorities said of certificates. */
  readonly revocationNotes: Pick<TextStore, 'read'>;
  readonly notifications: NotificationPort;
  readonly toolbar: ToolbarPort;
}

/** What a check goes by, read once. */
interface Seen {
  /** Null where the wallet does not start: nothing is known then, and what was told stays told. */
  readonly head: VaultHead | null;
  readonly index: readonly ExpiryEntry[];
  readonly runs: RunsDue;
  /** Its key is wiped. */
  readonly session: OpenSession | null;
  /** Null where it does not read: the badge tells all the same, and nothing else is told. */
  readonly memory: NoticeMemory | null;
}

export class Notices {
  readonly #ports: NoticePorts;
  /** A check that was asked for and read nothing yet: whoever asks meanwhile shares it, as the alarm does that woke us. */
  #coming: Promise<void> | null = null;

  constructor(ports: NoticePorts) {
    this.#ports = ports;
  }

  /** Shows what is due, once, and what stands on the toolbar. Repeatable; whatever fails is tried again at the next wake. */
  check(): Promise<void> {
    this.#coming ??= this.#checkSoon();
    return this.#coming;
  }

  async settings(): Promise<NoticeSettings> {
    return (await this.#read()).settings;
  }

  /** @throws `vault.*` where they cannot be kept */
  async change(settings: NoticeSettings): Promise<void> {
    await this.#ports.withLock(NOTICES_LOCK, async () => {
      await this.#ports.noticeStore.write(writeNoticeMemory({ ...(await this.#read()), settings }));
    });
    await this.check();
  }

  /** Shows a notice of no certificate, to see whether the system lets notices through. Whether it said that it does. */
  tryOne(): Promise<boolean> {
    return this.#ports.notifications.showTrial(TRIAL_NAME);
  }

  /** Shows on the toolbar what stands there now. One after the other, so that what is shown last is what holds. */
  async showBadge(): Promise<void> {
    await this.#ports.withLock(NOTICES_LOCK, async () => this.#show(await this.#look())).catch(() => undefined);
  }

  async #checkSoon(): Promise<void> {
    const { withLock, schedule } = this.#ports;
    await schedule.daily(NOTICE_ALARM).catch(() => undefined);
    const act = async (): Promise<void> => {
      this.#coming = null;
      const seen = await this.#look();
      await this.#show(seen);
      await this.#tell(seen);
    };
    await withLock(NOTICES_LOCK, act).catch(() => {
      this.#coming = null;
    });
  }

  async #look(): Promise<Seen> {
    const { store, sessions, revocationNotes } = this.#ports;
    const asked = [store.choice(), sessions.current(), this.#read().catch(() => null), knownRevoked(revocationNotes)] as const;
    const [choice, session, memory, revoked] = await Promise.all(asked);
    wipe(session?.listKey);
    const head = choice.state === 'ready' ? choice.head : null;
    const items = head?.items ?? [];
    return { head, index: expiryIndex(items, revoked), runs: runsDue(runStubs(items), this.#ports.clock()), session, memory };
  }

  async #show({ index, runs, session, memory }: Seen): Promise<void> {
    const { toolbar, clock } = this.#ports;
    const { on } = memory?.settings ?? USUAL_SETTINGS;
    const daysLeft = on ? endingSoon(index, clock()).daysLeft : null;
    await toolbar.show(badgeOf({ signingMinutes: session && signingMinutes(session, clock()), runsDue: on && runs.due.length > 0, daysLeft }));
  }

  /** What is due is remembered before it is shown: a notice that is lost is better than one that comes at every wake. */
  async #tell({ head, index, runs, session, memory }: Seen): Promise<void> {
    if (!head || !memory) return;
    const { noticeStore, notifications, clock, schedule } = this.#ports;
    const { settings } = memory;
    const rules = { first: settings.first, watched: session?.vid === head.vid };
    const { notice, shown } = dueNotices(index, clock(), memory.shown, rules);
    const { tell, told } = toldOfRuns(runs.due, memory.runs, clock());
    if (runs.next !== null) await schedule.at(RUNS_ALARM, runs.next);
    const next = writeNoticeMemory({ settings, shown, runs: told });
    if (next !== writeNoticeMemory(memory)) await noticeStore.write(next);
    if (notice && settings.on) await notifications.show(noticeName(notice), notice);
    if (tell && settings.on) await notifications.showRuns(RUNS_NAME);
  }

  async #read(): Promise<NoticeMemory> {
    return readNoticeMemory(await this.#ports.noticeStore.read());
  }
}
