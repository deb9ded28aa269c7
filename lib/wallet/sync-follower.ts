/** Keeps the sync copy up to date while a page of ours lives; a page that died left nothing but a copy that is behind. */
import { errorCode } from '../errors.ts';
import { follow, type FollowPorts } from './follow.ts';
import type { Syncs } from './sync.ts';

export interface FollowerPorts extends FollowPorts {
  readonly syncs: Pick<Syncs, 'catchUp'>;
}

/** How long an unavailable storage is left alone. */
const RETRY_MS = 5 * 60_000;

/** Milliseconds until the next try, or null where only a change of the wallet is worth one. */
async function turn({ syncs }: FollowerPorts): Promise<number | null> {
  try {
    return await syncs.catchUp();
  } catch (thrown) {
    return errorCode(thrown) === 'sync.unavailable' ? RETRY_MS : null;
  }
}

/** Looks now, after each change, and when the time between two writings is over. */
export function followChanges(ports: FollowerPorts): void {
  follow(() => turn(ports), ports);
}
