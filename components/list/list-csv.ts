/** The list as a file for spreadsheets: RFC 4180, UTF-8 with the mark that Excel wants. Nothing secret is in it. */
import { listDay } from '../../lib/i18n/dates.ts';
import type { TextKey } from '../../lib/i18n/texts.ts';
import type { ListedRow } from './listed-rows.ts';

const MARK = '\ufeff';
/** What a spreadsheet would take for a formula, also behind blanks, and in the wide forms that some of them fold. */
const FORMULA = /^[\s]*[=+\-@\uff1d\uff0b\uff0d\uff20]/;

function field(text: string): string {
  const shown = FORMULA.test(text) || /^[\t\r\n]/.test(text) ? `'${text}` : text;
  return `"${shown.replaceAll('"', '""')}"`;
}

const COLUMNS = ['fact_purpose', 'fact_holder', 'label_nickname', 'fact_expires', 'fact_issuer', 'fact_state', 'label_group', 'label_note'] as const;

export function listCsv(t: (key: TextKey) => string, rows: readonly ListedRow[]): Uint8Array<ArrayBuffer> {
  const lines = rows.map(({ row, purpose, issuer, state }) => {
    const { nickname, group, note } = row.labels;
    return [purpose, row.holder, nickname, listDay(row.notAfter), issuer, state, group, note];
  });
  const text = [COLUMNS.map((key) => t(key)), ...lines].map((line) => `${line.map(field).join(',')}\r\n`).join('');
  return new TextEncoder().encode(MARK + text);
}

/** A name for that file. */
export function csvName(now: number): string {
  return `dojang-certificates-${listDay(now)}.csv`;
}
