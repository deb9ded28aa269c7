/** A run whose every state the wallet keeps, and whose certificates it saves before they are confirmed. */
import type { Bytes } from '../../bytes/bytes.ts';
import type { HttpAnswer } from '../../cmp/answer.ts';
import type { Course, Received, RunningCourse, Saved, Sent } from '../../cmp/course.ts';
import { confirmed } from '../../cmp/endings.ts';
import type { Partner } from '../../cmp/directory/partner.ts';
import type { Signer } from '../../cmp/possession.ts';
import { Run, type RunPorts, type Standing } from '../../cmp/run.ts';
import { settleByState, type CertificateState } from '../../cmp/settle.ts';
import { WalletError } from '../../errors.ts';
import type { SaveBase } from '../../vault/next-head.ts';
import type { LifecycleRunning } from '../lifecycle-api.ts';
import type { Errand } from './errand.ts';
import type { ItemChange, Journal, JournalPorts } from './journal.ts';
import { confirmedItem, unconfirmedItem } from './new-item.ts';
import { noteEnd, type RunEndPorts } from './run-end.ts';

export interface KeptRunPorts extends JournalPorts, RunEndPorts {
  /** One message to the authority of an id. @throws `ca.unreachable` */
  readonly post: (caId: string, message: Bytes) => Promise<HttpAnswer>;
  /** Asks the authority for the state of a record's certificate; `unknown` where no answer can be believed now. Never throws. */
  readonly stateOf: (id: string) => Promise<CertificateState>;
}

export interface KeptRunOrder {
  readonly errand: Errand;
  readonly partner: Partner;
  /** The list key; the caller wipes it. */
  readonly listKey: Bytes;
  /** The key of the certificate that signs our messages; null where a code protects them, or the key is not at hand. */
  readonly sign: Signer | null;
  readonly running: LifecycleRunning;
}

type Kept = Exclude<Course, Received>;

/** Keys lie in the journal as long as no item has them, and somebody might still issue for them. */
const WITH_KEYS: readonly Course['state'][] = ['PREPARED', 'SENT', 'WAITING', 'UNKNOWN'];
/** What the certificate is to be that such an act is about. */
const STATE_WANTED: Partial<Record<Course['act'], CertificateState>> = { revoke: 'revoked', hold: 'held', release: 'good' };
/** Acts that end another certificate once they are confirmed. */
const ENDS_ANOTHER: readonly Course['act'][] = ['renew', 'reissue'];

export class KeptRun {
  readonly #ports: KeptRunPorts;
  readonly #journal: Journal;
  readonly #order: KeptRunOrder;
  readonly #run: Run;
  /** As it was kept last. */
  errand: Errand;

  constructor(ports: KeptRunPorts, journal: Journal, order: KeptRunOrder) {
    this.#ports = ports;
    this.#journal = journal;
    this.#order = order;
    this.errand = order.errand;
    this.#run = new Run(order.partner, this.#runPorts(), order.sign);
  }

  /** As `Run.start`; `user.cancelled` where it was stopped before anything was sent, and then nothing of it is left. */
  async start(prepared: Extract<Course, { state: 'PREPARED' }>): Promise<Standing> {
    try {
      return await this.#decide(await this.#run.start(prepared));
    } catch (thrown) {
      if (this.errand.course.state === 'PREPARED') await this.#journal.remove(this.errand.id, this.#order.listKey).catch(() => undefined);
      throw thrown;
    }
  }

  /** As `Run.resume`. @throws `vault.single-copy` too */
  async resume(course: RunningCourse): Promise<Standing> {
    if (course.state === 'SAVED') {
      await this.#checkCopies(course);
      this.#order.running.onStep('confirming');
    }
    if (course.state === 'SENT' || course.state === 'WAITING') this.#order.running.onStep(course.state === 'SENT' ? 'asking' : 'waiting');
    return this.#askIfDone(await this.#decide(await this.#run.resume(course)));
  }

