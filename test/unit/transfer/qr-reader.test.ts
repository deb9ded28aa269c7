import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { errorCode } from '../../../lib/errors.ts';
import { startQrReader, type QrReader } from '../../../lib/platform/qr-reader.ts';

/** A worker thread that answers as it is told to, or not at all. */
class FakeWorker {
  static readonly all: FakeWorker[] = [];
  onmessage: ((event: { data: unknown }) => void) | null = null;
  onerror: (() => void) | null = null;
  ended = false;
  readonly #answer: unknown;

  constructor(answer: unknown) {
    this.#answer = answer;
    FakeWorker.all.push(this);
  }

  postMessage(): void {
    if (this.#answer === 'error') queueMicrotask(() => this.onerror?.());
    else if (this.#answer !== 'silence') queueMicrotask(() => this.onmessage?.({ data: this.#answer }));
  }

  terminate(): void {
    this.ended = true;
  }
}

const PICTURE = {} as ImageBitmap;
const readerOf = (answer: unknown): QrReader => startQrReader(() => new FakeWorker(answer) as unknown as Worker);
const codeOf = (reading: Promise<unknown>): Promise<string> => reading.then(() => 'nothing', errorCode);

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  vi.useRealTimers();
  FakeWorker.all.length = 0;
});

describe('the reader of codes', () => {
  it.each<[string, unknown, string | null]>([
    ['a text', { text: 'DOJANG1F:AA' }, 'DOJANG1F:AA'],
    ['no code', { text: null }, null],
    ['a text beyond all that is ours', { text: 'A'.repeat(1_025) }, null],
    ['something else', 42, null],
    ['nothing', null, null],
    ['a number for a text', { text: 7 }, null],
  ])('takes %s', async (_name, answer, text) => {
    expect(await readerOf(answer).read(PICTURE)).toBe(text);
  });

  it('keeps one worker for all pictures', async () => {
    const reader = readerOf({ text: null });
    for (let nth = 0; nth < 5; nth++) await reader.read(PICTURE);
    expect(FakeWorker.all).toHaveLength(1);
  });

  it('ends a worker that hangs for three seconds, and gives up at the third', async () => {
    const reader = readerOf('silence');
    for (let nth = 0; nth < 2; nth++) {
      const reading = reader.read(PICTURE);
      await vi.advanceTimersByTimeAsync(3_000);
      expect(await reading).toBeNull();
    }
    const last = codeOf(reader.read(PICTURE));
    await vi.advanceTimersByTimeAsync(3_000);
    expect(await last).toBe('camera.busy');
    expect(FakeWorker.all.map(({ ended }) => ended)).toEqual([true, true, true]);
  });

  it('takes a worker that breaks for one that hangs', async () => {
    const reader = readerOf('error');
    expect(await reader.read(PICTURE)).toBeNull();
    expect(await reader.read(PICTURE)).toBeNull();
    expect(await codeOf(reader.read(PICTURE))).toBe('camera.busy');
  });

  it('ends with the camera, in the middle of a picture too', async () => {
    const reader = readerOf('silence');
    const reading = codeOf(reader.read(PICTURE));
    reader.stop();
    expect(await reading).toBe('user.cancelled');
    expect(FakeWorker.all.map(({ ended }) => ended)).toEqual([true]);
    reader.stop();
  });
});
