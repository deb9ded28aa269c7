import type { WalletApi } from '../../lib/wallet/api.ts';
import type { Noticed } from './notice-lines.ts';

export type GatherApi = Pick<WalletApi, 'notices' | 'backup' | 'ways' | 'renewal' | 'lifecycle'>;
export type Gathered = Omit<Noticed, 'lost' | 'news'>;

export const NOTHING_GATHERED: Gathered = { runs: [], ending: null, guides: [], backup: null, hasCode: null };

/** A reminder that cannot be made is no trouble of the person's. */
const orNull = <Value>(asked: Promise<Value>): Promise<Value | null> => asked.catch(() => null);

/** What the notices go by; of a locked wallet, ends alone. */
export async function gather(api: GatherApi, open: boolean): Promise<Gathered> {
  if (!open) return { ...NOTHING_GATHERED, ending: await orNull(api.notices.ending()) };
  const [ending, runs, guides, backup, ways] = await Promise.all([
    orNull(api.notices.ending()),
    orNull(api.lifecycle.runs()),
    orNull(api.renewal.open()),
    orNull(api.backup.status()),
    orNull(api.ways.list()),
  ]);
  return { ending, runs: runs ?? [], guides: guides ?? [], backup, hasCode: ways && ways.sheet !== null };
}
