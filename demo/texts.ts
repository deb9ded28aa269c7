/** What the demo bank says, in Korean and English. */
import type { Purpose } from '../lib/npki/policy.ts';
import type { Check } from '../lib/verify/result.ts';

export const LANGUAGES = ['ko', 'en'] as const;
export type Language = (typeof LANGUAGES)[number];

interface Texts {
  readonly name: string;
  readonly other: { readonly language: Language; readonly label: string; readonly hint: string };
  readonly notReal: string;
  readonly home: {
    readonly lead: string;
    readonly signIn: string;
    readonly signInIdentity: string;
    readonly cancel: string;
    readonly noScript: string;
    readonly centre: string;
    readonly invoices: string;
    readonly stepsTitle: string;
    readonly steps: readonly string[];
    readonly folder: string;
    readonly password: string;
    readonly peopleTitle: string;
    readonly people: { readonly name: string; readonly kind: string };
  };
  readonly account: {
    readonly title: string;
    readonly welcome: (holder: string) => string;
    readonly holder: string;
    readonly purpose: string;
    readonly expires: string;
    readonly serial: string;
    readonly issuer: string;
    readonly signedAt: string;
    readonly checksTitle: string;
    readonly checksLead: string;
    readonly identified: string;
    readonly transfer: string;
    readonly signOut: string;
  };
  readonly error: { readonly notFound: string; readonly home: string };
  readonly purposes: Readonly<Record<Purpose, string>>;
  readonly checks: Readonly<Record<Check, string>>;
}

const KO: Texts = {
  name: '도장 시연 은행',
  other: { language: 'en', label: 'English', hint: '영어로 보기' },
  notReal: '시연용 사이트입니다. 실제 은행이 아니며, 이 컴퓨터 안에서만 열립니다.',
  home: {
    lead: '도장 지갑에 담긴 공동인증서로 로그인해 보세요. 설치할 보안 프로그램은 없습니다.',
    signIn: '공동인증서 로그인',
    signInIdentity: '본인확인하고 로그인',
    cancel: '로그인 취소',
    noScript: '로그인하려면 자바스크립트를 켜 주세요.',
    centre: '공동인증센터: 발급, 재발급, 갱신, 폐기, 타행 인증서 등록',
    invoices: '전자세금계산서 서명',
    stepsTitle: '처음이라면',
    steps: [
      '도장 확장 프로그램(시연용)을 브라우저에 설치하고 지갑을 만듭니다.',
      '아래의 NPKI 폴더를 지갑으로 가져옵니다. 인증서 암호를 한 번 입력합니다.',
      '위의 공동인증서 로그인 버튼을 누르고, 도장 창에서 인증서를 골라 승인합니다.',
    ],
    folder: '시연용 인증서 폴더',
    password: '인증서 암호',
    peopleTitle: '시연용 인증서',
    people: { name: '사용자', kind: '구분' },
  },
  account: {
    title: '로그인했습니다',
    welcome: (holder) => `${holder} 님, 반갑습니다.`,
    holder: '사용자',
    purpose: '구분',
    expires: '만료일',
    serial: '일련번호',
    issuer: '발급자',
    signedAt: '서명한 때',
    checksTitle: '서버가 확인한 것',
    checksLead: '아래를 모두 통과해야 로그인됩니다.',
    identified: '본인확인: 지갑이 보낸 본인확인 값으로 계산하니, 은행에 등록된 번호의 주인이 이 인증서의 소유자입니다.',
    transfer: '이체: 문서에 서명하기',
    signOut: '로그아웃',
  },
  error: { notFound: '없는 페이지입니다.', home: '처음으로' },
  purposes: {
    'personal-general': '개인 범용',
    'personal-bank': '개인 은행/신용카드/보험용',
    'business-general': '사업자 범용',
    'business-bank': '사업자 은행/신용카드/보험용',
    'corporate-banking': '기업뱅킹용',
    card: '신용카드용',
    securities: '증권/보험용',
    'e-tax': '전자세금용',
    partner: '제휴기관용',
    civil: '민원용',
    institution: '기관용',
    'special-grade': '특수 등급',
    special: '특수목적용',
    finance: '금융인증서',
    other: '기타',
  },
  checks: {
    statement: '도장이 만든 로그인 문서이며, 다른 용도의 서명이 아닙니다.',
    content: '은행이 만든 문서 그대로이며, 한 글자도 바뀌지 않았습니다.',
    origin: '이 사이트의 주소로 서명했습니다. 다른 사이트에서 받은 서명이 아닙니다.',
    nonce: '방금 이 브라우저에 준 일회용 번호이며, 처음 쓰였습니다.',
    time: '5분 안에 서명했습니다.',
    'certificate-binding': '서명 안에 이 인증서가 적혀 있습니다.',
    signature: '인증서의 열쇠로 만든 서명이 맞습니다.',
    path: '믿을 수 있는 인증기관이 발급했고, 유효기간 안입니다.',
    'key-usage': '서명에 쓸 수 있는 인증서입니다.',
    policy: '이 은행이 받는 종류의 인증서입니다.',
    issuer: '이 은행이 받는 인증기관의 인증서입니다.',
    status: '폐기되지 않았습니다.',
  },
};

