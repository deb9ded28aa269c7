/** One run of the import wizard: look, open with passwords, seal in one write. Nothing is stored before that write. */
import { toBase64Url } from '../bytes/base64.ts';
import { wipe, type Bytes } from '../bytes/bytes.ts';
import { errorCode, WalletError } from '../errors.ts';
import { sealKey } from '../vault/sealed-key.ts';
import type { NewItem } from '../vault/save.ts';
import type { ImportSession, PickedFile } from './api.ts';
import type { ImportCandidate, ImportResult, Progress } from './model.ts';
import type { FilesWorker, FoundInFiles, OpenedKeyPair, Random } from './ports.ts';
import type { ItemMeta } from './rows.ts';

/** Files in one picked folder that are looked at, and octets of one; what is larger holds no certificate. */
const FILES_MAX = 5_000;
const FILE_BYTES_MAX = 1024 * 1024;
const ID_BYTES = 16;

export interface ImportPorts {
  readonly worker: FilesWorker;
  readonly random: Random;
  /** Fingerprints of the certificates in the open wallet. */
  readonly present: ReadonlySet<string>;
  /** Proves the wallet password, lets `make` seal under the signing key, and saves all it made in one write. */
  readonly save: (walletPassword: string, make: (vid: string, signingKey: Bytes, now: number) => Promise<readonly NewItem[]>) => Promise<void>;
}

interface Entry {
  candidate: ImportCandidate;
  sign: OpenedKeyPair | null;
  km: OpenedKeyPair | null;
}

export interface TryOptions {
  readonly keys?: readonly string[];
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: Progress) => void;
}

/** @throws `user.cancelled` where the person stopped what runs */
export function goOn(signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw new WalletError('user.cancelled');
}

/** A file that the system does not hand out counts as an empty one, which is refused by name later. */
async function readOne(file: Blob): Promise<Bytes> {
  try {
    return new Uint8Array(await file.arrayBuffer());
  } catch {
    return new Uint8Array();
  }
}

/** Reads picked files one by one. @throws `file.hostile` for too many, `user.cancelled` */
export async function readFiles(
  files: readonly PickedFile[],
  options: { signal: AbortSignal; onProgress: (progress: Progress) => void },
): Promise<{ path: string; bytes: Bytes }[]> {
  if (files.length > FILES_MAX) throw new WalletError('file.hostile', { detail: String(files.length) });
  const read: { path: string; bytes: Bytes }[] = [];
  for (const [at, { path, file }] of files.entries()) {
    goOn(options.signal);
    if (file.size <= FILE_BYTES_MAX) read.push({ path, bytes: await readOne(file) });
    if (at % 20 === 19 || at === files.length - 1) options.onProgress({ done: at + 1, total: files.length });
  }
  return read;
}

function candidateOf(found: FoundInFiles, present: ReadonlySet<string>): ImportCandidate {
  const { key, path, code, detail, facts, hasKm } = found;
  const state = code !== null ? 'refused' : facts && present.has(facts.fingerprint) ? 'present' : 'sealed';
  return { key, path, state, code, detail, facts, hasKm, kmOpened: hasKm ? false : null, hasRandom: null };
}

export class FileImport implements ImportSession {
  readonly #ports: ImportPorts;
  readonly #entries: Entry[];
  /** Passwords that opened something, for this run only. */
  readonly #fitting = new Set<string>();

  constructor(ports: ImportPorts, found: readonly FoundInFiles[]) {
    this.#ports = ports;
    this.#entries = found.map((one) => ({ candidate: candidateOf(one, ports.present), sign: null, km: null }));
  }

  get candidates(): readonly ImportCandidate[] {
    return this.#entries.map(({ candidate }) => candidate);
  }

  async tryPassword(password: string, { keys, signal, onProgress }: TryOptions = {}): Promise<void> {
    const tried = this.#entries.filter((entry) => isUnopened(entry) && (keys?.includes(entry.candidate.key) ?? true));
    for (const [at, entry] of tried.entries()) {
      goOn(signal);
      await this.#open(entry, password);
      onProgress?.({ done: at + 1, total: tried.length });
    }
  }

