/** The words of renewal guides. */
import type { Locale } from '../../lib/i18n/locale.ts';
import type { TextKey, TextParams } from '../../lib/i18n/texts.ts';
import { findPlace, renewerOf } from '../../lib/places/directory.ts';
import type { Place } from '../../lib/places/place.ts';
import type { CertificateRow } from '../../lib/wallet/model.ts';
import type { ChecklistPlace, ChecklistRow, TidyCondition } from '../../lib/wallet/renewal-api.ts';

type Words = (key: TextKey, params?: TextParams) => string;

/** Where one goes: to whom the certificate is of, or nowhere that we know. */
export interface Renewer {
  readonly place: Place;
  /** Menu words of its own screens, or null where no guide names them. */
  readonly menu: string | null;
}

/** Who renews a certificate, or issues the next one where it has ended. */
export function renewerFor(certificate: Pick<CertificateRow, 'issuer' | 'bank'>, ended: boolean): Renewer | null {
  const place = renewerOf(certificate);
  return place && { place, menu: ended ? place.menus.issue : place.menus.renew };
}

/** Hosts on which a site's own page would not be reached by its name. */
const OWN_MACHINE = /^(?:localhost|127\.0\.0\.1)(?::|$)/;

/** How a place of the list is called, and where its page is; null where there is none to lead to. */
export function placeWords(
  locale: Locale,
  { sort, name }: ChecklistPlace,
): { readonly name: string; readonly url: string | null; readonly menu: string | null } {
  const known = sort === 'known' ? findPlace(name) : null;
  if (known) return { name: known.name[locale], url: known.url, menu: known.menus.register ?? known.menus.app };
  return { name, url: sort === 'site' && !OWN_MACHINE.test(name) ? `https://${name}/` : null, menu: null };
}

/** Why a place stands in the list. */
export function reasonWord(t: Words, day: (time: number) => string, { sort, lastUsed }: ChecklistRow): string {
  if (lastUsed !== null) return t('place_used', { date: day(lastUsed) });
  return t(sort === 'own' ? 'place_own' : 'place_known');
}

const CONDITIONS: Readonly<Record<TidyCondition['name'], Partial<Record<TidyCondition['state'], TextKey>>>> = {
  opens: { met: 'tidy_opens_met', open: 'tidy_opens_open', failed: 'tidy_opens_failed' },
  proved: { met: 'tidy_proved_used', open: 'tidy_proved_open' },
  status: { met: 'tidy_status_met', unknown: 'tidy_status_unknown', failed: 'tidy_status_failed' },
  backup: { met: 'tidy_backup_met', open: 'tidy_backup_open' },
  places: { met: 'tidy_places_met', open: 'tidy_places_open' },
};

/** The sentence on a condition. @param said the owner's word stands for a use */
export function conditionKey({ name, state }: TidyCondition, said: boolean): TextKey {
  if (name === 'proved' && said) return 'tidy_proved_said';
  return CONDITIONS[name][state] ?? `tidy_state_${state}`;
}
