/**
 * Making two copies one again, once the list key is there to prove a head with: the newest proven head decides, and
 * the poorer copy is written anew from it. What might be worth something and is not proven stays until the owner says so.
 */
import { equal, type Bytes } from '../bytes/bytes.ts';
import { errorCode, WalletError } from '../errors.ts';
import { GOOD, KEPT, tried } from './commit-both.ts';
import type { Copies, CopyName, Health } from './copies.ts';
import { newestGood, type HeadReading } from './copy-reading.ts';
import { gather, lacking, type Gathered } from './copy-records.ts';
import { changed, damaged } from './fault.ts';
import { isProven, passwordSlot, type HeadItem, type VaultHead } from './head.ts';
import { writeMarker } from './marker.ts';
import type { StoredRecord } from './store.ts';
import { chooseHead, isRolledBack, type Readings } from './which-head.ts';
import { headDigest } from './write-head.ts';

export interface SettleRequest {
  readonly copies: Copies;
  /** Wallet id. */
  readonly vid: string;
  readonly listKey: Bytes;
  /** `heads` compares heads alone, which is enough before a save; `records` looks at every record. */
  readonly depth: 'heads' | 'records';
  /** Records from elsewhere (a backup file); those the head lists, by id, generation and checksum, are taken. */
  readonly known?: readonly StoredRecord[];
  /** The owner's word that what a copy holds beside the wallet may go, and that a broken place may be made anew. */
  readonly ownersWord?: boolean;
  readonly pause?: (tries: number) => Promise<void>;
}

export interface Settled {
  /** The newest proven head; work goes on from it. */
  readonly head: VaultHead;
  readonly repaired: readonly CopyName[];
  /** Ids of listed records that no copy holds (`records` only). */
  readonly missing: readonly string[];
  /** A marker knew a later generation: an older state seems to have been put back. */
  readonly rolledBack: boolean;
  readonly health: Health;
}

type Verdict = 'same' | 'rewrite' | 'keep' | 'dead';

const NAMES: readonly CopyName[] = ['primary', 'mirror'];

/** Refuses to go on where the newest state is not to be had: anything older needs the owner's choice (`recoverFrom`). */
function checkChoice(readings: Readings, vid: string): void {
  const choice = chooseHead(readings);
  if (choice.state === 'newer-version') throw new WalletError('vault.newer-version');
  if (choice.state !== 'ready') throw damaged('newest state');
  if (choice.head.vid !== vid) throw changed('another wallet');
}

/**
 * What an older head lists outside the wastebasket and did not go into the one that decides: where the copies went on without
 * each other for a while.
 */
export async function notTaken(head: VaultHead, older: VaultHead): Promise<readonly HeadItem[]> {
  const now = new Map(head.items.map((item) => [item.id, item]));
  const lost = older.items.filter(({ id, k, g, sum, del }) => {
    const item = now.get(id);
    return k === 'I' && del === undefined && !(item && (item.g > g || item.sum === sum));
  });
  return lost.length > 0 && head.prev === (await headDigest(older.text)) ? [] : lost;
}

async function wentInto(head: VaultHead, older: VaultHead): Promise<boolean> {
  return (await notTaken(head, older)).length === 0;
}

/** The newest head of a copy that this list key made; the primary's on a tie, and where it has what did not go into the mirror's. */
async function newestProven({ primary, mirror }: Readings, { vid, listKey }: SettleRequest): Promise<VaultHead> {
  let best: VaultHead | null = null;
  for (const head of [newestGood(primary), newestGood(mirror)]) {
    if (head?.vid !== vid || (best && best.gen >= head.gen)) continue;
    if (!(await isProven(head, listKey))) continue;
    // The mirror went on without the primary, and without something that is there.
    if (best && !(await wentInto(head, best))) continue;
    best = head;
  }
  if (!best) throw changed('no head of this list key');
  // The key may be one from before the password was changed; then everything here is newer than its holder.
  const ahead = newestGood(primary);
  if (ahead && ahead.vid === vid && ahead.gen > best.gen) throw new WalletError('vault.conflict', { detail: 'primary ahead' });
  return best;
}

/** A password slot's id is never used again for other keys. */
function sameKeys(a: VaultHead, b: VaultHead): boolean {
  return passwordSlot(a).sid === passwordSlot(b).sid;
}

/** The slot wraps what the other one does, as far as can be told without the secret: nobody makes another that shares these. */
function sameSecret(a: VaultHead, b: VaultHead): boolean {
  const [one, other] = [passwordSlot(a), passwordSlot(b)];
  return equal(one.commitment, other.commitment) || equal(one.body, other.body);
}

/**
 * Whether an older head, or one that the list key did not make, may go. The primary is not given up for a mirror of other
 * keys, since a page may have planted that one together with a password; only where it knows itself that it lost a later state.
 */
async function mayGo(name: CopyName, { primary }: Readings, other: VaultHead, head: VaultHead, listKey: Bytes): Promise<boolean> {
  if (other.vid !== head.vid) return false;
  if (await isProven(other, listKey)) return other.gen < head.gen && (await wentInto(head, other));
  if (name === 'primary')
    return (
      (sameKeys(other, head) && sameSecret(other, head)) ||
      (primary.marker?.vid === head.vid && primary.marker.gen === head.gen && other.gen < head.gen)
    );
  // With our password slot it would be made by our list key, and was not: a forgery. With another it may be of a later password.
  return other.gen < head.gen || sameKeys(other, head);
}

