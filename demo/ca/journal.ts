/** What the authority did, in order, for the people who run it. No code, identity number or R ever stands here. */
import type { DatabaseSync } from 'node:sqlite';

export type Act = 'registered' | 'given-back' | 'issued' | 'waiting' | 'confirmed' | 'withdrawn' | 'revoked' | 'held' | 'released' | 'refused';

export interface Entry {
  /** Milliseconds since 1970 UTC. */
  readonly time: number;
  readonly act: Act;
  /** Serials, reference numbers and reasons. */
  readonly detail: string;
}

export class Journal {
  readonly #database: DatabaseSync;

  constructor(database: DatabaseSync) {
    this.#database = database;
  }

  write(time: number, act: Act, detail: string): void {
    this.#database.prepare('INSERT INTO journal (time, act, detail) VALUES (?, ?, ?)').run(time, act, detail);
  }

  /** The newest entries, oldest of them first. */
  newest(count: number): Entry[] {
    const rows = this.#database.prepare('SELECT time, act, detail FROM journal ORDER BY id DESC LIMIT ?').all(count);
    return rows.reverse().map((row) => ({ time: Number(row['time']), act: row['act'] as Act, detail: String(row['detail']) }));
  }
}
