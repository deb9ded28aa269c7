/**
 * How many tries to open the wallet were started without success, and how long the next one waits: a plain record `T`.
 * It is neither secret nor authenticated. It slows a person at the keyboard; what protects copies is the KDF.
 */
import { damaged } from './fault.ts';
import { checkKeys, readInteger } from './fields.ts';
import { TIME_MAX, VERSION } from './limits.ts';
import { readRecord, writePrefix, writeRecord } from './record.ts';

export interface Tries {
  /** Tries started since the last success. */
  readonly fails: number;
  /** No try before this time, milliseconds since 1970. */
  readonly until: number;
  /** When the last try was started, milliseconds since 1970. */
  readonly last: number;
}

export const NO_TRIES: Tries = { fails: 0, until: 0, last: 0 };

const FAILS_MAX = 1_000_000;
const FREE = 4;
const FIRST_WAIT_MS = 30_000;
const LONGEST_WAIT_MS = 15 * 60_000;
/** From here on the wait is the longest. */
const DOUBLINGS = 5;

/** The wait (ms) after so many tries: none after four, then 30 s, doubled each time up to 15 minutes. */
function waitAfter(fails: number): number {
  if (fails <= FREE) return 0;
  return Math.min(FIRST_WAIT_MS * 2 ** Math.min(fails - FREE - 1, DOUBLINGS), LONGEST_WAIT_MS);
}

/**
 * The tries as they are to be taken at this time. A clock that was set back since the last one starts the wait anew from
 * now, and never makes it shorter; no clock and no planted record makes it longer than 15 minutes.
 */
export function triesAt({ fails, until, last }: Tries, now: number): Tries {
  const wait = Math.max(0, Math.min(Math.min(until, last + LONGEST_WAIT_MS) - now, LONGEST_WAIT_MS));
  return { fails, until: now + wait, last: Math.min(last, now) };
}

/** The tries after one more was started. */
export function tryStarted({ fails }: Tries, now: number): Tries {
  const next = Math.min(fails + 1, FAILS_MAX);
  return { fails: next, until: now + waitAfter(next), last: now };
}

/** @throws `vault.damaged`, `vault.newer-version` */
export async function readTries(text: unknown): Promise<Tries> {
  const { fields, body } = await readRecord(text, 'T');
  checkKeys(fields, ['v', 'fails', 'until', 'last']);
  if (body.length !== 0) throw damaged('throttle body');
  return {
    fails: readInteger(fields, 'fails', 0, FAILS_MAX),
    until: readInteger(fields, 'until', 0, TIME_MAX),
    last: readInteger(fields, 'last', 0, TIME_MAX),
  };
}

export function writeTries({ fails, until, last }: Tries): Promise<string> {
  const fields = new Map([
    ['v', VERSION],
    ['fails', fails],
    ['until', until],
    ['last', last],
  ]);
  return writeRecord(writePrefix('T', fields), new Uint8Array(0));
}
