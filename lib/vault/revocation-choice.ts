/** When authorities may be asked about revocation without a click, as it stands in the settings. Nothing by itself: they learn of it. */
import { checkKeys, readFields, readInteger } from './fields.ts';
import type { Fields, Json } from './json.ts';

export interface RevocationChoice {
  /** At the first use of the wallet on each day, about all certificates that are within their dates. */
  readonly daily: boolean;
  /** When the renewal guide of a certificate is opened. */
  readonly renewal: boolean;
}

export const NOT_ASKED: RevocationChoice = { daily: false, renewal: false };

/** @throws `vault.damaged` */
export function readRevocationChoice(fields: Fields): RevocationChoice {
  if (!fields.has('revocation')) return NOT_ASKED;
  const choice = readFields(fields.get('revocation'), 'revocation');
  checkKeys(choice, ['daily', 'renewal']);
  return { daily: readInteger(choice, 'daily', 0, 1) === 1, renewal: readInteger(choice, 'renewal', 0, 1) === 1 };
}

/** The choice as a field of the settings; none takes no room. */
export function revocationField({ daily, renewal }: RevocationChoice): readonly (readonly [string, Json])[] {
  if (!daily && !renewal) return [];
  return [
    [
      'revocation',
      new Map<string, Json>([
        ['daily', daily ? 1 : 0],
        ['renewal', renewal ? 1 : 0],
      ]),
    ],
  ];
}
