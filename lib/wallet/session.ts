/**
 * The open wallet: the list key and its deadline in the session store, as texts. It opens the list and no private key.
 * Every use checks the deadline, so that a dead worker, a sleeping computer or a clock set back cannot keep it open.
 */
import { fromBase64, toBase64 } from '../bytes/base64.ts';
import { wipe, type Bytes } from '../bytes/bytes.ts';
import { errorCode, WalletError } from '../errors.ts';
import { malformed, readRecord, readText } from '../protocol/read.ts';
import { DEFAULT_SETTINGS, LOCK_MINUTES, type LockMinutes } from '../vault/settings-text.ts';
import type { Clock, SessionStore, WithLock } from './ports.ts';

const KEY = 'djw1.u';
/** Changes with every unlock, lock and save. */
export const ROWS_KEY = 'djw1.rows';
/** An older state was put back, and the owner did not put that away yet. */
const OLDER = 'djw1.older';
/** The same of dates that were told while the wallet was locked and were not those of the certificates. */
const OTHER_DATES = 'djw1.dates';
const LOCK = 'djw1-session';
export const SESSION_KEYS: readonly string[] = [KEY, ROWS_KEY, OLDER, OTHER_DATES];

const LIST_KEY_SIZE = 32;
const MINUTE_MS = 60_000;
const LONGEST_MS = 8 * 3_600_000;
const TOUCH_EVERY_MS = 10_000;

export interface OpenSession {
  /** Wallet id, base64url. */
  readonly vid: string;
  readonly listKey: Bytes;
  readonly start: number;
  readonly deadline: number;
  readonly lastSeen: number;
  /** How long it stays open when nobody touches it. */
  readonly minutes: LockMinutes;
}

function readMinutes(value: unknown): LockMinutes {
  const minutes = LOCK_MINUTES.find((allowed) => allowed === value);
  if (minutes === undefined) throw malformed('minutes');
  return minutes;
}

function readTime(value: unknown): number {
  if (typeof value !== 'number' || !Number.isSafeInteger(value)) throw malformed('time');
  return value;
}

function readListKey(value: unknown): Bytes {
  const listKey = fromBase64(readText(value, 'lk', 44, 44));
  if (listKey.length !== LIST_KEY_SIZE) throw malformed('lk');
  return listKey;
}

function readSession(text: string): OpenSession {
  const fields = readRecord(JSON.parse(text) as unknown, ['vid', 'lk', 'start', 'deadline', 'lastSeen', 'minutes']);
  return {
    vid: readText(fields.get('vid'), 'vid', 1, 64),
    listKey: readListKey(fields.get('lk')),
    start: readTime(fields.get('start')),
    deadline: readTime(fields.get('deadline')),
    lastSeen: readTime(fields.get('lastSeen')),
    minutes: readMinutes(fields.get('minutes')),
  };
}

function writeSession(session: OpenSession): string {
  const { vid, listKey, start, deadline, lastSeen, minutes } = session;
  return JSON.stringify({ vid, lk: toBase64(listKey), start, deadline, lastSeen, minutes });
}

function deadlineAfter(now: number, start: number, minutes: LockMinutes): number {
  return Math.min(now + minutes * MINUTE_MS, start + LONGEST_MS);
}

/** The rows that lists show, as text, and the generation of the vault they were made from. */
export interface KeptRows {
  readonly generation: number;
  readonly text: string;
}

function rowsEntry({ generation, text }: KeptRows): [string, string] {
  return [ROWS_KEY, `${generation}:${text}`];
}

/** What opens, moves and ends a session runs under one lock, so that a lock of the wallet cannot be undone by a late write. */
export class Sessions {
  readonly #store: SessionStore;
  readonly #withLock: WithLock;
  readonly #clock: Clock;

  constructor(store: SessionStore, withLock: WithLock, clock: Clock) {
    this.#store = store;
    this.#withLock = withLock;
    this.#clock = clock;
  }

