import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { inTransaction, openDatabase } from '../../../demo/ca/database.ts';
import { MIGRATIONS } from '../../../demo/ca/migrations.ts';

const folder = mkdtempSync(join(tmpdir(), 'dojang-ca-database-'));

afterAll(() => {
  rmSync(folder, { recursive: true });
});

describe('the database of the demo authority', () => {
  it('is made with all steps, synced at every commit, and opened again as it was', () => {
    const path = join(folder, 'new.sqlite');
    const made = openDatabase(path);
    const pragma = (name: string): unknown => Object.values(made.prepare(`PRAGMA ${name}`).get() ?? {})[0];
    expect([pragma('user_version'), pragma('journal_mode'), pragma('synchronous')]).toEqual([MIGRATIONS.length, 'wal', 2]);
    made.exec("INSERT INTO counters VALUES ('pair', 7)");
    made.close();
    const again = openDatabase(path);
    expect({ ...again.prepare('SELECT * FROM counters').get() }).toEqual({ name: 'pair', value: 7 });
    again.close();
  });

  it('is left alone where a newer version wrote it, and where it is none', () => {
    const path = join(folder, 'newer.sqlite');
    const made = openDatabase(path);
    made.exec('PRAGMA user_version = 99');
    made.close();
    expect(() => openDatabase(path)).toThrow('newer version');
    writeFileSync(join(folder, 'thesis.txt'), 'mine '.repeat(1000));
    expect(() => openDatabase(join(folder, 'thesis.txt'))).toThrow();
  });

  it('undoes everything that a failed act wrote', () => {
    const database = openDatabase(join(folder, 'undo.sqlite'));
    const act = (): void => {
      database.exec("INSERT INTO counters VALUES ('pair', 1)");
      throw new Error('half way');
    };
    expect(() => {
      inTransaction(database, act);
    }).toThrow('half way');
    expect(database.prepare('SELECT * FROM counters').all()).toEqual([]);
    database.close();
  });
});
