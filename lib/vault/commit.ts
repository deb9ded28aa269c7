/** The last steps of every write: one transaction, then reading back what it left. */
import { WalletError } from '../errors.ts';
import type { VaultChange, VaultStore } from './store.ts';

/**
 * Commits a change and compares what the store gives back. Only after it returned may anybody be told "saved".
 * @throws `vault.conflict`, `vault.full`, `vault.read-only`, `vault.unavailable`
 */
export async function commitChange(store: VaultStore, change: VaultChange): Promise<void> {
  await store.commit(change);
  const [head] = await store.heads();
  const texts = await store.records(change.records);
  const same = head === change.head && change.records.every((record, i) => texts[i] === record.text);
  if (!same) throw new WalletError('vault.read-only', { detail: 'read-back' });
}
