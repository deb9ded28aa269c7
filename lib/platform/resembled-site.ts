/** Apart from the list of sites, for it comes with a table of letters that only a warning needs. */
import { resembledDomain } from '../hosts/resemblance.ts';
import { SITES } from './sites.ts';

const DOMAINS = SITES.map(({ domain }) => domain);

/** The listed domain that the host of an origin resembles without being of it, or null. */
export function resembledSite(origin: string): string | null {
  const url = URL.parse(origin);
  return url && resembledDomain(url.hostname, DOMAINS);
}
