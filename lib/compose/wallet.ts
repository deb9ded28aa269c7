/** The parts of the wallet wired to this browser, for the pages that ask for the secret. */
import { call } from '../messaging/call.ts';
import { startFilesWorker } from '../platform/files-worker.ts';
import { startKdf, type Kdf } from '../platform/kdf.ts';
import { onWalletChange } from '../platform/page-events.ts';
import { noticeDatabase } from '../platform/notice-store.ts';
import { browserPasskeys, passkeySupport } from '../platform/passkeys.ts';
import { sessionStore } from '../platform/session-store.ts';
import { after, browserName, clock, ownVersion, pause, pauseBeforeRetry, random, withLock } from '../platform/system.ts';
import { localArea } from '../platform/local-area.ts';
import { mirrorStore } from '../platform/mirror-store.ts';
import { siteAccess } from '../platform/site-access.ts';
import { syncArea } from '../platform/sync-area.ts';
import { blockDatabase } from '../platform/block-store.ts';
import { throttleDatabase, throttleMirror } from '../platform/throttle-store.ts';
import { revocationDatabase } from '../platform/revocation-store.ts';
import { indexedDbStore } from '../platform/vault-store.ts';
import { showWindow } from '../platform/windows.ts';
import { startWorker } from '../platform/workers.ts';
import { twoCopies } from '../vault/copies.ts';
import { Throttle } from '../vault/throttle.ts';
import { BlockedSites } from '../wallet/blocked-sites.ts';
import type { DoorPorts } from '../wallet/door.ts';
import { readNoticeSettings } from '../wallet/notice-memory.ts';
import { PENDING_KEY, PendingHistory } from '../wallet/pending-history.ts';
import { Requests, REQUESTS_KEY } from '../wallet/requests.ts';
import { SESSION_KEYS, Sessions } from '../wallet/session.ts';
import { followRuns } from '../wallet/run-follower.ts';
import { followChanges } from '../wallet/sync-follower.ts';
import { TurnedOff } from '../wallet/turned-off.ts';
import { Wallet } from '../wallet/wallet.ts';
import { composeAuthorities } from './authorities.ts';

export interface Parts extends DoorPorts {
  readonly onChange: (listener: () => void) => () => void;
}

function kdf(): Kdf {
  return startKdf(() => startWorker('/kdf-worker.js'), withLock);
}

/** Parts for a page; its KDF worker starts now, so that pressing Enter costs the derivation alone. */
export function composeParts(): Parts {
  const derivation = kdf();
  derivation.warm();
  return {
    store: twoCopies(indexedDbStore(), mirrorStore(localArea), pauseBeforeRetry),
    throttle: new Throttle({ places: [throttleDatabase(), throttleMirror(localArea)], clock, withLock }),
    withLock,
    clock,
    app: ownVersion(),
    sessions: new Sessions(sessionStore, withLock, clock),
    kdf: derivation.derive,
    revocationNotes: revocationDatabase(),
    async announceOpened() {
      await call('wallet.opened');
    },
    onChange: (listener) => onWalletChange([...SESSION_KEYS, REQUESTS_KEY, PENDING_KEY], listener),
  };
}

export function composeWallet(): Wallet {
  const parts = composeParts();
  const wallet = new Wallet({
    ...parts,
    syncArea,
    authorities: composeAuthorities(),
    random,
    pending: new PendingHistory(sessionStore, withLock),
    blocked: new BlockedSites(blockDatabase(), withLock, random),
    siteAccess: siteAccess(import.meta.env.MODE !== 'production'),
    turnedOff: new TurnedOff(sessionStore, withLock),
    noticeStore: noticeDatabase(),
    requests: new Requests(sessionStore, withLock, clock),
    showWindow,
    async writeHistory() {
      await call('wallet.write-history');
    },
    pause,
    browser: browserName(),
    notices: {
      settings: async () => readNoticeSettings(await call('wallet.notices')),
      async change(settings) {
        await call('wallet.set-notices', settings);
      },
      tryOne: async () => (await call('wallet.try-notice')) === true,
    },
    passkeys: () => browserPasskeys(),
    passkeySupport: () => passkeySupport(),
    startFilesWorker: () => startFilesWorker(() => startWorker('/import-worker.js'), navigator.hardwareConcurrency),
    async lock() {
      await call('wallet.lock');
    },
  });
  followChanges({ syncs: wallet.sync, onChange: parts.onChange, after });
  followRuns({ lifecycle: wallet.lifecycle, onChange: parts.onChange, after, clock });
  return wallet;
}
