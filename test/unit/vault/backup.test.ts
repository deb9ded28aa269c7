import { createHash } from 'node:crypto';
import { beforeAll, describe, expect, test } from 'vitest';
import type { Bytes } from '../../../lib/bytes/bytes.ts';
import { utf8 } from '../../../lib/bytes/text.ts';
import type { ErrorCode } from '../../../lib/errors.ts';
import { afterBackup, backupDue } from '../../../lib/vault/backup-due.ts';
import { BACKUP_MAX, summaryOf, writeBackupEnd } from '../../../lib/vault/backup-lines.ts';
import { checkBackup, type BackupCheck } from '../../../lib/vault/check-backup.ts';
import { passwordSlot, readHead } from '../../../lib/vault/head.ts';
import { lostRecords } from '../../../lib/vault/carried.ts';
import { backupName, carriedBy, looksLikeBackup, readBackup } from '../../../lib/vault/read-backup.ts';
import { readRecoveryCode } from '../../../lib/vault/recovery-code.ts';
import { saveSettings } from '../../../lib/vault/settings-record.ts';
import { DEFAULT_SETTINGS } from '../../../lib/vault/settings-text.ts';
import { openWithRecoveryCode } from '../../../lib/vault/unlock.ts';
import { addRecoveryCode } from '../../../lib/vault/ways-in.ts';
import { moveToWastebasket } from '../../../lib/vault/wastebasket.ts';
import { writeBackup, writeBackupWithPassword, type BackupRequest } from '../../../lib/vault/write-backup.ts';
import { attempt, fakeReader, fileOf, keyedItem, linesOf, makePair, withPassword } from './carried-support.ts';
import {
  APP,
  codeOf,
  fastKdf,
  headWithFields,
  makeWallet,
  newId,
  NOW,
  parts,
  PASSWORD,
  random,
  save,
  storeOf,
  withFields,
  type Wallet,
} from './support.ts';

const DAY = 86_400_000;

/** A wallet of three certificates, one of them deleted, with settings and a recovery code. */
async function fullWallet(): Promise<{ wallet: Wallet; ids: readonly string[]; code: string }> {
  const wallet = await makeWallet();
  const ids = [newId(), newId(), newId()];
  const [a = '', b = '', c = ''] = ids;
  const put = [
    await keyedItem(wallet, a, { sign: makePair(), km: makePair() }),
    await keyedItem(wallet, b, { sign: makePair() }),
    await keyedItem(wallet, c, { km: makePair() }),
  ];
  const saved = await save(wallet, put);
  const base = { ...wallet, now: NOW + 2, app: APP };
  const deleted = await moveToWastebasket({ ...base, head: saved, ids: [b] });
  const set = await saveSettings({ ...base, head: deleted, random, change: (settings) => ({ ...settings, lockMinutes: 30 }) });
  const { head, code } = await addRecoveryCode({ ...base, head: set, random });
  return { wallet: { ...wallet, head }, ids, code };
}

function request({ store, head, listKey }: Wallet): BackupRequest {
  return { store, head, listKey, now: NOW + 10, app: APP };
}

let wallet: Wallet;
let ids: readonly string[];
let code: string;
let file: Bytes;

beforeAll(async () => {
  ({ wallet, ids, code } = await fullWallet());
  file = (await writeBackup(request(wallet))).octets;
});

const check = async (octets: Bytes, password?: string): Promise<BackupCheck> =>
  checkBackup(await readBackup(octets), withPassword(password), fakeReader);

/** A file whose last line fits its lines, as whoever can write a file can make it. */
async function closed(lines: readonly string[]): Promise<Bytes> {
  return fileOf([...lines, await writeBackupEnd(await summaryOf(lines))]);
}

