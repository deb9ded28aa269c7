/** An import of many certificates by the wallet's own workers, evaluated in a page of the extension, and its floor on the page. */
import { fromBase64 } from '../../../lib/bytes/base64.ts';
import { wipe, type Bytes } from '../../../lib/bytes/bytes.ts';
import { readCertificate } from '../../../lib/npki/certificate.ts';
import { openPrivateKey } from '../../../lib/npki/private-key.ts';
import { startFilesWorker } from '../../../lib/platform/files-worker.ts';
import { clock, pause, random } from '../../../lib/platform/system.ts';
import type { PickedFile } from '../../../lib/wallet/api.ts';
import { inspectFiles } from '../../../lib/wallet/import.ts';

export interface GivenIdentity {
  readonly folder: string;
  /** Octets in base64, by file name. */
  readonly files: Readonly<Record<string, string>>;
}

/** Of the script that came first: a page makes the policy for worker scripts only once. */
const { dojangBench } = globalThis as unknown as { dojangBench: { startWorker: (script: string) => Worker } };

let identities: readonly (readonly { readonly path: string; readonly bytes: Bytes }[])[] = [];
let picked: readonly PickedFile[] = [];
let password = '';

function take(given: { readonly identities: readonly GivenIdentity[]; readonly password: string }): number {
  password = given.password;
  identities = given.identities.map(({ folder, files }) =>
    Object.entries(files).map(([name, text]) => ({ path: `${folder}/${name}`, bytes: fromBase64(text) })),
  );
  picked = identities.flat().map(({ path, bytes }) => ({ path, file: new Blob([bytes]) }));
  return identities.length;
}

/** What nobody can do without: each certificate read, each key derived, decrypted and read. Nothing is paired or proven. */
async function floor(): Promise<number> {
  let opened = 0;
  for (const files of identities) {
    for (const { path, bytes } of files) {
      if (path.endsWith('Cert.der')) readCertificate(bytes);
      if (!path.endsWith('.key')) continue;
      wipe((await openPrivateKey(bytes, password)).privateKeyInfo);
      opened++;
    }
  }
  return opened;
}

/** Search, opening and proof of all keys, as the wizard does it; gives how many came open. */
async function bring(workers: number): Promise<number> {
  const running = { signal: new AbortController().signal, onProgress: () => undefined };
  const worker = startFilesWorker(() => dojangBench.startWorker('/import-worker.js'), workers + 1);
  const save = (): Promise<void> => Promise.resolve();
  const session = await inspectFiles(picked, running, { worker, random, clock, pause, held: [], save });
  await session.tryPassword(password, running);
  const opened = session.candidates.filter(({ state }) => state === 'opened').length;
  session.discard();
  return opened;
}

/** The longest time without a frame while `act` runs, in milliseconds. */
async function longestGap(act: () => Promise<unknown>): Promise<number> {
  let last = performance.now();
  let longest = 0;
  let over = false;
  const frame = (): void => {
    const now = performance.now();
    longest = Math.max(longest, now - last);
    last = now;
    if (!over) requestAnimationFrame(frame);
  };
  requestAnimationFrame(frame);
  await act();
  longest = Math.max(longest, performance.now() - last);
  over = true;
  return longest;
}

const CASES: Readonly<Record<string, () => Promise<unknown>>> = {
  floor,
  'one worker': () => bring(1),
  'two workers': () => bring(2),
  rest: () => new Promise((resolve) => setTimeout(resolve, 1_000)),
};

function find(name: string): () => Promise<unknown> {
  const run = CASES[name];
  if (!run) throw new Error(`no case ${name}`);
  return run;
}

async function sample(name: string): Promise<number> {
  const start = performance.now();
  await find(name)();
  return performance.now() - start;
}

Object.assign(globalThis, {
  dojangImport: { take, output: (name: string) => find(name)(), sample, gap: (name: string) => longestGap(find(name)) },
});
