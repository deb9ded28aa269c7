/** A run with an authority in memory: a journal, a clock that is set by hand, and a record of what happened in which order. */
import { copy } from '../../lib/bytes/bytes.ts';
import type { Course, Prepared, Saved } from '../../lib/cmp/course.ts';
import { readCode } from '../../lib/cmp/credential.ts';
import { makeNewKey, type NewKey } from '../../lib/cmp/new-key.ts';
import { prepareIssue } from '../../lib/cmp/prepare.ts';
import { Run, type RunPorts } from '../../lib/cmp/run.ts';
import { CODE, REFERENCE, type TestAuthority } from './cmp-authority.ts';
import { NOW } from './test-authority.ts';

export const random = (length: number): Uint8Array<ArrayBuffer> => crypto.getRandomValues(new Uint8Array(length));

export class TestDesk {
  readonly authority: TestAuthority;
  /** `keep STATE`, `save`, `post TYPE`, in their order. */
  readonly events: string[] = [];
  now = NOW;
  /** The course as it was kept last, as a copy that nobody wipes. */
  kept: Course | null = null;
  /** Thrown by the next save. */
  saveFault: Error | null = null;

  constructor(authority: TestAuthority) {
    this.authority = authority;
  }

  get ports(): RunPorts {
    return {
      clock: () => this.now,
      random,
      post: async (bytes) => {
        const answer = await this.authority.answer(bytes);
        this.events.push(`post ${this.authority.requests.at(-1)!.body.type}`);
        return answer;
      },
      keep: async (course) => this.#remember(`keep ${course.state}`, course),
      save: async (course: Saved) => {
        const fault = this.saveFault;
        this.saveFault = null;
        if (fault !== null) throw fault;
        return this.#remember('save', course);
      },
    };
  }

  #remember(event: string, course: Course): Promise<void> {
    this.events.push(event);
    this.kept = structuredClone(course);
    return Promise.resolve();
  }

  run(sign: NewKey['sign'] | null = null): Run {
    return new Run(this.authority.partner, this.ports, sign);
  }

  async prepareIssue(keys: readonly NewKey[], act: 'issue' | 'reissue' = 'issue'): Promise<Prepared> {
    const credential = readCode(REFERENCE, CODE, { stripHyphens: true });
    return prepareIssue({ act, partner: this.authority.partner, credential, keys, vid: null }, this.ports);
  }
}

let pairs: Promise<readonly [NewKey, NewKey]> | null = null;

/** One sign and one km key for all tests of a file: making them takes time. */
export function newKeys(): Promise<readonly [NewKey, NewKey]> {
  pairs ??= Promise.all([makeNewKey('sign', random), makeNewKey('km', random)]);
  return pairs;
}

/** Octets of a text anywhere in a value. */
export function holds(value: unknown, octets: Uint8Array): boolean {
  if (value instanceof Uint8Array) return Buffer.from(copy(value)).includes(Buffer.from(octets));
  return typeof value === 'object' && value !== null && Object.values(value).some((inner) => holds(inner, octets));
}
