/**
 * The two copies of the wallet as one store. Reading takes what is right from either; writing goes through
 * `commitBoth`; old generations go only while both copies hold the whole of the newest.
 */
import { commitBoth, GOOD, type CopyHealth } from './commit-both.ts';
import { newestGood, readCopy, readHint, type CopyReading } from './copy-reading.ts';
import { lacking, recordsOf } from './copy-records.ts';
import type { VaultHead } from './head.ts';
import { writeMarker } from './marker.ts';
import type { Engine, Kept, RecordKey, VaultChange, VaultStore } from './store.ts';
import { chooseHead, type Choice, type Readings } from './which-head.ts';

export interface Health {
  readonly primary: CopyHealth;
  readonly mirror: CopyHealth;
}

export type CopyName = keyof Health;

export interface Copies extends VaultStore {
  readonly primary: Engine;
  readonly mirror: Engine;
  /** Evidence, heads and marker of each copy, now. */
  readings(): Promise<Readings>;
  /** What the wallet starts from. */
  choice(): Promise<Choice>;
  /** How the copies did in this run; `readStartUp` tells what they hold. */
  health(): Health;
  /** Notes how a copy did; a head that is `kept` stays where it is in later saves. */
  note(copy: CopyName, health: CopyHealth, keptHead?: string): void;
  /**
   * Whether both copies hold the newest head and every record that is left of it. Without that nothing may be
   * destroyed: no purge, no removal of old generations, no confirmation that makes a CA revoke the certificate before.
   */
  twoVerified(): Promise<boolean>;
  /** Changes the wallet picture, which the primary copy alone keeps. @throws `vault.*` */
  setMark(mark: string): Promise<void>;
  /** Removes the wallet: primary, then mirror. The owner's typed word comes before. */
  erase(): Promise<void>;
}

const UNKNOWN: CopyHealth = { state: 'unknown', code: null };
const SILENT: CopyReading = { trace: 'failed', code: 'vault.unavailable', heads: [], marker: null };

class TwoCopies implements Copies {
  readonly primary: Engine;
  readonly mirror: Engine;
  readonly #pause: (tries: number) => Promise<void>;
  readonly #health: { primary: CopyHealth; mirror: CopyHealth } = { primary: UNKNOWN, mirror: UNKNOWN };
  readonly #kept = new Set<string>();
  /** Which copy is read first in this run; the mirror, after the primary did not keep what it was given. */
  #first: CopyName = 'primary';
  /** The primary did not answer; it is not waited for again until the next save or look at both. */
  #silent = false;
  /** Checksum of the head that both copies hold whole, as far as this run knows. */
  #proven: string | null = null;

  constructor(primary: Engine, mirror: Engine, pause: (tries: number) => Promise<void>) {
    this.primary = primary;
    this.mirror = mirror;
    this.#pause = pause;
  }

  async evidence(): Promise<'none' | 'some'> {
    const [primary, mirror] = await Promise.allSettled([this.primary.evidence(), this.mirror.evidence()]);
    for (const look of [primary, mirror]) if (look.status === 'fulfilled' && look.value === 'some') return 'some';
    if (primary.status === 'rejected') throw primary.reason;
    if (mirror.status === 'rejected') throw mirror.reason;
    return 'none';
  }

