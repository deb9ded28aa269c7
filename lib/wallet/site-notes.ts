/** What the wallet notes of sites in its sealed settings. */
import { SITES_MAX, type SiteNote } from '../vault/settings-text.ts';

const NEVER: Omit<SiteNote, 'origin'> = { item: null, preset: null, used: 0, blocked: false };

/** What is noted of an origin; the same of one that nothing is noted of. */
export function siteNote(sites: readonly SiteNote[], origin: string): SiteNote {
  return sites.find((site) => site.origin === origin) ?? { origin, ...NEVER };
}

/** Whether a note says nothing that the owner decided. */
function isMere({ preset, blocked }: SiteNote): boolean {
  return preset === null && !blocked;
}

/** The notes with one changed or added; where there is no room, the one that was used longest ago and decided least goes. */
export function withSite(sites: readonly SiteNote[], origin: string, change: (site: SiteNote) => SiteNote): readonly SiteNote[] {
  const others = sites.filter((site) => site.origin !== origin);
  if (others.length >= SITES_MAX) {
    const [least] = others.toSorted((a, b) => Number(isMere(b)) - Number(isMere(a)) || a.used - b.used);
    others.splice(others.indexOf(least as SiteNote), 1);
  }
  return [...others, change(siteNote(sites, origin))];
}
