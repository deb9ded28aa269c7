/** Waiting for a condition, with the condition's name in the failure. */
const PATIENCE_MS = 20_000;
const LOOK_EVERY_MS = 50;

export interface Patience {
  readonly patienceMs?: number;
}

/** Looks again and again until `look` gives something. @throws with what was waited for, and the last error of looking */
export async function until<Value>(
  what: string,
  look: () => Promise<Value | null | undefined | false | ''>,
  { patienceMs = PATIENCE_MS }: Patience = {},
): Promise<Value> {
  const end = performance.now() + patienceMs;
  let last: unknown;
  for (;;) {
    try {
      const seen = await look();
      if (seen !== null && seen !== undefined && seen !== false && seen !== '') return seen;
      last = undefined;
    } catch (thrown) {
      last = thrown;
    }
    if (performance.now() > end) {
      const reason = last instanceof Error ? ` (${last.message})` : '';
      throw new Error(`waited ${String(patienceMs)} ms until ${what}, in vain${reason}`, { cause: last });
    }
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
  }
}