  async heads(): Promise<readonly string[]> {
    const readings = await this.#readEnough();
    const choice = chooseHead(readings, this.#first);
    if (choice.state === 'ready') {
      const older = readings[choice.from].heads.filter(({ state, text }) => state === 'good' && text !== choice.head.text);
      return [choice.head.text, ...older.map(({ text }) => text)];
    }
    return choice.state === 'none' ? [] : [choice.state === 'newer-version' ? choice.text : ''];
  }

  records(keys: readonly RecordKey[]): Promise<readonly (string | null)[]> {
    if (this.#silent) return recordsOf([this.mirror], keys);
    return recordsOf(this.#first === 'primary' ? [this.primary, this.mirror] : [this.mirror, this.primary], keys);
  }

  async marker(): Promise<string | null> {
    const [primary, mirror] = await Promise.all([this.#silent ? null : readHint(this.primary), readHint(this.mirror)]);
    const ahead = mirror !== null && (primary === null || (mirror.vid === primary.vid && mirror.gen > primary.gen));
    const marker = ahead ? mirror : primary;
    return marker ? writeMarker(marker) : null;
  }

  async mark(): Promise<string | null> {
    return this.#silent ? null : this.primary.mark().catch(() => null);
  }

  async commit(change: VaultChange): Promise<void> {
    const { primary, mirror } = this;
    const written = await commitBoth({ primary, mirror, change, kept: this.#kept, pause: this.#pause });
    this.#health.primary = written.primary;
    this.#health.mirror = written.mirror;
    this.#first = written.primary.state === 'good' ? 'primary' : 'mirror';
    this.#silent = written.primary.code === 'vault.unavailable';
    const whole = written.plain && written.primary === GOOD && written.mirror === GOOD && change.base === this.#proven;
    this.#proven = whole ? change.head.slice(change.head.lastIndexOf('.') + 1) : null;
  }

  async prune(kept: Kept): Promise<void> {
    if (this.#proven === null) await this.twoVerified();
    if (this.#proven === null) return;
    await this.primary.prune(kept);
    await this.mirror.prune(kept);
  }

  async readings(): Promise<Readings> {
    const [primary, mirror] = await Promise.all([readCopy(this.primary), readCopy(this.mirror)]);
    this.#silent = primary.trace === 'failed';
    return { primary, mirror };
  }

  async choice(): Promise<Choice> {
    return chooseHead(await this.#readEnough(), this.#first);
  }

  health(): Health {
    return { ...this.#health };
  }

  note(copy: CopyName, health: CopyHealth, keptHead?: string): void {
    this.#health[copy] = health;
    if (health.state !== 'good') this.#proven = null;
    if (copy === 'primary') this.#first = health.state === 'good' ? 'primary' : 'mirror';
    if (keptHead !== undefined) this.#kept.add(keptHead);
  }

  async twoVerified(): Promise<boolean> {
    this.#proven = null;
    const { primary, mirror } = await this.readings();
    const head = newestGood(primary);
    if (!head || newestGood(mirror)?.text !== head.text) return false;
    // What neither copy has cannot be lost any more; it must not keep the owner from tidying up. But older generations stay:
    // the record before it may be the only one that still has its private key.
    const lost = await this.#lostInBoth(head);
    if (lost === 0) this.#proven = head.sum;
    return lost !== null;
  }

  setMark(mark: string): Promise<void> {
    return this.primary.setMark(mark);
  }

  async erase(): Promise<void> {
    this.#proven = null;
    await this.primary.erase();
    await this.mirror.erase();
  }

  /** How many records of the head both copies lack; null where one lacks what the other has, or does not read. */
  async #lostInBoth(head: VaultHead): Promise<number | null> {
    try {
      const [lost, lostToo] = await Promise.all([lacking(this.primary, head), lacking(this.mirror, head)]);
      return lost.size === lostToo.size && [...lost].every((id) => lostToo.has(id)) ? lost.size : null;
    } catch {
      return null;
    }
  }

  /** The mirror is read only where the primary does not decide by itself. */
  async #readEnough(): Promise<Readings> {
    const primary = this.#silent ? SILENT : await readCopy(this.primary);
    this.#silent ||= primary.trace === 'failed';
    const decides = this.#first === 'primary' && newestGood(primary) !== null;
    return { primary, mirror: decides ? { ...SILENT, code: null } : await readCopy(this.mirror) };
  }
}

const atOnce = (): Promise<void> => Promise.resolve();

/** @param pause waits before a write is tried again; the argument is how often it was */
export function twoCopies(primary: Engine, mirror: Engine, pause: (tries: number) => Promise<void> = atOnce): Copies {
  return new TwoCopies(primary, mirror, pause);
}
