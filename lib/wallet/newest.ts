/** Acts on the newest proven state of both copies, alone among all our contexts. */
import { wipe, type Bytes } from '../bytes/bytes.ts';
import type { VaultHead } from '../vault/head.ts';
import type { Copies } from '../vault/copies.ts';
import type { SaveBase } from '../vault/next-head.ts';
import { WRITE_LOCK } from '../vault/store.ts';
import type { Door } from './door.ts';
import type { Clock, WithLock } from './ports.ts';

export interface NewestPorts {
  readonly store: Copies;
  readonly door: Door;
  readonly clock: Clock;
  /** Version of the extension. */
  readonly app: string;
  readonly withLock: WithLock;
}

/** @throws as `Door.settle`, and what `act` throws */
export function onNewest<Result>(
  { store, door, clock, app, withLock }: NewestPorts,
  listKey: Bytes,
  act: (base: SaveBase) => Promise<Result>,
): Promise<Result> {
  return withLock(WRITE_LOCK, async () => {
    const { vid } = await door.head();
    const head = await door.settle(vid, listKey, 'heads');
    return act({ store, head, listKey, now: clock(), app });
  });
}

/**
 * Changes the open wallet and makes the rows again where anything was saved. `act` gives the head it leaves.
 * @throws `vault.locked`, as `onNewest`
 */
export async function changeOpen(ports: NewestPorts, act: (base: SaveBase) => Promise<VaultHead>): Promise<void> {
  const { door } = ports;
  const { listKey } = await door.requireOpen();
  let before = 0;
  try {
    const saved = await onNewest(ports, listKey, (base) => {
      before = base.head.gen;
      return act(base);
    });
    if (saved.gen !== before) await door.refresh(saved, listKey);
  } finally {
    wipe(listKey);
  }
}
