import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { startFilesWorker, type FilesAnswer, type FilesCall } from '../../../lib/platform/files-worker.ts';

/** A worker that answers by itself, but for keys named `slow`, over which it thinks for ever. */
class ScriptedWorker {
  onmessage: ((event: { data: FilesAnswer }) => void) | null = null;
  onerror = null;
  looked = false;
  ended = false;

  postMessage(call: FilesCall): void {
    if (call.call === 'open' && call.key === 'slow') return;
    if (call.call === 'find') this.looked = true;
    const answer: FilesAnswer = call.call === 'find' || this.looked ? { ok: true, value: call.call } : { ok: false, code: 'internal', detail: null };
    queueMicrotask(() => {
      if (!this.ended) this.onmessage?.({ data: answer });
    });
  }

  terminate(): void {
    this.ended = true;
  }
}

describe('the import worker', () => {
  const workers: ScriptedWorker[] = [];
  const start = (): ReturnType<typeof startFilesWorker> =>
    startFilesWorker(() => {
      const worker = new ScriptedWorker();
      workers.push(worker);
      return worker as unknown as Worker;
    });

  beforeEach(() => {
    workers.length = 0;
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it('is ended over a file that takes too long, which alone is refused; the next is opened by a new one', async () => {
    const files = start();
    await files.find([{ path: 'a', bytes: new Uint8Array(1) }]);
    const slow = files.open('slow', 'sign', 'x').catch((thrown: unknown) => thrown);
    const good = files.open('good', 'sign', 'x');
    await vi.advanceTimersByTimeAsync(3_000);
    expect(await slow).toMatchObject({ code: 'file.hostile' });
    expect(await good).toBe('open');
    expect(workers.map(({ ended, looked }) => [ended, looked])).toEqual([
      [true, true],
      [false, true],
    ]);
  });

  it('settles what runs when the person stops', async () => {
    const files = start();
    const slow = files.open('slow', 'sign', 'x').catch((thrown: unknown) => thrown);
    await vi.advanceTimersByTimeAsync(10);
    files.stop();
    expect(await slow).toMatchObject({ code: 'user.cancelled' });
    await expect(files.open('good', 'sign', 'x')).rejects.toMatchObject({ code: 'user.cancelled' });
  });
});
