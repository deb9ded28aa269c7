/** Who issued a certificate, and which bank registered its holder, as far as the names in it tell. */
import { nameValue, nameValues, type Name } from './name.ts';
import { OID } from './oids.ts';

/** Certificate authorities that issue joint certificates, by the O of the issuer's name. */
export const ISSUERS = ['yessign', 'kica', 'signkorea', 'crosscert', 'tradesign', 'ncasign', 'inipass', 'other'] as const;
export type Issuer = (typeof ISSUERS)[number];

/** Organizations that write their name otherwise. */
const OTHER_SPELLINGS: ReadonlyMap<string, Issuer> = new Map([['signgate', 'kica']]);

/** Banks by the OU that yessign writes for them. */
const BANK_UNITS: ReadonlyMap<string, string> = new Map([
  ['woori', 'woori'],
  ['kmb', 'kb'],
  ['ibk', 'ibk'],
  ['nacf', 'nh'],
]);

/** Banks by their three-digit code in the digits behind the holder's name. */
const BANK_CODES: ReadonlyMap<string, string> = new Map([
  ['003', 'ibk'],
  ['004', 'kb'],
  ['011', 'nh'],
  ['020', 'woori'],
  ['023', 'sc'],
  ['081', 'hana'],
  ['088', 'shinhan'],
]);

/** `0`, bank code, three digits, the date, and seven to nine digits of a running number. */
const BANK_DIGITS = /\)0(\d{3})\d{3}\d{8}\d{7,9}$/;

/** O of the issuer's name as written; empty where there is none. */
export function issuerName(issuer: Name): string {
  return nameValue(issuer, OID.organization) ?? '';
}

/** The authority behind an issuer's name. */
export function issuerOf(issuer: Name): Issuer {
  const name = issuerName(issuer).normalize('NFC').trim().toLowerCase();
  return ISSUERS.find((known) => known === name) ?? OTHER_SPELLINGS.get(name) ?? 'other';
}

/** Id of the bank that registered the holder, from an OU or from the digits in the CN; null where neither tells. */
export function registeringBank(subject: Name): string | null {
  for (const unit of nameValues(subject, OID.organizationalUnit)) {
    const bank = BANK_UNITS.get(unit.toLowerCase());
    if (bank !== undefined) return bank;
  }
  const digits = BANK_DIGITS.exec(nameValue(subject, OID.commonName) ?? '');
  return BANK_CODES.get(digits?.[1] ?? '') ?? null;
}
