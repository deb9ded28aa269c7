/**
 * The open wallet: the list key and its deadline in the session store, as texts. It opens the list and no private key.
 * Every use checks the deadline, so that a dead worker, a sleeping computer or a clock set back cannot keep it open.
 */
import { fromBase64, toBase64 } from '../bytes/base64.ts';
import { wipe, type Bytes } from '../bytes/bytes.ts';
import { errorCode, WalletError } from '../errors.ts';
import { malformed, readRecord, readText } from '../protocol/read.ts';
import type { Clock, SessionStore } from './ports.ts';

const KEY = 'djw1.u';
const ROWS = 'djw1.rows';
export const SESSION_KEYS: readonly string[] = [KEY, ROWS];

const AUTO_LOCK_MS = 5 * 60_000;
const LONGEST_MS = 8 * 3_600_000;
const TOUCH_EVERY_MS = 10_000;

export interface OpenSession {
  /** Wallet id, base64url. */
  readonly vid: string;
  readonly listKey: Bytes;
  readonly start: number;
  readonly deadline: number;
  readonly lastSeen: number;
}

function readTime(value: unknown): number {
  if (typeof value !== 'number' || !Number.isSafeInteger(value)) throw malformed('time');
  return value;
}

function readSession(text: string): OpenSession {
  const fields = readRecord(JSON.parse(text) as unknown, ['vid', 'lk', 'start', 'deadline', 'lastSeen']);
  return {
    vid: readText(fields.get('vid'), 'vid', 1, 64),
    listKey: fromBase64(readText(fields.get('lk'), 'lk', 44, 44)),
    start: readTime(fields.get('start')),
    deadline: readTime(fields.get('deadline')),
    lastSeen: readTime(fields.get('lastSeen')),
  };
}

function writeSession(session: OpenSession): string {
  const { vid, listKey, start, deadline, lastSeen } = session;
  return JSON.stringify({ vid, lk: toBase64(listKey), start, deadline, lastSeen });
}

export class Sessions {
  readonly #store: SessionStore;
  readonly #clock: Clock;

  constructor(store: SessionStore, clock: Clock) {
    this.#store = store;
    this.#clock = clock;
  }

  async open(vid: string, listKey: Bytes): Promise<void> {
    const now = this.#clock();
    await this.#store.set(new Map([[KEY, writeSession({ vid, listKey, start: now, deadline: now + AUTO_LOCK_MS, lastSeen: now })]]));
  }

  /** The open session, or null where the wallet is locked; a session past its time is ended here. */
  async current(): Promise<OpenSession | null> {
    const text = (await this.#store.get([KEY])).get(KEY);
    if (text === undefined) return null;
    const now = this.#clock();
    try {
      const session = readSession(text);
      if (now < session.deadline && now < session.start + LONGEST_MS && now >= session.lastSeen) return session;
      wipe(session.listKey);
    } catch (thrown) {
      if (errorCode(thrown) !== 'request.malformed' && !(thrown instanceof SyntaxError)) throw thrown;
    }
    await this.close();
    return null;
  }

  /** The open session. @throws `vault.locked` */
  async require(): Promise<OpenSession> {
    const session = await this.current();
    if (!session) throw new WalletError('vault.locked');
    return session;
  }

  /** Moves the deadline, since the person used one of our windows; at most every ten seconds. Returns the new deadline. */
  async touch(): Promise<number | null> {
    const session = await this.current();
    if (!session) return null;
    const now = this.#clock();
    if (now - session.lastSeen < TOUCH_EVERY_MS) return session.deadline;
    const deadline = Math.min(now + AUTO_LOCK_MS, session.start + LONGEST_MS);
    await this.#store.set(new Map([[KEY, writeSession({ ...session, deadline, lastSeen: now })]]));
    return deadline;
  }

  async close(): Promise<void> {
    await this.#store.remove(SESSION_KEYS);
  }

  /** The rows that lists show, as they were put at this generation of the vault; undefined otherwise. */
  async rows(generation: number): Promise<string | undefined> {
    const text = (await this.#store.get([ROWS])).get(ROWS);
    const prefix = `${generation}:`;
    return text?.startsWith(prefix) ? text.slice(prefix.length) : undefined;
  }

  async putRows(generation: number, rows: string): Promise<void> {
    await this.#store.set(new Map([[ROWS, `${generation}:${rows}`]]));
  }
}
