/** The texts of the session store: the open wallet, and the signing key while its owner holds signing open. */
import { fromBase64, toBase64 } from '../bytes/base64.ts';
import type { Bytes } from '../bytes/bytes.ts';
import { errorCode } from '../errors.ts';
import { malformed, readRecord, readText } from '../protocol/read.ts';
import { LOCK_MINUTES, type LockMinutes } from '../vault/settings-text.ts';

const KEY_SIZE = 32;
const LONGEST_MS = 8 * 3_600_000;
export const MINUTE_MS = 60_000;

export interface OpenSession {
  /** Wallet id, base64url. */
  readonly vid: string;
  readonly listKey: Bytes;
  readonly start: number;
  readonly deadline: number;
  readonly lastSeen: number;
  /** How long it stays open when nobody touches it. */
  readonly minutes: LockMinutes;
  /** Until when signing is held open; null where it is not. */
  readonly signingUntil: number | null;
}

export interface HeldKey {
  readonly signingKey: Bytes;
  /** The same as `signingUntil` of the session it belongs to. */
  readonly deadline: number;
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

function readKey(value: unknown, name: string): Bytes {
  const key = fromBase64(readText(value, name, 44, 44));
  if (key.length !== KEY_SIZE) throw malformed(name);
  return key;
}

/** Null for what is no text of ours. */
function orNull<Value>(read: () => Value): Value | null {
  try {
    return read();
  } catch (thrown) {
    if (errorCode(thrown) !== 'request.malformed' && !(thrown instanceof SyntaxError)) throw thrown;
    return null;
  }
}

export function readSession(text: string): OpenSession | null {
  return orNull(() => {
    const names = ['vid', 'lk', 'start', 'deadline', 'lastSeen', 'minutes', 'signingUntil'];
    const fields = readRecord(JSON.parse(text) as unknown, names);
    const until = fields.get('signingUntil');
    return {
      vid: readText(fields.get('vid'), 'vid', 1, 64),
      listKey: readKey(fields.get('lk'), 'lk'),
      start: readTime(fields.get('start')),
      deadline: readTime(fields.get('deadline')),
      lastSeen: readTime(fields.get('lastSeen')),
      minutes: readMinutes(fields.get('minutes')),
      signingUntil: until === null ? null : readTime(until),
    };
  });
}

export function writeSession({ listKey, ...session }: OpenSession): string {
  return JSON.stringify({ ...session, lk: toBase64(listKey) });
}

export function readHeldKey(text: string): HeldKey | null {
  return orNull(() => {
    const fields = readRecord(JSON.parse(text) as unknown, ['sk', 'deadline']);
    return { signingKey: readKey(fields.get('sk'), 'sk'), deadline: readTime(fields.get('deadline')) };
  });
}

export function writeHeldKey({ signingKey, deadline }: HeldKey): string {
  return JSON.stringify({ sk: toBase64(signingKey), deadline });
}

/** A time so many minutes from now, but never past the longest that a session lasts. */
export function deadlineAfter(now: number, start: number, minutes: number): number {
  return Math.min(now + minutes * MINUTE_MS, start + LONGEST_MS);
}

/** Past its time, or met by a clock that was set back. */
export function isOver({ start, deadline, lastSeen }: OpenSession, now: number): boolean {
  return now >= deadline || now >= start + LONGEST_MS || now < lastSeen;
}

/** Minutes that signing is still held open, begun ones too; null where it is not. */
export function signingMinutes({ signingUntil }: OpenSession, now: number): number | null {
  return signingUntil === null ? null : Math.max(1, Math.ceil((signingUntil - now) / MINUTE_MS));
}

export function isSigningOver({ signingUntil }: OpenSession, now: number): boolean {
  return signingUntil !== null && now >= signingUntil;
}