  async store(keys: readonly string[], walletPassword: string): Promise<ImportResult> {
    const chosen = this.#chosen(keys);
    if (chosen.length > 0) {
      await this.#ports.save(walletPassword, (vid, signingKey, now) => Promise.all(chosen.map((entry) => this.#seal(entry, vid, signingKey, now))));
    }
    const left = this.#entries
      .filter((entry) => !chosen.includes(entry))
      .map(({ candidate, sign }) => ({
        path: candidate.path,
        code: sign !== null && keys.includes(candidate.key) ? ('vault.exists' as const) : reasonLeft(candidate),
      }));
    const samePassword = chosen.length > 0 && this.#fitting.has(walletPassword);
    this.discard();
    return { stored: chosen.length, left, samePassword };
  }

  discard(): void {
    for (const entry of this.#entries) {
      wipe(entry.sign?.privateKeyInfo, entry.km?.privateKeyInfo);
      entry.sign = null;
      entry.km = null;
    }
    this.#fitting.clear();
    this.#ports.worker.stop();
  }

  /** Opened ones among the keys; of a certificate that was picked twice the first copy alone. */
  #chosen(keys: readonly string[]): readonly Entry[] {
    const taken = new Set<string>();
    return this.#entries.filter(({ candidate: { key, facts }, sign }) => {
      if (sign === null || !keys.includes(key) || (facts && taken.has(facts.fingerprint))) return false;
      if (facts) taken.add(facts.fingerprint);
      return true;
    });
  }

  async #open(entry: Entry, password: string): Promise<void> {
    const { key, hasKm } = entry.candidate;
    if (entry.sign === null) {
      try {
        entry.sign = await this.#ports.worker.open(key, 'sign', password);
        entry.candidate = { ...entry.candidate, state: 'opened', code: null, hasRandom: entry.sign.hasRandom };
        this.#fitting.add(password);
      } catch (thrown) {
        const code = errorCode(thrown);
        const wrong = code === 'password.wrong';
        entry.candidate = { ...entry.candidate, state: wrong ? 'wrong-password' : 'refused', code: wrong ? 'password.file-wrong' : code };
      }
    }
    if (!hasKm || entry.km !== null) return;
    // A km key may have a password of its own; its failure never holds up the signing pair.
    entry.km = await this.#ports.worker.open(key, 'km', password).catch(() => null);
    entry.candidate = { ...entry.candidate, kmOpened: entry.km !== null };
  }

  async #seal({ sign, km, candidate }: Entry, vid: string, signingKey: Bytes, now: number): Promise<NewItem> {
    if (!sign) throw new WalletError('internal');
    const { random } = this.#ports;
    const id = toBase64Url(random(ID_BYTES));
    const seal = ({ spki, privateKeyInfo }: OpenedKeyPair, role: 'sign' | 'km'): Promise<Bytes> =>
      sealKey({ signingKey, vid, id, role, spki, privateKeyInfo, random });
    const meta: ItemMeta = { importedAt: now, random: sign.hasRandom };
    return {
      id,
      na: candidate.facts ? Math.floor(candidate.facts.notAfter / 1000) : null,
      meta,
      signCertificate: sign.certificate,
      kmCertificate: km?.certificate ?? null,
      chain: sign.chain.slice(0, 4),
      sealedSignKey: await seal(sign, 'sign'),
      sealedKmKey: km ? await seal(km, 'km') : null,
    };
  }
}

function isUnopened({ candidate }: Entry): boolean {
  if (candidate.state === 'sealed' || candidate.state === 'wrong-password') return true;
  return candidate.state === 'opened' && candidate.kmOpened === false;
}

function reasonLeft({ state, code }: ImportCandidate): ImportResult['left'][number]['code'] {
  if (code !== null) return code;
  return state === 'present' ? 'vault.exists' : 'user.cancelled';
}
