/** Hosts of authorities as the manifest names them: whom leave is asked for, and whom the pages' own policy lets them reach. */
import type { CaEntry } from '../cmp/directory/entry.ts';

/** Where an authority may be asked. */
export type CaPlaces = Pick<CaEntry, 'id' | 'cmp' | 'ocspHosts' | 'crlHosts'>;

/** Lists and answers are signed by themselves and mostly served over http; this computer has nothing else. */
function addressesOf(host: string): readonly string[] {
  return /^(127\.0\.0\.1|localhost)(:|$)/.test(host) ? [`http://${host}/`] : [`http://${host}/`, `https://${host}/`];
}

function originsOf({ cmp, ocspHosts, crlHosts }: Omit<CaPlaces, 'id'>): readonly URL[] {
  const addresses = [...(cmp === null ? [] : [cmp.url]), ...[...ocspHosts, ...crlHosts].flatMap(addressesOf)];
  return addresses.map((address) => new URL(address));
}

/** Match patterns of all hosts of an authority. Patterns have no port: each covers every port of its host. */
export function hostPatterns(places: Omit<CaPlaces, 'id'>): string[] {
  return [...new Set(originsOf(places).map(({ protocol, hostname }) => `${protocol}//${hostname}/*`))];
}

/** Sources for `connect-src`. */
export function connectSources(places: Omit<CaPlaces, 'id'>): string[] {
  return [...new Set(originsOf(places).map(({ origin }) => origin))];
}
