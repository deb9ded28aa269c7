/** The page's end of the QR worker: one picture at a time, and a watchdog on each. */
import { WalletError } from '../errors.ts';

/** A picture takes milliseconds; what takes longer hangs. */
const PATIENCE_MS = 3_000;
/** Hangs after which the camera is given up. */
const HANGS_MAX = 3;
/** Longest text of ours is far below; longer ones are of no use to anybody here. */
const TEXT_MAX = 1024;

export interface QrCall {
  readonly picture: ImageBitmap;
}

export interface QrAnswer {
  /** Null where no code was found. */
  readonly text: string | null;
}

export interface QrReader {
  /** The text of a code in the picture, null where there is none. Takes the picture over. @throws `camera.busy` after several hangs, `user.cancelled` */
  read(picture: ImageBitmap): Promise<string | null>;
  stop(): void;
}

function readAnswer(data: unknown): string | null {
  const text = typeof data === 'object' && data !== null && 'text' in data ? data.text : null;
  return typeof text === 'string' && text.length <= TEXT_MAX ? text : null;
}

class WorkerReader implements QrReader {
  readonly #create: () => Worker;
  #worker: Worker | null = null;
  #hangs = 0;
  #fail: ((why: WalletError) => void) | null = null;

  constructor(create: () => Worker) {
    this.#create = create;
  }

  async read(picture: ImageBitmap): Promise<string | null> {
    const worker = (this.#worker ??= this.#create());
    let timer: ReturnType<typeof setTimeout> | undefined;
    try {
      return await new Promise<string | null>((settle, fail) => {
        this.#fail = fail;
        const hang = (): void => {
          this.#end();
          if (++this.#hangs < HANGS_MAX) settle(null);
          else fail(new WalletError('camera.busy', { detail: 'reader' }));
        };
        timer = setTimeout(hang, PATIENCE_MS);
        worker.onerror = hang;
        worker.onmessage = ({ data }: MessageEvent<unknown>): void => {
          this.#hangs = 0;
          settle(readAnswer(data));
        };
        worker.postMessage({ picture } satisfies QrCall, [picture]);
      });
    } finally {
      clearTimeout(timer);
      this.#fail = null;
    }
  }

  stop(): void {
    this.#end();
    this.#fail?.(new WalletError('user.cancelled'));
  }

  #end(): void {
    this.#worker?.terminate();
    this.#worker = null;
  }
}

/** @param create gives a new worker */
export function startQrReader(create: () => Worker): QrReader {
  return new WorkerReader(create);
}
