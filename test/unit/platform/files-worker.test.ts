import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { startFilesWorker, type FilesAnswer, type FilesCall } from '../../../lib/platform/files-worker.ts';
import { codeOf } from '../../support/npki-fixtures.ts';

/** A worker that is told what to answer, and when. */
class FakeWorker {
  readonly calls: FilesCall[] = [];
  terminated = 0;
  onmessage: ((event: { data: FilesAnswer }) => void) | null = null;
  onerror: ((event: { message: string }) => void) | null = null;

  postMessage(call: FilesCall): void {
    this.calls.push(call);
  }

  terminate(): void {
    this.terminated++;
  }

  answer(data: FilesAnswer): void {
    this.onmessage?.({ data });
  }
}

let fake: FakeWorker;
let worker: ReturnType<typeof startFilesWorker>;

beforeEach(() => {
  vi.useFakeTimers();
  fake = new FakeWorker();
  worker = startFilesWorker(() => fake as unknown as Worker);
});

afterEach(() => {
  vi.useRealTimers();
});

const turns = async (): Promise<void> => {
  for (let turn = 0; turn < 10; turn++) await Promise.resolve();
};

describe('the import worker', () => {
  it('is asked one thing at a time, in order', async () => {
    const first = worker.open('0', 'sign', 'a');
    const second = worker.open('1', 'km', 'b');
    await turns();
    expect(fake.calls).toEqual([{ call: 'open', key: '0', role: 'sign', password: 'a' }]);
    fake.answer({ ok: true, value: 'first' });
    expect(await first).toBe('first');
    await turns();
    expect(fake.calls.slice(1)).toEqual([{ call: 'open', key: '1', role: 'km', password: 'b' }]);
    fake.answer({ ok: true, value: 'second' });
    expect(await second).toBe('second');
  });

  it.each([
    ['its code and what belongs to it', { ok: false, code: 'file.unsupported', detail: '1.2.3' }, 'file.unsupported', '1.2.3'],
    ['its code alone', { ok: false, code: 'password.wrong', detail: null }, 'password.wrong', undefined],
    ['internal, for a code that nobody knows', { ok: false, code: 'surprise', detail: null }, 'internal', undefined],
  ] as const)('fails with %s, and goes on', async (_, answer, code, detail) => {
    const failed = worker.open('0', 'sign', 'a').catch((thrown: unknown) => thrown);
    await turns();
    fake.answer(answer);
    expect(await failed).toMatchObject({ code });
    expect(Reflect.get((await failed) as object, 'detail')).toBe(detail);
    const next = worker.find([]);
    await turns();
    fake.answer({ ok: true, value: [] });
    expect(await next).toEqual([]);
  });

  it('that breaks says so', async () => {
    const failed = codeOf(() => worker.find([]));
    await turns();
    fake.onerror?.({ message: 'out of memory' });
    expect(await failed).toBe('internal');
  });

  it('that hangs is ended once, and the next question goes to a new one', async () => {
    const failed = codeOf(() => worker.open('0', 'sign', 'a'));
    await turns();
    await vi.advanceTimersByTimeAsync(2_999);
    expect(fake.terminated).toBe(0);
    await vi.advanceTimersByTimeAsync(1);
    expect(await failed).toBe('file.hostile');
    expect(fake.terminated).toBe(1);
    const next = worker.open('1', 'sign', 'a');
    await turns();
    expect(fake.calls).toHaveLength(2);
    fake.answer({ ok: true, value: 'next' });
    expect(await next).toBe('next');
  });

  it('may take longer for many files', async () => {
    const files = Array.from({ length: 1_000 }, (_, at) => ({ path: `${at}`, bytes: new Uint8Array() }));
    const found = worker.find(files);
    await vi.advanceTimersByTimeAsync(22_000);
    expect(fake.terminated).toBe(0);
    fake.answer({ ok: true, value: [] });
    expect(await found).toEqual([]);
  });

  it('that is stopped fails what it was asked and what waits, and can be stopped twice', async () => {
    const codes = Promise.all([codeOf(() => worker.open('0', 'sign', 'a')), codeOf(() => worker.open('1', 'sign', 'a'))]);
    await turns();
    worker.stop();
    worker.stop();
    expect(await codes).toEqual(['user.cancelled', 'user.cancelled']);
    expect(fake.calls).toHaveLength(1);
    expect(fake.terminated).toBeGreaterThan(0);
  });
});
