/** The approval window's parts wired to this browser. */
import { errorCode } from '../errors.ts';
import { call } from '../messaging/call.ts';
import { languages } from '../platform/locale.ts';
import { snapshotDatabase } from '../platform/snapshot-database.ts';
import { sessionStore } from '../platform/session-store.ts';
import { siteOf } from '../platform/sites.ts';
import { browserPasskeys, passkeySupport } from '../platform/passkeys.ts';
import { blockDatabase } from '../platform/block-store.ts';
import { clock, random, withLock } from '../platform/system.ts';
import { Approval } from '../wallet/approval.ts';
import { BlockedSites } from '../wallet/blocked-sites.ts';
import { Door } from '../wallet/door.ts';
import { PendingHistory } from '../wallet/pending-history.ts';
import { Requests } from '../wallet/requests.ts';
import { Snapshots } from '../wallet/snapshots.ts';
import { composeParts } from './wallet.ts';

export function composeApproval(requestId: string): Approval {
  const parts = composeParts();
  const door = new Door(parts);
  return new Approval(
    {
      door,
      acts: async (asked) => (await import('./acts.ts')).composeActs(parts, door, asked),
      requests: new Requests(sessionStore, withLock, clock),
      clock,
      random,
      throttle: parts.throttle,
      sessions: parts.sessions,
      snapshots: new Snapshots(snapshotDatabase(), random),
      blocked: new BlockedSites(blockDatabase(), withLock, random),
      async note(entries) {
        await new PendingHistory(sessionStore, withLock).put(entries);
        await call('wallet.write-history').catch(() => undefined);
      },
      passkeys: () => browserPasskeys(),
      passkeySupport: () => passkeySupport(),
      async site(origin) {
        const site = siteOf(origin);
        if (site) return { siteName: languages.uiLanguage().startsWith('ko') ? site.ko : site.en, siteClass: 'listed', resembles: null };
        const { resembledSite } = await import('../platform/resembled-site.ts');
        const resembles = resembledSite(origin);
        if (resembles !== null) return { siteName: null, siteClass: 'lookalike', resembles };
        return { siteName: null, resembles, siteClass: origin.startsWith('http://') ? 'local' : 'first' };
      },
      receiver: async (wish, now) => (await import('../wallet/receiver.ts')).receiverOf(wish, now),
      background: {
        async approve(order) {
          try {
            await call('wallet.approve', order);
          } catch (thrown) {
            // A background that stopped in the middle hands over its answer as soon as something wakes it.
            if (errorCode(thrown) === 'internal') call('wallet.wake').catch(() => undefined);
            throw thrown;
          }
        },
        async reject(request) {
          await call('wallet.reject', { request });
        },
        extend: async (request) => Number(await call('wallet.extend', { request })),
      },
      onChange: parts.onChange,
    },
    requestId,
  );
}
