/** What the transfer page says, in Korean and English. */
import type { Language } from './texts.ts';

interface TransferTexts {
  readonly title: string;
  readonly lead: string;
  readonly account: string;
  readonly receiver: string;
  readonly amount: string;
  readonly terms: string;
  readonly sign: string;
  readonly back: string;
  readonly noScript: string;
  readonly doneTitle: string;
}

export const TRANSFER_TEXTS: Readonly<Record<Language, TransferTexts>> = {
  ko: {
    title: '이체',
    lead: '이체 내용에 공동인증서로 서명해 보세요. 서버는 자기가 쓴 문서 그대로인지 확인합니다. 돈은 움직이지 않습니다.',
    account: '받는 계좌',
    receiver: '받는 사람',
    amount: '금액(원)',
    terms: '이체 약관에도 서명합니다.',
    sign: '서명하고 이체',
    back: '내 정보로',
    noScript: '서명하려면 자바스크립트를 켜 주세요.',
    doneTitle: '서버가 확인한 것',
  },
  en: {
    title: 'Transfer',
    lead: 'Sign a transfer with a joint certificate. The server checks that it is the very document it wrote. No money moves.',
    account: 'To account',
    receiver: 'Recipient',
    amount: 'Amount (won)',
    terms: 'Sign the terms of transfers too.',
    sign: 'Sign and transfer',
    back: 'Back to my account',
    noScript: 'Turn JavaScript on to sign.',
    doneTitle: 'What the server checked',
  },
};

/** A long text, as such terms are. */
export const TERMS: string = [
  '전자금융 이체 약관 (시연용)',
  '',
  ...Array.from({ length: 30 }, (_, at) => `제${String(at + 1)}조 시연을 위한 조항입니다. 실제 은행의 약관이 아니며 아무런 효력이 없습니다.`),
  '',
].join('\n');