describe('a backup file', () => {
  test('has a first line, the head, every record as the stores have it, and a last line', async () => {
    const lines = linesOf(file);
    expect(lines.map((line) => line.slice(0, 7))).toEqual(['DJW1.B.', 'DJW1.H.', 'DJW1.I.', 'DJW1.I.', 'DJW1.I.', 'DJW1.G.', 'DJW1.Z.']);
    expect(lines.slice(2, -1)).toEqual(await wallet.store.records(wallet.head.items));
    expect(parts(lines[0] ?? '').fields).toEqual({ v: 1, vid: wallet.head.vid, gen: wallet.head.gen, ts: NOW + 10, app: APP, n: 4 });
    const all = createHash('sha256')
      .update(
        lines
          .slice(0, -1)
          .map((line) => `${line}\n`)
          .join(''),
      )
      .digest('base64url');
    expect(parts(lines.at(-1) ?? '').fields).toEqual({ v: 1, n: 6, all });
  });

  test('needs the list key alone, and another list key makes none', async () => {
    expect(await codeOf(writeBackup({ ...request(wallet), listKey: random(32) }))).toBe('vault.changed');
  });

  test('opens with the password of that day: everything in it, down to the private keys', async () => {
    const { gen } = wallet.head;
    expect(await check(file)).toEqual({ state: 'complete', ts: NOW + 10, gen, app: APP, listed: 3, opened: 3, keys: 4, bad: [] });
  });

  test('opens with the recovery code of that day', async () => {
    const open = async (head: Parameters<typeof openWithRecoveryCode>[0]): ReturnType<typeof openWithRecoveryCode> =>
      openWithRecoveryCode(head, await readRecoveryCode(code));
    expect(await checkBackup(await readBackup(file), open, fakeReader)).toMatchObject({ opened: 3, keys: 4 });
  });

  test('under a password of its own opens with that one alone', async () => {
    const other = { store: wallet.store, head: wallet.head, now: NOW, app: APP, keys: wallet, kdf: fastKdf, random };
    const { octets, count } = await writeBackupWithPassword({ ...other, password: utf8('백업만의 다른 암호') });
    expect(count).toBe(3);
    const { head } = await readBackup(octets);
    expect(head?.slots.map(({ kind }) => kind)).toEqual(['pw']);
    expect(head?.slots[0]?.text).not.toBe(passwordSlot(wallet.head).text);
    expect(await check(octets, '백업만의 다른 암호')).toMatchObject({ opened: 3, keys: 4, bad: [] });
    expect(await codeOf(check(octets))).toBe('backup.secret');
  });

  test('leaves out journal entries whose outcome is in no item, and keeps the others', async () => {
    const { head, listKey } = await makeWallet();
    const journal = (st: string): object => ({ id: newId(), k: 'J', g: 1, sum: Buffer.alloc(16).toString('base64url'), st, dl: 1 });
    const text = headWithFields(head.text, listKey, { items: ['PREPARED', 'SENT', 'WAITING', 'RECEIVED', 'UNKNOWN', 'SAVED'].map(journal) });
    const written = await writeBackup({ ...request({ ...wallet, head: await readHead(text), listKey }), store: await storeOf(text) });
    expect(written.left.map(({ k, code: why }) => [k, why])).toEqual([['J', 'vault.damaged']]);
  });

  test('is made of the good records where one is lost, and names the lost one', async () => {
    const lost = ids[0] ?? '';
    const store = { ...wallet.store, records: (keys: readonly { id: string; g: number }[]) => allBut(lost, keys) };
    const allBut = async (id: string, keys: readonly { id: string; g: number }[]): Promise<readonly (string | null)[]> =>
      (await wallet.store.records(keys)).map((text, nth) => (keys[nth]?.id === id ? null : text));
    const reading = {
      evidence: () => wallet.store.evidence(),
      heads: () => wallet.store.heads(),
      marker: () => wallet.store.marker(),
      mark: () => wallet.store.mark(),
      commit: () => Promise.reject(new Error('no write')),
      prune: () => Promise.reject(new Error('no write')),
      records: store.records,
    };
    const written = await writeBackup({ ...request(wallet), store: reading });
    expect([written.count, written.left]).toEqual([2, [{ id: lost, k: 'I', code: 'vault.damaged' }]]);
    expect(await check(written.octets)).toMatchObject({ state: 'complete', listed: 2, opened: 2 });
  });

  test('has a name of its day', () => {
    expect(backupName(2026, 3, 9)).toBe('dojang-backup-2026-03-09.djw');
  });
});

