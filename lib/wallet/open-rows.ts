/** Opening the rows of an import with passwords: several at a time, each password only where the ones before it failed. */
import { wipe } from '../bytes/bytes.ts';
import { errorCode, WalletError } from '../errors.ts';
import type { Running } from './api.ts';
import { rowsInside, Survey, type Held, type Row } from './candidates.ts';
import { goOn, paced } from './pace.ts';
import type { Clock, FilesWorker, OpenedInContainer, OpenedKeyPair, Refused, SealedContainer, SealedIdentity } from './ports.ts';
import { fitsRecord } from './seal-rows.ts';

export interface OpeningPorts {
  readonly worker: FilesWorker;
  readonly clock: Clock;
  /** Certificates of the open wallet. */
  readonly held: readonly Held[];
}

const TOO_LARGE: Refused = { code: 'file.too-large', detail: 'record' };

function refusalOf(thrown: unknown): Refused {
  return { code: errorCode(thrown), detail: thrown instanceof WalletError ? (thrown.detail ?? null) : null };
}

/** Keys of one row or container that nobody will take. */
function wipeAll(...opened: readonly (Partial<Record<'sign' | 'km', OpenedKeyPair | null>> | null)[]): void {
  for (const one of opened) wipe(one?.sign?.privateKeyInfo, one?.km?.privateKeyInfo);
}

/** The files themselves: a key may lie in them without a password. */
function wipeSealed({ sealed }: Row): void {
  if (sealed?.kind === 'container') wipe(sealed.file);
  else wipe(sealed?.sign?.keyFile, sealed?.km?.keyFile);
}

function isUnopened({ sealed, state, km, hasKm, kmBroken }: Row): boolean {
  if (sealed === null || state === 'refused') return false;
  return state !== 'opened' || (hasKm && km === null && !kmBroken);
}

/** The rows of one import, which are opened one by one and wiped together. */
export class Rows {
  readonly #ports: OpeningPorts;
  #rows: readonly Row[];
  /** Passwords that opened something, and how often. For this run only. */
  readonly #fitting = new Map<string, number>();
  #over = false;

  constructor(ports: OpeningPorts, rows: readonly Row[]) {
    this.#ports = ports;
    this.#rows = rows;
  }

  get all(): readonly Row[] {
    return this.#rows;
  }

