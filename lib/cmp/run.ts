/**
 * Drives a course over ports: each state is kept durably before the step that leaves it, and a certificate is confirmed only once
 * it is saved. A run may die anywhere; what was kept last is where `resume` goes on.
 */
import type { Bytes } from '../bytes/bytes.ts';
import { WalletError } from '../errors.ts';
import type { HttpAnswer } from './answer.ts';
import type { Context } from './confirm.ts';
import type { Course, Prepared, Received, RunningCourse, Saved, Sent, Waiting } from './course.ts';
import type { Partner } from './directory/partner.ts';
import { failed, giveUp } from './endings.ts';
import type { Ports } from './outgoing.ts';
import { writePoll } from './poll.ts';
import type { Signer } from './possession.ts';
import { receive, type Report, type Step } from './receive.ts';
import { notAsAsked } from './refusal.ts';
import { settle, toSaved } from './settle.ts';

export interface RunPorts extends Ports {
  /** Sends one message. Null, or a rejection, stands for no answer: what became of the message is then unknown. */
  readonly post: (message: Bytes) => Promise<HttpAnswer | null>;
  /** Keeps a course in place of the one before; durable when it resolves. */
  readonly keep: (course: Exclude<Course, Received>) => Promise<void>;
  /** One durable write of certificates, keys and course, read back. Where it rejects, nothing is confirmed. */
  readonly save: (course: Saved) => Promise<void>;
}

/** Where a run stands when it returns. */
export interface Standing {
  readonly course: Course;
  readonly report: Report;
}

const RESENDS = 3;

/** Whether a request may go out once more, octet for octet. @param resend the authority answers the same request the same way */
export function mayResend({ resends }: Pick<Sent, 'resends'>, resend: boolean): boolean {
  return resend && resends < RESENDS;
}

export class Run {
  readonly #ports: RunPorts;
  readonly #context: Context;

  /** @param sign the key of a certificate credential; null where a code protects, or the key is not at hand */
  constructor(partner: Partner, ports: RunPorts, sign: Signer | null = null) {
    this.#ports = ports;
    this.#context = { partner, ports, sign };
  }

  /** Keeps and sends a request. @throws what the ports throw, the course being where it was kept last */
  async start(prepared: Prepared): Promise<Standing> {
    await this.#ports.keep(prepared);
    const sent: Sent = { ...prepared, state: 'SENT', sentAt: this.#ports.clock(), resends: 0 };
    return this.#send(sent);
  }

  /**
   * Goes on with a course that was kept, or that a rejected save left RECEIVED.
   *
   * @throws `vault.locked` where the key of a certificate credential is needed and not at hand; what the ports throw
   */
  async resume(course: RunningCourse): Promise<Standing> {
    switch (course.state) {
      case 'PREPARED':
        // Nothing was sent: number and code are still good, and nobody needs to be told.
        return this.#stand({ course: failed(course, notAsAsked('not-sent')), report: { kind: 'moved' }, reply: null });
      case 'SENT':
        return this.#resend(course);
      case 'WAITING':
        return this.#poll(course);
      case 'RECEIVED':
        return this.#save(course);
      case 'SAVED':
        return this.#confirm(course);
    }
  }

  /** Ends a course that no answer is hoped for. */
  async abandon(course: Sent): Promise<Standing> {
    return this.#stand({ course: giveUp(course, this.#context.partner.adapter), report: { kind: 'moved' }, reply: null });
  }

  #needKey({ credential }: RunningCourse): void {
    if (credential.kind === 'certificate' && this.#context.sign === null) throw new WalletError('vault.locked', { detail: 'signing key' });
  }

  async #post(message: Bytes): Promise<HttpAnswer | null> {
    try {
      return await this.#ports.post(message);
    } catch {
      return null;
    }
  }

  async #send(sent: Sent): Promise<Standing> {
    this.#needKey(sent);
    await this.#ports.keep(sent);
    return this.#stand(await receive(sent, await this.#post(sent.request), this.#context));
  }

  /** The very same octets, where the authority answers them the very same way. */
  async #resend(sent: Sent): Promise<Standing> {
    const may = mayResend(sent, this.#context.partner.adapter.resend);
    if (!may) return { course: sent, report: { kind: 'no-answer', disbelief: 'none' } };
    return this.#send({ ...sent, resends: sent.resends + 1 });
  }

  async #poll(waiting: Waiting): Promise<Standing> {
    this.#needKey(waiting);
    if (this.#ports.clock() < waiting.checkAt) return { course: waiting, report: { kind: 'moved' } };
    const { course, bytes } = await writePoll(waiting, this.#context);
    await this.#ports.keep(course);
    return this.#stand(await receive(course, await this.#post(bytes), this.#context));
  }

  async #save(received: Received): Promise<Standing> {
    const saved = toSaved(received);
    await this.#ports.save(saved);
    return this.#confirm(saved);
  }

  async #confirm(saved: Saved): Promise<Standing> {
    return this.#stand(await settle(saved, await this.#post(saved.confirmation), this.#context));
  }

  /** Keeps where a step has led, then sends the last word that it may have. */
  async #stand({ course, report, reply }: Step): Promise<Standing> {
    if (course.state === 'RECEIVED') return this.#save(course);
    await this.#ports.keep(course);
    if (reply !== null) await this.#post(reply);
    return { course, report };
  }
}
