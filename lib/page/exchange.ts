/** One request over one port: posted, acknowledged, answered once. */
import { errorCode, type ErrorCode } from '../errors.ts';
import { LIMITS } from '../protocol/limits.ts';
import { readPortMessage } from '../protocol/wire.ts';
import { PROTOCOL_VERSION } from '../protocol/version.ts';
import { DojangError } from './error.ts';

export interface CallOptions {
  /** Ends the request; the promise rejects with `user.cancelled`. */
  readonly signal?: AbortSignal;
  /** How long to wait for the person, in milliseconds; two minutes unless told otherwise. */
  readonly timeoutMs?: number;
}

interface Limits {
  readonly ackMs: number;
  readonly answerMs: number;
  readonly signal: AbortSignal | undefined;
}

/** Posts a call and settles exactly once, whatever happens, with what `read` makes of the result. @throws {DojangError} */
export function exchange<Result>(action: string, payload: unknown, limits: Limits, read: (value: unknown) => Result): Promise<Result> {
  return new Promise((resolve, reject) => {
    const { signal } = limits;
    if (signal?.aborted) {
      reject(new DojangError('user.cancelled'));
      return;
    }
    // A sandboxed document has no origin that a statement could name.
    if (!window.isSecureContext || window.origin === 'null') {
      reject(new DojangError('request.insecure'));
      return;
    }
    const { port1: port, port2 } = new MessageChannel();
    let timer: ReturnType<typeof setTimeout> | undefined;

    const settle = (act: () => void): void => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', abort);
      port.onmessage = null;
      port.close();
      act();
    };
    const fail = (code: ErrorCode): void => {
      settle(() => {
        reject(new DojangError(code));
      });
    };
    const giveUp = (code: ErrorCode): void => {
      port.postMessage({ cancel: true });
      fail(code);
    };
    const abort = (): void => {
      giveUp('user.cancelled');
    };
    const wait = (milliseconds: number, act: () => void): void => {
      clearTimeout(timer);
      timer = setTimeout(act, milliseconds);
    };
    const expire = (): void => {
      giveUp('user.timeout');
    };

    port.onmessage = ({ data }: MessageEvent<unknown>): void => {
      try {
        const message = readPortMessage(data);
        if ('ack' in message) wait(limits.answerMs, expire);
        else if ('extend' in message) wait(message.extend.seconds * 1000, expire);
        else if ('error' in message) fail(message.error.code);
        else {
          const result = read(message.result);
          settle(() => {
            resolve(result);
          });
        }
      } catch (thrown) {
        fail(errorCode(thrown));
      }
    };
    signal?.addEventListener('abort', abort);
    wait(limits.ackMs, () => {
      // A page that was busy may meet its own limit before the wallet meets the message: then nobody may be asked for it.
      giveUp('wallet.absent');
    });
    try {
      window.postMessage({ dojang: PROTOCOL_VERSION, id: crypto.randomUUID(), action, payload }, window.origin, [port2]);
    } catch {
      // A value that cannot be cloned, or a getter of it that throws.
      fail('request.malformed');
    }
  });
}

export function answerLimit(options: CallOptions): number {
  return Math.min(Math.max(options.timeoutMs ?? LIMITS.waitMs, 1_000), LIMITS.waitMaxMs);
}