  survey(): Survey {
    return new Survey(this.#rows, this.#ports.held);
  }

  /** Whether the password opened something in this run. */
  fitted(password: string): boolean {
    return this.#fitting.has(password);
  }

  /**
   * Tries passwords on the rows that are not open: one row of each certificate first, then copies that could still bring
   * what that row has not. A stop leaves open what is open. @throws `user.cancelled`
   */
  async open(wanted: (row: Row) => boolean, passwords: readonly string[], { signal, onProgress }: Partial<Running>): Promise<void> {
    const before = this.survey();
    const rows = this.#rows.filter((row) => isUnopened(row) && !before.isPresent(row) && wanted(row));
    const first = rows.filter((row) => !before.isDuplicate(row));
    const tell = paced(onProgress, this.#ports.clock);
    let done = 0;
    const step = (): void => tell({ done: ++done, total: rows.length });
    await this.#openAll(first, passwords, signal, step);
    const copies = rows.filter((row) => !first.includes(row));
    const after = this.survey();
    const left = copies.filter((row) => after.couldCount(row));
    for (const row of copies) if (!left.includes(row)) step();
    await this.#openAll(left, passwords, signal, step);
  }

  /** Wipes what was opened, and what is still being opened when it comes. */
  discard(): void {
    this.#over = true;
    for (const row of this.#rows) {
      wipeAll(row);
      wipeSealed(row);
      row.sign = row.km = null;
    }
    this.#fitting.clear();
    this.#ports.worker.stop();
  }

  /** As many at a time as there are lanes, in order. */
  async #openAll(rows: readonly Row[], passwords: readonly string[], signal: AbortSignal | undefined, step: () => void): Promise<void> {
    goOn(signal);
    const left = rows.values();
    const lane = async (): Promise<void> => {
      for (const row of left) {
        await this.#openRow(row, passwords, signal);
        step();
        goOn(signal);
      }
    };
    // All lanes have ended before anybody looks at the rows again.
    const lanes = await Promise.allSettled(Array.from({ length: Math.min(this.#ports.worker.lanes, rows.length) }, lane));
    for (const ended of lanes) if (ended.status === 'rejected') throw ended.reason;
  }

  async #openRow(row: Row, passwords: readonly string[], signal: AbortSignal | undefined): Promise<void> {
    const { sealed } = row;
    if (sealed?.kind === 'container') await this.#openContainer(row, sealed, passwords, signal);
    if (sealed?.kind !== 'identity') return;
    if (row.sign === null) await this.#openSign(row, sealed, passwords, signal);
    if (row.sign !== null && row.hasKm && row.km === null && !row.kmBroken) await this.#openKm(row, sealed, passwords, signal);
  }

  async #openContainer(row: Row, sealed: SealedContainer, passwords: readonly string[], signal: AbortSignal | undefined): Promise<void> {
    const open = (password: string): Promise<readonly OpenedInContainer[]> => this.#ports.worker.openContainer(sealed, password, signal);
    const opened = await this.#firstFitting(passwords, signal, open, (inside) => wipeAll(...inside));
    if (opened.refusal) this.#refuse(row, opened.refusal);
    else if (opened.value.length === 0) this.#refuse(row, { code: 'file.nothing-found', detail: null });
    else this.#replace(row, rowsInside(row, opened.value));
  }

  async #openSign(row: Row, sealed: SealedIdentity, passwords: readonly string[], signal: AbortSignal | undefined): Promise<void> {
    const open = (password: string): Promise<OpenedKeyPair> => this.#ports.worker.open(sealed, 'sign', password, signal);
    const opened = await this.#firstFitting(passwords, signal, open, (sign) => wipeAll({ sign }));
    if (opened.refusal) {
      this.#refuse(row, opened.refusal);
      return;
    }
    row.sign = opened.value;
    row.state = 'opened';
    row.refusal = null;
    this.#fit(row);
  }

  /** A km key may have a password of its own; its failure never holds up the sign pair. */
  async #openKm(row: Row, sealed: SealedIdentity, passwords: readonly string[], signal: AbortSignal | undefined): Promise<void> {
    const open = (password: string): Promise<OpenedKeyPair> => this.#ports.worker.open(sealed, 'km', password, signal);
    const opened = await this.#firstFitting(passwords, signal, open, (km) => wipeAll({ km }));
    if (opened.refusal) row.kmBroken = opened.refusal.code !== 'password.wrong';
    else row.km = opened.value;
    this.#fit(row);
  }

  /**
   * What the first fitting password opens, or why none does. Passwords that opened much come first: hundreds of files have
   * a few passwords.
   */
  async #firstFitting<Opened>(
    passwords: readonly string[],
    signal: AbortSignal | undefined,
    open: (password: string) => Promise<Opened>,
    drop: (opened: Opened) => void,
  ): Promise<{ readonly refusal: Refused } | { readonly refusal: null; readonly value: Opened }> {
    const times = (password: string): number => this.#fitting.get(password) ?? 0;
    for (const password of passwords.toSorted((a, b) => times(b) - times(a))) {
      try {
        const value = await open(password);
        if (this.#over || signal?.aborted) {
          drop(value);
          throw new WalletError('user.cancelled');
        }
        this.#fitting.set(password, times(password) + 1);
        return { refusal: null, value };
      } catch (thrown) {
        const refusal = refusalOf(thrown);
        if (this.#over || signal?.aborted || refusal.code === 'user.cancelled') throw new WalletError('user.cancelled');
        if (refusal.code !== 'password.wrong') return { refusal };
      }
    }
    return { refusal: { code: 'password.wrong', detail: null } };
  }

  #refuse(row: Row, refusal: Refused): void {
    const wrong = refusal.code === 'password.wrong';
    row.state = wrong ? 'wrong-password' : 'refused';
    row.refusal = wrong ? null : refusal;
  }

  /** What has no room in a record is refused alone, before all are saved together. */
  #fit(row: Row): void {
    if (fitsRecord(row)) return;
    if (row.km) {
      wipeAll({ km: row.km });
      row.km = null;
      row.kmBroken = true;
    }
    if (fitsRecord(row)) return;
    wipeAll(row);
    row.sign = null;
    this.#refuse(row, TOO_LARGE);
  }

  /** Keys that are in the wallet already are not kept. */
  #replace(container: Row, inside: readonly Row[]): void {
    const survey = new Survey(inside, this.#ports.held);
    for (const row of inside) {
      if (row.state === 'opened') this.#fit(row);
      if (!survey.isPresent(row)) continue;
      wipeAll(row);
      row.sign = row.km = null;
    }
    wipeSealed(container);
    this.#rows = this.#rows.flatMap((row) => (row === container ? inside : [row]));
  }
}
