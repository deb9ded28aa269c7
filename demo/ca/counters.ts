/** Numbers that are given out once, across restarts. */
import type { DatabaseSync } from 'node:sqlite';

export function nextOf(database: DatabaseSync, name: string): number {
  const next = database.prepare('INSERT INTO counters VALUES (?, 1) ON CONFLICT (name) DO UPDATE SET value = value + 1 RETURNING value');
  return Number(next.get(name)?.['value']);
}
