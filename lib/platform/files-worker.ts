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

/** Starts a worker of our own package; `create` gives it. */
export function startFilesWorker(create: () => Worker): FilesWorker {
  const worker = create();
  let stopped = false;
  let turn: Promise<unknown> = Promise.resolve();
  let giveUp: (() => void) | null = null;

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
        stopped = true;
        worker.terminate();
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
    const next = turn.then(() => ask(message, patienceMs));
    turn = next.catch(() => undefined);
    return next;
  };

  return {
    find: (files) => inTurn({ call: 'find', files }, PATIENCE_MS + PATIENCE_PER_FILE_MS * files.length) as Promise<readonly FoundInFiles[]>,
    open: (key, role, password) => inTurn({ call: 'open', key, role, password }, PATIENCE_MS) as Promise<OpenedKeyPair>,
    stop() {
      stopped = true;
      worker.terminate();
      giveUp?.();
    },
  };
}
