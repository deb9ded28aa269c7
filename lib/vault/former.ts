/** Removing what older generations still hold: records under former keys, secrets of a run that has ended. */
import type { VaultHead } from './head.ts';
import type { VaultStore } from './store.ts';

export interface FormerPorts {
  readonly store: VaultStore;
  /** Whether both copies hold the newest state whole. */
  readonly twoVerified: () => Promise<boolean>;
}

/**
 * Removes every generation before `head`, as long as two copies of it stand. Gives whether nothing older is left; where it is not
 * so, the next save removes it.
 */
export async function removeFormer({ store, twoVerified }: FormerPorts, head: VaultHead): Promise<boolean> {
  try {
    if (!(await twoVerified())) return false;
    await store.prune({ gens: [head.gen], records: head.items });
    return true;
  } catch {
    return false; // What was saved stands.
  }
}
