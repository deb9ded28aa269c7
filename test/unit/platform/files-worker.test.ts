import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { startFilesWorker, type FilesAnswer, type FilesCall } from '../../../lib/platform/files-worker.ts';
import type { FilesWorker, SealedContainer, SealedIdentity } from '../../../lib/wallet/ports.ts';
import { codeOf } from '../../support/npki-fixtures.ts';

/** A worker that is told what to answer, and when. */
class FakeWorker {
  readonly calls: FilesCall[] = [];
  ended = 0;
  unclonable = false;
  onmessage: ((event: { data: FilesAnswer }) => void) | null = null;
  onerror: ((event: { message: string }) => void) | null = null;

  postMessage(call: FilesCall): void {
    if (this.unclonable) throw new DOMException('not cloned', 'DataCloneError');
    this.calls.push(call);
  }

  terminate(): void {
    this.ended++;
  }

  answer(data: FilesAnswer): void {
    this.onmessage?.({ data });
  }

  /** Answers with the password that it was asked with. */
  echo(): void {
    const call = this.calls.at(-1);
    this.answer({ ok: true, value: call && 'password' in call ? call.password : null });
  }
}

const SEALED: SealedIdentity = { kind: 'identity', form: 'npki', sign: null, km: null, chain: [] };
const CONTAINER: SealedContainer = { kind: 'container', form: 'pfx', file: new Uint8Array(3) };
const open = (files: FilesWorker, password: string, signal?: AbortSignal): Promise<unknown> => files.open(SEALED, 'sign', password, signal);

let workers: FakeWorker[];

const start = (cores = 2): FilesWorker =>
  startFilesWorker(() => {
    const worker = new FakeWorker();
    workers.push(worker);
    return worker as unknown as Worker;
  }, cores);

beforeEach(() => {
  workers = [];
  vi.useFakeTimers();
});

afterEach(() => {
  vi.useRealTimers();
});

const turns = async (): Promise<void> => {
  for (let turn = 0; turn < 10; turn++) await Promise.resolve();
};

describe('the import workers', () => {
  it.each([
    [1, 1],
    [2, 1],
    [3, 2],
    [4, 3],
    [5, 4],
    [64, 4],
  ])('of a machine with %i processors are %i at most', async (cores, lanes) => {
    const files = start(cores);
    expect(files.lanes).toBe(lanes);
    for (let at = 0; at < 10; at++) open(files, `${at}`).catch(() => undefined);
    await turns();
    expect(workers.map(({ calls }) => calls.length)).toEqual(Array.from({ length: lanes }, () => 1));
    files.stop();
  });

  it('start with the first question, and no more of them than there are questions at a time', async () => {
    const files = start(8);
    expect(workers).toHaveLength(0);
    for (const password of ['a', 'b', 'c']) {
      const opened = open(files, password);
      await turns();
      workers[0]?.echo();
      expect(await opened).toBe(password);
    }
    expect(workers).toHaveLength(1);
  });

  it('are told all that a call needs, so that any of them can open what another one found', async () => {
    const files = start(3);
    const one = files.open(SEALED, 'km', 'a');
    const two = files.openContainer(CONTAINER, 'b');
    await turns();
    expect(workers.map(({ calls }) => calls)).toEqual([
      [{ call: 'open', sealed: SEALED, role: 'km', password: 'a' }],
      [{ call: 'openContainer', sealed: CONTAINER, password: 'b' }],
    ]);
    workers[1]?.echo();
    expect(await two).toBe('b');
    workers[0]?.echo();
    expect(await one).toBe('a');
  });

  it('take what waits in the order in which it came', async () => {
    const files = start(2);
    const order: unknown[] = [];
    const all = ['a', 'b', 'c'].map(async (password) => order.push(await open(files, password)));
    for (let at = 0; at < 3; at++) {
      await turns();
      workers[0]?.echo();
    }
    await Promise.all(all);
    expect(order).toEqual(['a', 'b', 'c']);
  });

  it.each([
    ['its code and what belongs to it', { ok: false, code: 'file.unsupported', detail: '1.2.3' }, 'file.unsupported', '1.2.3'],
    ['its code alone', { ok: false, code: 'password.wrong', detail: null }, 'password.wrong', undefined],
    ['internal, for a code that nobody knows', { ok: false, code: 'surprise', detail: null }, 'internal', undefined],
  ] as const)('fail with %s, and go on', async (_, answer, code, detail) => {
    const files = start();
    const failed = open(files, 'a').catch((thrown: unknown) => thrown);
    await turns();
    workers[0]?.answer(answer);
    expect(await failed).toMatchObject({ code });
    expect(Reflect.get((await failed) as object, 'detail')).toBe(detail);
    const next = files.find([]);
    await turns();
    workers[0]?.answer({ ok: true, value: [] });
    expect(await next).toEqual([]);
  });

  it('are replaced where one breaks, which fails its own question only', async () => {
    const files = start();
    const failed = codeOf(() => open(files, 'a'));
    const next = open(files, 'b');
    await turns();
    workers[0]?.onerror?.({ message: 'out of memory' });
    expect(await failed).toBe('internal');
    await turns();
    expect(workers.map(({ ended }) => ended)).toEqual([1, 0]);
    workers[1]?.echo();
    expect(await next).toBe('b');
  });

  it('fail what cannot be sent, and what no worker can be started for', async () => {
    const files = startFilesWorker(() => {
      const worker = new FakeWorker();
      workers.push(worker);
      if (workers.length === 1) throw new DOMException('no worker', 'SecurityError');
      worker.unclonable = workers.length === 2;
      return worker as unknown as Worker;
    }, 2);
    expect(await codeOf(() => open(files, 'a'))).toBe('internal');
    expect(await codeOf(() => open(files, 'b'))).toBe('internal');
    const good = open(files, 'c');
    await turns();
    workers[2]?.echo();
    expect(await good).toBe('c');
  });
});

