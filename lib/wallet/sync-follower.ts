/** Keeps the sync copy up to date while a page of ours lives; a page that died left nothing but a copy that is behind. */
import { errorCode } from '../errors.ts';
import type { Syncs } from './sync.ts';

export interface FollowerPorts {
  readonly syncs: Pick<Syncs, 'catchUp'>;
  /** Calls back after any change of the wallet, in any window. */
  readonly onChange: (listener: () => void) => unknown;
  /** Runs `act` once, after so many milliseconds; returns the way to stop. */
  readonly after: (ms: number, act: () => void) => () => void;
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
  let running = false;
  let again = false;
  let stop = (): void => undefined;
  const look = async (): Promise<void> => {
    again = true;
    if (running) return;
    running = true;
    stop();
    let wait: number | null = null;
    while (again) {
      again = false;
      wait = await turn(ports);
    }
    running = false;
    if (wait !== null) stop = ports.after(wait, () => void look());
  };
  ports.onChange(() => void look());
  void look();
}
