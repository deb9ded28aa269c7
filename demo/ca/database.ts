/** The authority's database: one SQLite file, written ahead and synced at every commit, so that a crash undoes no answer. */
import { DatabaseSync } from 'node:sqlite';
import { MIGRATIONS } from './migrations.ts';

const BUSY_MS = 5_000;

function version(database: DatabaseSync): number {
  return Number(database.prepare('PRAGMA user_version').get()?.['user_version']);
}

/** Runs `act` in one transaction; what it throws undoes everything it wrote. */
export function inTransaction<Result>(database: DatabaseSync, act: () => Result): Result {
  database.exec('BEGIN IMMEDIATE');
  try {
    const result = act();
    database.exec('COMMIT');
    return result;
  } catch (thrown) {
    database.exec('ROLLBACK');
    throw thrown;
  }
}

/**
 * Opens (or makes) the file and brings its tables up to date, one step after the other.
 * @throws where the file is no database, or was written by a newer version of the demo
 */
export function openDatabase(path: string): DatabaseSync {
  const database = new DatabaseSync(path);
  database.exec(`PRAGMA busy_timeout = ${String(BUSY_MS)}; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON;`);
  inTransaction(database, () => {
    const from = version(database);
    if (from > MIGRATIONS.length) throw new Error(`${path} was written by a newer version of the demo.`);
    for (const step of MIGRATIONS.slice(from)) database.exec(step);
    database.exec(`PRAGMA user_version = ${String(MIGRATIONS.length)}`);
  });
  return database;
}
