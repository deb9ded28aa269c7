/** Splits an origin so that the part that somebody registered can stand out. */
export interface OriginParts {
  readonly scheme: string;
  /** What the owner of the domain may choose freely, with its dot. */
  readonly before: string;
  readonly domain: string;
  /** With its colon; empty for the scheme's own port. */
  readonly port: string;
}

/** Second labels under which a country lets people register, among them the Korean ones and its regions. */
const SECOND = new Set(
  (
    'ac co com edu go gov hs kg mil ms ne net nm or org pe re sc es ltd plc sch ' +
    'busan chungbuk chungnam daegu daejeon gangwon gwangju gyeongbuk gyeonggi gyeongnam incheon jeju jeonbuk jeonnam seoul ulsan'
  ).split(' '),
);

function domainLabels(labels: readonly string[]): number {
  const [second, top] = labels.slice(-2);
  return top?.length === 2 && second !== undefined && SECOND.has(second) ? 3 : 2;
}

/** @param origin serialized origin, such as `https://obank.example.co.kr:8443` */
export function originParts(origin: string): OriginParts {
  const { protocol, hostname, port } = new URL(origin);
  const scheme = `${protocol}//`;
  const shownPort = port === '' ? '' : `:${port}`;
  const labels = hostname.split('.');
  const isAddress = hostname.startsWith('[') || /^\d+$/.test(labels.at(-1) ?? '');
  const cut = isAddress ? 0 : Math.max(0, labels.length - domainLabels(labels));
  const before = labels
    .slice(0, cut)
    .map((label) => `${label}.`)
    .join('');
  return { scheme, before, domain: labels.slice(cut).join('.'), port: shownPort };
}

/** Whether the address is written with other than plain letters, which can imitate another one. */
export function isPunycode(origin: string): boolean {
  return new URL(origin).hostname.split('.').some((label) => label.startsWith('xn--'));
}
