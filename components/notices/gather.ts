import type { WalletApi } from '../../lib/wallet/api.ts';
import type { WaitingRequest } from '../../lib/wallet/waiting.ts';
import type { Noticed } from './notice-lines.ts';

export type GatherApi = Pick<WalletApi, 'notices' | 'backup' | 'ways' | 'renewal' | 'waiting'>;
export interface Gathered extends Omit<Noticed, 'lost' | 'news'> {
  /** Requests of pages that wait for the person. */
  readonly waiting: readonly WaitingRequest[];
}

export const NOTHING_GATHERED: Gathered = { waiting: [], runs: [], ending: null, guides: [], backup: null, hasCode: null };

/** A reminder that cannot be made is no trouble of the person's. */
const orNull = <Value>(asked: Promise<Value>): Promise<Value | null> => asked.catch(() => null);

/** What the notices go by; of a locked wallet, what waits, runs and ends alone. */
export async function gather(api: GatherApi, open: boolean): Promise<Gathered> {
  const waiting = (await orNull(api.waiting.list())) ?? [];
  const runs = (await orNull(api.notices.runs())) ?? [];
  if (!open) return { ...NOTHING_GATHERED, waiting, runs, ending: await orNull(api.notices.ending()) };
  const [ending, guides, backup, ways] = await Promise.all([
    orNull(api.notices.ending()),
    orNull(api.renewal.open()),
    orNull(api.backup.status()),
    orNull(api.ways.list()),
  ]);
  return { waiting, ending, runs, guides: guides ?? [], backup, hasCode: ways && ways.sheet !== null };
}
