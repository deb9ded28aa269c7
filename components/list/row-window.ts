/**
 * Which rows of a long table stand in the page. A row that was never shown counts as high as those that were are on the
 * average; empty rows keep the place of what is left out, so that the page is as long as all rows.
 */

/** Rows below which all of them stand in the page. */
export const WHOLE_MOST = 100;
/** Rows that stand in the page at once where there are more: twice what a high screen shows. */
export const WINDOW_MOST = 80;
/** Pixels of a row before any was measured. */
const FIRST_GUESS = 48;

export interface RowWindow {
  readonly first: number;
  /** Behind the last row. */
  readonly end: number;
}

/** The heights of rows that were measured, by their keys, in pixels with the gap below. */
export class RowHeights {
  readonly #heights = new Map<string, number>();
  #sum = 0;

  /** Whether it is news. */
  measure(key: string, height: number): boolean {
    const before = this.#heights.get(key);
    if (before !== undefined && Math.abs(before - height) < 0.5) return false;
    this.#sum += height - (before ?? 0);
    this.#heights.set(key, height);
    return true;
  }

  clear(): void {
    this.#heights.clear();
    this.#sum = 0;
  }

  /** Where each of these rows begins, and where the last ends: one number more than rows. */
  starts(keys: readonly string[]): readonly number[] {
    const guess = this.#heights.size === 0 ? FIRST_GUESS : this.#sum / this.#heights.size;
    const starts = [0];
    let at = 0;
    for (const key of keys) starts.push((at += this.#heights.get(key) ?? guess));
    return starts;
  }
}

/** The first row that ends behind a place. */
function rowAt(starts: readonly number[], place: number): number {
  let [low, high] = [0, starts.length - 1];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((starts[middle + 1] ?? Infinity) > place) high = middle;
    else low = middle + 1;
  }
  return low;
}

/**
 * The rows on a screen of that height, and half a screen more above and below.
 * @param starts as `RowHeights.starts` gives them
 * @param above pixels of the table that lie above the screen
 */
export function windowOf(starts: readonly number[], above: number, height: number): RowWindow {
  const count = starts.length - 1;
  const seen = Math.min(rowAt(starts, Math.max(above, 0)), Math.max(count - 1, 0));
  const first = Math.max(Math.min(rowAt(starts, above - height / 2), seen), seen - WINDOW_MOST / 4, 0);
  return { first, end: Math.min(rowAt(starts, above + height * 1.5) + 1, first + WINDOW_MOST, count) };
}

/** A row, or the pixels of rows that are left out. */
export type Part = { readonly row: number } | { readonly gap: number; readonly before: number };

/** What stands in the table body from top to bottom: the window, and one row more where the focus is in it. */
export function partsOf(starts: readonly number[], { first, end }: RowWindow, kept: number): readonly Part[] {
  const count = starts.length - 1;
  const rows = Array.from({ length: Math.max(end - first, 0) }, (_, nth) => first + nth);
  if (kept >= 0 && kept < first) rows.unshift(kept);
  if (kept >= end && kept < count) rows.push(kept);
  const parts: Part[] = [];
  let next = 0;
  for (const row of [...rows, count]) {
    if (row > next) parts.push({ gap: (starts[row] ?? 0) - (starts[next] ?? 0), before: row });
    if (row < count) parts.push({ row });
    next = row + 1;
  }
  return parts;
}
