/**
 * What runs with authorities come to while nobody looks: the index of the head has their states and times, without names, so it
 * works while the wallet is locked. Only a page of ours can ask an authority; the background can tell that it is time to.
 */
import { koreanDay } from '../calendar/korea.ts';
import type { HeadItem } from '../vault/head.ts';

/** A run as the index has it. */
export interface RunStub {
  /** Id of the journal entry. */
  readonly id: string;
  /** A word of capital letters, as `Course`. */
  readonly state: string;
  /** When the authority is asked again, or waits no more; milliseconds since 1970. */
  readonly dueAt: number | null;
}

/** The Korean day (its number) on which each run was told of, by its id. */
export type RunsTold = ReadonlyMap<string, number>;

/** A page of ours that lives has asked the authority by then. */
const GRACE = 60_000;

export function runStubs(items: readonly HeadItem[]): readonly RunStub[] {
  return items.flatMap(({ id, k, st, dl }) => (k === 'J' ? [{ id, state: st ?? '', dueAt: dl === undefined ? null : dl * 1000 }] : []));
}

export interface RunsDue {
  /** Ids of those whose authority was to be asked again and was not. */
  readonly due: readonly string[];
  /** When to look again, milliseconds since 1970; null where nothing waits. */
  readonly next: number | null;
}

/** @param now milliseconds since 1970 */
export function runsDue(stubs: readonly RunStub[], now: number): RunsDue {
  const waiting = stubs.flatMap(({ id, state, dueAt }) => (state === 'WAITING' && dueAt !== null ? [{ id, at: dueAt + GRACE }] : []));
  const later = waiting.filter(({ at }) => at > now).map(({ at }) => at);
  return { due: waiting.filter(({ at }) => at <= now).map(({ id }) => id), next: later.length === 0 ? null : Math.min(...later) };
}

/** Whether any of them is to be told of now, each once a day; and what counts as told from then on. */
export function toldOfRuns(due: readonly string[], told: RunsTold, now: number): { readonly tell: boolean; readonly told: RunsTold } {
  const today = koreanDay(now);
  return { tell: due.some((id) => told.get(id) !== today), told: new Map(due.map((id) => [id, today])) };
}
