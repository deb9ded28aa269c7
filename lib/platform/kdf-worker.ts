/**
 * The Worker that derives keys from passwords: Argon2id (RFC 9106, version 0x13), 32 octets. It runs what it is told;
 * the bounds of stored parameters are checked by whoever reads the slot.
 */
import { argon2id } from 'hash-wasm';
import type { Bytes } from '../bytes/bytes.ts';
import type { ErrorCode } from '../errors.ts';
import type { KdfParams } from '../vault/kdf.ts';
import type { KdfAnswer, KdfOrder } from './kdf-protocol.ts';

const KEY_SIZE = 32;

async function derive({ m, t, p, salt }: KdfParams, password: Bytes): Promise<Bytes> {
  const key = await argon2id({ password, salt, memorySize: m, iterations: t, parallelism: p, hashLength: KEY_SIZE, outputType: 'binary' });
  return new Uint8Array(key);
}

/** Without WebAssembly (switched off, or refused by a policy) or without the memory the wallet cannot open here. */
function failure(thrown: unknown): { code: ErrorCode; detail: string } {
  if (typeof WebAssembly === 'undefined' || thrown instanceof WebAssembly.CompileError) return { code: 'vault.unavailable', detail: 'webassembly' };
  if (thrown instanceof RangeError) return { code: 'vault.unavailable', detail: 'memory' };
  return { code: 'internal', detail: 'kdf' };
}

async function answer(order: Exclude<KdfOrder, { warm: true }>): Promise<void> {
  const { id, params, password } = order;
  try {
    const key = await derive(params, password);
    postMessage({ id, key } satisfies KdfAnswer, { transfer: [key.buffer] });
  } catch (thrown) {
    postMessage({ id, ...failure(thrown) } satisfies KdfAnswer);
  } finally {
    password.fill(0);
  }
}

async function warm(): Promise<void> {
  try {
    await derive({ m: 8, t: 1, p: 1, salt: new Uint8Array(16) }, new Uint8Array([1]));
  } catch {
    // The first derivation will meet the same and say it.
  }
}

addEventListener('message', ({ data }: MessageEvent<KdfOrder>) => {
  void ('warm' in data ? warm() : answer(data));
});
