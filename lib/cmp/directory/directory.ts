/** The authorities that are shipped, as data with source and date (`directory.json`). */
import shipped from './directory.json' with { type: 'json' };
import type { CaEntry } from './entry.ts';

/** All authorities in the order they are shown. */
export const AUTHORITIES: readonly CaEntry[] = shipped.authorities;

/** The authority of an id among `entries`, or null: an id is a name, never an address. */
export function findAuthority(id: string, entries: readonly CaEntry[] = AUTHORITIES): CaEntry | null {
  return entries.find((entry) => entry.id === id) ?? null;
}
