import { argon2Sync } from 'node:crypto';
import { Worker as Thread } from 'node:worker_threads';
import { afterEach, describe, expect, test } from 'vitest';
import type { Bytes } from '../../../lib/bytes/bytes.ts';
import { utf8 } from '../../../lib/bytes/text.ts';
import { errorCode, WalletError } from '../../../lib/errors.ts';
import { startKdf, type Kdf } from '../../../lib/platform/kdf.ts';
import type { WithLock } from '../../../lib/wallet/ports.ts';

const SCRIPT = new URL('../../../lib/platform/kdf-worker.ts', import.meta.url).href;

/** Gives a thread of Node the few globals that a browser's Worker has, then loads the real script in it and breaks what a test wants broken. */
const boot = (broken: string): string => `
  const { parentPort } = require('node:worker_threads');
  globalThis.postMessage = (message, options) => parentPort.postMessage(message, options?.transfer);
  globalThis.addEventListener = (type, listener) => parentPort.on(type, (data) => listener({ data }));
  import(${JSON.stringify(SCRIPT)}).then(() => { ${broken} });
`;

class ThreadWorker {
  readonly thread: Thread;

  constructor(broken = '') {
    this.thread = new Thread(boot(broken), { eval: true });
  }

  postMessage(message: unknown, transfer: ArrayBuffer[] = []): void {
    this.thread.postMessage(message, transfer);
  }

  addEventListener(type: string, listener: (event: { data: unknown }) => void): void {
    this.thread.on(type, (data: unknown) => listener({ data }));
  }

  terminate(): void {
    void this.thread.terminate();
  }
}

/** One at a time, as the browser's locks do within one name. */
function oneLock(): WithLock {
  let last: Promise<unknown> = Promise.resolve();
  return (_, act) => {
    const turn = last.then(act);
    last = turn.catch(() => undefined);
    return turn;
  };
}

const SALT = new Uint8Array(32).fill(7);
const PARAMS = { m: 65_536, t: 3, p: 1, salt: SALT };
const SMALL = { m: 64, t: 3, p: 1, salt: SALT };

function openssl(password: string, { m, t, p }: typeof PARAMS): Bytes {
  const options = { message: utf8(password), nonce: SALT, memory: m, passes: t, parallelism: p, tagLength: 32 };
  return new Uint8Array(argon2Sync('argon2id', options));
}

const running: Kdf[] = [];
let started = 0;

function start(broken = '', withLock = oneLock()): Kdf {
  const kdf = startKdf(() => {
    started++;
    return new ThreadWorker(broken) as unknown as Worker;
  }, withLock);
  running.push(kdf);
  return kdf;
}

const outcome = (promise: Promise<unknown>): Promise<string> => promise.then(() => 'fulfilled', errorCode);

afterEach(() => {
  for (const kdf of running.splice(0)) kdf.stop();
  started = 0;
});

describe('the KDF in its Worker', () => {
  test('derives what OpenSSL derives, at the cost of a slot', async () => {
    const kdf = start();
    kdf.warm();
    expect(await kdf.derive(PARAMS, utf8('지갑 암호'))).toEqual(openssl('지갑 암호', PARAMS));
    expect(await kdf.derive(SMALL, utf8('둘째'))).toEqual(openssl('둘째', SMALL));
    expect(started).toBe(1);
  });

  test('takes the password away from the page', async () => {
    const password = utf8('지갑 암호');
    const kdf = start();
    const derived = kdf.derive(SMALL, password);
    await derived;
    expect(password).toHaveLength(0);
  });

  test('takes only the password where it stands in a wider buffer, and clears it there', async () => {
    const wide = new Uint8Array(64).fill(97);
    expect(await start().derive(SMALL, wide.subarray(8, 20))).toEqual(openssl('a'.repeat(12), SMALL));
    expect([...wide.subarray(0, 8), ...wide.subarray(20)].every((octet) => octet === 97)).toBe(true);
    expect(wide.subarray(8, 20).every((octet) => octet === 0)).toBe(true);
  });

  test('derives one at a time under its lock', async () => {
    const names: string[] = [];
    const lock = oneLock();
    let inside = 0;
    const kdf = start('', (name, act) =>
      lock(name, async () => {
        names.push(name);
        expect(++inside).toBe(1);
        try {
          return await act();
        } finally {
          inside--;
        }
      }),
    );
    const keys = await Promise.all(['a1', 'b2', 'c3'].map((password) => kdf.derive(SMALL, utf8(password))));
    expect(keys).toEqual(['a1', 'b2', 'c3'].map((password) => openssl(password, SMALL)));
    expect(names).toEqual(['djw1-kdf', 'djw1-kdf', 'djw1-kdf']);
  });
});

