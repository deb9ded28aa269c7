/**
 * Runs with authorities from their beginning to their end. One at a time, by a lock and by the journal: a lock dies with its window,
 * the journal does not.
 */
import type { Bytes } from '../../bytes/bytes.ts';
import type { Partner } from '../../cmp/directory/partner.ts';
import { WalletError } from '../../errors.ts';
import type { VaultHead } from '../../vault/head.ts';
import type { OpenSlot } from '../../vault/unlock.ts';
import type { LifecycleRun, LifecycleRunning, RunSecret } from '../lifecycle-api.ts';
import type { WithLock } from '../ports.ts';
import type { PasskeyPorts } from '../ways-touch.ts';
import { errandOf, type Beginning } from './beginning.ts';
import type { Authorities } from './directory.ts';
import { hasEnded, wipeErrand, type Errand } from './errand.ts';
import { Journal } from './journal.ts';
import { holderOf, withBothKeys, withListKey } from './keys-at-hand.ts';
import { KeptRun, type KeptRunPorts } from './kept-run.ts';
import { runRow } from './run-rows.ts';

export interface RunsPorts extends KeptRunPorts, PasskeyPorts {
  /** As `WithLock`, but does not wait: `ca.busy` where another context has it. */
  readonly alone: WithLock;
}

interface AtHand {
  readonly head: VaultHead;
  readonly listKey: Bytes;
  /** Null where no secret was asked for. */
  readonly slot: OpenSlot | null;
}

const LOCK = 'djw1-lifecycle';
const QUIETLY: LifecycleRunning = { onStep: () => undefined, signal: new AbortController().signal };

export class Runs {
  readonly #ports: RunsPorts;
  readonly #journal: Journal;
  readonly #authorities: Authorities;

  constructor(ports: RunsPorts, authorities: Authorities) {
    this.#ports = ports;
    this.#journal = new Journal(ports);
    this.#authorities = authorities;
  }

  /** @throws `vault.locked` */
  list(): Promise<readonly LifecycleRun[]> {
    return withListKey(this.#ports, async (head, listKey) => {
      const errands = await this.#journal.entries(head, listKey);
      errands.forEach(wipeErrand);
      return Promise.all(errands.map((errand) => this.#row(errand)));
    });
  }

  /** Proves the secret and does what `make` asks for. Throws as `LifecycleApi.issue`. */
  begin(
    partner: Partner,
    secret: RunSecret,
    running: LifecycleRunning,
    make: (head: VaultHead, slot: OpenSlot) => Promise<Beginning>,
  ): Promise<LifecycleRun> {
    return this.#ports.alone(LOCK, () =>
      withBothKeys(this.#ports, secret, async (head, slot) => {
        await this.#checkNoneRuns(head, slot.listKey);
        running.onStep('keys');
        const beginning = await make(head, slot);
        const { random, clock } = this.#ports;
        const errand = await errandOf(beginning, head, slot, { random, clock, newId: () => this.#journal.newId() });
        const order = { errand, partner, listKey: slot.listKey, sign: beginning.sign, running };
        const run = new KeptRun(this.#ports, this.#journal, order);
        const { report } = await run.start(beginning.prepared);
        return this.#row(run.errand, report);
      }),
    );
  }

  /** Throws as `LifecycleApi.resume`. */
  resume(id: string, secret: RunSecret | null, running: LifecycleRunning): Promise<LifecycleRun> {
    return this.#ports.alone(LOCK, () =>
      secret === null
        ? withListKey(this.#ports, (head, listKey) => this.#goOn(id, { head, listKey, slot: null }, running))
        : withBothKeys(this.#ports, secret, (head, slot) => this.#goOn(id, { head, listKey: slot.listKey, slot }, running)),
    );
  }

  abandon(id: string): Promise<LifecycleRun> {
    return this.#ports.alone(LOCK, () =>
      withListKey(this.#ports, async (head, listKey) => {
        const errand = await this.#find(id, head, listKey);
        const { course } = errand;
        if (course.state !== 'SENT') return this.#row(errand);
        const partner = await this.#authorities.partner(course.caId);
        const run = new KeptRun(this.#ports, this.#journal, { errand, partner, listKey, sign: null, running: QUIETLY });
        await run.abandon(course);
        return this.#row(run.errand);
      }),
    );
  }

  /** @throws `ca.waiting` */
  forget(id: string): Promise<void> {
    return withListKey(this.#ports, async (head, listKey) => {
      const errand = await this.#find(id, head, listKey);
      const { course, keys } = errand;
      const keeps = course.state === 'UNKNOWN' && keys.length > 0 && this.#ports.clock() < course.keepUntil;
      if (!hasEnded(errand) || keeps) throw new WalletError('ca.waiting');
      await this.#journal.remove(id, listKey);
    });
  }

  async #goOn(id: string, { head, listKey, slot }: AtHand, running: LifecycleRunning): Promise<LifecycleRun> {
    const errand = await this.#find(id, head, listKey);
    const { course, old } = errand;
    if (course.state === 'CONFIRMED' || course.state === 'FAILED' || course.state === 'UNKNOWN') return this.#row(errand);
    const partner = await this.#authorities.partner(course.caId);
    const signs = course.credential.kind === 'certificate' && slot !== null && old !== null;
    const sign = signs ? (await holderOf(this.#ports.store, head, slot, old)).sign : null;
    const run = new KeptRun(this.#ports, this.#journal, { errand, partner, listKey, sign, running });
    try {
      const { report } = await run.resume(course);
      return await this.#row(run.errand, report);
    } finally {
      wipeErrand(errand);
    }
  }

  /** @throws `ca.busy` */
  async #checkNoneRuns(head: VaultHead, listKey: Bytes): Promise<void> {
    const entries = await this.#journal.entries(head, listKey);
    entries.forEach(wipeErrand);
    if (entries.some((errand) => !hasEnded(errand))) throw new WalletError('ca.busy');
  }

  async #find(id: string, head: VaultHead, listKey: Bytes): Promise<Errand> {
    const found = (await this.#journal.entries(head, listKey)).find((errand) => errand.id === id);
    if (found === undefined) throw new WalletError('request.gone');
    return found;
  }

  async #row(errand: Errand, report: Parameters<typeof runRow>[0]['report'] = null): Promise<LifecycleRun> {
    const { caId } = errand.course;
    const authority = await this.#authorities.row(caId);
    const resend = await this.#authorities.resends(caId);
    return runRow({ errand, authority, resend, report });
  }
}
