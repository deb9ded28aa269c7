/** The people of the demo. Names, numbers and password are invented; the identity numbers have a month 00 or a wrong check digit. */

export interface Person {
  /** Name of the person as the certificate says it. */
  readonly realName: string;
  /** What stands in the brackets of the common name, empty for most. */
  readonly latin: string;
  /** Organizational unit by which Korean authorities tell kinds of certificates. */
  readonly unit: string;
  readonly policy: string;
  /** 13-digit resident number or 10-digit business number. */
  readonly idNumber: string;
  /** Days from the demo's first start to the first and to the last day of the certificate. */
  readonly fromDay: number;
  readonly untilDay: number;
  /** For the list in README.txt and on the bank's page. */
  readonly note: { readonly ko: string; readonly en: string };
}

/** The certificate password of all of them. */
export const DEMO_PASSWORD = 'demo!Password2026';

export const PEOPLE: readonly Person[] = [
  {
    realName: '홍길동',
    latin: '',
    unit: 'personal4IB',
    policy: '1.2.410.200005.1.1.4',
    idNumber: '9000011000000',
    fromDay: 0,
    untilDay: 365,
    note: { ko: '개인, 은행/신용카드/보험용', en: 'personal, for banks, cards and insurance' },
  },
  {
    realName: '김상점',
    latin: '',
    unit: 'xUse',
    policy: '1.2.410.200005.1.1.5',
    idNumber: '1234567890',
    fromDay: 0,
    untilDay: 365,
    note: { ko: '사업자, 범용', en: 'business, general' },
  },
  {
    realName: '정만료',
    latin: '',
    unit: 'personal4IB',
    policy: '1.2.410.200005.1.1.4',
    idNumber: '8000012000000',
    fromDay: -400,
    untilDay: -35,
    note: { ko: '만료된 인증서: 로그인할 수 없습니다', en: 'expired: cannot sign in' },
  },
  {
    realName: 'CHRISTOPHER ALEXANDER MONTGOMERY',
    latin: 'CAM',
    unit: 'personal',
    policy: '1.2.410.200005.1.1.1',
    idNumber: '8500015000000',
    fromDay: 0,
    untilDay: 20,
    note: { ko: '개인, 범용: 긴 이름, 곧 만료', en: 'personal, general: a long name, expires soon' },
  },
];
