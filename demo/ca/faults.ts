/**
 * What tests can make the authority do wrong: each fault is used once, by the next answer it fits. The list is data; where a fault
 * acts is said beside it.
 */

/** Faults by what they spoil. A value behind a colon is a number: `slow:500` (milliseconds), `wait:3`, `refuse:23` (the bit), `held:1` (messages before). */
export const FAULTS = {
  /** How the answer travels. */
  http: [
    'slow',
    'held',
    'answer-held',
    'answer-lost',
    'confirm-answer-lost',
    'cut-body',
    'http-500',
    'html-200',
    'redirect',
    'die-before-commit',
    'die-after-commit',
  ],
  /** Header and protection of an answer. */
  message: ['mac-wrong', 'mac-sha1', 'iterations', 'transaction-wrong', 'nonce-wrong', 'unprotected', 'unprotected-error', 'signed-by-user'],
  /** What the answer to a request for certificates holds; a revocation can be refused, too. */
  content: [
    'other-key',
    'swapped',
    'other-issuer',
    'usage-wrong',
    'ends-soon',
    'one-of-two',
    'extra-certReqId',
    'refuse',
    'refuse-korean',
    'confirm-refuse',
    'status-html',
    'caPubs-foreign',
    'wait',
  ],
  ocsp: ['pending-unknown', 'ocsp-later', 'ocsp-stale', 'ocsp-no-nonce', 'ocsp-other-nonce', 'ocsp-other-serial', 'ocsp-wrong-signer'],
  crl: ['crl-stale', 'crl-indirect', 'crl-older-number'],
} as const;

export type FaultName = (typeof FAULTS)[keyof typeof FAULTS][number];

interface Fault {
  readonly name: FaultName;
  readonly value: number;
}

const NAMES: ReadonlySet<string> = new Set(Object.values(FAULTS).flat());

/** @returns null for a fault that is not in the list */
function readFault(text: string): Fault | null {
  const [name = '', value = '0', more] = text.split(':');
  return NAMES.has(name) && more === undefined && /^\d{1,9}$/.test(value) ? { name: name as FaultName, value: Number(value) } : null;
}

export class Faults {
  #waiting: Fault[] = [];

  /** Replaces what is waiting. @returns false, and changes nothing, where one is unknown */
  set(texts: readonly string[]): boolean {
    const read = texts.map(readFault);
    const known = read.filter((fault) => fault !== null);
    if (known.length < read.length) return false;
    this.#waiting = known;
    return true;
  }

  /** Takes a fault out of the list; null where it is not waiting. @returns its value, 0 where it has none */
  take(name: FaultName): number | null {
    const at = this.#waiting.findIndex((fault) => fault.name === name);
    return at < 0 ? null : (this.#waiting.splice(at, 1)[0]?.value ?? 0);
  }

  takes(name: FaultName): boolean {
    return this.take(name) !== null;
  }

  /** As `takes`, for a fault whose value says how many messages pass before it. */
  isDue(name: FaultName): boolean {
    const at = this.#waiting.findIndex((fault) => fault.name === name);
    const left = this.#waiting[at]?.value ?? 0;
    if (left > 0) this.#waiting[at] = { name, value: left - 1 };
    return left === 0 && this.takes(name);
  }

  get waiting(): readonly string[] {
    return this.#waiting.map(({ name, value }) => `${name}:${String(value)}`);
  }
}