/** What to do with a copy, beside the head that decides. */
async function judge(name: CopyName, readings: Readings, head: VaultHead, { listKey, ownersWord = false }: SettleRequest): Promise<Verdict> {
  const { heads, code } = readings[name];
  const [newest] = heads;
  if (!newest && code !== null) return ownersWord ? 'rewrite' : 'dead';
  // What a later version wrote in the primary copy is never ours to replace.
  if (newest?.state === 'newer') return ownersWord && name === 'mirror' ? 'rewrite' : 'keep';
  if (newest?.state !== 'good') return 'rewrite';
  if (newest.text === head.text) return 'same';
  return ownersWord || (await mayGo(name, readings, newest.head, head, listKey)) ? 'rewrite' : 'keep';
}

/**
 * Nothing is saved under keys that the primary does not prove, while it is there and says otherwise: a page may have planted
 * the mirror's. The owner's word ends that where it was a change of the password that the primary missed.
 */
async function checkPrimary(verdict: Verdict, { primary }: Readings, { copies, vid, listKey }: SettleRequest): Promise<void> {
  const head = newestGood(primary);
  if (verdict !== 'keep' || head?.vid !== vid || (await isProven(head, listKey))) return;
  copies.note('primary', KEPT, head.text);
  throw new WalletError('vault.apart');
}

/** Whether a copy's older state may hold what the newest lost. */
function isWorthKeeping(newest: HeadReading | undefined, { missing }: Gathered, { vid, ownersWord = false }: SettleRequest): boolean {
  return missing.length > 0 && !ownersWord && newest?.state === 'good' && newest.head.vid === vid;
}

/** Whether a copy that starts from the right head also has its records and its marker. */
async function isWhole(copies: Copies, name: CopyName, readings: Readings, head: VaultHead, missing: readonly string[]): Promise<boolean> {
  const { marker } = readings[name];
  if (marker?.gen !== head.gen || marker.vid !== head.vid) return false;
  const lost = await lacking(copies[name], head).catch(() => null);
  return lost !== null && [...lost].every((id) => missing.includes(id));
}

/** Writes a proven state over what a copy holds, and reads it back. Whether that went well; the health says why not. */
export async function rewrite(
  copies: Copies,
  name: CopyName,
  { state }: Gathered,
  rebuild: boolean,
  pause: SettleRequest['pause'],
): Promise<boolean> {
  try {
    const mark = name === 'primary' ? await copies.mark() : null;
    const whole = mark === null ? state : { ...state, mark };
    await tried(() => copies[name].replace(whole, rebuild), pause ?? (() => Promise.resolve()));
    const [newest] = await copies[name].heads();
    const texts = await copies[name].records(state.records.map(({ id, g }) => ({ id, g })));
    const same = newest === state.head && state.records.every(({ text }, at) => texts[at] === text);
    if (!same) throw new WalletError('vault.read-only', { detail: 'read-back' });
    copies.note(name, GOOD);
    return true;
  } catch (thrown) {
    copies.note(name, { state: 'failed', code: errorCode(thrown) });
    return false;
  }
}

/** When the wallet was made, milliseconds since 1970, as far as a marker still says so. */
export function createdOf({ primary, mirror }: Readings, head: VaultHead): number {
  for (const marker of [primary.marker, mirror.marker]) if (marker?.vid === head.vid) return marker.created;
  return head.ts;
}

/**
 * Brings both copies to the newest head that the list key proves; call it under `WRITE_LOCK`, after opening with
 * `records`, before every save with `heads`. A copy that cannot be written is noted and stays for the next time.
 * @throws `vault.damaged` where only the recovery screen leads on, `vault.newer-version`, `vault.changed` where no copy
 *   starts from a head of this key, `vault.apart` where the primary starts from one of another, `vault.conflict` where the key is
 *   older than the primary copy
 */
export async function settle(request: SettleRequest): Promise<Settled> {
  const { copies, depth, known, pause } = request;
  const readings = await copies.readings();
  checkChoice(readings, request.vid);
  const head = await newestProven(readings, request);
  const verdicts = { primary: await judge('primary', readings, head, request), mirror: await judge('mirror', readings, head, request) };
  await checkPrimary(verdicts.primary, readings, request);
  const rolledBack = isRolledBack(readings, head);
  const agreed = verdicts.primary === 'same' && verdicts.mirror === 'same';
  if (agreed && depth === 'heads') {
    for (const name of NAMES) copies.note(name, GOOD);
    return { head, repaired: [], missing: [], rolledBack, health: copies.health() };
  }
  const marker = await writeMarker({ vid: head.vid, gen: head.gen, created: createdOf(readings, head) });
  const gathered = await gather([copies.primary, copies.mirror], head, marker, known);
  const repaired: CopyName[] = [];
  // A broken place is thrown away only while the other copy holds all of it.
  const rebuild = request.ownersWord === true && verdicts.mirror === 'same' && (await isWhole(copies, 'mirror', readings, head, gathered.missing));
  for (const name of NAMES) {
    const newest = readings[name].heads[0];
    const verdict = isWorthKeeping(newest, gathered, request) && verdicts[name] === 'rewrite' ? 'keep' : verdicts[name];
    if (verdict === 'dead') copies.note(name, { state: 'failed', code: readings[name].code });
    else if (verdict === 'keep') copies.note(name, KEPT, newest?.text);
    else if (verdict === 'same' && (depth === 'heads' || (await isWhole(copies, name, readings, head, gathered.missing)))) copies.note(name, GOOD);
    else if (await rewrite(copies, name, gathered, rebuild && name === 'primary', pause)) repaired.push(name);
  }
  return { head, repaired, missing: gathered.missing, rolledBack, health: copies.health() };
}
