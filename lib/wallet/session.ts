/**
 * The open wallet: the list key and its deadline in the session store, as texts. It opens the list and no private key,
 * unless its owner holds signing open: then the signing key lies beside it, with a deadline of its own, and goes with it.
 * Every use checks both deadlines, so that a dead worker, a sleeping computer or a clock set back cannot keep it open.
 */
import { equal, wipe, type Bytes } from '../bytes/bytes.ts';
import { WalletError } from '../errors.ts';
import { DEFAULT_SETTINGS, type LockMinutes } from '../vault/settings-text.ts';
import type { Clock, SessionStore, WithLock } from './ports.ts';
import type { SigningMinutes } from './signing-api.ts';
import { deadlineAfter, isOver, isSigningOver, readHeldKey, readSession, writeHeldKey, writeSession, type OpenSession } from './session-text.ts';

export type { OpenSession } from './session-text.ts';

const KEY = 'djw1.u';
/** Changes with every unlock, lock and save. */
export const ROWS_KEY = 'djw1.rows';
/** An older state was put back, and the owner did not put that away yet. */
const OLDER = 'djw1.older';
/** The same of dates that were told while the wallet was locked and were not those of the certificates. */
const OTHER_DATES = 'djw1.dates';
const HELD = 'djw1.sk';
const LOCK = 'djw1-session';
export const SESSION_KEYS: readonly string[] = [KEY, ROWS_KEY, OLDER, OTHER_DATES, HELD];

const TOUCH_EVERY_MS = 10_000;

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

  /**
   * Signing stays held open only where the wallet was open under the same keys all along. `wasOpen`: it was open when the
   * secret was taken, so where it is not any more it was locked since, and stays so.
   */
  open(vid: string, listKey: Bytes, rows: KeptRows, minutes: LockMinutes = DEFAULT_SETTINGS.lockMinutes, wasOpen = false): Promise<void> {
    return this.#withLock(LOCK, async () => {
      const before = await this.#openNow();
      if (wasOpen && !before) return;
      const now = this.#clock();
      const signingUntil = before && before.vid === vid && equal(before.listKey, listKey) && !isSigningOver(before, now) ? before.signingUntil : null;
      wipe(before?.listKey);
      if (signingUntil === null) await this.#store.remove([HELD]);
      const session = { vid, listKey, start: now, deadline: deadlineAfter(now, now, minutes), lastSeen: now, minutes, signingUntil };
      await this.#store.set(new Map([[KEY, writeSession(session)], rowsEntry(rows)]));
    });
  }

  /**
   * The open session, or null where the wallet is locked; a session past its time is ended here, and so is signing that was
   * held open. The caller wipes the key.
   */
  async current(): Promise<OpenSession | null> {
    const found = await this.#read();
    if (found === 'over') {
      await this.#withLock(LOCK, async () => {
        // Another window may have opened a new one by now.
        if ((await this.#read()) === 'over') await this.#store.remove(SESSION_KEYS);
      });
      return null;
    }
    if (!found) return null;
    if (!isSigningOver(found, this.#clock())) {
      if (this.#clock() - found.lastSeen >= TOUCH_EVERY_MS) await this.#ifOpen((session) => this.#noteClock(session));
      return found;
    }
    await this.#ifOpen(async (session) => {
      if (isSigningOver(session, this.#clock())) await this.#dropSigning(session);
    });
    return { ...found, signingUntil: null };
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
      const later = deadlineAfter(this.#clock(), session.start, session.minutes) - session.deadline;
      return later < TOUCH_EVERY_MS ? session.deadline : this.#move(session, session.minutes);
    });
  }

  /** From now on it stays open so long without a touch; the deadline moves at once. Returns the new deadline. */
  lockAfter(minutes: LockMinutes): Promise<number | null> {
    return this.#ifOpen((session) => this.#move(session, minutes));
  }

  /**
   * Keeps the signing key here for so long, at most until the session must end; a lock takes it away. The list key says of
   * which wallet it is. Returns the deadline. @throws `vault.locked` where that wallet is not open any more
   */
  async holdSigning({ listKey, signingKey }: { readonly listKey: Bytes; readonly signingKey: Bytes }, minutes: SigningMinutes): Promise<number> {
    const until = await this.#ifOpen(async (session) => {
      if (!equal(session.listKey, listKey)) return null;
      const now = this.#clock();
      const deadline = deadlineAfter(now, session.start, minutes);
      const moved = writeSession({ ...session, deadline: deadlineAfter(now, session.start, session.minutes), lastSeen: now, signingUntil: deadline });
      await this.#store.set(
        new Map([
          [KEY, moved],
          [HELD, writeHeldKey({ signingKey, deadline })],
        ]),
      );
      return deadline;
    });
    if (until === null) throw new WalletError('vault.locked');
    return until;
  }

  /** The signing key while signing is held open, for the caller to wipe; null where it is not. */
  heldKey(): Promise<Bytes | null> {
    return this.#ifOpen(async (session) => {
      if (session.signingUntil === null) return null;
      const held = readHeldKey((await this.#store.get([HELD])).get(HELD) ?? '');
      if (held?.deadline === session.signingUntil && !isSigningOver(session, this.#clock())) return held.signingKey;
      wipe(held?.signingKey);
      await this.#dropSigning(session);
      return null;
    });
  }

  /** Takes the signing key away; the wallet stays open. */
  async releaseSigning(): Promise<void> {
    await this.#ifOpen((session) => this.#dropSigning(session));
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

  /** Moves no deadline; a clock that is set back afterwards is set back from here. Call it under the lock. */
  async #noteClock(session: OpenSession): Promise<void> {
    await this.#store.set(new Map([[KEY, writeSession({ ...session, lastSeen: this.#clock() })]]));
  }

  /** The key goes first: what is left without it opens nothing. Call it under the lock. */
  async #dropSigning(session: OpenSession): Promise<void> {
    await this.#store.remove([HELD]);
    await this.#store.set(new Map([[KEY, writeSession({ ...session, signingUntil: null })]]));
  }

  #ifOpen<Result>(act: (session: OpenSession) => Promise<Result>): Promise<Result | null> {
    return this.#withLock(LOCK, async () => {
      const session = await this.#openNow();
      if (!session) return null;
      try {
        return await act(session);
      } finally {
        wipe(session.listKey);
      }
    });
  }

  /** The session that is open; the caller wipes its key. */
  async #openNow(): Promise<OpenSession | null> {
    const session = await this.#read();
    return session === 'over' ? null : session;
  }

  async #read(): Promise<OpenSession | 'over' | null> {
    const text = (await this.#store.get([KEY])).get(KEY);
    if (text === undefined) return null;
    const session = readSession(text);
    if (session && !isOver(session, this.#clock())) return session;
    wipe(session?.listKey);
    return 'over';
  }
}
