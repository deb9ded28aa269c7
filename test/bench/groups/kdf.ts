/** The password KDF: our call in its Worker against hash-wasm called directly. */
import { argon2Sync } from 'node:crypto';
import { Worker as Thread } from 'node:worker_threads';
import { argon2id } from 'hash-wasm';
import type { Bytes } from '../../../lib/bytes/bytes.ts';
import { utf8 } from '../../../lib/bytes/text.ts';
import { startKdf } from '../../../lib/platform/kdf.ts';
import { same } from '../fixtures.ts';
import { warm, type OpenGroup } from '../harness.ts';

const PARAMS = { m: 65_536, t: 3, p: 1, salt: new Uint8Array(32).fill(7) };
const PASSWORD = '지갑 암호 하나 둘';
const SCRIPT = new URL('../../../lib/platform/kdf-worker.ts', import.meta.url).href;
/** The few globals that a browser's Worker has, then the real script. */
const BOOT = `
  const { parentPort } = require('node:worker_threads');
  globalThis.postMessage = (message, options) => parentPort.postMessage(message, options?.transfer);
  globalThis.addEventListener = (type, listener) => parentPort.on(type, (data) => listener({ data }));
  import(${JSON.stringify(SCRIPT)});
`;

/** A thread of Node with the face of a browser's Worker. */
class ThreadWorker {
  readonly #thread = new Thread(BOOT, { eval: true });

  postMessage(message: unknown, transfer: ArrayBuffer[] = []): void {
    this.#thread.postMessage(message, transfer);
  }

  addEventListener(type: string, listener: (event: { data: unknown }) => void): void {
    this.#thread.on(type, (data: unknown) => listener({ data }));
  }

  terminate(): void {
    void this.#thread.terminate();
  }
}

function withOpenssl(): Uint8Array {
  const { m, t, p, salt } = PARAMS;
  return new Uint8Array(argon2Sync('argon2id', { message: utf8(PASSWORD), nonce: salt, memory: m, passes: t, parallelism: p, tagLength: 32 }));
}

function direct(): Promise<Uint8Array> {
  const { m, t, p, salt } = PARAMS;
  return argon2id({ password: utf8(PASSWORD), salt, memorySize: m, iterations: t, parallelism: p, hashLength: 32, outputType: 'binary' });
}

// eslint-disable-next-line @typescript-eslint/require-await -- all groups open alike
export async function openKdfGroup(): Promise<OpenGroup> {
  const kdf = startKdf(
    () => new ThreadWorker() as unknown as Worker,
    (_, act) => act(),
  );
  const expected = withOpenssl();
  const derive = (): Promise<Bytes> => kdf.derive(PARAMS, utf8(PASSWORD));
  return {
    comparisons: [
      {
        id: 'A1',
        base: warm({ name: 'hash-wasm, called directly', run: direct, prove: async () => same(await direct(), expected, 'Argon2id') }),
        cases: [
          warm({ name: 'dojang, in its Worker', goal: 1.05, run: derive, prove: async () => same(await derive(), expected, 'Argon2id') }),
          warm({ name: "Node's own (OpenSSL)", run: withOpenssl, prove: () => undefined }),
        ],
      },
    ],
    close: () => {
      kdf.stop();
    },
  };
}
