/** The holder's name as people know it, without the digits that banks put behind it. */
import type { IdentifyData } from './identify-data.ts';
import { nameValue, type Name } from './name.ts';
import { OID } from './oids.ts';

const LONGEST = 100;

/** Control characters and those that turn the reading direction have no place in a name that is shown. */
export function plainText(text: string): string {
  return text
    .normalize('NFC')
    .replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, '')
    .trim()
    .slice(0, LONGEST);
}

/** Whether the CN is that name, or that name and an appendix of brackets or digits. */
function agrees(commonName: string, realName: string): boolean {
  return commonName.startsWith(realName) && /^(?:$|[(\-_\s\d])/.test(commonName.slice(realName.length));
}

/**
 * Takes off what authorities append: `이름()0020041…`, `HKD(KILDONG.HONG)0091…`, `이름-274795`, `이름_0000…`. Brackets
 * that open the name are part of it: `(주)픽스처상사()0020041…` is `(주)픽스처상사`.
 */
function withoutAppendix(commonName: string): string {
  const digits = /^(.+)\([^()]*\)\d{6,}$/.exec(commonName) ?? /^(.+)[-_]\d{4,}$/.exec(commonName);
  if (digits?.[1] !== undefined) return digits[1];
  const bracket = commonName.indexOf('(', 1);
  const closing = commonName.startsWith('(') ? commonName.indexOf(')') : 0;
  return bracket > closing ? commonName.slice(0, bracket) : commonName;
}

/**
 * The name that lists show. The real name of subjectAltName is preferred where the CN agrees with it; a CN that says
 * something else wins, since it is what the authority put into the name that is compared.
 */
export function holderName(subject: Name, identity: IdentifyData | null): string {
  const commonName = plainText(nameValue(subject, OID.commonName) ?? '');
  const realName = plainText(identity?.realName ?? '');
  if (realName !== '' && (commonName === '' || agrees(commonName, realName))) return realName;
  if (commonName !== '') return plainText(withoutAppendix(commonName));
  return plainText(subject.attributes.at(-1)?.value ?? '');
}
