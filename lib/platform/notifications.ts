/** Notices of the operating system. They say how many and when; never whose, of which bank, or for which site. */
import { ownOffset, isElsewhere, sentenceDay } from '../i18n/dates.ts';
import { pickLocale } from '../i18n/locale.ts';
import { createTexts, type Texts } from '../i18n/texts.ts';
import type { Notice } from '../wallet/expiry.ts';
import type { NotificationPort } from '../wallet/ports.ts';
import { browser } from './browser.ts';
import { languages } from './locale.ts';

/** Newer than the type package; Firefox has none and never says no. */
type Permission = { getPermissionLevel?: () => Promise<string> };

async function ownTexts(): Promise<Texts> {
  const locale = pickLocale(await languages.chosen(), languages.uiLanguage());
  return createTexts(locale, await languages.loadMessages(locale));
}

/** The one text of a notice: what is still to come before what is over. */
export function noticeText({ t, locale }: Texts, { expired, expiring, nearest }: Pick<Notice, 'expired' | 'expiring' | 'nearest'>): string {
  const parts: string[] = [];
  if (nearest !== null) {
    const day = sentenceDay(locale, nearest);
    const date = isElsewhere(ownOffset(nearest)) ? `${day} ${t('korean_time')}` : day;
    parts.push(t('notice_expiring', { n: expiring, date }));
  }
  if (expired > 0) parts.push(t('notice_expired', { n: expired }));
  return parts.join(' ');
}

async function create(name: string, title: string, message: string): Promise<void> {
  const iconUrl = browser.runtime.getURL('/icon/128.png');
  await browser.notifications.create(name, { type: 'basic', iconUrl, title, message });
}

export const notifications: NotificationPort = {
  async show(name, notice) {
    const texts = await ownTexts();
    await create(name, texts.t('notice_title'), noticeText(texts, notice));
  },
  async showRuns(name) {
    const { t } = await ownTexts();
    await create(name, t('notice_runs_title'), t('notice_runs_due'));
  },
  async showTrial(name) {
    const { t } = await ownTexts();
    const level = await (browser.notifications as Permission).getPermissionLevel?.();
    await create(name, t('notice_title'), t('notice_trial'));
    return level !== 'denied';
  },
};

/** A notice was clicked; the browser gives the name it was shown under. */
export function onNoticeClicked(act: (name: string) => void): void {
  browser.notifications.onClicked.addListener((name) => {
    void browser.notifications.clear(name);
    act(name);
  });
}
