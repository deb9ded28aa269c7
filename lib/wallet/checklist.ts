/** The places where a new certificate has to be registered: those it was used at, and those the owner put there. */
import { WalletError } from '../errors.ts';
import { findPlace, placeOfHost } from '../places/directory.ts';
import { GUIDE_PLACES_MAX, isPlaceName, PLACE_NOTE_MAX, placeKey, type Guide, type GuidePlace } from '../vault/guides-text.ts';
import { cleanLine } from './labels.ts';
import type { ChecklistPlace, ChecklistRow, GuideChange } from './renewal-api.ts';

/** A site where one of some certificates was used. */
export interface Use {
  /** As the browser reports it, e.g. `https://bank.example`. */
  readonly origin: string;
  /** Milliseconds since 1970. */
  readonly last: number;
}

/** A guide before anything was done. */
export function freshGuide(item: string): Guide {
  return { item, places: [], tried: null, proved: null, later: null, ended: null };
}

/** A new certificate's guide has the places of the one before, none of them done. */
export function guideAfter(item: string, before: Guide | undefined): Guide {
  const places = (before?.places ?? []).map((place) => ({ ...place, done: null }));
  return { ...freshGuide(item), places };
}

function placeOfOrigin(origin: string): ChecklistPlace {
  const { host, hostname } = new URL(origin);
  const known = placeOfHost(hostname);
  return known ? { sort: 'known', name: known.id } : { sort: 'site', name: host };
}

/** When each place was used last, by `placeKey`. */
function lastUses(uses: readonly Use[]): ReadonlyMap<string, { readonly place: ChecklistPlace; readonly last: number }> {
  const found = new Map<string, { place: ChecklistPlace; last: number }>();
  for (const { origin, last } of uses) {
    if (!URL.canParse(origin)) continue;
    const place = placeOfOrigin(origin);
    const key = placeKey(place);
    found.set(key, { place, last: Math.max(last, found.get(key)?.last ?? 0) });
  }
  return found;
}

function isShown({ sort, name, off }: GuidePlace): boolean {
  return !off && (sort !== 'known' || findPlace(name) !== null);
}

/** The rows of the list: what was used last comes first, then what the owner put there. */
export function checklistRows({ places }: Pick<Guide, 'places'>, uses: readonly Use[]): readonly ChecklistRow[] {
  const used = lastUses(uses);
  const kept = new Map(places.map((place) => [placeKey(place), place]));
  const met = [...used].filter(([key]) => !kept.has(key)).map(([, { place }]) => ({ ...place, done: null, note: '', off: false }));
  const rows = [...met, ...places.filter(isShown)].map(({ sort, name, done, note }) => {
    const lastUsed = used.get(placeKey({ sort, name }))?.last ?? null;
    return { sort, name, done, note, lastUsed };
  });
  return rows.sort((a, b) => (b.lastUsed ?? 0) - (a.lastUsed ?? 0));
}

function cleanPlace({ sort, name }: ChecklistPlace): ChecklistPlace {
  const place = { sort, name: sort === 'own' ? cleanLine(name) : name };
  if (!isPlaceName(place) || (sort === 'known' && !findPlace(name))) throw new WalletError('request.malformed', { detail: 'place' });
  return place;
}

function withPlace({ places, ...guide }: Guide, place: ChecklistPlace, change: (kept: GuidePlace) => GuidePlace): Guide {
  const key = placeKey(place);
  const old = places.find((one) => placeKey(one) === key);
  const next = change(old ?? { ...place, done: null, note: '', off: false });
  const others = old ? places.map((one) => (one === old ? next : one)) : [...places, next];
  if (others.length > GUIDE_PLACES_MAX) throw new WalletError('vault.full', { detail: 'places' });
  return { ...guide, places: others };
}

function withNote(text: string): (kept: GuidePlace) => GuidePlace {
  const note = cleanLine(text);
  if (note.length > PLACE_NOTE_MAX) throw new WalletError('request.malformed', { detail: 'note' });
  return (kept) => ({ ...kept, note });
}

/**
 * A guide after one thing that the owner did, at `now`. @throws `request.malformed` for a place or a note that is none,
 * `vault.full` where the list is
 */
export function changedGuide(guide: Guide, change: GuideChange, now: number): Guide {
  switch (change.type) {
    case 'add':
      return withPlace({ ...guide, ended: null }, cleanPlace(change.place), (kept) => ({ ...kept, off: false }));
    case 'remove':
      return withPlace(guide, cleanPlace(change.place), (kept) => ({ ...kept, done: null, note: '', off: true }));
    case 'tick':
      return withPlace(guide, cleanPlace(change.place), (kept) => ({ ...kept, done: change.yes ? now : null }));
    case 'note':
      return withPlace(guide, cleanPlace(change.place), withNote(change.note));
    case 'proved':
    case 'later':
    case 'ended':
      return { ...guide, [change.type]: change.yes ? now : null };
  }
}
