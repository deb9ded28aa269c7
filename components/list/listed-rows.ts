/** The rows of the list with the words that they show, narrowed and put in order by what the person chose. */
import { daysUntil } from '../../lib/calendar/korea.ts';
import { listDay } from '../../lib/i18n/dates.ts';
import { createFinder, foldText } from '../../lib/i18n/find-text.ts';
import type { TextKey, TextParams } from '../../lib/i18n/texts.ts';
import type { CertificateRow, Validity } from '../../lib/wallet/model.ts';
import { daysWord, hasDays, issuerWord, purposeWord, stateWord, validityAt } from '../certificate/certificate-words.ts';
import { STATES, type Column, type Due, type ListChoice } from './list-choice.ts';

type Translate = (key: TextKey, params?: TextParams) => string;

export interface ListedRow {
  readonly row: CertificateRow;
  readonly purpose: string;
  readonly issuer: string;
  readonly state: string;
  readonly validity: Validity;
  /** Days until it ends, on Korea's calendar; null where it has ended. */
  readonly days: number | null;
  /** `2026-12` */
  readonly month: string;
  /** Everything it is found by. */
  readonly text: string;
}

/** One authority, and one bank that registers for it. */
export function issuerKey({ issuer, issuerName, bank }: CertificateRow): string {
  return [issuer === 'other' ? `~${issuerName}` : issuer, ...(bank === null ? [] : [bank])].join('/');
}

export function listedRow(t: Translate, row: CertificateRow, now: number): ListedRow {
  const { holder, labels, notAfter } = row;
  const validity = validityAt(row, now);
  const [purpose, issuer, state] = [purposeWord(t, row), issuerWord(t, row), stateWord(t, validity)];
  const day = listDay(notAfter);
  return {
    row,
    purpose,
    issuer,
    state: hasDays(validity) ? `${state} · ${daysWord(t, row, now)}` : state,
    validity,
    days: now > notAfter ? null : daysUntil(now, notAfter),
    month: day.slice(0, 7),
    text: foldText([holder, labels.nickname, labels.group, labels.note, issuer, purpose, state, day].join('\n')),
  };
}

/** Whether it ends that soon; what ended is soon no more. */
export function isDue({ days }: Pick<ListedRow, 'days'>, due: Due): boolean {
  if (days === null || due === 'expired') return days === null && due === 'expired';
  return due === 'later' ? days > 60 : days <= Number(due);
}

const collator = (): Intl.Collator => new Intl.Collator('ko', { numeric: true });

/** What has no group comes after all that have one, whichever way the groups go. */
function compareGroups(words: Intl.Collator, a: string, b: string, sign: number): number {
  if (a === '' || b === '') return Number(a === '') - Number(b === '');
  return sign * words.compare(a, b);
}

function compareBy(column: Column, sign: number): (a: ListedRow, b: ListedRow) => number {
  const words = collator();
  if (column === 'expires') return (a, b) => sign * (a.row.notAfter - b.row.notAfter);
  if (column === 'state') return (a, b) => sign * (STATES.indexOf(a.validity) - STATES.indexOf(b.validity));
  if (column === 'group') return (a, b) => compareGroups(words, a.row.labels.group, b.row.labels.group, sign);
  if (column === 'holder') return (a, b) => sign * words.compare(a.row.holder, b.row.holder);
  return (a, b) => sign * words.compare(a[column], b[column]);
}

/** The rows that the choice leaves, in its order; equal ones by their end. */
export function chosenRows(rows: readonly ListedRow[], choice: ListChoice): readonly ListedRow[] {
  const { search, state, kind, issuer, group, due, month, sort, falling } = choice;
  const finds = createFinder(search);
  const compare = compareBy(sort, falling ? -1 : 1);
  const left = rows.filter(
    (one) =>
      (state === null || one.validity === state) &&
      (kind === null || one.row.purpose === kind) &&
      (issuer === null || issuerKey(one.row) === issuer) &&
      (group === null || one.row.labels.group === group) &&
      (due === null || isDue(one, due)) &&
      (month === null || one.month === month) &&
      finds(one.text),
  );
  return left.toSorted((a, b) => compare(a, b) || a.row.notAfter - b.row.notAfter);
}

export interface FilterOption {
  readonly value: string;
  readonly word: string;
}

/** What a filter can be set to: what occurs, each once, by its words. */
export function optionsOf<Row>(rows: readonly Row[], option: (row: Row) => FilterOption): readonly FilterOption[] {
  const options = new Map(rows.map(option).map((one) => [one.value, one]));
  const words = collator();
  return [...options.values()].sort((a, b) => words.compare(a.word, b.word));
}

/** The client groups that occur. */
export function groupsOf(rows: readonly CertificateRow[]): readonly string[] {
  return [...new Set(rows.map(({ labels }) => labels.group))].filter((group) => group !== '').sort(collator().compare);
}