const EN: Texts = {
  name: 'Dojang Demo Bank',
  other: { language: 'ko', label: '한국어', hint: 'Show in Korean' },
  notReal: 'A demo site. Not a real bank; it opens on this computer only.',
  home: {
    lead: 'Sign in with a joint certificate from your Dojang wallet. There is no security program to install.',
    signIn: 'Sign in with a joint certificate',
    signInIdentity: 'Sign in with an identity check',
    cancel: 'Cancel sign-in',
    noScript: 'Turn JavaScript on to sign in.',
    centre: 'Certificate centre: issue, reissue, renew, revoke, register',
    invoices: 'Sign electronic tax invoices',
    stepsTitle: 'First time here?',
    steps: [
      'Install the demo build of the Dojang extension and create a wallet.',
      'Import the NPKI folder below into the wallet. Type the certificate password once.',
      'Press the sign-in button above, then choose a certificate in the Dojang window and approve.',
    ],
    folder: 'Folder of demo certificates',
    password: 'Certificate password',
    peopleTitle: 'Demo certificates',
    people: { name: 'Name', kind: 'Type' },
  },
  account: {
    title: 'You are signed in',
    welcome: (holder) => `Welcome, ${holder}.`,
    holder: 'Name',
    purpose: 'Type',
    expires: 'Expires',
    serial: 'Serial number',
    issuer: 'Issuer',
    signedAt: 'Signed at',
    checksTitle: 'What the server checked',
    checksLead: 'Every line must hold before anybody is signed in.',
    identified: 'Identity check: with the identity value from the wallet, the number on file is that of the holder of this certificate.',
    transfer: 'Transfer: sign a document',
    signOut: 'Sign out',
  },
  error: { notFound: 'There is no such page.', home: 'Back to the start' },
  purposes: {
    'personal-general': 'personal, general',
    'personal-bank': 'personal, bank/card/insurance',
    'business-general': 'business, general',
    'business-bank': 'business, bank/card/insurance',
    'corporate-banking': 'corporate banking',
    card: 'credit card',
    securities: 'securities/insurance',
    'e-tax': 'e-tax',
    partner: 'partner institutions',
    civil: 'civil petitions',
    institution: 'institution',
    'special-grade': 'special grade',
    special: 'special purpose',
    finance: 'finance certificate',
    other: 'other',
  },
  checks: {
    statement: 'It is a sign-in statement written by Dojang, not a signature for anything else.',
    content: 'It is the document as the bank wrote it, to the letter.',
    origin: 'It was signed for the address of this site, not collected by another one.',
    nonce: 'It carries the one-time number given to this browser just now, used for the first time.',
    time: 'It was signed within five minutes.',
    'certificate-binding': 'The signature names this very certificate.',
    signature: 'The signature was made with the key of the certificate.',
    path: 'A trusted authority issued the certificate, and it was valid at that time.',
    'key-usage': 'The certificate may be used for signing.',
    policy: 'The certificate is of a type this bank takes.',
    issuer: 'The certificate is of an authority this bank takes.',
    status: 'The certificate has not been revoked.',
  },
};

export const TEXTS: Readonly<Record<Language, Texts>> = { ko: KO, en: EN };

/** Date, or date and minute, in Korean time and the words of the language. */
export function formatTime(language: Language, time: number, withMinute = false): string {
  const format = new Intl.DateTimeFormat(language === 'ko' ? 'ko-KR' : 'en-GB', {
    timeZone: 'Asia/Seoul',
    dateStyle: 'long',
    ...(withMinute ? { timeStyle: 'medium' as const } : {}),
  });
  return format.format(time);
}
