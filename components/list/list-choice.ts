/** What the person chose to see of the list, as it stands in the address: whatever cannot be read there is not chosen. */
import type { Validity } from '../../lib/wallet/model.ts';

export const COLUMNS = ['purpose', 'holder', 'expires', 'issuer', 'state', 'group'] as const;
export type Column = (typeof COLUMNS)[number];

/** The state that is to be dealt with first comes first. */
export const STATES = ['revoked', 'on-hold', 'expired', 'expires-soon', 'not-yet-valid', 'valid'] as const satisfies readonly Validity[];

/** How soon they end: within so many days, or later than all of these. */
export const DUES = ['expired', '7', '30', '60', 'later'] as const;
export type Due = (typeof DUES)[number];

/** Filters are null where anything is wanted. */
export interface ListChoice {
  readonly search: string;
  readonly state: Validity | null;
  /** A purpose, as rows have it. */
  readonly kind: string | null;
  /** As `issuerKey` gives it. */
  readonly issuer: string | null;
  /** Empty: those of no group. */
  readonly group: string | null;
  readonly due: Due | null;
  /** `2026-12`, in Korea. */
  readonly month: string | null;
  readonly sort: Column;
  readonly falling: boolean;
  /** From 0; all rows at once where it is null. */
  readonly page: number | null;
}

export const NO_CHOICE: ListChoice = {
  search: '',
  state: null,
  kind: null,
  issuer: null,
  group: null,
  due: null,
  month: null,
  sort: 'expires',
  falling: false,
  page: 0,
};

/** Characters of what is looked for. */
export const SEARCH_MOST = 100;
const MONTH = /^\d{4}-\d{2}$/;
const PAGE = /^[1-9]\d{0,3}$/;

function oneOf<Word extends string>(words: readonly Word[], text: string | null): Word | null {
  return words.find((word) => word === text) ?? null;
}

function readPage(text: string | null): number | null {
  if (text === 'all') return null;
  return text !== null && PAGE.test(text) ? Number(text) - 1 : 0;
}

/** Reads what follows `?` in the address. */
export function readChoice(query: string): ListChoice {
  const fields = new URLSearchParams(query);
  const month = fields.get('month');
  const sort = fields.get('sort') ?? '';
  return {
    search: (fields.get('q') ?? '').slice(0, SEARCH_MOST),
    state: oneOf(STATES, fields.get('state')),
    kind: fields.get('kind'),
    issuer: fields.get('issuer'),
    group: fields.get('group'),
    due: oneOf(DUES, fields.get('due')),
    month: month !== null && MONTH.test(month) ? month : null,
    sort: oneOf(COLUMNS, sort.replace(/^-/, '')) ?? NO_CHOICE.sort,
    falling: sort.startsWith('-') && oneOf(COLUMNS, sort.slice(1)) !== null,
    page: readPage(fields.get('page')),
  };
}

/** Writes what differs from the list as it is at first. */
export function writeChoice(choice: ListChoice): string {
  const { search, state, kind, issuer, group, due, month, sort, falling, page } = choice;
  const sorted = sort === NO_CHOICE.sort && !falling ? null : `${falling ? '-' : ''}${sort}`;
  const paged = page === null ? 'all' : page === 0 ? null : String(page + 1);
  const fields = { q: search === '' ? null : search, state, kind, issuer, group, due, month, sort: sorted, page: paged };
  return new URLSearchParams(Object.entries(fields).filter((entry): entry is [string, string] => entry[1] !== null)).toString();
}

/** Whether anything narrows the list. */
export function narrows(choice: ListChoice): boolean {
  const { search, state, kind, issuer, group, due, month } = choice;
  return search.trim() !== '' || [state, kind, issuer, group, due, month].some((filter) => filter !== null);
}
