/** The history as a file for spreadsheets: one line an entry. No content of a document is in it. */
import { listDay } from '../../lib/i18n/dates.ts';
import { keyOf, type TextKey } from '../../lib/i18n/texts.ts';
import { csvOf } from '../list/csv.ts';
import { digestHex } from './digest-hex.ts';
import type { ToldEntry } from './history-words.ts';

const COLUMNS = [
  'history_time',
  'history_site',
  'history_act',
  'history_certificate',
  'history_result',
  'history_released',
  'history_documents',
  'history_digests',
] as const;

export function historyCsv(t: (key: TextKey) => string, rows: readonly ToldEntry[]): Uint8Array<ArrayBuffer> {
  const lines = rows.map(({ entry, time, act, certificate, result, site }) => {
    const released = entry.released.map((what) => t(`released_${keyOf(what)}`)).join(', ');
    const titles = entry.documents.map(({ title }) => title).join('\n');
    const digests = entry.documents.map(({ digest }) => digestHex(digest)).join('\n');
    return [time, entry.origin ?? site, act, certificate, result, released, titles, digests];
  });
  return csvOf([COLUMNS.map((key) => t(key)), ...lines]);
}

export function historyCsvName(now: number): string {
  return `dojang-history-${listDay(now)}.csv`;
}
