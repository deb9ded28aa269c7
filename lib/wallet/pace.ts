/** What long runs of the import share: stopping, and telling how far they are. */
import { WalletError } from '../errors.ts';
import type { Progress } from './model.ts';
import type { Clock } from './ports.ts';

/** Two frames of a screen: nobody sees more. */
const LEAST_MS = 30;

/** @throws `user.cancelled` where the person stopped what runs */
export function goOn(signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw new WalletError('user.cancelled');
}

/** Tells the first step, the last, and those between that are not closer than 30 ms to the one told before. */
export function paced(tell: ((progress: Progress) => void) | undefined, clock: Clock): (progress: Progress) => void {
  let told = Number.NEGATIVE_INFINITY;
  return (progress) => {
    const now = clock();
    // A clock that was set back must not silence us.
    if (progress.done < progress.total && now >= told && now - told < LEAST_MS) return;
    told = now;
    tell?.(progress);
  };
}
