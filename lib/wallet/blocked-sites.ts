/**
 * Which sites ask in vain, known while the wallet is locked too. The readable list is sealed with the settings; here stand
 * salted digests alone, so that whoever reads the disk can test a guess and learns no name. A mark without a sealed note
 * counts all the same: it was made while the wallet was locked, and its note comes with the next opening.
 */
import { fromBase64Url, toBase64Url } from '../bytes/base64.ts';
import { concat, type Bytes } from '../bytes/bytes.ts';
import { utf8 } from '../bytes/text.ts';
import type { Random, TextStore, WithLock } from './ports.ts';

const LOCK = 'djw1-blocked';
const SALT_SIZE = 32;
/** Marks that are kept; the oldest goes where there are more. */
export const BLOCKED_MAX = 300;
const MARK = /^[A-Za-z0-9_-]{43}$/;

interface Marks {
  readonly salt: Bytes;
  readonly marks: readonly string[];
}

/** Null where it is anything but what `writeMarks` wrote. */
function readMarks(text: string | null): Marks | null {
  const [salt = '', ...marks] = (text ?? '').split(' ');
  if (!MARK.test(salt) || marks.length > BLOCKED_MAX || !marks.every((mark) => MARK.test(mark))) return null;
  try {
    return { salt: fromBase64Url(salt), marks };
  } catch {
    return null;
  }
}

const writeMarks = ({ salt, marks }: Marks): string => [toBase64Url(salt), ...marks].join(' ');

async function markOf(origin: string, salt: Bytes): Promise<string> {
  return toBase64Url(new Uint8Array(await crypto.subtle.digest('SHA-256', concat(salt, utf8(origin)))));
}

export class BlockedSites {
  readonly #store: TextStore;
  readonly #withLock: WithLock;
  readonly #random: Random;

  constructor(store: TextStore, withLock: WithLock, random: Random) {
    this.#store = store;
    this.#withLock = withLock;
    this.#random = random;
  }

  /** Where it cannot be read, nobody is blocked: the person decides in the window. */
  async has(origin: string): Promise<boolean> {
    try {
      const kept = readMarks(await this.#store.read());
      return kept !== null && kept.marks.includes(await markOf(origin, kept.salt));
    } catch {
      return false;
    }
  }

  /** @throws `vault.*` where it cannot be kept */
  add(origin: string): Promise<void> {
    return this.#change(origin, (marks, mark) => (marks.includes(mark) ? marks : [...marks, mark].slice(-BLOCKED_MAX)));
  }

  /** @throws `vault.*` where it cannot be kept */
  remove(origin: string): Promise<void> {
    return this.#change(origin, (marks, mark) => marks.filter((other) => other !== mark));
  }

  /** Nobody is blocked any more. @throws `vault.*` */
  clear(): Promise<void> {
    return this.#withLock(LOCK, () => this.#store.write(''));
  }

  #change(origin: string, change: (marks: readonly string[], mark: string) => readonly string[]): Promise<void> {
    return this.#withLock(LOCK, async () => {
      const kept = readMarks(await this.#store.read()) ?? { salt: this.#random(SALT_SIZE), marks: [] };
      const marks = change(kept.marks, await markOf(origin, kept.salt));
      if (marks !== kept.marks) await this.#store.write(writeMarks({ ...kept, marks }));
    });
  }
}
