/**
 * Notices of certificates that end, without a page of any bank and while the wallet is locked. The background computes them
 * whenever it wakes; an alarm a day sees to it that it does. It computes and never counts, so nothing is lost by sleeping.
 */
import { wipe } from '../bytes/bytes.ts';
import type { Copies } from '../vault/copies.ts';
import type { VaultHead } from '../vault/head.ts';
import { badgeOf } from './badge.ts';
import { dueNotices, endingSoon, expiryIndex } from './expiry.ts';
import { readNoticeMemory, USUAL_SETTINGS, writeNoticeMemory, type NoticeMemory, type NoticeSettings } from './notice-memory.ts';
import { noticeName, TRIAL_NAME } from './notice-link.ts';
import type { Clock, NoticeStore, NotificationPort, SchedulePort, ToolbarPort, WithLock } from './ports.ts';
import { signingMinutes } from './session-text.ts';
import type { Sessions } from './session.ts';

export const NOTICE_ALARM = 'notices';
const LOCK = 'djw1-notices';

export interface NoticePorts {
  readonly store: Pick<Copies, 'choice'>;
  readonly sessions: Sessions;
  readonly clock: Clock;
  readonly withLock: WithLock;
  readonly schedule: SchedulePort;
  readonly noticeStore: NoticeStore;
  readonly notifications: NotificationPort;
  readonly toolbar: ToolbarPort;
}

export class Notices {
  readonly #ports: NoticePorts;

  constructor(ports: NoticePorts) {
    this.#ports = ports;
  }

  /** Shows what is due, once, and what stands on the toolbar. Repeatable; whatever fails is tried again at the next wake. */
  async check(): Promise<void> {
    const { withLock, schedule } = this.#ports;
    await schedule.daily(NOTICE_ALARM).catch(() => undefined);
    await withLock(LOCK, () => this.#check()).catch(() => undefined);
  }

  async settings(): Promise<NoticeSettings> {
    return (await this.#read()).settings;
  }

  /** @throws `vault.*` where they cannot be kept */
  async change(settings: NoticeSettings): Promise<void> {
    await this.#ports.withLock(LOCK, async () => {
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
    await this.#ports.withLock(LOCK, async () => this.#show(await this.#head())).catch(() => undefined);
  }

  async #check(): Promise<void> {
    const head = await this.#head();
    await this.#show(head);
    if (head) await this.#tell(head, await this.#read());
  }

  /** Null where the wallet does not start: nothing is known then, and what was told stays told. */
  async #head(): Promise<VaultHead | null> {
    const choice = await this.#ports.store.choice();
    return choice.state === 'ready' ? choice.head : null;
  }

  /** The badge tells also where nothing is remembered. */
  async #show(head: VaultHead | null): Promise<void> {
    const { toolbar, clock } = this.#ports;
    const on = head !== null && (await this.settings().catch(() => USUAL_SETTINGS)).on;
    const daysLeft = on ? endingSoon(expiryIndex(head.items), clock()).daysLeft : null;
    await toolbar.show(badgeOf({ signingMinutes: await this.#signingMinutes(), daysLeft }));
  }

  /** What is due is remembered before it is shown: a notice that is lost is better than one that comes at every wake. */
  async #tell(head: VaultHead, memory: NoticeMemory): Promise<void> {
    const { noticeStore, notifications, clock } = this.#ports;
    const { settings } = memory;
    const rules = { first: settings.first, watched: await this.#isOpen(head) };
    const { notice, shown } = dueNotices(expiryIndex(head.items), clock(), memory.shown, rules);
    const next = writeNoticeMemory({ settings, shown });
    if (next !== writeNoticeMemory(memory)) await noticeStore.write(next);
    if (notice && settings.on) await notifications.show(noticeName(notice), notice);
  }

  async #isOpen({ vid }: VaultHead): Promise<boolean> {
    const session = await this.#ports.sessions.current();
    wipe(session?.listKey);
    return session?.vid === vid;
  }

  async #signingMinutes(): Promise<number | null> {
    const session = await this.#ports.sessions.current();
    wipe(session?.listKey);
    return session && signingMinutes(session, this.#ports.clock());
  }

  async #read(): Promise<NoticeMemory> {
    return readNoticeMemory(await this.#ports.noticeStore.read());
  }
}
