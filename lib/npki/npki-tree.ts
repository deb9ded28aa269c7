/** Where Korean programs look for an identity: `NPKI/<authority>/USER/<distinguished name>/`. */
import type { Certificate } from './certificate.ts';
import { issuerName, issuerOf, type Issuer } from './issuer.ts';
import { nameText } from './name.ts';

/** Folders as the authorities' own programs name them. */
const FOLDERS: Readonly<Record<Exclude<Issuer, 'other'>, string>> = {
  yessign: 'yessign',
  kica: 'KICA',
  signkorea: 'SignKorea',
  crosscert: 'CrossCert',
  tradesign: 'TradeSign',
  ncasign: 'NCASIGN',
  inipass: 'INIPASS',
};

/** File systems take 255 octets for a name; Hangul has three each. */
const NAME_OCTETS = 240;

/** A name that Windows, macOS and Linux take: what is reserved becomes `_`. */
export function safeName(text: string): string {
  const cleaned = text
    .normalize('NFC')
    .replaceAll(/[\0-\x1f\x7f<>:"/\\|?*\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff]/g, '_')
    .replace(/^\.+/, '_');
  let cut = '';
  for (const character of cleaned) {
    if (new TextEncoder().encode(cut + character).length > NAME_OCTETS) break;
    cut += character;
  }
  const trimmed = cut.replace(/[. ]+$/, '');
  return trimmed === '' || /^(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$)/i.test(trimmed) ? `_${trimmed}` : trimmed;
}

/** `cn=…,ou=…,o=yessign,c=kr`: most specific first, types in lower case, values as the certificate has them. */
function subjectFolder({ subject }: Certificate): string {
  return safeName(nameText(subject).replaceAll(/(^|,)([A-Za-z]+)=/g, (_, comma: string, type: string) => `${comma}${type.toLowerCase()}=`));
}

/** The folder of an identity within its parent, without a slash at the end. */
export function identityFolder(certificate: Certificate): string {
  const issuer = issuerOf(certificate.issuer);
  const authority = issuer === 'other' ? safeName(issuerName(certificate.issuer) || 'other') : FOLDERS[issuer];
  return `NPKI/${authority}/USER/${subjectFolder(certificate)}`;
}
