/**
 * Where a sync copy lies: records cut into pieces that fit the browser's sync storage, under names that say whose, which
 * and which piece, and no person's name.
 *
 *   djw1.s.<w>.h<parity>.<n>      head; parity of its generation
 *   djw1.s.<w>.r<id>.<g>.<n>      record
 *
 * `w` are the first eight characters of the wallet id; a value is "<n>/<total>:" and at most 8,000 characters.
 */
import { errorCode } from '../errors.ts';
import { readHead, type VaultHead } from './head.ts';
import { checksumOf, isIntact, TEXT_MAX } from './record.ts';

/** Octets of one item (name and JSON of the value) and of all, of both browsers; items of Chromium. */
export const ITEM_QUOTA = 8_192;
export const TOTAL_QUOTA = 102_400;
export const ITEMS_QUOTA = 512;

const PIECE = 8_000;
const PIECES_MAX = Math.ceil(TEXT_MAX / PIECE);
const NAME = /^djw1\.s\.([A-Za-z0-9_-]{8})\.(h[01]|r[A-Za-z0-9_-]{22}\.[0-9]{1,15})\.([0-9]{1,3})$/;
const VALUE = /^([0-9]{1,3})\/([0-9]{1,3}):([A-Za-z0-9_.-]{1,8000})$/;

/** The names of a wallet's own area begin so. */
export function areaPrefix(vid: string): string {
  return `djw1.s.${vid.slice(0, 8)}.`;
}

/** The pieces of one text, by name. */
function piecesOf(name: string, text: string): readonly (readonly [string, string])[] {
  const total = Math.ceil(text.length / PIECE);
  return Array.from({ length: total }, (_, n) => [`${name}.${n}`, `${n}/${total}:${text.slice(n * PIECE, (n + 1) * PIECE)}`] as const);
}

/** Everything of one generation: the head and the records it lists, in its order. */
export function writePieces(head: VaultHead, records: readonly string[]): ReadonlyMap<string, string> {
  const prefix = areaPrefix(head.vid);
  const texts = head.items.map(({ id, g }, nth) => [`${prefix}r${id}.${g}`, records[nth] ?? ''] as const);
  return new Map([[`${prefix}h${head.gen % 2}`, head.text] as const, ...texts].flatMap(([name, text]) => piecesOf(name, text)));
}

/** What an entry takes of the quota: the name and the value as JSON, in UTF-8. */
export function octetsOf(name: string, value: unknown): number {
  return new TextEncoder().encode(name + ((JSON.stringify(value) as string | undefined) ?? '')).length;
}

/** One wallet's area as it was found. */
export interface FoundArea {
  /** The first eight characters of the wallet id. */
  readonly w: string;
  /** Whole heads of it, newest first; nobody proved them. */
  readonly heads: readonly VaultHead[];
  /** Whole records by checksum. */
  readonly records: ReadonlyMap<string, string>;
  /** A head of a later version lies there. */
  readonly later: boolean;
}

/**
 * The text whose pieces these are, or null where one is missing or is of another text. The first says how many; what a
 * longer text left behind does not count.
 */
function join(pieces: ReadonlyMap<number, string>): string | null {
  let text = '';
  let total = 1;
  for (let n = 0; n < total; n++) {
    const [, own, of, part] = VALUE.exec(pieces.get(n) ?? '') ?? [];
    if (n === 0) total = Math.min(Number(of), PIECES_MAX);
    if (Number(own) !== n || Number(of) !== total || part === undefined) return null;
    text += part;
  }
  return text;
}

async function readWhole(text: string): Promise<VaultHead | 'later' | null> {
  try {
    return await readHead(text);
  } catch (thrown) {
    return errorCode(thrown) === 'vault.newer-version' ? 'later' : null;
  }
}

async function readArea(w: string, texts: ReadonlyMap<string, ReadonlyMap<number, string>>): Promise<FoundArea> {
  const heads: VaultHead[] = [];
  const records = new Map<string, string>();
  let later = false;
  for (const [name, pieces] of texts) {
    const text = join(pieces);
    if (text === null || text.length > TEXT_MAX) continue;
    if (name.startsWith('h')) {
      const head = await readWhole(text);
      if (head === 'later') later = true;
      else if (head?.vid.startsWith(w) && head.sub && name === `h${head.gen % 2}`) heads.push(head);
    } else if (await isIntact(text, checksumOf(text))) records.set(checksumOf(text), text);
  }
  return { w, heads: heads.sort((a, b) => b.gen - a.gen), records, later };
}

/**
 * Reads everything that lies in the sync storage, which anybody may have written: values of other forms, names of others
 * and pieces without their fellows are passed over.
 */
export async function readAreas(stored: ReadonlyMap<string, unknown>): Promise<readonly FoundArea[]> {
  const areas = new Map<string, Map<string, Map<number, string>>>();
  for (const [key, value] of stored) {
    const [, w, name, n] = NAME.exec(key) ?? [];
    if (!w || !name || Number(n) >= PIECES_MAX || typeof value !== 'string' || value.length > ITEM_QUOTA) continue;
    const area = areas.get(w) ?? new Map<string, Map<number, string>>();
    areas.set(w, area.set(name, (area.get(name) ?? new Map<number, string>()).set(Number(n), value)));
  }
  return Promise.all([...areas].map(([w, texts]) => readArea(w, texts)));
}

/** Whether every record that a head lists is there. */
export function isComplete(head: VaultHead, { records }: FoundArea): boolean {
  return head.items.every(({ sum }) => records.has(sum));
}
