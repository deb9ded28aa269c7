import { hostParts } from '../../lib/hosts/registrable.ts';

/** Splits an origin so that the part that somebody registered can stand out. */
export interface OriginParts {
  readonly scheme: string;
  /** What the owner of the domain may choose freely, with its dot. */
  readonly before: string;
  readonly domain: string;
  /** With its colon; empty for the scheme's own port. */
  readonly port: string;
}

/** @param origin serialized origin, such as `https://obank.example.co.kr:8443` */
export function originParts(origin: string): OriginParts {
  const { protocol, hostname, port } = new URL(origin);
  const scheme = `${protocol}//`;
  const shownPort = port === '' ? '' : `:${port}`;
  const parts = hostParts(hostname);
  const before = (parts?.before ?? []).map((label) => `${label}.`).join('');
  return { scheme, before, domain: hostname.slice(before.length), port: shownPort };
}

/** Whether the address is written with other than plain letters, which can imitate another one. */
export function isPunycode(origin: string): boolean {
  return new URL(origin).hostname.split('.').some((label) => label.startsWith('xn--'));
}
