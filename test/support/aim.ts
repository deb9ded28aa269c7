/** Striking in the middle of a save, and telling how it went. */
import { test } from '@playwright/test';

/** How often to strike: the first number in every run; the second by hand, with DOJANG_LONG=1. */
export function times(usual: number, long: number): number {
  return process.env['DOJANG_LONG'] === undefined ? usual : long;
}

/** When to strike after the button was pressed: too early waits longer the next time, too late shorter, so that most hit the save. */
export class Aim {
  readonly #outcomes = { before: 0, after: 0, reported: 0 };
  #delay: number;
  #step: number;
  #last: boolean | null = null;

  constructor(delay: number, step: number) {
    this.#delay = delay;
    this.#step = step;
  }

  async wait(): Promise<void> {
    await new Promise((resolve) => setTimeout(resolve, this.#delay));
  }

  note(saved: boolean, reported: boolean): void {
    this.#outcomes[saved ? 'after' : 'before']++;
    if (reported) this.#outcomes.reported++;
    if (this.#last !== null && this.#last !== saved) this.#step = Math.max(20, this.#step / 2);
    this.#last = saved;
    this.#delay = Math.max(0, this.#delay + (saved ? -this.#step : this.#step));
  }

  toString(): string {
    return `${JSON.stringify(this.#outcomes)}, the last after ${this.#delay.toFixed(0)} ms`;
  }
}

/** Figures are for whoever reads the report. */
export function tell(what: string, text: string): void {
  test.info().annotations.push({ type: what, description: text });
  console.log(`    ${what}: ${text}`);
}
