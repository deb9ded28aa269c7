/** One run of the import wizard: look, open with passwords, seal in one write. Nothing is stored before that write. */
import type { Bytes } from '../bytes/bytes.ts';
import { WalletError } from '../errors.ts';
import type { OpenItem } from '../vault/item.ts';
import type { NewItem } from '../vault/save.ts';
import type { ImportSession, PickedFile, Running } from './api.ts';
import { rowOf, type Held, type Row } from './candidates.ts';
import type { ImportCandidate, ImportResult } from './model.ts';
import { Rows } from './open-rows.ts';
import { goOn, paced } from './pace.ts';
import type { Clock, FilesWorker, FoundInFiles, Random } from './ports.ts';
import { readFiles, type ReadFiles } from './read-files.ts';
import { completeItem, sealRows } from './seal-rows.ts';

/** Passwords tried in one go. */
const PASSWORDS_MOST = 100;

/** What the open slot gives to whoever seals. */
export interface SealingSlot {
  readonly vid: string;
  readonly signingKey: Bytes;
  readonly now: number;
  /** Fingerprints of the certificates that came into the wallet since the import looked. */
  readonly arrived: ReadonlySet<string>;
  /** The wallet's record of this id as it is now; null where it is gone. */
  readonly item: (id: string) => Promise<OpenItem | null>;
}

export interface ImportPorts {
  readonly worker: FilesWorker;
  readonly random: Random;
  readonly clock: Clock;
  readonly pause: () => Promise<void>;
  /** Certificates of the open wallet. */
  readonly held: readonly Held[];
  /**
   * Proves the wallet password, lets `make` seal under the signing key, and saves all it made in one write.
   * @throws `vault.full` before any of it where `count` new items have no room; `password.wrong`, `vault.*`
   */
  readonly save: (walletPassword: string, count: number, make: (slot: SealingSlot) => Promise<readonly NewItem[]>) => Promise<void>;
}

export type TryOptions = Partial<Running> & { readonly keys?: readonly string[] };

function reasonLeft({ state, code }: ImportCandidate): ImportResult['left'][number]['code'] {
  if (code !== null) return code;
  return state === 'present' || state === 'duplicate' ? 'vault.exists' : 'user.cancelled';
}

export class FileImport implements ImportSession {
  readonly #ports: ImportPorts;
  readonly #rows: Rows;

  constructor(ports: ImportPorts, found: readonly FoundInFiles[]) {
    this.#ports = ports;
    this.#rows = new Rows(
      ports,
      found.map((one, nth) => rowOf(one, String(nth))),
    );
  }

  get candidates(): readonly ImportCandidate[] {
    const survey = this.#rows.survey();
    return this.#rows.all.map((row) => survey.candidate(row));
  }

  /** Opens what needs no password. @throws `user.cancelled` */
  openPlain(signal: AbortSignal): Promise<void> {
    return this.#rows.open(({ plain }) => plain, [''], { signal });
  }

  tryPassword(password: string, options: TryOptions = {}): Promise<void> {
    return this.tryPasswords([password], options);
  }

  /** @throws `request.too-large` for more than a hundred, `user.cancelled` */
  async tryPasswords(passwords: readonly string[], { keys, ...running }: TryOptions = {}): Promise<void> {
    if (passwords.length > PASSWORDS_MOST) throw new WalletError('request.too-large', { detail: 'passwords' });
    const wanted = keys && new Set(keys);
    await this.#rows.open(({ key }) => wanted?.has(key) ?? true, [...new Set(passwords)], running);
  }

  async store(keys: readonly string[], walletPassword: string): Promise<ImportResult> {
    const { candidates } = this;
    const wanted = new Set(keys);
    const chosen = new Set(candidates.filter(({ key, state }) => state === 'opened' && wanted.has(key)).map(({ key }) => key));
    const late = chosen.size > 0 ? await this.#save(chosen, walletPassword) : new Set<string>();
    const left = candidates
      .filter(({ key }) => !chosen.has(key) || late.has(key))
      .map((candidate) => ({ path: candidate.path, code: late.has(candidate.key) ? 'vault.exists' : reasonLeft(candidate) }));
    const stored = chosen.size - late.size;
    const samePassword = stored > 0 && this.#rows.fitted(walletPassword);
    this.discard();
    return { stored, left, samePassword };
  }

  discard(): void {
    this.#rows.discard();
  }

  /** Seals and saves; returns the keys of those that another window brought into the wallet meanwhile. */
  async #save(chosen: ReadonlySet<string>, walletPassword: string): Promise<ReadonlySet<string>> {
    const { random, pause, save } = this.#ports;
    const survey = this.#rows.survey();
    const rows = this.#rows.all.filter(({ key }) => chosen.has(key));
    const completed = new Map(rows.map((row) => [row, survey.completes(row)]));
    const late = new Set<string>();
    await save(walletPassword, rows.filter((row) => completed.get(row) === null).length, async ({ arrived, item, ...slot }) => {
      const order = { ...slot, random, pause };
      const fresh: Row[] = [];
      const put: NewItem[] = [];
      for (const row of rows) {
        const id = completed.get(row) ?? null;
        const record = id === null ? null : await item(id);
        const done = record && (await completeItem(row, record, order));
        if (done) put.push(done);
        else if (record || (row.certificate && arrived.has(row.certificate.facts.fingerprint))) late.add(row.key);
        else fresh.push(row);
      }
      return [...put, ...(await sealRows(fresh, order))];
    });
    return late;
  }
}

function refusedFile({ path, code }: ReadFiles['refused'][number]): FoundInFiles {
  return { path, form: 'npki', refusal: { code, detail: null }, certificate: null, hasKm: false, plain: false, sealed: null };
}

/**
 * Looks through picked files and opens what needs no password. A stop ends the worker at once.
 * @throws `file.hostile` for too many files, `user.cancelled`
 */
export async function inspectFiles(picked: readonly PickedFile[], { signal, onProgress }: Running, ports: ImportPorts): Promise<FileImport> {
  const { worker, clock } = ports;
  const stop = (): void => worker.stop();
  signal.addEventListener('abort', stop);
  try {
    const { files, refused } = await readFiles(picked, { signal, onProgress: paced(onProgress, clock) });
    const found = await worker.find(files);
    goOn(signal);
    const session = new FileImport(ports, [...found, ...refused.map(refusedFile)]);
    await session.openPlain(signal);
    return session;
  } catch (thrown) {
    worker.stop();
    throw signal.aborted ? new WalletError('user.cancelled') : thrown;
  } finally {
    signal.removeEventListener('abort', stop);
  }
}
