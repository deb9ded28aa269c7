/** Writing labels into records of the open wallet, in one save, where nobody changed them meanwhile. */
import { WalletError } from '../errors.ts';
import type { VaultHead } from '../vault/head.ts';
import type { SaveBase } from '../vault/next-head.ts';
import { saveItems, type NewItem } from '../vault/save.ts';
import { openBatches } from '../vault/vault.ts';
import { cleanLabels, readLabels, sameLabels, withLabels } from './labels.ts';
import type { LabelChange } from './model.ts';
import { changeOpen, type NewestPorts } from './newest.ts';
import { presentItem } from './open-items.ts';
import type { Random } from './ports.ts';

export interface LabellingPorts extends NewestPorts {
  readonly random: Random;
  /** Gives the page a turn to draw and answer. */
  readonly pause: () => Promise<void>;
}

/** The records with their new labels; those that say so already are left out. */
async function relabelled({ store, head, listKey }: SaveBase, changes: ReadonlyMap<string, LabelChange>): Promise<readonly NewItem[]> {
  const times = new Map(head.items.map(({ id, na = null, rem = null }) => [id, { na, rem }]));
  const put: NewItem[] = [];
  const found = new Set<string>();
  for await (const { items } of openBatches(store, head, listKey, (id) => changes.has(id))) {
    for (const item of items) {
      presentItem(item);
      const { seen, labels } = changes.get(item.id) ?? {};
      if (!seen || !labels) continue;
      found.add(item.id);
      const now = readLabels(item.meta);
      if (sameLabels(now, labels)) continue;
      if (!sameLabels(now, seen)) throw new WalletError('vault.conflict');
      put.push({ ...item, na: null, ...times.get(item.id), meta: withLabels(item.meta, labels) });
    }
  }
  if (found.size < changes.size) throw new WalletError('certificate.not-found');
  return put;
}

/** All of them or none. @throws as `WalletApi.label` */
export function saveLabels(changes: readonly LabelChange[], ports: LabellingPorts): Promise<void> {
  const { random, pause } = ports;
  const clean = new Map(changes.map((change) => [change.id, { ...change, labels: cleanLabels(change.labels) }]));
  return changeOpen(ports, async (base): Promise<VaultHead> => {
    const put = await relabelled(base, clean);
    return put.length === 0 ? base.head : saveItems({ ...base, random, pause, put, remove: [] });
  });
}