/** Longest that opening one thing may take. */
const PATIENCE = 3_000;

describe('a call that takes too long (F25)', () => {
  it('is refused alone; its worker ends, and a new one takes what waits', async () => {
    const files = start();
    const slow = open(files, 'slow').catch((thrown: unknown) => thrown);
    const good = open(files, 'good');
    await turns();
    await vi.advanceTimersByTimeAsync(PATIENCE - 1);
    expect(workers.map(({ ended }) => ended)).toEqual([0]);
    await vi.advanceTimersByTimeAsync(1);
    expect(await slow).toMatchObject({ code: 'file.hostile', detail: 'time' });
    expect(workers.map(({ ended }) => ended)).toEqual([1, 0]);
    workers[1]?.echo();
    expect(await good).toBe('good');
  });

  it('is not answered by its old worker any more', async () => {
    const files = start();
    const slow = codeOf(() => open(files, 'slow'));
    await turns();
    const late = workers[0]?.onmessage;
    await vi.advanceTimersByTimeAsync(PATIENCE);
    expect(await slow).toBe('file.hostile');
    const good = open(files, 'good');
    await turns();
    late?.({ data: { ok: true, value: 'late' } });
    workers[1]?.echo();
    expect(await good).toBe('good');
  });

  it('leaves the other workers to their questions', async () => {
    const files = start(3);
    const slow = codeOf(() => open(files, 'slow'));
    await turns();
    await vi.advanceTimersByTimeAsync(1_000);
    const other = open(files, 'other');
    await turns();
    await vi.advanceTimersByTimeAsync(PATIENCE - 1_000);
    expect(await slow).toBe('file.hostile');
    expect(workers.map(({ ended }) => ended)).toEqual([1, 0]);
    workers[1]?.echo();
    expect(await other).toBe('other');
  });

  it('counts from when a worker takes it, however long it waited', async () => {
    const files = start();
    const codes = ['a', 'b', 'c'].map((password) => codeOf(() => open(files, password)));
    await turns();
    await vi.advanceTimersByTimeAsync(2 * PATIENCE);
    expect(await Promise.all(codes.slice(0, 2))).toEqual(['file.hostile', 'file.hostile']);
    workers[2]?.echo();
    expect(await codes[2]).toBe('none');
  });

  it('may be a search through many files, or a large archive', async () => {
    const files = start();
    const found = files.find(Array.from({ length: 1_000 }, (_, at) => ({ path: `${at}`, bytes: new Uint8Array(1_000) })));
    await vi.advanceTimersByTimeAsync(23_500);
    expect(workers.map(({ ended }) => ended)).toEqual([0]);
    workers[0]?.answer({ ok: true, value: [] });
    expect(await found).toEqual([]);
  });
});

describe('a stop', () => {
  it('of some calls ends those at once with their workers, and leaves the others alone', async () => {
    const files = start(3);
    const stop = new AbortController();
    const stopped = ['a', 'b', 'c'].map((password) => codeOf(() => open(files, password, stop.signal)));
    const other = open(files, 'other');
    await turns();
    stop.abort();
    expect(await Promise.all(stopped)).toEqual(['user.cancelled', 'user.cancelled', 'user.cancelled']);
    await turns();
    expect(workers.map(({ ended }) => ended)).toEqual([1, 1, 0]);
    await vi.advanceTimersByTimeAsync(PATIENCE - 1);
    expect(workers.map(({ ended }) => ended)).toEqual([1, 1, 0]);
    workers[2]?.echo();
    expect(await other).toBe('other');
    expect(await codeOf(() => open(files, 'd', stop.signal))).toBe('user.cancelled');
    const again = open(files, 'again');
    await turns();
    workers[2]?.echo();
    expect(await again).toBe('again');
  });

  it('of all fails what runs, what waits and what comes later, ends every worker, and may come twice', async () => {
    const files = start(3);
    const idle = open(files, 'idle');
    await turns();
    workers[0]?.echo();
    await idle;
    const codes = ['a', 'b', 'c'].map((password) => codeOf(() => open(files, password)));
    await turns();
    files.stop();
    files.stop();
    expect(await Promise.all(codes)).toEqual(['user.cancelled', 'user.cancelled', 'user.cancelled']);
    expect(await codeOf(() => open(files, 'd'))).toBe('user.cancelled');
    expect(workers.map(({ ended }) => ended)).toEqual([1, 1]);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('ends a worker that has nothing to do', async () => {
    const files = start();
    const opened = open(files, 'a');
    await turns();
    workers[0]?.echo();
    await opened;
    files.stop();
    expect(workers.map(({ ended }) => ended)).toEqual([1]);
  });
});