/** The line with another sum, whatever it was: the last letter of one is A, Q, g or w. */
const otherEnd = (line: string): string => line.slice(0, -1) + (line.endsWith('A') ? 'Q' : 'A');

describe('D19: a file that is not as it was', () => {
  const readable = async (octets: Bytes): Promise<{ state: string; opened: number; keys: number }> => {
    const { state, opened, keys } = await check(octets);
    return { state, opened, keys };
  };

  test.each<[string, (octets: Bytes) => Bytes]>([
    ['a mark of UTF-8 before it', (octets) => utf8(`\u{feff}${Buffer.from(octets).toString()}`)],
    ['line ends of Windows', (octets) => utf8(Buffer.from(octets).toString().replaceAll('\n', '\r\n'))],
    ['empty lines after it', (octets) => utf8(`${Buffer.from(octets).toString()}\n\n`)],
    ['no line end at its end', (octets) => octets.slice(0, -1)],
  ])('%s changes nothing', async (_, alter) => {
    expect(await readable(alter(file))).toEqual({ state: 'complete', opened: 3, keys: 4 });
  });

  test('cut off anywhere after its head: said so, and the good records are still offered', async () => {
    const lines = linesOf(file);
    const headEnd = (lines[0] ?? '').length + 1 + (lines[1] ?? '').length;
    const outcomes = new Set<string>();
    for (let end = headEnd; end < file.length - 1; end += 97) {
      const { state, opened, keys } = await check(file.slice(0, end));
      expect(state, `cut at ${end}`).toBe('cut');
      outcomes.add(`${opened} ${keys}`);
    }
    expect([...outcomes]).toEqual(['0 0', '1 2', '2 3', '3 4']);
  });

  test('cut off in or before its head: nothing opens, and it is said why', async () => {
    const headEnd = linesOf(file).slice(0, 2).join('\n').length;
    for (let end = 7; end < headEnd; end += 61) expect(await codeOf(check(file.slice(0, end))), `cut at ${end}`).toBe('backup.cut');
  });

  test.each<[string, (lines: readonly string[]) => readonly string[] | Promise<Bytes>, ErrorCode | object]>([
    ['a record lost', (lines) => lines.filter((_, nth) => nth !== 2), { state: 'damaged', opened: 2, keys: 2 }],
    ['a record broken', (lines) => lines.map((line, nth) => (nth === 2 ? line.replace('.', ',') : line)), { state: 'damaged', opened: 2, keys: 2 }],
    [
      'its records in another order',
      (lines) => [lines[0] ?? '', lines[1] ?? '', ...lines.slice(2, -1).reverse(), lines.at(-1) ?? ''],
      { state: 'damaged', opened: 3, keys: 4 },
    ],
    ['no head', (lines) => lines.filter((_, nth) => nth !== 1), 'backup.damaged'],
    ['a head broken', (lines) => lines.map((line, nth) => (nth === 1 ? otherEnd(line) : line)), 'backup.damaged'],
    ['a first line broken', (lines) => lines.map((line, nth) => (nth === 0 ? otherEnd(line) : line)), 'backup.damaged'],
    [
      'the head of another wallet',
      (lines) => closed([lines[0] ?? '', withFields(lines[1] ?? '', { vid: newId() }), ...lines.slice(2, -1)]),
      'backup.damaged',
    ],
    ['the head of a part', (lines) => closed([lines[0] ?? '', withFields(lines[1] ?? '', { sub: 1 }), ...lines.slice(2, -1)]), 'backup.damaged'],
    [
      'a head that lists less, all sums new',
      (lines) => closed([lines[0] ?? '', withFields(lines[1] ?? '', { items: [] }), ...lines.slice(2, -1)]),
      'backup.damaged',
    ],
    ['a later version in its first line', (lines) => [withFields(lines[0] ?? '', { v: 2 }), ...lines.slice(1)], 'backup.newer-version'],
    ['a later version in its head', (lines) => [lines[0] ?? '', withFields(lines[1] ?? '', { v: 2 }), ...lines.slice(2)], 'backup.newer-version'],
    ['a later version in its last line', (lines) => [...lines.slice(0, -1), withFields(lines.at(-1) ?? '', { v: 2 })], 'backup.newer-version'],
    ['5,001 lines', (lines) => [...lines, ...Array.from({ length: 5_001 - lines.length }, () => 'x')], 'backup.damaged'],
    ['a line of 513 KiB', (lines) => [...lines, 'x'.repeat(524_289)], 'backup.damaged'],
  ])('%s', async (_, alter, expected) => {
    const altered = await alter(linesOf(file));
    const octets = altered instanceof Uint8Array ? altered : fileOf(altered);
    if (typeof expected === 'string') expect(await codeOf(check(octets))).toBe(expected);
    else expect(await readable(octets)).toEqual(expected);
  });

  test('of more than 32 MiB is refused before anything is read of it', async () => {
    expect(await codeOf(readBackup(new Uint8Array(BACKUP_MAX + 1)))).toBe('backup.too-large');
  });

  test.each<[string, Bytes]>([
    ['nothing', new Uint8Array(0)],
    ['one octet', new Uint8Array(1)],
    ['a certificate', random(1_200)],
    ['a record of the wallet', utf8('DJW1.H.AAAA')],
  ])('%s is no backup file', async (_, octets) => {
    expect(looksLikeBackup(octets)).toBe(false);
    expect(await codeOf(readBackup(octets))).toBe('backup.unknown');
  });

  test('a wrong password is told apart from damage', async () => {
    expect(await codeOf(check(file, `${PASSWORD}!`))).toBe('backup.secret');
  });

  test('a slot made weaker is refused before deriving', async () => {
    const lines = linesOf(file);
    const head = lines[1] ?? '';
    const slots = (parts(head).fields['slots'] as string[]).map((slot) => {
      const { k } = parts(slot).fields;
      return k === 'pw' ? withFields(slot, { kdf: { a: 'argon2id', m: 8, t: 1, p: 1 } }) : slot;
    });
    let derived = 0;
    const octets = await closed([lines[0] ?? '', withFields(head, { slots }), ...lines.slice(2, -1)]);
    const open = (): Promise<never> => Promise.reject(new Error(String(++derived)));
    expect(await codeOf(readBackup(octets).then((read) => checkBackup(read, open, fakeReader)))).toBe('backup.damaged');
    expect(derived).toBe(0);
  });

  test('F22: 2,000 spoilt files give an answer of ours, each', async () => {
    const answers = new Set<string>();
    let state = 7;
    const next = (below: number): number => (state = (state * 48_271) % 2_147_483_647) % below;
    for (let nth = 0; nth < 2_000; nth++) {
      const octets = file.slice();
      for (let times = next(3) + 1; times > 0; times--) octets[next(octets.length)] = next(256);
      answers.add(await codeOf(readBackup(octets).then(carriedBy)));
    }
    expect(
      [...answers].every((answer) => ['fulfilled', 'backup.unknown', 'backup.cut', 'backup.damaged', 'backup.newer-version'].includes(answer)),
    ).toBe(true);
    expect(answers.has('fulfilled')).toBe(true);
  });

  test('a private key that is not its certificate’s is found by the check', async () => {
    const own = await makeWallet();
    const bad = { ...makePair(), privateKeyInfo: random(600) };
    const id = newId();
    const head = await save(own, [await keyedItem(own, id, { sign: bad }), await keyedItem(own, newId(), { sign: makePair() })]);
    const { octets } = await writeBackup(request({ ...own, head }));
    expect(await check(octets)).toMatchObject({ listed: 2, opened: 1, keys: 1, bad: [{ id, code: 'file.pair-mismatch' }] });
  });

  test('the wallet here is untouched by all of this', async () => {
    expect((await wallet.store.heads())[0]).toBe(wallet.head.text);
  });
});