  open(vid: string, listKey: Bytes, rows: KeptRows, minutes: LockMinutes = DEFAULT_SETTINGS.lockMinutes): Promise<void> {
    return this.#withLock(LOCK, async () => {
      const now = this.#clock();
      const session = writeSession({ vid, listKey, start: now, deadline: deadlineAfter(now, now, minutes), lastSeen: now, minutes });
      await this.#store.set(new Map([[KEY, session], rowsEntry(rows)]));
    });
  }

  /** The open session, or null where the wallet is locked; a session past its time is ended here. The caller wipes the key. */
  async current(): Promise<OpenSession | null> {
    const found = await this.#read();
    if (found !== 'over') return found;
    await this.#withLock(LOCK, async () => {
      // Another window may have opened a new one by now.
      if ((await this.#read()) === 'over') await this.#store.remove(SESSION_KEYS);
    });
    return null;
  }

  /** The open session. @throws `vault.locked` */
  async require(): Promise<OpenSession> {
    const session = await this.current();
    if (!session) throw new WalletError('vault.locked');
    return session;
  }

  /** Moves the deadline, since the person used one of our windows; at most every ten seconds. Returns the new deadline. */
  touch(): Promise<number | null> {
    return this.#ifOpen(async (session) => {
      const now = this.#clock();
      if (now - session.lastSeen < TOUCH_EVERY_MS) return session.deadline;
      return this.#move(session, session.minutes);
    });
  }

  /** From now on it stays open so long without a touch; the deadline moves at once. Returns the new deadline. */
  lockAfter(minutes: LockMinutes): Promise<number | null> {
    return this.#ifOpen((session) => this.#move(session, minutes));
  }

  close(): Promise<void> {
    return this.#withLock(LOCK, () => this.#store.remove(SESSION_KEYS));
  }

  /** The rows that lists show, as they were put at this generation of the vault; undefined otherwise. */
  async rows(generation: number): Promise<string | undefined> {
    const text = (await this.#store.get([ROWS_KEY])).get(ROWS_KEY);
    const prefix = `${generation}:`;
    return text?.startsWith(prefix) ? text.slice(prefix.length) : undefined;
  }

  /** Keeps rows while the wallet is open; they are names of people, so a locked one keeps none. */
  async putRows(rows: KeptRows): Promise<void> {
    await this.#ifOpen(() => this.#store.set(new Map([rowsEntry(rows)])));
  }

  /** Keeps it for all our windows that opening found an older state put back. */
  async noteOlder(): Promise<void> {
    await this.#ifOpen(() => this.#store.set(new Map([[OLDER, '1']])));
  }

  /** Whether that is still to be told. */
  async isOlder(): Promise<boolean> {
    return (await this.#store.get([OLDER])).has(OLDER);
  }

  /** Keeps it for all our windows that dates were told which no certificate has. */
  async noteOtherDates(): Promise<void> {
    await this.#ifOpen(() => this.#store.set(new Map([[OTHER_DATES, '1']])));
  }

  /** Whether that is still to be told. */
  async toldOtherDates(): Promise<boolean> {
    return (await this.#store.get([OTHER_DATES])).has(OTHER_DATES);
  }

  /** The owner read what was to be told. */
  putAwayNotices(): Promise<void> {
    return this.#withLock(LOCK, () => this.#store.remove([OLDER, OTHER_DATES]));
  }

  async #move(session: OpenSession, minutes: LockMinutes): Promise<number> {
    const now = this.#clock();
    const deadline = deadlineAfter(now, session.start, minutes);
    await this.#store.set(new Map([[KEY, writeSession({ ...session, deadline, lastSeen: now, minutes })]]));
    return deadline;
  }

  #ifOpen<Result>(act: (session: OpenSession) => Promise<Result>): Promise<Result | null> {
    return this.#withLock(LOCK, async () => {
      const session = await this.#read();
      if (session === null || session === 'over') return null;
      try {
        return await act(session);
      } finally {
        wipe(session.listKey);
      }
    });
  }

  async #read(): Promise<OpenSession | 'over' | null> {
    const text = (await this.#store.get([KEY])).get(KEY);
    if (text === undefined) return null;
    try {
      const session = readSession(text);
      const now = this.#clock();
      if (now < session.deadline && now < session.start + LONGEST_MS && now >= session.lastSeen) return session;
      wipe(session.listKey);
    } catch (thrown) {
      if (errorCode(thrown) !== 'request.malformed' && !(thrown instanceof SyntaxError)) throw thrown;
    }
    return 'over';
  }
}
