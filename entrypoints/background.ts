import { defineBackground } from 'wxt/utils/define-background';
import { listen } from '../lib/messaging/listen.ts';
import { askers } from '../lib/platform/askers.ts';
import { onAlarm, onScreenLocked, onTabChanged, onWindowClosed, wakeWithBrowser } from '../lib/platform/events.ts';
import { closeStorageToPages, sessionStore } from '../lib/platform/session-store.ts';
import { clock, ownVersion, random, withLock } from '../lib/platform/system.ts';
import { localArea } from '../lib/platform/local-area.ts';
import { mirrorStore } from '../lib/platform/mirror-store.ts';
import { blockDatabase } from '../lib/platform/block-store.ts';
import { encodeKorean } from '../lib/platform/korean-encoder.ts';
import { noticeDatabase } from '../lib/platform/notice-store.ts';
import { notifications, onNoticeClicked } from '../lib/platform/notifications.ts';
import { revocationDatabase } from '../lib/platform/revocation-store.ts';
import { schedule } from '../lib/platform/schedule.ts';
import { onAccessChanged, registerAdded } from '../lib/platform/site-access.ts';
import { snapshotDatabase } from '../lib/platform/snapshot-database.ts';
import { toolbar } from '../lib/platform/toolbar.ts';
import { indexedDbStore } from '../lib/platform/vault-store.ts';
import { openManager, windows } from '../lib/platform/windows.ts';
import { twoCopies } from '../lib/vault/copies.ts';
import { endedRequests, lock, LOCK_ALARM, pageHandlers, walletHandlers, watchDeadline } from '../lib/wallet/background.ts';
import { BlockedSites } from '../lib/wallet/blocked-sites.ts';
import { HistoryLog } from '../lib/wallet/history-log.ts';
import { pathOfNotice } from '../lib/wallet/notice-link.ts';
import { NOTICE_ALARM, Notices, RUNS_ALARM } from '../lib/wallet/notices.ts';
import { PageRequests, requestOfAlarm } from '../lib/wallet/page-requests.ts';
import { PendingHistory } from '../lib/wallet/pending-history.ts';
import { Requests } from '../lib/wallet/requests.ts';
import { ROWS_KEY, Sessions } from '../lib/wallet/session.ts';
import { Snapshots } from '../lib/wallet/snapshots.ts';
import { TurnedOff } from '../lib/wallet/turned-off.ts';
import { WaitingDocuments } from '../lib/wallet/waiting-documents.ts';

export default defineBackground(() => {
  const requests = new Requests(sessionStore, withLock, clock);
  const store = twoCopies(indexedDbStore(), mirrorStore(localArea));
  const sessions = new Sessions(sessionStore, withLock, clock);
  const pending = new PendingHistory(sessionStore, withLock);
  const blocked = new BlockedSites(blockDatabase(), withLock, random);
  const turnedOff = new TurnedOff(sessionStore, withLock);
  const history = new HistoryLog({ store, sessions, pending, blocked, withLock, clock, random, app: ownVersion() });
  const documents = new WaitingDocuments(new Snapshots(snapshotDatabase(), random), encodeKorean);
  const ended = endedRequests(history, clock);
  const pageRequests = new PageRequests({
    requests,
    askers,
    windows,
    schedule,
    clock,
    uuid: () => crypto.randomUUID(),
    isBlocked: async (origin) => (await Promise.all([blocked.has(origin), turnedOff.has(origin)])).includes(true),
    documents,
    ended,
  });
  const [noticeStore, revocationNotes] = [noticeDatabase(), revocationDatabase()];
  const notices = new Notices({ store, sessions, clock, withLock, schedule, noticeStore, revocationNotes, notifications, toolbar });
  const ports = { store, sessions, clock, random, schedule, pageRequests, notices, history, documents };

  listen({ page: pageHandlers(ports), wallet: walletHandlers(ports) }, import.meta.env.MODE !== 'production');
  onWindowClosed((windowId) => void pageRequests.windowClosed(windowId));
  onTabChanged((tabId) => void pageRequests.tabChanged(tabId));
  onScreenLocked(() => void lock(ports));
  onAlarm((name) => {
    if (name === LOCK_ALARM) void watchDeadline(ports);
    else if (name === NOTICE_ALARM || name === RUNS_ALARM) void notices.check();
    else if (requestOfAlarm(name) !== null) void pageRequests.expire();
  });
  onNoticeClicked((name) => {
    const path = pathOfNotice(name);
    if (path !== null) void openManager(path);
  });
  sessionStore.onChange((keys) => {
    if (keys.includes(ROWS_KEY)) void notices.check();
  });
  onAccessChanged(() => void registerAdded());
  // What is registered outlives the browser, but not an update.
  wakeWithBrowser(() => {
    void registerAdded();
    void pageRequests.sweep();
  });
  void closeStorageToPages();
  void pageRequests.resume();
  void history.flush();
  void notices.check();
});
