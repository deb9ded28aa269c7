/** Which part of a host name somebody registered. */
export interface HostParts {
  /** Labels that the owner of the domain may choose freely. */
  readonly before: readonly string[];
  /** The label that was registered. */
  readonly name: string;
  /** Under which it was registered, such as `co.kr`; empty for a host of one label. */
  readonly suffix: string;
}

/** Second labels under which a country lets people register, among them the Korean ones and its regions. */
const SECOND = new Set(
  (
    'ac co com edu go gov hs kg mil ms ne net nm or org pe re sc es ltd plc sch ' +
    'busan chungbuk chungnam daegu daejeon gangwon gwangju gyeongbuk gyeonggi gyeongnam incheon jeju jeonbuk jeonnam seoul ulsan'
  ).split(' '),
);

function suffixLabels(labels: readonly string[]): number {
  const [second, top] = labels.slice(-2);
  const most = top?.length === 2 && second !== undefined && SECOND.has(second) ? 2 : 1;
  return Math.min(most, labels.length - 1);
}

/** @param hostname as `URL` gives it; null for an address of numbers, which nobody registered as a name */
export function hostParts(hostname: string): HostParts | null {
  const labels = hostname.split('.');
  if (hostname.startsWith('[') || /^\d+$/.test(labels.at(-1) ?? '')) return null;
  const cut = labels.length - suffixLabels(labels);
  return { before: labels.slice(0, cut - 1), name: labels[cut - 1] ?? '', suffix: labels.slice(cut).join('.') };
}
