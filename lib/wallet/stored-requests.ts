/** What the session store keeps of requests: their shapes, and one strict reader for each. */
import { WalletError } from '../errors.ts';
import { LIMITS } from '../protocol/limits.ts';
import { malformed, readRecord, readText, readUuid } from '../protocol/read.ts';
import { readWaitingCall, type WaitingCall } from '../protocol/calls.ts';
import type { Asker, Delivery } from './ports.ts';

export interface PendingRequest {
  /** Unguessable name of the request inside the extension. */
  readonly id: string;
  /** The page library's own id. */
  readonly pageId: string;
  readonly call: WaitingCall;
  readonly asker: Asker;
  readonly requestedAt: number;
  readonly expiresAt: number;
  readonly windowId: number | null;
}

/** A last answer on its way: kept until it was handed over, so that a background that stops in between answers when it wakes. */
export interface Answering {
  readonly asker: Asker;
  readonly delivery: Delivery;
  readonly windowId: number | null;
}

function readNumber(value: unknown, name: string): number {
  if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < -1) throw malformed(name);
  return value;
}

function readAsker(value: unknown): Asker {
  const fields = readRecord(value, ['origin', 'tabId', 'documentId']);
  return {
    origin: readText(fields.get('origin'), 'origin', 1, 512),
    tabId: readNumber(fields.get('tabId'), 'tabId'),
    documentId: readText(fields.get('documentId'), 'documentId', 1, 128),
  };
}

export function readPending(value: unknown): PendingRequest {
  const fields = readRecord(value, ['id', 'pageId', 'call', 'asker', 'requestedAt', 'expiresAt', 'windowId']);
  const inner = readRecord(fields.get('call'), ['action', 'payload']);
  const call = readWaitingCall(inner.get('action'), inner.get('payload'));
  const windowId = fields.get('windowId');
  return {
    id: readUuid(fields.get('id')),
    pageId: readUuid(fields.get('pageId')),
    call,
    asker: readAsker(fields.get('asker')),
    requestedAt: readNumber(fields.get('requestedAt'), 'requestedAt'),
    expiresAt: readNumber(fields.get('expiresAt'), 'expiresAt'),
    windowId: windowId === null ? null : readNumber(windowId, 'windowId'),
  };
}

/** Every entry of a stored list that reads. The store is ours alone; one entry of another version must not hold up the rest. */
export function readEach<Entry>(text: string | undefined, read: (value: unknown) => Entry): Entry[] {
  const found: Entry[] = [];
  for (const entry of parseList(text)) {
    try {
      found.push(read(entry));
    } catch (thrown) {
      if (!(thrown instanceof WalletError)) throw thrown;
    }
  }
  return found;
}

function parseList(text: string | undefined): readonly unknown[] {
  if (text === undefined) return [];
  try {
    const list: unknown = JSON.parse(text);
    return Array.isArray(list) ? list : [];
  } catch {
    return [];
  }
}

/** A request that ended without a signature, either way at the cost of a window in front of the person. */
export interface Refusal {
  readonly origin: string;
  readonly at: number;
  readonly by: 'person' | 'page';
}

function readRefusal(value: unknown): Refusal {
  const fields = readRecord(value, ['origin', 'at', 'by']);
  const by = fields.get('by');
  if (by !== 'person' && by !== 'page') throw malformed('by');
  return { origin: readText(fields.get('origin'), 'origin', 1, 512), at: readNumber(fields.get('at'), 'at'), by };
}

/** Refusals that can still matter, oldest first: a mute lasts a minute from the last of too many within a minute. */
export function readRefusals(text: string | undefined, now: number): Refusal[] {
  return readEach(text, readRefusal).filter(({ at }) => at <= now && at > now - 2 * LIMITS.muteMs);
}

function tooMany(times: readonly number[], allowed: number, now: number): boolean {
  return times.some((at, nth) => {
    const first = times[nth - allowed + 1];
    return first !== undefined && at - first < LIMITS.muteMs && now - at < LIMITS.muteMs;
  });
}

export function isMute(refusals: readonly Refusal[], origin: string, now: number): boolean {
  const times = (by: Refusal['by']): number[] => refusals.filter((one) => one.origin === origin && one.by === by).map(({ at }) => at);
  return tooMany(times('person'), LIMITS.refusals, now) || tooMany(times('page'), LIMITS.withdrawals, now);
}

/** Only the background writes this list, and a page gets nothing of it but the result it was made for. */
export function readAnswering(value: unknown): Answering {
  const fields = readRecord(value, ['asker', 'delivery', 'windowId']);
  const delivery = readRecord(fields.get('delivery'), ['id'], ['result', 'error']);
  const windowId = fields.get('windowId');
  return {
    asker: readAsker(fields.get('asker')),
    delivery: { ...Object.fromEntries(delivery), id: readUuid(delivery.get('id')) },
    windowId: windowId === null ? null : readNumber(windowId, 'windowId'),
  };
}
