/** The page's end of the import worker: one message out, one answer back, and a watchdog. */
import { isErrorCode, WalletError } from '../errors.ts';
import type { FilesWorker, FoundInFiles, OpenedKeyPair } from '../wallet/ports.ts';

/** Longest a worker may think about one call; every input is bounded far below, so this is a hang guard. */
const PATIENCE_MS = 3_000;
const PATIENCE_PER_FILE_MS = 20;

export type FilesCall =
  | { readonly call: 'find'; readonly files: readonly { readonly path: string; readonly bytes: Uint8Array<ArrayBuffer> }[] }
  | { readonly call: 'open'; readonly key: string; readonly role: 'sign' | 'km'; readonly password: string };

export type FilesAnswer =
  { readonly ok: true; readonly value: unknown } | { readonly ok: false; readonly code: string; readonly detail: string | null };

function patienceOf(files: readonly unknown[]): number {
  return PATIENCE_MS + PATIENCE_PER_FILE_MS * files.length;
}

/** Starts a worker of our own package; `create` gives it. */
export function startFilesWorker(create: () => Worker): FilesWorker {
  let worker = create();
  /** What was looked through, to look again in a new worker after one had to be ended. */
  let files: Parameters<FilesWorker['find']>[0] | null = null;
  let stopped = false;
  let turn: Promise<unknown> = Promise.resolve();
  let giveUp: (() => void) | null = null;
  let restarted = false;

  const ask = (message: FilesCall, patienceMs: number): Promise<unknown> =>
    new Promise((resolve, reject) => {
      if (stopped) {
        reject(new WalletError('user.cancelled'));
        return;
      }
      giveUp = (): void => {
        clearTimeout(timer);
        reject(new WalletError('user.cancelled'));
      };
      const timer = setTimeout(() => {
        worker.terminate();
        worker = create();
        restarted = true;
        reject(new WalletError('file.hostile', { detail: 'time' }));
      }, patienceMs);
      worker.onmessage = ({ data }: MessageEvent<FilesAnswer>): void => {
        clearTimeout(timer);
        if (data.ok) resolve(data.value);
        else reject(new WalletError(isErrorCode(data.code) ? data.code : 'internal', data.detail === null ? {} : { detail: data.detail }));
      };
      worker.onerror = (event): void => {
        clearTimeout(timer);
        reject(new WalletError('internal', { detail: event.message }));
      };
      worker.postMessage(message);
    });
  const inTurn = (message: FilesCall, patienceMs: number): Promise<unknown> => {
    const next = turn.then(async () => {
      // Only the file that took too long is refused; the others are opened by a new worker.
      if (restarted && message.call === 'open' && files) {
        restarted = false;
        await ask({ call: 'find', files }, patienceOf(files));
      }
      return ask(message, patienceMs);
    });
    turn = next.catch(() => undefined);
    return next;
  };

  return {
    find(picked) {
      files = picked;
      return inTurn({ call: 'find', files: picked }, patienceOf(picked)) as Promise<readonly FoundInFiles[]>;
    },
    open: (key, role, password) => inTurn({ call: 'open', key, role, password }, PATIENCE_MS) as Promise<OpenedKeyPair>,
    stop() {
      stopped = true;
      files = null;
      worker.terminate();
      giveUp?.();
    },
  };
}
