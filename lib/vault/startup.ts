/** What the wallet finds when it starts, for the first screen: nothing, a wallet, a later version's, or trouble. */
import type { ErrorCode } from '../errors.ts';
import type { Copies } from './copies.ts';
import type { CopyReading, HeadReading } from './copy-reading.ts';
import { recordsOf } from './copy-records.ts';
import type { VaultHead } from './head.ts';
import { isIntact } from './record.ts';
import { chooseHead, isRolledBack, knownWallet, type Readings } from './which-head.ts';

/** One head that a copy holds, for the owner to choose from. Nothing of it is proven before it is opened. */
export interface HeadReport {
  readonly head: VaultHead;
  /** Listed certificates, those in the wastebasket left out. */
  readonly count: number;
  /** Listed records that no copy holds. */
  readonly missing: number;
  /** Of another wallet than the one the primary copy knows; it is shown, and neither opened by itself nor removed. */
  readonly foreign: boolean;
}

export interface CopyReport {
  readonly trace: CopyReading['trace'];
  readonly code: ErrorCode | null;
  readonly heads: readonly HeadReport[];
  /** Heads that do not read, or that a later version wrote. */
  readonly unread: number;
  /** The generation its marker names, or null. */
  readonly marked: number | null;
}

export interface Reports {
  readonly primary: CopyReport;
  readonly mirror: CopyReport;
}

export type StartUp =
  | { readonly state: 'none' }
  /** `agree`: both copies start from this head. Where they do not, the second copy is owed (or kept back) and must be told. */
  | { readonly state: 'ready'; readonly head: VaultHead; readonly rolledBack: boolean; readonly from: 'primary' | 'mirror'; readonly agree: boolean }
  | ({ readonly state: 'recovery' } & Reports)
  | { readonly state: 'newer-version' };

async function countMissing(copies: Copies, { items }: VaultHead): Promise<number> {
  const texts = await recordsOf([copies.primary, copies.mirror], items).catch(() => items.map(() => null));
  const intact = await Promise.all(items.map(({ sum }, at) => isIntact(texts[at] ?? null, sum)));
  return intact.filter((whole) => !whole).length;
}

async function reportHead(copies: Copies, found: HeadReading, vid: string | null): Promise<HeadReport | null> {
  if (found.state !== 'good') return null;
  const { head } = found;
  const count = head.items.filter((item) => item.k === 'I' && item.del === undefined).length;
  return { head, count, missing: await countMissing(copies, head), foreign: vid !== null && head.vid !== vid };
}

async function reportCopy(copies: Copies, reading: CopyReading, vid: string | null): Promise<CopyReport> {
  const { trace, code, heads, marker } = reading;
  const reports = await Promise.all(heads.map((found) => reportHead(copies, found, vid)));
  const read = reports.filter((report) => report !== null);
  return { trace, code, heads: read, unread: heads.length - read.length, marked: marker?.gen ?? null };
}

/** What each copy has, date, count and losses, for the recovery screen. Reads all records. */
export async function reportCopies(copies: Copies, readings?: Readings): Promise<Reports> {
  const { primary, mirror } = readings ?? (await copies.readings());
  const vid = knownWallet(primary);
  return { primary: await reportCopy(copies, primary, vid), mirror: await reportCopy(copies, mirror, vid) };
}

/**
 * Whether a marker knows a later state than every head of this wallet in both copies. A head that is further on may be
 * forged; opening tells (`settle`).
 */
function seemsRolledBack(readings: Readings, head: VaultHead): boolean {
  const heads = [...readings.primary.heads, ...readings.mirror.heads].flatMap((found) => (found.state === 'good' ? [found.head] : []));
  const newest = heads.reduce((best, one) => (one.vid === best.vid && one.gen > best.gen ? one : best), head);
  return isRolledBack(readings, newest);
}

/** Whether records of the head are nowhere while another head of the same wallet is whole. */
function isBeaten({ primary, mirror }: Reports, { text, vid }: VaultHead): boolean {
  const heads = [...primary.heads, ...mirror.heads].filter(({ head }) => head.vid === vid);
  const lost = heads.some(({ head, missing }) => head.text === text && missing > 0);
  return lost && heads.some(({ head, missing }) => head.text !== text && missing === 0);
}

/**
 * Says what to show first. Only two copies that both answer, and hold nothing of ours, are no wallet; anything else is
 * one, or the remains of one. Does not throw, writes nothing, and needs neither copy to work.
 */
export async function readStartUp(copies: Copies): Promise<StartUp> {
  const readings = await copies.readings();
  const choice = chooseHead(readings);
  if (choice.state === 'none') return { state: 'none' };
  if (choice.state === 'newer-version') return { state: 'newer-version' };
  if (choice.state === 'recovery') return { state: 'recovery', ...(await reportCopies(copies, readings)) };
  const { head, from } = choice;
  const agree = [readings.primary, readings.mirror].every(({ heads }) => heads[0]?.text === head.text);
  if (!agree) {
    // A save that was cut off and then lost its records must not hide the whole state before it.
    const reports = await reportCopies(copies, readings);
    if (isBeaten(reports, head)) return { state: 'recovery', ...reports };
  }
  return { state: 'ready', head, from, agree, rolledBack: seemsRolledBack(readings, head) };
}
