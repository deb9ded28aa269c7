/** Waiting no longer than somebody can. */
import { WalletError } from '../errors.ts';

/** What an engine that stays silent is told apart by. */
export const NO_ANSWER = 'no answer';

/** The outcome of a promise that settles within `patience` ms. @throws `vault.unavailable` with the detail `NO_ANSWER` */
export async function inTime<Value>(promise: Promise<Value>, patience: number): Promise<Value> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new WalletError('vault.unavailable', { detail: NO_ANSWER })), patience);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}
