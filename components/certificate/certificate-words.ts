/** The words for the facts of a certificate. */
import { daysUntil } from '../../lib/calendar/korea.ts';
import { keyOf, type TextKey, type TextParams } from '../../lib/i18n/texts.ts';
import type { CertificateFacts, CertificateRow, Validity } from '../../lib/wallet/model.ts';

type Translate = (key: TextKey, params?: TextParams) => string;
type Times = Pick<CertificateFacts, 'notBefore' | 'notAfter'>;
/** What has no row yet was never asked about. */
type Standing = Times & Partial<Pick<CertificateRow, 'revocation'>>;

const SOON_DAYS = 30;

/** Banks that register people, by the ids that certificates are read into; others go without a name. */
const BANKS: ReadonlyMap<string, TextKey> = new Map((['ibk', 'kb', 'nh', 'woori', 'sc', 'hana', 'shinhan'] as const).map((id) => [id, `bank_${id}`]));

export function purposeWord(t: Translate, { purpose }: Pick<CertificateFacts, 'purpose'>): string {
  return t(`purpose_${keyOf(purpose)}`);
}

/** The authority and, where the certificate tells it, the bank that registered the person. */
export function issuerWord(t: Translate, { issuer, issuerName, bank }: Pick<CertificateFacts, 'issuer' | 'issuerName' | 'bank'>): string {
  const authority = issuer === 'other' ? issuerName : t(`issuer_${issuer}`);
  const registrar = bank === null ? undefined : BANKS.get(bank);
  return registrar === undefined ? authority : `${authority} · ${t(registrar)}`;
}

export function validityAt({ notBefore, notAfter, revocation }: Standing, now: number): Validity {
  const said = revocation?.word?.state ?? 'good';
  if (said !== 'good') return said;
  if (now > notAfter) return 'expired';
  if (now < notBefore) return 'not-yet-valid';
  return daysUntil(now, notAfter) <= SOON_DAYS ? 'expires-soon' : 'valid';
}

/** Whether it is within its dates, and not known to be revoked. */
export function isUsable(times: Standing, now: number): boolean {
  const validity = validityAt(times, now);
  return validity === 'valid' || validity === 'expires-soon';
}

/** Whether the days until its end tell anything beside the state. */
export function hasDays(validity: Validity): boolean {
  return validity === 'valid' || validity === 'expires-soon' || validity === 'expired';
}

export function stateWord(t: Translate, validity: Validity): string {
  return t(`state_${keyOf(validity)}`);
}

/** How long it lasts: "27일 남음", "오늘 만료", "3일 지남". */
export function daysWord(t: Translate, { notAfter }: Times, now: number): string {
  const days = daysUntil(now, notAfter);
  if (now > notAfter) return days === 0 ? t('days_past_today') : t('days_past', { n: -days });
  return days === 0 ? t('days_today') : t('days_left', { n: days });
}

/** One sentence on the time state, with its days written out. */
export function stateSentence(t: Translate, day: (time: number) => string, times: Standing, now: number): string {
  const validity = validityAt(times, now);
  if (validity === 'not-yet-valid') return t('sentence_not_yet_valid', { date: day(times.notBefore) });
  if (validity === 'expired') return t('sentence_expired', { date: day(times.notAfter) });
  if (validity === 'revoked' || validity === 'on-hold') return t(`sentence_${keyOf(validity)}`);
  const n = daysUntil(now, times.notAfter);
  return n === 0 ? t('sentence_today', { date: day(times.notAfter) }) : t('sentence_valid', { date: day(times.notAfter), n });
}

/** "홍길동 · 은행/신용카드/보험용", to name one certificate in a sentence. */
export function certificateName(t: Translate, facts: Pick<CertificateFacts, 'holder' | 'purpose'>): string {
  return `${facts.holder} · ${purposeWord(t, facts)}`;
}
