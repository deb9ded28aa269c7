/**
 * The page's side of the KDF Worker. A window starts it when it opens, so that pressing Enter costs the derivation
 * alone; nothing is derived on a window's own thread, and one at a time over all windows.
 */
import type { Bytes } from '../bytes/bytes.ts';
import { WalletError } from '../errors.ts';
import type { PasswordKdf } from '../vault/kdf.ts';
import type { WithLock } from '../wallet/ports.ts';
import type { KdfAnswer, KdfOrder } from './kdf-protocol.ts';

const LOCK = 'djw1-kdf';

export interface Kdf {
  /**
   * Derives; the password's octets are transferred to the Worker and gone here.
   * @throws `user.cancelled` after `stop`; `vault.unavailable` without WebAssembly (detail `webassembly`) or memory
   */
  readonly derive: PasswordKdf;
  /** Starts the Worker and compiles. */
  warm(): void;
  /** Ends the Worker and every derivation that runs or waits. A later call starts anew. */
  stop(): void;
}

interface Waiting {
  readonly settle: (key: Bytes) => void;
  readonly fail: (error: WalletError) => void;
}

/** The octets in a buffer of their own, so that exactly they are transferred; a wider buffer is left without them. */
function alone(password: Bytes): Bytes {
  if (password.byteLength === password.buffer.byteLength) return password;
  const octets = password.slice();
  password.fill(0);
  return octets;
}

class WorkerKdf implements Kdf {
  readonly #createWorker: () => Worker;
  readonly #withLock: WithLock;
  readonly #waiting = new Map<number, Waiting>();
  #worker: Worker | null = null;
  #count = 0;

  constructor(createWorker: () => Worker, withLock: WithLock) {
    this.#createWorker = createWorker;
    this.#withLock = withLock;
  }

  readonly derive: PasswordKdf = (params, password) => {
    const id = ++this.#count;
    const answered = new Promise<Bytes>((settle, fail) => this.#waiting.set(id, { settle, fail }));
    const turn = this.#withLock(LOCK, async () => {
      if (!this.#waiting.has(id)) return; // Stopped while it waited for its turn.
      const octets = alone(password);
      this.#start().postMessage({ id, params, password: octets } satisfies KdfOrder, [octets.buffer]);
      await answered.catch(() => undefined);
    });
    turn.catch((cause: unknown) => this.#fail(id, new WalletError('internal', { detail: 'kdf', cause })));
    return answered;
  };

  warm(): void {
    try {
      this.#start().postMessage({ warm: true } satisfies KdfOrder);
    } catch {
      // The first derivation will meet the same and say it.
    }
  }

  stop(): void {
    this.#end(new WalletError('user.cancelled'));
  }

  #start(): Worker {
    if (this.#worker) return this.#worker;
    const worker = this.#createWorker();
    worker.addEventListener('message', ({ data }: MessageEvent<KdfAnswer>) => this.#take(data));
    worker.addEventListener('error', () => this.#end(new WalletError('internal', { detail: 'kdf worker' })));
    worker.addEventListener('messageerror', () => this.#end(new WalletError('internal', { detail: 'kdf message' })));
    this.#worker = worker;
    return worker;
  }

  #take(answer: KdfAnswer): void {
    if ('key' in answer) this.#waiting.get(answer.id)?.settle(answer.key);
    else this.#waiting.get(answer.id)?.fail(new WalletError(answer.code, { detail: answer.detail }));
    this.#waiting.delete(answer.id);
  }

  #fail(id: number, error: WalletError): void {
    this.#waiting.get(id)?.fail(error);
    this.#waiting.delete(id);
  }

  #end(error: WalletError): void {
    this.#worker?.terminate();
    this.#worker = null;
    for (const id of [...this.#waiting.keys()]) this.#fail(id, error);
  }
}

/** A KDF that runs in a Worker which `createWorker` starts (with kdf-worker.ts as its script) at the first need. */
export function startKdf(createWorker: () => Worker, withLock: WithLock): Kdf {
  return new WorkerKdf(createWorker, withLock);
}
