/** A sync storage for tests. */
import { WalletError } from '../../../lib/errors.ts';
import type { SyncArea } from '../../../lib/vault/sync-copy.ts';
import { ITEM_QUOTA, octetsOf, TOTAL_QUOTA } from '../../../lib/vault/sync-pieces.ts';

/** The browser's sync storage with its quotas: one write is whole or not at all. */
export class FakeArea implements SyncArea {
  readonly stored = new Map<string, unknown>();
  sets = 0;
  calls: string[] = [];

  all(): Promise<ReadonlyMap<string, unknown>> {
    return Promise.resolve(new Map(this.stored));
  }

  set(entries: ReadonlyMap<string, string>): Promise<void> {
    this.sets++;
    this.calls.push('set');
    const next = new Map([...this.stored, ...entries]);
    let total = 0;
    for (const [name, value] of next) {
      const size = octetsOf(name, value);
      if (size > ITEM_QUOTA) return Promise.reject(new WalletError('sync.unavailable', { detail: 'item quota' }));
      total += size;
    }
    if (total > TOTAL_QUOTA || next.size > 512) return Promise.reject(new WalletError('sync.unavailable', { detail: 'quota' }));
    for (const [name, value] of entries) this.stored.set(name, value);
    return Promise.resolve();
  }

  remove(names: readonly string[]): Promise<void> {
    this.calls.push('remove');
    for (const name of names) this.stored.delete(name);
    return Promise.resolve();
  }
}
