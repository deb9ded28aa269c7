/** The places that are shipped, and which of them a certificate or an address belongs to. */
import type { Place } from './place.ts';
import shipped from './places.json' with { type: 'json' };

/** All of them in the order they are offered. `test/unit/places` holds their form. */
export const PLACES = shipped.places as readonly Place[];

/** Days before the end from which authorities usually renew. */
export const USUAL_DAYS = 30;

export function findPlace(id: string): Place | null {
  return PLACES.find((place) => place.id === id) ?? null;
}

/** The place that a host belongs to, by one of its domains; null for a host of nobody we know. */
export function placeOfHost(host: string): Place | null {
  return PLACES.find(({ hosts }) => hosts.some((domain) => host === domain || host.endsWith(`.${domain}`))) ?? null;
}

/** Who renews a certificate: the bank that registered its holder where it names one, else its authority; null for others. */
export function renewerOf({ issuer, bank }: { readonly issuer: string; readonly bank: string | null }): Place | null {
  const found = (bank === null ? null : findPlace(bank)) ?? findPlace(issuer);
  return found?.renewal ? found : null;
}

/** Calendar days before its end from which a certificate is usually renewed. */
export function renewalDays(certificate: Parameters<typeof renewerOf>[0]): number {
  return renewerOf(certificate)?.renewal?.fromDays ?? USUAL_DAYS;
}

/** Places that the lists offer: those that renew nothing, and the other banks one by one. Authorities register nobody. */
export function offeredPlaces(): readonly Place[] {
  return PLACES.filter(({ kind }) => kind !== 'ca');
}
