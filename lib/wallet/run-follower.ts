/**
 * Goes on with runs that wait for an authority, in whatever page of ours lives, while the wallet is open: an authority that lets wait
 * is asked when it said, and a confirmation that got no answer goes out once more. What needs a secret waits for its owner.
 */
import { follow, type FollowPorts } from './follow.ts';
import type { LifecycleApi, LifecycleRun, LifecycleRunning } from './lifecycle-api.ts';
import type { Clock } from './ports.ts';

export interface RunFollowerPorts extends FollowPorts {
  readonly lifecycle: Pick<LifecycleApi, 'runs' | 'resume'>;
  readonly clock: Clock;
}

/** The page draws first, and whoever shows a run goes on with it there. */
const FIRST_LOOK = 3_000;
const SOONEST = 1_000;
/** How long a run is left alone with which another window goes on, or none can. */
const RETRY = 60_000;
const QUIETLY: LifecycleRunning = { onStep: () => undefined, signal: new AbortController().signal };

class RunFollower {
  readonly #ports: RunFollowerPorts;
  /** Confirmations that went out from here. */
  readonly #confirmed = new Set<string>();

  constructor(ports: RunFollowerPorts) {
    this.#ports = ports;
  }

  async turn(): Promise<number | null> {
    let next: number | null = null;
    for (const run of await this.#runs()) {
      const wait = await this.#goOn(run);
      if (wait !== null) next = Math.min(next ?? wait, wait);
    }
    return next;
  }

  /** None while the wallet is locked; unlocking is a change. */
  async #runs(): Promise<readonly LifecycleRun[]> {
    return this.#ports.lifecycle.runs().catch(() => []);
  }

  /** Milliseconds until there is more to do about it, or null. */
  async #goOn(run: LifecycleRun): Promise<number | null> {
    const left = this.#left(run);
    if (left === null || left > 0) return left;
    if (run.state === 'SAVED') this.#confirmed.add(run.id);
    const resumed = await this.#ports.lifecycle.resume(run.id, null, QUIETLY).catch(() => null);
    if (resumed === null) return run.state === 'WAITING' ? RETRY : null;
    const more = this.#left(resumed);
    return more === null ? null : Math.max(SOONEST, more);
  }

  #left({ id, state, needsSecret, dueAt }: LifecycleRun): number | null {
    if (state === 'SAVED') return this.#confirmed.has(id) ? null : 0;
    return state === 'WAITING' && !needsSecret && dueAt !== null ? dueAt - this.#ports.clock() : null;
  }
}

export function followRuns(ports: RunFollowerPorts): void {
  const follower = new RunFollower(ports);
  ports.after(FIRST_LOOK, () => follow(() => follower.turn(), ports));
}