describe('D29: records that the stores lost', () => {
  const readRecords = async (): Promise<Parameters<typeof lostRecords>[1]> => {
    const { start, records } = await readBackup(file);
    return { vid: start.vid, records };
  };

  test('are taken from the file by id, generation and checksum', async () => {
    const lost = ids[1] ?? '';
    const [record] = lostRecords(wallet.head, await readRecords(), [lost]);
    expect(record?.text).toBe((await wallet.store.records(wallet.head.items))[wallet.head.items.findIndex(({ id }) => id === lost)]);
  });

  test('that were written again since are not taken', async () => {
    const id = ids[0] ?? '';
    const head = await save(await copyOf(), [await keyedItem(wallet, id, { sign: makePair() })]);
    expect(lostRecords(head, await readRecords(), [id])).toEqual([]);
  });

  test('are not taken from another wallet', async () => {
    const other = await makeWallet();
    const read = await readRecords();
    expect(await codeOf(attempt(() => lostRecords(other.head, read, [])))).toBe('backup.other-wallet');
  });

  async function copyOf(): Promise<Wallet> {
    const texts = await wallet.store.records(wallet.head.items);
    const records = wallet.head.items.map(({ id, g }, nth) => ({ id, g, text: texts[nth] ?? '' }));
    return { ...wallet, store: await storeOf(wallet.head.text, records) };
  }
});

