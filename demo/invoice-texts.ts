/** What the invoice page says, in Korean and English. */
import type { Language } from './texts.ts';

interface InvoiceTexts {
  readonly title: string;
  readonly lead: string;
  readonly who: string;
  readonly columns: readonly [receiver: string, date: string, supply: string, tax: string, total: string];
  readonly sign: (count: number) => string;
  readonly home: string;
  readonly noScript: string;
  readonly resultTitle: string;
  readonly save: (nth: number) => string;
}

export const INVOICE_TEXTS: Readonly<Record<Language, InvoiceTexts>> = {
  ko: {
    title: '전자세금계산서',
    lead: '아래 세금계산서에 공동인증서로 서명해 보세요. 서버가 국세청이 정한 방식의 서명인지 확인합니다. 어디에도 발급되지 않습니다.',
    who: '전자세금용 또는 사업자 범용 인증서가 필요합니다. 시연용 인증서 중에서는 김상점의 인증서입니다.',
    columns: ['공급받는자', '작성일자', '공급가액', '세액', '합계'],
    sign: (count) => `전자세금계산서 ${String(count)}건 서명`,
    home: '처음으로',
    noScript: '서명하려면 자바스크립트를 켜 주세요.',
    resultTitle: '서명된 전자세금계산서',
    save: (nth) => `${String(nth)}번째 파일 저장 (XML)`,
  },
  en: {
    title: 'Electronic tax invoices',
    lead: 'Sign these tax invoices with a joint certificate. The server checks the signature as the tax office prescribes it. Nothing is issued anywhere.',
    who: 'An e-tax or business general certificate is needed. Of the demo certificates that is the one of 김상점.',
    columns: ['Recipient', 'Date', 'Supply amount', 'Tax', 'Total'],
    sign: (count) => `Sign ${String(count)} tax invoices`,
    home: 'Back to the start',
    noScript: 'Turn JavaScript on to sign.',
    resultTitle: 'Signed tax invoices',
    save: (nth) => `Save file ${String(nth)} (XML)`,
  },
};
