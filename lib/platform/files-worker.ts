/**
 * The page's end of the import workers: a few that work side by side, each on one call at a time, and a watchdog on every
 * call. A worker remembers nothing between two calls, so that one that had to be ended is just replaced.
 */
import { isErrorCode, WalletError } from '../errors.ts';
import type { FilesWorker, FoundInFiles, OpenedInContainer, OpenedKeyPair, SealedContainer, SealedIdentity } from '../wallet/ports.ts';

/** Longest a worker may think about one call; the work that a file may ask for is bounded below that, so this is a hang guard. */
const PATIENCE_MS = 3_000;
/** A search may take longer for many files, and for what may be thousands of them in an archive. */
const PATIENCE_PER_FILE_MS = 20;
const PATIENCE_PER_OCTET_MS = 0.001;
const LANES_MOST = 4;

export type FilesCall =
  | { readonly call: 'find'; readonly files: readonly { readonly path: string; readonly bytes: Uint8Array<ArrayBuffer> }[] }
  | { readonly call: 'open'; readonly sealed: SealedIdentity; readonly role: 'sign' | 'km'; readonly password: string }
  | { readonly call: 'openContainer'; readonly sealed: SealedContainer; readonly password: string };

export type FilesAnswer =
  { readonly ok: true; readonly value: unknown } | { readonly ok: false; readonly code: string; readonly detail: string | null };

interface Order {
  readonly message: FilesCall;
  readonly patienceMs: number;
  readonly signal: AbortSignal | undefined;
  readonly settle: (value: unknown) => void;
  readonly fail: (why: WalletError) => void;
}

interface Work {
  readonly worker: Worker;
  readonly timer: ReturnType<typeof setTimeout>;
}

function failure(data: Extract<FilesAnswer, { ok: false }>): WalletError {
  return new WalletError(isErrorCode(data.code) ? data.code : 'internal', data.detail === null ? {} : { detail: data.detail });
}

class WorkerPool implements FilesWorker {
  readonly lanes: number;
  readonly #create: () => Worker;
  /** In the order in which they came. */
  readonly #waiting = new Set<Order>();
  readonly #running = new Map<Order, Work>();
  readonly #idle: Worker[] = [];
  #stopped = false;

  constructor(create: () => Worker, cores: number) {
    this.#create = create;
    this.lanes = Math.min(LANES_MOST, Math.max(1, cores - 1));
  }

  async find(files: Extract<FilesCall, { call: 'find' }>['files']): Promise<readonly FoundInFiles[]> {
    const octets = files.reduce((sum, { bytes }) => sum + bytes.length, 0);
    const patienceMs = PATIENCE_MS + PATIENCE_PER_FILE_MS * files.length + PATIENCE_PER_OCTET_MS * octets;
    return (await this.#ask({ call: 'find', files }, undefined, patienceMs)) as readonly FoundInFiles[];
  }

  async open(sealed: SealedIdentity, role: 'sign' | 'km', password: string, signal?: AbortSignal): Promise<OpenedKeyPair> {
    return (await this.#ask({ call: 'open', sealed, role, password }, signal)) as OpenedKeyPair;
  }

  async openContainer(sealed: SealedContainer, password: string, signal?: AbortSignal): Promise<readonly OpenedInContainer[]> {
    return (await this.#ask({ call: 'openContainer', sealed, password }, signal)) as readonly OpenedInContainer[];
  }

  stop(): void {
    this.#stopped = true;
    for (const order of [...this.#waiting, ...this.#running.keys()]) this.#cancel(order);
    for (const worker of this.#idle.splice(0)) worker.terminate();
  }

  async #ask(message: FilesCall, signal?: AbortSignal, patienceMs = PATIENCE_MS): Promise<unknown> {
    if (this.#stopped || signal?.aborted) throw new WalletError('user.cancelled');
    let cancel = (): void => undefined;
    try {
      return await new Promise((settle, fail) => {
        const order = { message, patienceMs, signal, settle, fail };
        cancel = (): void => this.#cancel(order);
        signal?.addEventListener('abort', cancel);
        this.#waiting.add(order);
        this.#next();
      });
    } finally {
      signal?.removeEventListener('abort', cancel);
    }
  }

  #next(): void {
    for (const order of this.#waiting) {
      if (this.#running.size >= this.lanes) return;
      if (order.signal?.aborted) continue; // It is told in its turn; no worker is started for it.
      this.#waiting.delete(order);
      this.#start(order);
    }
  }

  #start(order: Order): void {
    let worker: Worker | undefined;
    try {
      worker = this.#idle.pop() ?? this.#create();
      const timer = setTimeout(() => {
        this.#end(order, 'broken', () => order.fail(new WalletError('file.hostile', { detail: 'time' })));
      }, order.patienceMs);
      this.#running.set(order, { worker, timer });
      worker.onmessage = ({ data }: MessageEvent<FilesAnswer>): void => {
        this.#end(order, 'good', () => (data.ok ? order.settle(data.value) : order.fail(failure(data))));
      };
      worker.onerror = ({ message }): void => {
        this.#end(order, 'broken', () => order.fail(new WalletError('internal', { detail: message })));
      };
      worker.postMessage(order.message);
    } catch (cause) {
      if (!this.#running.has(order)) order.fail(new WalletError('internal', { detail: 'import worker', cause }));
      else this.#end(order, 'broken', () => order.fail(new WalletError('internal', { detail: 'import message', cause })));
    }
  }

  /** Takes the order from its worker, which goes on to the next or ends. Nothing that comes later from it counts. */
  #end(order: Order, worker: 'good' | 'broken', tell: () => void): void {
    const work = this.#running.get(order);
    if (!work) return;
    clearTimeout(work.timer);
    this.#running.delete(order);
    work.worker.onmessage = work.worker.onerror = null;
    if (worker === 'good' && !this.#stopped) this.#idle.push(work.worker);
    else work.worker.terminate();
    tell();
    this.#next();
  }

  #cancel(order: Order): void {
    const tell = (): void => order.fail(new WalletError('user.cancelled'));
    if (this.#waiting.delete(order)) tell();
    else this.#end(order, 'broken', tell);
  }
}

/**
 * At most four workers of our own package, and one processor less than there are: reading, drawing and storing go on
 * beside them. Each is started when it is first needed. @param create gives a new worker
 */
export function startFilesWorker(create: () => Worker, cores: number): FilesWorker {
  return new WorkerPool(create, cores);
}
