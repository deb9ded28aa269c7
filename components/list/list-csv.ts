/** The list as a file for spreadsheets. Nothing secret is in it. */
import { listDay } from '../../lib/i18n/dates.ts';
import type { TextKey } from '../../lib/i18n/texts.ts';
import { csvOf } from './csv.ts';
import type { ListedRow } from './listed-rows.ts';

const COLUMNS = ['fact_purpose', 'fact_holder', 'label_nickname', 'fact_expires', 'fact_issuer', 'fact_state', 'label_group', 'label_note'] as const;

export function listCsv(t: (key: TextKey) => string, rows: readonly ListedRow[]): Uint8Array<ArrayBuffer> {
  const lines = rows.map(({ row, purpose, issuer, state }) => {
    const { nickname, group, note } = row.labels;
    return [purpose, row.holder, nickname, listDay(row.notAfter), issuer, state, group, note];
  });
  return csvOf([COLUMNS.map((key) => t(key)), ...lines]);
}

/** A name for that file. */
export function csvName(now: number): string {
  return `dojang-certificates-${listDay(now)}.csv`;
}
