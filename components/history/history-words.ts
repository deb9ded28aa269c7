/** The history in words: what was done, where, with which certificate, and how it ended. */
import { createFinder, foldText } from '../../lib/i18n/find-text.ts';
import { listTime } from '../../lib/i18n/dates.ts';
import { keyOf, type TextKey, type TextParams } from '../../lib/i18n/texts.ts';
import type { CertificateRow } from '../../lib/wallet/model.ts';
import type { HistoryRow } from '../../lib/wallet/history-api.ts';
import { certificateName } from '../certificate/certificate-words.ts';
import type { IconName } from '../icons/icon-paths.ts';

type Words = (key: TextKey, params?: TextParams) => string;

/** One entry with the words that it shows. */
export interface ToldEntry {
  readonly entry: HistoryRow;
  /** In Korea. */
  readonly time: string;
  /** Host of the site, or that it was done here. */
  readonly site: string;
  readonly act: string;
  readonly certificate: string;
  readonly result: string;
  /** What is searched. */
  readonly text: string;
}

export type Outcome = 'done' | 'cancelled' | 'timeout' | 'gone' | 'failed';
export const OUTCOME_ICONS = { done: 'check', cancelled: 'cross', timeout: 'clock', gone: 'dash', failed: 'warn' } as const satisfies Record<
  Outcome,
  IconName
>;

export function outcomeOf({ result }: Pick<HistoryRow, 'result'>): Outcome {
  if (result === 'done') return 'done';
  if (result === 'user.cancelled') return 'cancelled';
  if (result === 'user.timeout') return 'timeout';
  return result === 'request.gone' ? 'gone' : 'failed';
}

export function hostOf(origin: string): string {
  return URL.parse(origin)?.host ?? origin;
}

export function actWord(t: Words, act: HistoryRow['act']): string {
  return t(`act_${keyOf(act)}`);
}

function certificateWord(t: Words, names: ReadonlyMap<string, string>, certificate: string | null): string {
  return certificate === null ? '' : (names.get(certificate) ?? t('history_gone'));
}

export function toldEntries(t: Words, rows: readonly HistoryRow[], certificates: readonly CertificateRow[]): readonly ToldEntry[] {
  const names = new Map(certificates.map((row) => [row.id, certificateName(t, row)]));
  return rows.map((entry) => {
    const time = listTime(entry.at);
    const site = entry.origin === null ? t('history_here') : hostOf(entry.origin);
    const act = actWord(t, entry.act);
    const certificate = certificateWord(t, names, entry.certificate);
    const result = t(`outcome_${outcomeOf(entry)}`);
    const titles = entry.documents.map(({ title }) => title);
    return { entry, time, site, act, certificate, result, text: foldText([time, site, act, certificate, result, ...titles].join('\n')) };
  });
}

/** What the person chose to see; null is everything. */
export interface HistoryChoice {
  readonly search: string;
  readonly site: string | null;
  readonly certificate: string | null;
  readonly act: string | null;
  /** Days back from now. */
  readonly days: string | null;
}

export const EVERYTHING: HistoryChoice = { search: '', site: null, certificate: null, act: null, days: null };
export const PERIODS = ['7', '30', '90', '365'] as const;
const DAY_MS = 86_400_000;

export function chosenEntries(all: readonly ToldEntry[], choice: HistoryChoice, now: number): readonly ToldEntry[] {
  const { search, site, certificate, act, days } = choice;
  const finds = createFinder(search);
  const since = days === null ? -Infinity : now - Number(days) * DAY_MS;
  return all.filter(
    ({ entry, text }) =>
      (site === null || (entry.origin ?? '') === site) &&
      (certificate === null || entry.certificate === certificate) &&
      (act === null || entry.act === act) &&
      entry.at >= since &&
      finds(text),
  );
}
