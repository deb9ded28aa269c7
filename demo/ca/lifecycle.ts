/** What may become of a certificate: held, released, revoked (KCAC.TS.CERTPROF knows the same states). */
import { inTransaction } from './database.ts';
import type { Registered } from './certificates.ts';
import type { CaContext } from './context.ts';

/** Reasons of RFC 5280 5.3.1 that a holder or the office may give. */
export const REASONS = {
  keyCompromise: 1,
  affiliationChanged: 3,
  superseded: 4,
  cessationOfOperation: 5,
  certificateHold: 6,
  removeFromCrl: 8,
} as const;

const KNOWN: ReadonlySet<number> = new Set(Object.values(REASONS));

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
  certificates.change(serial, 'held', REASONS.certificateHold, clock());
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
  if (!KNOWN.has(reason)) return 'refused';
  if (reason === REASONS.certificateHold) return hold(ca, registered);
  return reason === REASONS.removeFromCrl ? release(ca, registered) : revoke(ca, registered, reason);
}

/** Changes them all, or none where one of them cannot be changed. */
export function changeStates(ca: CaContext, all: readonly Registered[], reason: number): Change {
  try {
    return inTransaction(ca.database, () => {
      const changes = all.map((one) => changeState(ca, one, reason));
      if (changes.length === 0 || changes.includes('refused')) throw new Refusal();
      return changes.every((change) => change === 'already') ? 'already' : 'done';
    });
  } catch (thrown) {
    if (thrown instanceof Refusal) return 'refused';
    throw thrown;
  }
}

class Refusal extends Error {}