  /** As `Run.abandon`, but where the state of the certificate tells that it was done. */
  async abandon(course: Sent): Promise<Standing> {
    const asked = await this.#askIfDone({ course, report: { kind: 'no-answer', disbelief: 'none' } });
    return asked.course.state === 'SENT' ? this.#run.abandon(course) : asked;
  }

  /** Where no answer says whether the certificate was revoked, held or released, its state may. Another state says nothing: the request may still be under way. */
  async #askIfDone(standing: Standing): Promise<Standing> {
    const { course } = standing;
    const { old } = this.errand;
    const wanted = STATE_WANTED[course.act];
    if (wanted === undefined || course.state !== 'SENT' || old === null) return standing;
    if ((await this.#ports.stateOf(old)) !== wanted) return standing;
    const done = confirmed(course, []);
    await this.#keep(done);
    return { course: done, report: { kind: 'moved' } };
  }

  /** Where the authority answered the confirmation and what it means is not clear, the state of the new certificate tells. */
  async #decide(standing: Standing): Promise<Standing> {
    const { course, report } = standing;
    const { item } = this.errand;
    if (course.state !== 'SAVED' || report.kind !== 'ask-status' || item === null) return standing;
    const { clock, stateOf } = this.#ports;
    const step = settleByState(course, await stateOf(item), clock(), this.#order.partner.adapter);
    if (step.course.state !== 'CONFIRMED' && step.course.state !== 'FAILED') return standing;
    await this.#keep(step.course);
    return step;
  }

  #runPorts(): RunPorts {
    const { clock, random, post } = this.#ports;
    return {
      clock,
      random,
      post: (message) => post(this.#order.partner.id, message),
      keep: (course) => this.#keep(course),
      save: (course) => this.#save(course),
    };
  }

  async #keep(course: Kept): Promise<void> {
    const { running, listKey } = this.#order;
    if (course.state === 'SENT' && course.resends === 0 && this.errand.course.state === 'PREPARED') {
      if (running.signal.aborted) throw new WalletError('user.cancelled');
      running.onStep('asking');
    }
    if (course.state === 'WAITING') running.onStep('waiting');
    const next = { ...this.errand, course, keys: WITH_KEYS.includes(course.state) ? this.errand.keys : [] };
    const saved = await this.#journal.keep(next, listKey, (base) => this.#confirmedIn(base, course));
    this.errand = next;
    // Whoever waits, or tells when it is time, hears of it.
    if (course.state === 'WAITING' || (course.state === 'CONFIRMED' && next.item !== null)) await this.#ports.door.refresh(saved, listKey);
    await noteEnd(next, this.#ports);
  }

  /** One save of certificates, keys and confirmation; nothing is confirmed before both copies were read back. */
  async #save(course: Saved): Promise<void> {
    const { listKey, running, partner } = this.#order;
    running.onStep('saving');
    const next = { ...this.errand, course, keys: [] };
    const saved = await this.#journal.keep(next, listKey, async (base): Promise<ItemChange> => {
      const { errand } = this;
      const old = errand.old === null ? null : await this.#journal.item(base, errand.old);
      return { put: [unconfirmedItem({ errand, course, issuers: partner.issuers, old, now: this.#ports.clock() })], remove: [] };
    });
    this.errand = next;
    await this.#ports.door.refresh(saved, listKey);
    await this.#checkCopies(course);
    running.onStep('confirming');
  }

  /** The confirmation ends another certificate: not while one copy alone has the new one. @throws `vault.single-copy` */
  async #checkCopies({ act }: Saved): Promise<void> {
    if (ENDS_ANOTHER.includes(act) && !(await this.#ports.store.twoVerified())) throw new WalletError('vault.single-copy');
  }

  async #confirmedIn(base: SaveBase, course: Kept): Promise<ItemChange> {
    const id = course.state === 'CONFIRMED' ? this.errand.item : null;
    const item = id === null ? null : await this.#journal.item(base, id);
    return { put: item === null ? [] : [confirmedItem(item)], remove: [] };
  }
}
