/** What may become of a certificate: held, released, revoked (KCAC.TS.CERTPROF knows the same states). */
import { REVOCATION_REASONS } from '../../lib/cmp/revocation.ts';
import { DAY } from '../issue.ts';
import type { Registered } from './certificates.ts';
import type { CaContext } from './context.ts';
import { inTransaction } from './database.ts';

const KNOWN: ReadonlySet<number> = new Set(Object.values(REVOCATION_REASONS));

export type Change = 'done' | 'already' | 'refused';

function revoke({ certificates, journal, clock }: CaContext, { serial, state }: Registered, reason: number): Change {
  if (state === 'revoked') return 'already';
  certificates.change(serial, 'revoked', reason, clock());
  journal.write(clock(), 'revoked', `${serial} reason ${String(reason)}`);
  return 'done';
}

function hold({ certificates, journal, clock }: CaContext, { serial, state }: Registered): Change {
  if (state === 'held') return 'already';
  if (state !== 'active') return 'refused';
  certificates.change(serial, 'held', REVOCATION_REASONS.hold, clock());
  journal.write(clock(), 'held', serial);
  return 'done';
}

function release({ certificates, journal, clock }: CaContext, { serial, state }: Registered): Change {
  if (state === 'active') return 'already';
  if (state !== 'held') return 'refused';
  certificates.change(serial, 'active', null, clock());
  journal.write(clock(), 'released', serial);
  return 'done';
}

/** Puts one certificate into the state that the reason asks for: 6 holds it, 8 releases it, the others revoke it for ever. */
function changeState(ca: CaContext, registered: Registered, reason: number): Change {
  if (!KNOWN.has(reason) || registered.state === 'pending') return 'refused';
  if (reason === REVOCATION_REASONS.hold) return hold(ca, registered);
  return reason === REVOCATION_REASONS.release ? release(ca, registered) : revoke(ca, registered, reason);
}

/** Changes them all, within a transaction of the caller, who undoes it where the answer is `refused`. */
export function changeAll(ca: CaContext, all: readonly Registered[], reason: number): Change {
  const changes = all.map((one) => changeState(ca, one, reason));
  if (changes.length === 0 || changes.includes('refused')) return 'refused';
  return changes.every((change) => change === 'already') ? 'already' : 'done';
}

class Undo extends Error {}

/** Changes them all, or none where one of them cannot be changed. */
export function changeStates(ca: CaContext, all: readonly Registered[], reason: number): Change {
  try {
    return inTransaction(ca.database, () => {
      const change = changeAll(ca, all, reason);
      if (change === 'refused') throw new Undo();
      return change;
    });
  } catch (thrown) {
    if (thrown instanceof Undo) return 'refused';
    throw thrown;
  }
}

/** 효력정지 does not last for ever: what was held too long is revoked. */
export function revokeLongHeld(ca: CaContext): void {
  const { certificates, settings, clock } = ca;
  const since = clock() - settings.holdDays * DAY;
  const long = certificates.notGood().filter(({ reason, changed }) => reason === REVOCATION_REASONS.hold && changed <= since);
  const found = long.flatMap(({ serial }) => certificates.find(serial) ?? []);
  if (found.length > 0) changeStates(ca, found, REVOCATION_REASONS.cessationOfOperation);
}
