/** A text for the holder of certificates: what ends when, and where it is renewed. No number or key is in it. */
import type { TextKey, TextParams } from '../../lib/i18n/texts.ts';
import { daysWord } from '../certificate/certificate-words.ts';
import type { ListedRow } from '../list/listed-rows.ts';

export interface NoticeWords {
  readonly t: (key: TextKey, params?: TextParams) => string;
  readonly day: (time: number) => string;
  readonly now: number;
}

function paragraph({ t, day, now }: NoticeWords, { row, purpose, issuer, validity }: ListedRow): string {
  const ends = `${day(row.notAfter)} (${daysWord(t, row, now)})`;
  const facts = [
    [t('fact_holder'), row.holder],
    [t('fact_purpose'), purpose],
    [t('fact_expires'), ends],
    [t('fact_issuer'), issuer],
  ];
  const where = t(validity === 'expired' ? 'client_notice_reissue' : 'client_notice_renew', { issuer });
  return [...facts.map((fact) => fact.join(': ')), where].join('\n');
}

/** For one certificate or for all of one client. */
export function clientNotice(words: NoticeWords, rows: readonly ListedRow[]): string {
  const { t } = words;
  return [t('client_notice_title'), ...rows.map((row) => paragraph(words, row)), t('client_notice_register')].join('\n\n');
}
