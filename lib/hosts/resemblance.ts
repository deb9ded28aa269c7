/** Whether a host imitates one of the listed domains, and which. */
import { folded } from './confusables.ts';
import { hostParts } from './registrable.ts';

/** What imitators write beside the name. */
const BAIT = new Set(
  (
    'www web m my go app com net co or kr korea bank banking ebank login logon signin secure security safe safety online ' +
    'mobile cert certificate auth verify support service help center event sign pay smart 24'
  )
    .split(' ')
    .map(folded),
);
/** Names of so few letters mean other things elsewhere. */
const SHORT = 3;
/** From so many letters on two typing errors make no other word. */
const LONG = 8;
/** From so many on one error does not, whatever it was registered under. */
const MIDDLE = 6;
/** Only authorities of the state register there. */
const OF_THE_STATE = 'go.kr';

interface Seen {
  /** Folded, without hyphens. */
  readonly name: string;
  readonly suffix: string;
  /** All pieces between dots and hyphens, folded. */
  readonly pieces: readonly string[];
  /** Those of them that were chosen freely. */
  readonly chosen: readonly string[];
}

const piecesOf = (labels: readonly string[]): string[] => labels.flatMap((label) => folded(label).split('-'));

function seen(hostname: string): Seen | null {
  const parts = hostParts(hostname);
  if (!parts || parts.suffix === '') return null;
  const { before, name, suffix } = parts;
  const chosen = piecesOf([...before, name]);
  return { name: piecesOf([name]).join(''), suffix, chosen, pieces: [...chosen, ...piecesOf(suffix.split('.'))] };
}

/** Changes of one letter, and neighbours in each other's place, that make one text of the other (optimal string alignment). */
function distance(a: string, b: string): number {
  const rows: number[][] = [Array.from({ length: b.length + 1 }, (_, j) => j)];
  const at = (i: number, j: number): number => rows[i]?.[j] ?? Infinity;
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    rows.push(row);
    for (let j = 1; j <= b.length; j++) {
      const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      row[j] = Math.min(
        at(i - 1, j) + 1,
        at(i, j - 1) + 1,
        at(i - 1, j - 1) + Number(a[i - 1] !== b[j - 1]),
        swapped ? at(i - 2, j - 2) + 1 : Infinity,
      );
    }
  }
  return at(a.length, b.length);
}

const inKorea = (suffix: string): boolean => suffix === 'kr' || suffix.endsWith('.kr');

/** `kbstar.com.evil.example`, `kbstar-com.example` */
function holdsWhole({ pieces }: Seen, listed: Seen): boolean {
  return ` ${pieces.join(' ')} `.includes(` ${listed.pieces.join(' ')} `);
}

/** `kbstar.net`, `kb-star.com`, `kbst\u0430r.com` */
function hasName({ name, suffix }: Seen, listed: Seen): boolean {
  return name === listed.name && (name.length > SHORT || suffix === listed.suffix || (inKorea(suffix) && inKorea(listed.suffix)));
}

/** `kbstra.com`, `wooribamk.com` */
function isMistyped({ name, suffix }: Seen, listed: Seen): boolean {
  const { length } = listed.name;
  if (length <= SHORT || Math.abs(name.length - length) > 2) return false;
  if (suffix !== listed.suffix && (length < MIDDLE || name[0] !== listed.name[0])) return false;
  return distance(name, listed.name) <= (length < LONG ? 1 : 2);
}

/** `kbstar.evil.example`, `kbstar-login.example` */
function holdsName({ chosen, suffix }: Seen, listed: Seen): boolean {
  return suffix !== OF_THE_STATE && listed.name.length > SHORT && chosen.includes(listed.name);
}

/** `kbstarlogin.example`, `ibk-bank.com` */
function addsBait({ name, suffix }: Seen, listed: Seen): boolean {
  if (listed.name.length <= SHORT && suffix !== 'com' && !inKorea(suffix)) return false;
  const at = name.indexOf(listed.name);
  const isBait = (text: string): boolean => text === '' || BAIT.has(text);
  return at >= 0 && name !== listed.name && isBait(name.slice(0, at)) && isBait(name.slice(at + listed.name.length));
}

/** The strongest first. */
const SIGNS = [holdsWhole, hasName, isMistyped, holdsName, addsBait];

/**
 * The listed domain that a host resembles, null for none. A listed domain and its subdomains resemble nothing.
 *
 * @param hostname as `URL` gives it
 * @param listed registrable domains in lower case
 */
export function resembledDomain(hostname: string, listed: readonly string[]): string | null {
  const host = hostname.replace(/\.$/, '');
  if (listed.some((domain) => host === domain || host.endsWith(`.${domain}`))) return null;
  const one = seen(host);
  if (!one) return null;
  for (const sign of SIGNS) {
    const found = listed.find((domain) => {
      const other = seen(domain);
      return other !== null && sign(one, other);
    });
    if (found !== undefined) return found;
  }
  return null;
}
