/**
 * One save into two copies: primary, read back, mirror, read back. A copy that has the state the change was made from
 * takes the change; one that fell behind takes the whole new state; one whose head may be worth something that is not
 * in the other is left alone. At every moment at least one copy holds the old state or the new one, whole.
 */
import { errorCode, WalletError, type ErrorCode } from '../errors.ts';
import { readCopy, type CopyReading } from './copy-reading.ts';
import { gather } from './copy-records.ts';
import { readHead } from './head.ts';
import type { Engine, VaultChange } from './store.ts';
import { chooseHead, type Readings } from './which-head.ts';

export interface CopyHealth {
  /** `kept`: it holds something else, which goes only with the owner's word. */
  readonly state: 'unknown' | 'good' | 'failed' | 'kept';
  readonly code: ErrorCode | null;
}

export interface BothRequest {
  readonly primary: Engine;
  readonly mirror: Engine;
  readonly change: VaultChange;
  /** Heads that were looked at and are to be left alone. */
  readonly kept: ReadonlySet<string>;
  /** Waits before the next try; the argument is how many there were. */
  readonly pause: (tries: number) => Promise<void>;
}

export interface BothWritten {
  readonly primary: CopyHealth;
  readonly mirror: CopyHealth;
  /** Both took it as a change of the state that they had. */
  readonly plain: boolean;
}

type Plan = 'commit' | 'replace' | 'conflict' | 'keep' | 'unreachable';

export const GOOD: CopyHealth = { state: 'good', code: null };
export const KEPT: CopyHealth = { state: 'kept', code: null };
const TRIES = 3;
const RETRIED: readonly ErrorCode[] = ['vault.full', 'vault.read-only'];

/** Repeats what a full or failing disk refused; other refusals stay what they are. */
export async function tried(act: () => Promise<void>, pause: BothRequest['pause']): Promise<void> {
  for (let tries = 1; ; tries++) {
    try {
      await act();
      return;
    } catch (thrown) {
      if (!RETRIED.includes(errorCode(thrown)) || tries === TRIES) throw thrown;
      await pause(tries);
    }
  }
}

/** What to do with one copy, by what it shows. `vid` is the wallet the change belongs to. */
function plan(reading: CopyReading, { change, kept }: BothRequest, vid: string): Plan {
  const [newest] = reading.heads;
  if (!newest && reading.code !== null) return 'unreachable';
  if (newest?.state === 'newer' || kept.has(newest?.text ?? '')) return 'keep';
  if (newest?.state !== 'good') {
    if (change.base !== null) return 'replace';
    return reading.trace === 'none' ? 'commit' : 'conflict';
  }
  const { head } = newest;
  if (head.sum === change.base) return 'commit';
  if (change.base === null) return 'conflict';
  if (head.vid !== vid) return 'keep';
  if (head.gen >= change.gen) return 'conflict';
  return head.gen === change.gen - 1 ? 'keep' : 'replace';
}

/** Whether an engine gives back exactly what a change put there. */
async function holds(engine: Engine, { head, records }: VaultChange): Promise<boolean> {
  try {
    const [newest] = await engine.heads();
    const texts = await engine.records(records.map(({ id, g }) => ({ id, g })));
    return newest === head && records.every((record, at) => texts[at] === record.text);
  } catch {
    return false;
  }
}

/** Writes into one engine. A state that lost records does not replace an older one, which may be all that has them. */
async function write(engine: Engine, how: 'commit' | 'replace', request: BothRequest): Promise<'written' | 'kept'> {
  const { change, primary, mirror, pause } = request;
  const whole = how === 'replace' ? await gather([primary, mirror], await readHead(change.head), change.marker, change.records) : null;
  if (whole && whole.missing.length > 0) return 'kept';
  await tried(async () => {
    try {
      await (whole ? engine.replace(whole.state, false) : engine.commit(change));
    } catch (thrown) {
      // An engine that answers may have written and then failed to say so.
      if (!RETRIED.includes(errorCode(thrown)) || !(await holds(engine, change))) throw thrown;
    }
  }, pause);
  return 'written';
}

async function writePrimary(request: BothRequest, how: Plan): Promise<CopyHealth> {
  if (how === 'keep') return KEPT;
  if (how !== 'commit' && how !== 'replace') return { state: 'failed', code: 'vault.unavailable' };
  try {
    if ((await write(request.primary, how, request)) === 'kept') return KEPT;
  } catch (thrown) {
    const code = errorCode(thrown);
    // Not there any more, or silent: nothing was written, and the mirror carries on.
    if (code === 'vault.unavailable' || code === 'vault.absent') return { state: 'failed', code };
    throw thrown;
  }
  return (await holds(request.primary, request.change)) ? GOOD : { state: 'failed', code: 'vault.read-only' };
}

async function writeMirror(request: BothRequest, how: Plan): Promise<CopyHealth> {
  if (how === 'keep') return KEPT;
  // What does not read may still take a write, and the primary holds everything by now.
  try {
    if ((await write(request.mirror, how === 'commit' ? 'commit' : 'replace', request)) === 'kept') return KEPT;
    return (await holds(request.mirror, request.change)) ? GOOD : { state: 'failed', code: 'vault.read-only' };
  } catch (thrown) {
    return { state: 'failed', code: errorCode(thrown) };
  }
}

/** Refuses a change before anything is written. Where the primary cannot take it as a change, the mirror must. */
function check(readings: Readings, plans: { primary: Plan; mirror: Plan }, { change }: BothRequest): void {
  const { primary } = readings;
  const [newest] = primary.heads;
  if (newest?.state === 'newer' || primary.code === 'vault.newer-version') throw new WalletError('vault.newer-version');
  if (plans.primary === 'conflict' || plans.mirror === 'conflict') throw new WalletError('vault.conflict');
  if (change.base === null && (plans.primary !== 'commit' || plans.mirror !== 'commit')) throw new WalletError('vault.unavailable');
  if (change.base !== null && chooseHead(readings).state === 'recovery') throw new WalletError('vault.damaged', { detail: 'newest state' });
  if (plans.primary === 'commit' || plans.mirror === 'commit') return;
  throw new WalletError(plans.primary === 'unreachable' ? 'vault.unavailable' : 'vault.conflict');
}

/**
 * Saves a change; call it under `WRITE_LOCK`. When it returns, at least one copy holds the change and gave it back.
 * @throws `vault.conflict`, `vault.full`, `vault.read-only`, `vault.unavailable`, `vault.damaged`, `vault.newer-version`
 */
export async function commitBoth(request: BothRequest): Promise<BothWritten> {
  const [primary, mirror] = await Promise.all([readCopy(request.primary), readCopy(request.mirror)]);
  const { vid } = await readHead(request.change.head);
  const plans = { primary: plan(primary, request, vid), mirror: plan(mirror, request, vid) };
  check({ primary, mirror }, plans, request);
  const first = await writePrimary(request, plans.primary);
  // A head of the primary that is not the base is never followed by a mirror alone that was behind it.
  if (first.state !== 'good' && plans.mirror !== 'commit') throw new WalletError(first.code ?? 'vault.conflict');
  const second = await writeMirror(request, plans.mirror);
  if (first.state !== 'good' && second.state !== 'good') throw new WalletError(second.code ?? 'vault.read-only', { detail: 'neither copy' });
  return { primary: first, mirror: second, plain: plans.primary === 'commit' && plans.mirror === 'commit' };
}
