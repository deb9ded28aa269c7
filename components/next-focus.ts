import { tick } from 'svelte';

/** What can take the focus: a native element, or a component that hands it on. */
export interface Focusable {
  focus(): void;
}

/**
 * Puts the focus where a list goes on after its row `at` (from 0) went away: into the row that took its place, else into the
 * last one, else on the heading. `rows` selects the rows below `list`.
 */
export async function focusNextRow(list: ParentNode | undefined, rows: string, at: number, heading: Focusable | undefined): Promise<void> {
  await tick();
  const left = [...(list?.querySelectorAll(rows) ?? [])];
  const next = left[Math.min(at, left.length - 1)]?.querySelector<HTMLElement>('a[href], button');
  (next ?? heading)?.focus();
}
