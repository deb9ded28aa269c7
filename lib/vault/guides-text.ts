/**
 * What the owner did after a certificate was renewed, as it stands in the settings: where the new one has to be registered,
 * which of that is done, and what was seen of it. One guide an item.
 */
import { utf8 } from '../bytes/text.ts';
import { WalletError } from '../errors.ts';
import { damaged } from './fault.ts';
import { checkKeys, readBytesText, readFields, readInteger, readList, readOptionalInteger, readText } from './fields.ts';
import { writeJson, type Fields, type Json } from './json.ts';
import { ID_SIZE, TIME_MAX } from './limits.ts';
import { textForm } from './sealed-json.ts';

/** `known`: a place of the shipped directory, by its id; `site`: a host where it was used; `own`: what the owner wrote. */
export const PLACE_SORTS = ['known', 'site', 'own'] as const;
export type PlaceSort = (typeof PLACE_SORTS)[number];

export interface GuidePlace {
  readonly sort: PlaceSort;
  readonly name: string;
  /** When the owner ticked it (milliseconds since 1970), or null. */
  readonly done: number | null;
  /** One line; empty for none. */
  readonly note: string;
  /** The owner took it off the list; kept so that it does not come back by itself. */
  readonly off: boolean;
}

/** Times in milliseconds since 1970, or null. */
export interface Guide {
  /** Id of the item that is the new certificate. */
  readonly item: string;
  readonly places: readonly GuidePlace[];
  /** When its key was opened and signed on trial. */
  readonly tried: number | null;
  /** When the owner said that it works elsewhere. */
  readonly proved: number | null;
  /** When the owner put the list off. */
  readonly later: number | null;
  /** When the owner wanted to hear no more of it. */
  readonly ended: number | null;
}

export const GUIDES_MAX = 400;
export const GUIDE_PLACES_MAX = 40;
/** Characters of what the owner writes. */
const PLACE_NAME_MAX = 40;
export const PLACE_NOTE_MAX = 100;
/** Octets of all guides together: the settings have other things beside them in their one record. */
const GUIDES_OCTETS = 24_576;

const SORT = new RegExp(`^(?:${PLACE_SORTS.join('|')})$`);
const NAMES: Readonly<Record<PlaceSort, RegExp>> = {
  known: /^[a-z0-9-]{1,24}$/,
  site: /^[a-z0-9.-]{1,253}(?::\d{1,5})?$/,
  own: textForm(PLACE_NAME_MAX),
};
/** Whether a name is one of its sort. */
export function isPlaceName({ sort, name }: Pick<GuidePlace, 'sort' | 'name'>): boolean {
  return NAMES[sort].test(name);
}

const TIMES = ['tried', 'proved', 'later', 'ended'] as const;

function readPlace(value: Json): GuidePlace {
  const fields = readFields(value, 'place');
  checkKeys(fields, ['sort', 'name'], ['done', 'note', 'off']);
  const sort = readText(fields, 'sort', SORT) as PlaceSort;
  return {
    sort,
    name: readText(fields, 'name', NAMES[sort]),
    done: readOptionalInteger(fields, 'done', 0, TIME_MAX) ?? null,
    note: fields.has('note') ? readText(fields, 'note', textForm(PLACE_NOTE_MAX)) : '',
    off: fields.has('off') && readInteger(fields, 'off', 1, 1) === 1,
  };
}

function checkDistinct(names: readonly string[], what: string): void {
  if (new Set(names).size !== names.length) throw damaged(`${what} twice`);
}

function readGuide(value: Json): Guide {
  const fields = readFields(value, 'guide');
  checkKeys(fields, ['item', 'places'], TIMES);
  const places = readList(fields, 'places', GUIDE_PLACES_MAX).map(readPlace);
  checkDistinct(places.map(placeKey), 'place');
  const [tried = null, proved = null, later = null, ended = null] = TIMES.map((name) => readOptionalInteger(fields, name, 0, TIME_MAX));
  return { item: readBytesText(fields, 'item', ID_SIZE), places, tried, proved, later, ended };
}

/** What names a place within one guide. */
export function placeKey({ sort, name }: Pick<GuidePlace, 'sort' | 'name'>): string {
  return `${sort}:${name}`;
}

/** @throws `vault.damaged` */
export function readGuides(fields: Fields): readonly Guide[] {
  if (!fields.has('guides')) return [];
  const guides = readList(fields, 'guides', GUIDES_MAX).map(readGuide);
  if (guides.length === 0) throw damaged('guides');
  checkDistinct(
    guides.map(({ item }) => item),
    'guide',
  );
  return guides;
}

function fieldsOf(entries: Readonly<Record<string, Json | null>>): Fields {
  return new Map(Object.entries(entries).filter((entry): entry is [string, Json] => entry[1] !== null));
}

function guideFields({ item, places, tried, proved, later, ended }: Guide): Fields {
  const listed = places.map(({ sort, name, done, note, off }) =>
    fieldsOf({ sort, name, done, note: note === '' ? null : note, off: off ? 1 : null }),
  );
  return fieldsOf({ item, places: listed, tried, proved, later, ended });
}

/** Guides as a field of the settings; none takes no room. */
export function guidesField(guides: readonly Guide[]): readonly (readonly [string, Json])[] {
  return guides.length === 0 ? [] : [['guides', guides.map(guideFields)]];
}

function fit(guides: readonly Guide[]): boolean {
  return guides.length <= GUIDES_MAX && utf8(writeJson(guides.map(guideFields))).length <= GUIDES_OCTETS;
}

/**
 * Guides that fit into the settings, the newest last. Where there is no room, those that the owner ended go, the oldest first.
 * @throws `vault.full` where that does not help
 */
export function fittingGuides(guides: readonly Guide[]): readonly Guide[] {
  let kept = guides;
  while (!fit(kept)) {
    const oldest = kept.find(({ ended }) => ended !== null);
    if (!oldest) throw new WalletError('vault.full', { detail: 'guides' });
    kept = kept.filter((guide) => guide !== oldest);
  }
  return kept;
}
