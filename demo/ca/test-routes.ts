/** What tests see and set: faults to come, and the tables without their secrets. */
import { WalletError } from '../../lib/errors.ts';
import { jsonAnswer, type Answer } from '../answer.ts';
import type { CaContext } from './context.ts';

const NEWEST = 100;

function isTextList(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((one) => typeof one === 'string');
}

/** `{ faults: ['slow:500', 'nonce-wrong'] }`, in the place of those that still wait. @throws `request.malformed` */
export function setFaults({ faults }: CaContext, body: unknown): Answer {
  const wanted: unknown = typeof body === 'object' && body !== null && 'faults' in body ? body.faults : undefined;
  if (!isTextList(wanted) || !faults.set(wanted)) throw new WalletError('request.malformed', { detail: 'faults' });
  return jsonAnswer({ waiting: faults.waiting });
}

export function stateOf({ database, faults, journal }: CaContext): object {
  return {
    faults: faults.waiting,
    certificates: database.prepare('SELECT serial, kind, holder, state, reason, not_after FROM certificates ORDER BY serial').all(),
    registrations: database.prepare('SELECT reference, act, holder, state, old_serials FROM registrations ORDER BY id').all(),
    transactions: database.prepare('SELECT id, kind, state, requests, old_serials, waits, confirm_until FROM transactions').all(),
    journal: journal.newest(NEWEST),
  };
}
