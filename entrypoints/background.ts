import { defineBackground } from 'wxt/utils/define-background';
import { listen } from '../lib/messaging/listen.ts';
import { askers } from '../lib/platform/askers.ts';
import { onAlarm, onScreenLocked, onTabChanged, onWindowClosed } from '../lib/platform/events.ts';
import { closeStorageToPages, sessionStore } from '../lib/platform/session-store.ts';
import { clock, schedule, withLock } from '../lib/platform/system.ts';
import { localArea } from '../lib/platform/local-area.ts';
import { mirrorStore } from '../lib/platform/mirror-store.ts';
import { indexedDbStore } from '../lib/platform/vault-store.ts';
import { windows } from '../lib/platform/windows.ts';
import { twoCopies } from '../lib/vault/copies.ts';
import { lock, LOCK_ALARM, pageHandlers, walletHandlers, watchDeadline } from '../lib/wallet/background.ts';
import { PageRequests, requestOfAlarm } from '../lib/wallet/page-requests.ts';
import { Requests } from '../lib/wallet/requests.ts';
import { Sessions } from '../lib/wallet/session.ts';

export default defineBackground(() => {
  const requests = new Requests(sessionStore, withLock, clock);
  const pageRequests = new PageRequests({ requests, askers, windows, schedule, clock, uuid: () => crypto.randomUUID() });
  const ports = {
    store: twoCopies(indexedDbStore(), mirrorStore(localArea)),
    sessions: new Sessions(sessionStore, withLock, clock),
    clock,
    schedule,
    pageRequests,
  };

  listen({ page: pageHandlers(ports), wallet: walletHandlers(ports) }, import.meta.env.MODE !== 'production');
  onWindowClosed((windowId) => void pageRequests.windowClosed(windowId));
  onTabChanged((tabId) => void pageRequests.tabChanged(tabId));
  onScreenLocked(() => void lock(ports));
  onAlarm((name) => {
    if (name === LOCK_ALARM) void watchDeadline(ports);
    else if (requestOfAlarm(name) !== null) void pageRequests.expire();
  });
  void closeStorageToPages();
  void pageRequests.resume();
});
