/** Nonces in an SQLite file: for several processes of one machine, and across restarts. Needs Node 22.13 or later. */
import { DatabaseSync } from 'node:sqlite';
import { makeNonce, nonceSettings, type NonceOptions, type Nonces } from './nonces.ts';

export interface SqliteNonces extends Nonces {
  close(): void;
}

const BUSY_MS = 5_000;

/**
 * Opens (or makes) the file at `path`. A nonce is one row; using it deletes the row, and SQLite lets only one process do so.
 *
 * @throws whatever SQLite throws where the file cannot be opened or is no database
 */
export function sqliteNonces(path: string, options: NonceOptions = {}): SqliteNonces {
  const { random, clock, lifetimeMs, limit } = nonceSettings(options);
  const database = new DatabaseSync(path);
  database.exec(`
    PRAGMA busy_timeout = ${String(BUSY_MS)};
    PRAGMA journal_mode = WAL;
    CREATE TABLE IF NOT EXISTS nonces (id INTEGER PRIMARY KEY AUTOINCREMENT, nonce TEXT NOT NULL UNIQUE, ends INTEGER NOT NULL) STRICT;
    CREATE INDEX IF NOT EXISTS nonces_ends ON nonces (ends);
  `);
  const forget = database.prepare('DELETE FROM nonces WHERE ends <= ?');
  const insert = database.prepare('INSERT INTO nonces (nonce, ends) VALUES (?, ?)');
  // Ids only grow, so this keeps the newest `limit` rows at most without counting them.
  const trim = database.prepare('DELETE FROM nonces WHERE id <= ?');
  const take = database.prepare('DELETE FROM nonces WHERE nonce = ? RETURNING ends');
  return {
    issue() {
      const now = clock();
      forget.run(now);
      const nonce = makeNonce(random);
      const { lastInsertRowid } = insert.run(nonce, now + lifetimeMs);
      trim.run(Number(lastInsertRowid) - limit);
      return nonce;
    },
    use(nonce) {
      const row = take.get(nonce);
      return row !== undefined && typeof row['ends'] === 'number' && clock() < row['ends'];
    },
    close() {
      database.close();
    },
  };
}