describe('the reminder', () => {
  const items = (count: number, g: number, del?: number): { items: Wallet['head']['items'] } => ({
    items: Array.from({ length: count }, () => ({ id: newId(), k: 'I' as const, g, sum: '', ...(del === undefined ? {} : { del }) })),
  });
  const made = { rule: 'change' as const, at: NOW, gen: 5 };

  test.each<[string, Parameters<typeof backupDue>, object]>([
    ['an empty wallet needs none', [{ items: [] }, DEFAULT_SETTINGS.backup, NOW], { due: false, changes: 0, days: null }],
    ['no backup yet', [items(2, 1), DEFAULT_SETTINGS.backup, NOW], { due: true, changes: 2, days: null }],
    ['nothing changed', [items(2, 5), made, NOW + DAY], { due: false, changes: 0, days: 1 }],
    ['one changed', [items(1, 6), made, NOW + DAY], { due: true, changes: 1, days: 1 }],
    ['one deleted since', [items(1, 5, NOW / 1000 + 60), made, NOW + DAY], { due: true, changes: 1, days: 1 }],
    ['30 days', [items(2, 5), made, NOW + 30 * DAY], { due: true, changes: 0, days: 30 }],
    ['weekly, six days after a change', [items(1, 6), { ...made, rule: 'week' }, NOW + 6 * DAY], { due: false, changes: 1, days: 6 }],
    ['weekly, seven days after a change', [items(1, 6), { ...made, rule: 'week' }, NOW + 7 * DAY], { due: true, changes: 1, days: 7 }],
    ['weekly, nothing changed', [items(1, 5), { ...made, rule: 'week' }, NOW + 70 * DAY], { due: false, changes: 0, days: 70 }],
    ['monthly', [items(1, 6), { ...made, rule: 'month' }, NOW + 30 * DAY], { due: true, changes: 1, days: 30 }],
    ['off', [items(1, 6), { ...made, rule: 'off' }, NOW + 300 * DAY], { due: false, changes: 1, days: 300 }],
    ['a clock set back', [items(1, 5), made, NOW - 300 * DAY], { due: false, changes: 0, days: 0 }],
  ])('%s', (_, args, expected) => {
    expect(backupDue(...args)).toEqual(expected);
  });

  test('is quiet after a backup', () => {
    const settings = afterBackup(DEFAULT_SETTINGS, 6, NOW);
    expect(backupDue(items(3, 6), settings.backup, NOW)).toEqual({ due: false, changes: 0, days: 0 });
  });
});
