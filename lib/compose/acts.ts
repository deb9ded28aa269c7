/** What the approval window adds where a page wants a certificate issued, renewed or revoked. */
import { call } from '../messaging/call.ts';
import { browserPasskeys, passkeySupport } from '../platform/passkeys.ts';
import { sessionStore } from '../platform/session-store.ts';
import { random, withLock } from '../platform/system.ts';
import type { ActsApi } from '../wallet/acts-api.ts';
import { ApprovedActs } from '../wallet/approved-acts.ts';
import type { Door } from '../wallet/door.ts';
import { Lifecycle } from '../wallet/lifecycle/lifecycle.ts';
import { noteActs } from '../wallet/own-history.ts';
import { PendingHistory } from '../wallet/pending-history.ts';
import { Revocations } from '../wallet/revocation.ts';
import type { PendingRequest } from '../wallet/stored-requests.ts';
import { composeAuthorities } from './authorities.ts';
import type { Parts } from './wallet.ts';

export function composeActs(wiring: Parts, door: Door, asked: () => Promise<PendingRequest>): ActsApi {
  const authorities = composeAuthorities();
  const writeHistory = async (): Promise<void> => {
    await call('wallet.write-history');
  };
  const note = noteActs({ pending: new PendingHistory(sessionStore, withLock), clock: wiring.clock, writeHistory });
  const touch = { random, passkeys: () => browserPasskeys(), passkeySupport: () => passkeySupport() };
  const parts = { ...wiring, ...authorities, ...touch, door, note };
  const revocations = new Revocations(parts);
  const lifecycle = new Lifecycle({
    ...parts,
    noteState: (id, state) => revocations.noteState(id, state),
    stateOf: (id) => revocations.stateOf(id),
  });
  return new ApprovedActs({
    ...parts,
    lifecycle,
    asked,
    async tell(content) {
      await call('wallet.tell', content);
    },
  });
}