describe('stopping', () => {
  test('ends what runs and what waits, and the next derivation starts anew', async () => {
    const kdf = start();
    const password = utf8('waits');
    const ended = [outcome(kdf.derive({ ...PARAMS, t: 12 }, utf8('runs'))), outcome(kdf.derive(SMALL, password))];
    await new Promise((resolve) => setTimeout(resolve, 20));
    kdf.stop();
    expect(await Promise.all(ended)).toEqual(['user.cancelled', 'user.cancelled']);
    expect(await kdf.derive(SMALL, utf8('again'))).toEqual(openssl('again', SMALL));
    expect(started).toBe(2);
  });

  test('does not wait for a lock that another window holds', async () => {
    const kdf = start('', () => new Promise(() => undefined));
    const ended = outcome(kdf.derive(SMALL, utf8('waits')));
    kdf.stop();
    expect(await ended).toBe('user.cancelled');
  });
});

describe('a Worker in trouble', () => {
  test.each([
    ['WebAssembly switched off', 'delete globalThis.WebAssembly;', 'webassembly'],
    ['WebAssembly refused by a policy', 'WebAssembly.compile = async () => { throw new WebAssembly.CompileError("refused"); };', 'webassembly'],
    ['too little memory', 'WebAssembly.instantiate = async () => { throw new RangeError("memory"); };', 'memory'],
  ])('%s: the wallet cannot open here', async (_, broken, detail) => {
    const kdf = start(broken);
    kdf.warm();
    const failed = kdf.derive(SMALL, utf8('a'));
    await expect(failed).rejects.toMatchObject({ code: 'vault.unavailable', detail });
    await expect(failed).rejects.toBeInstanceOf(WalletError);
  });

  test.each([
    ['parameters it cannot run', { ...SMALL, m: 1 }, 'a'],
    ['no password', SMALL, ''],
  ])('%s: internal', async (_, params, password) => {
    expect(await outcome(start().derive(params, utf8(password)))).toBe('internal');
  });

  test('a script that dies fails what runs, and the next derivation starts anew', async () => {
    let broken = true;
    const kdf = startKdf(() => new ThreadWorker(broken ? 'throw new Error("broken");' : '') as unknown as Worker, oneLock());
    running.push(kdf);
    expect(await outcome(kdf.derive(SMALL, utf8('a')))).toBe('internal');
    broken = false;
    expect(await outcome(kdf.derive(SMALL, utf8('a')))).toBe('fulfilled');
  });

  test('a Worker that cannot be made fails the derivation, not the warming', async () => {
    const kdf = startKdf(() => {
      throw new Error('no workers');
    }, oneLock());
    kdf.warm();
    expect(await outcome(kdf.derive(SMALL, utf8('a')))).toBe('internal');
  });

  test('a lock that fails fails the derivation', async () => {
    expect(await outcome(start('', () => Promise.reject(new Error('lock'))).derive(SMALL, utf8('a')))).toBe('internal');
  });

  test('a password that is gone already fails by name', async () => {
    const kdf = start();
    const password = utf8('once');
    await kdf.derive(SMALL, password);
    expect(await outcome(kdf.derive(SMALL, password))).toBe('internal');
  });
});
