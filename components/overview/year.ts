/** How many certificates end in each month, and how soon: what the overview counts. */
import { listDay } from '../../lib/i18n/dates.ts';
import { DUES, type Due } from '../list/list-choice.ts';
import { isDue, type ListedRow } from '../list/listed-rows.ts';

/** From this month to the same one a year later. */
const MONTHS = 13;

export interface MonthCount {
  /** `2026-12`, in Korea. */
  readonly month: string;
  readonly count: number;
}

function monthAfter(month: string): string {
  const [year = 0, number = 0] = month.split('-').map(Number);
  return number === 12 ? `${year + 1}-01` : `${year}-${String(number + 1).padStart(2, '0')}`;
}

export function monthsOf(rows: readonly Pick<ListedRow, 'month'>[], now: number): readonly MonthCount[] {
  const counts = new Map<string, number>();
  for (const { month } of rows) counts.set(month, (counts.get(month) ?? 0) + 1);
  const months: MonthCount[] = [];
  for (let month = listDay(now).slice(0, 7); months.length < MONTHS; month = monthAfter(month)) months.push({ month, count: counts.get(month) ?? 0 });
  return months;
}

/** Those within thirty days are also within sixty. */
export function dueCounts(rows: readonly Pick<ListedRow, 'days'>[]): readonly { readonly due: Due; readonly count: number }[] {
  return DUES.map((due) => ({ due, count: rows.filter((row) => isDue(row, due)).length }));
}
