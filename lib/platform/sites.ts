/**
 * Hosts on which the wallet answers pages without being asked to by the person: large Korean banks, cards, the tax office
 * and government services that take joint certificates.
 *
 * Source: the public addresses of these institutions' own sites, written down 2026-11-25 from general knowledge and not yet
 * checked one by one against the sites; a host that is not served only means that the wallet stays silent there.
 */
export interface Site {
  /** Registrable domain; its subdomains belong to it. */
  readonly domain: string;
  readonly ko: string;
  readonly en: string;
}

export const SITES: readonly Site[] = [
  { domain: 'wooribank.com', ko: '우리은행', en: 'Woori Bank' },
  { domain: 'kbstar.com', ko: 'KB국민은행', en: 'KB Kookmin Bank' },
  { domain: 'shinhan.com', ko: '신한은행', en: 'Shinhan Bank' },
  { domain: 'kebhana.com', ko: '하나은행', en: 'Hana Bank' },
  { domain: 'ibk.co.kr', ko: 'IBK기업은행', en: 'Industrial Bank of Korea' },
  { domain: 'nonghyup.com', ko: 'NH농협은행', en: 'NH NongHyup Bank' },
  { domain: 'standardchartered.co.kr', ko: 'SC제일은행', en: 'SC First Bank Korea' },
  { domain: 'epostbank.go.kr', ko: '우체국예금', en: 'Korea Post Savings' },
  { domain: 'hometax.go.kr', ko: '홈택스', en: 'Hometax' },
  { domain: 'gov.kr', ko: '정부24', en: 'Government24' },
  { domain: 'nhis.or.kr', ko: '국민건강보험', en: 'National Health Insurance' },
  { domain: 'yessign.or.kr', ko: '금융결제원 인증센터', en: 'yessign' },
  { domain: 'signgate.com', ko: '한국정보인증', en: 'KICA SignGate' },
  { domain: 'crosscert.com', ko: '한국전자인증', en: 'CrossCert' },
  { domain: 'signkorea.com', ko: '코스콤 SignKorea', en: 'SignKorea' },
  { domain: 'tradesign.net', ko: '한국무역정보통신 TradeSign', en: 'TradeSign' },
];

/** Match patterns of the content script: https only. */
export function sitePatterns(): string[] {
  return SITES.flatMap(({ domain }) => [`https://${domain}/*`, `https://*.${domain}/*`]);
}

/** Loopback, for the demo build alone. */
export const LOCAL_PATTERNS: readonly string[] = ['http://localhost/*', 'http://127.0.0.1/*'];
/** The same for `connect-src`, where ports count. */
export const LOCAL_SOURCES: readonly string[] = ['http://localhost:*', 'http://127.0.0.1:*'];

/** The listed site an https origin belongs to, or null. */
export function siteOf(origin: string): Site | null {
  const url = URL.parse(origin);
  if (url?.protocol !== 'https:' || url.port !== '') return null;
  return SITES.find(({ domain }) => url.hostname === domain || url.hostname.endsWith(`.${domain}`)) ?? null;
}
