/** What the background serves: verbs of content scripts and of our own windows, over the use cases. */
import { fromBase64 } from '../bytes/base64.ts';
import { wipe, type Bytes } from '../bytes/bytes.ts';
import { isErrorCode, WalletError, type ErrorCode } from '../errors.ts';
import { readLifecycleResult } from '../protocol/lifecycle.ts';
import { malformed, readRecord, readText, readUuid } from '../protocol/read.ts';
import { requestEntry } from './history-entry.ts';
import type { HistoryLog } from './history-log.ts';
import { identityWish } from './identity-wish.ts';
import { readNoticeSettings } from './notice-memory.ts';
import type { Notices } from './notices.ts';
import { useOf } from './offers.ts';
import type { PageRequestPorts, PageRequests } from './page-requests.ts';
import type { Asker, Clock, Random, SchedulePort } from './ports.ts';
import { MINUTE_MS, signingMinutes } from './session-text.ts';
import { openSigner, type SignerPorts } from './signer.ts';
import { isSigning, signFor } from './signing-acts.ts';
import type { PendingRequest } from './stored-requests.ts';
import type { WaitingDocuments } from './waiting-documents.ts';

type Handler<Arguments extends unknown[]> = (...given: Arguments) => Promise<unknown>;
export type PageHandlers = Readonly<Record<'page.wake' | 'page.open' | 'page.cancel', Handler<[Asker, unknown]>>>;
type WalletVerb =
  | 'wallet.wake'
  | 'wallet.opened'
  | 'wallet.lock'
  | 'wallet.reject'
  | 'wallet.extend'
  | 'wallet.approve'
  | 'wallet.tell'
  | 'wallet.notices'
  | 'wallet.set-notices'
  | 'wallet.try-notice'
  | 'wallet.write-history';
export type WalletHandlers = Readonly<Record<WalletVerb, Handler<[unknown]>>>;

export const LOCK_ALARM = 'lock';
const RECORD_KEY_SIZE = 32;

export interface BackgroundPorts extends SignerPorts {
  readonly pageRequests: PageRequests;
  readonly schedule: SchedulePort;
  readonly random: Random;
  readonly notices: Notices;
  readonly history: HistoryLog;
  readonly documents: WaitingDocuments;
}

/** Ends the open session and everything that waits for the person. */
export async function lock({ sessions, pageRequests, schedule, notices }: BackgroundPorts): Promise<void> {
  await sessions.close();
  await schedule.clear(LOCK_ALARM);
  await pageRequests.endAll();
  await notices.showBadge();
}

/**
 * Looks whether the session, or signing that is held open, is past its time, which ends it; an alarm may come late or early.
 * While signing is held open it looks every minute, since the toolbar shows what is left. A request that waits is ended by
 * its own window, which knows whether the wallet was open before.
 */
export async function watchDeadline({ sessions, schedule, notices, clock }: BackgroundPorts): Promise<void> {
  const session = await sessions.current();
  wipe(session?.listKey);
  if (session) {
    const { deadline, signingUntil } = session;
    const minutes = signingMinutes(session, clock());
    const next = signingUntil === null || minutes === null ? deadline : signingUntil - (minutes - 1) * MINUTE_MS;
    await schedule.at(LOCK_ALARM, Math.min(deadline, next));
  }
  await notices.showBadge();
}

/** For `PageRequests`: writes what became of a request. */
export function endedRequests(history: HistoryLog, clock: Clock): PageRequestPorts['ended'] {
  return (request, end) => void requestEntry(request, end, clock()).then((entry) => history.note([entry]));
}

export function pageHandlers({ pageRequests }: BackgroundPorts): PageHandlers {
  return {
    'page.wake': () => Promise.resolve(null),
    'page.open': (sender, content) => pageRequests.open(sender, content),
    'page.cancel': (sender, content) => pageRequests.cancel(sender, content),
  };
}

function readRequestId(content: unknown): string {
  return readUuid(readRecord(content, ['request']).get('request'));
}

/** What an authority, or the way to it, came to. */
function readActCode(value: unknown): ErrorCode {
  const code = readText(value, 'code', 1, 64);
  if (!isErrorCode(code) || !code.startsWith('ca.')) throw malformed('code');
  return code;
}

function readRecordKey(value: unknown): Bytes {
  const key = fromBase64(readText(value, 'key', 44, 44));
  if (key.length !== RECORD_KEY_SIZE) throw malformed('key');
  return key;
}

/** Signs with one record's key, which the message carried and which is gone afterwards. */
async function approve(ports: BackgroundPorts, content: unknown): Promise<void> {
  const fields = readRecord(content, ['request', 'item', 'key', 'shown', 'identity']);
  const itemId = readText(fields.get('item'), 'item', 1, 64);
  const identity = fields.get('identity');
  if (typeof identity !== 'boolean') throw malformed('identity');
  const approval = { requestId: readUuid(fields.get('request')), shown: readText(fields.get('shown'), 'shown', 44, 44), itemId, identity };
  const recordKey = readRecordKey(fields.get('key'));
  try {
    await ports.pageRequests.approve(approval, async ({ id, asker, call }) => {
      if (!isSigning(call) || (identity && identityWish(call) === null)) throw new WalletError('request.forbidden');
      const signer = await openSigner(ports, { accept: call.payload.accept, use: useOf(call), releasesRandom: identity, itemId, recordKey });
      try {
        return await signFor(ports, { id, asker, call }, signer);
      } finally {
        wipe(signer.random);
      }
    });
  } finally {
    wipe(recordKey);
  }
}

/** What is signed is signed here; no window tells what came of it. */
function requireAct({ call }: PendingRequest): void {
  if (isSigning(call)) throw new WalletError('request.forbidden');
}

/** Tells the page what an act came to that the approval window carried out itself, whole or not. */
async function tell({ pageRequests }: BackgroundPorts, content: unknown): Promise<void> {
  const fields = readRecord(content, ['request', 'shown'], ['item', 'result', 'code']);
  const requestId = readUuid(fields.get('request'));
  const shown = readText(fields.get('shown'), 'shown', 44, 44);
  if (fields.has('code')) {
    const code = readActCode(fields.get('code'));
    return pageRequests.refuse({ requestId, shown }, (request) => {
      requireAct(request);
      return code;
    });
  }
  const result = readLifecycleResult(fields.get('result'));
  const item = fields.get('item');
  const itemId = item === null ? null : readText(item, 'item', 1, 64);
  await pageRequests.approve({ requestId, shown, itemId }, (request) => {
    requireAct(request);
    return Promise.resolve(result);
  });
}

export function walletHandlers(ports: BackgroundPorts): WalletHandlers {
  const { pageRequests, notices, history } = ports;
  return {
    'wallet.wake': () => Promise.resolve(null),
    'wallet.opened': async () => {
      // Nobody who opened the wallet waits for this.
      void history.keep();
      await watchDeadline(ports);
    },
    'wallet.lock': () => lock(ports),
    'wallet.reject': async (content) => pageRequests.reject(readRequestId(content)),
    'wallet.extend': async (content) => pageRequests.extend(readRequestId(content)),
    'wallet.approve': (content) => approve(ports, content),
    'wallet.tell': (content) => tell(ports, content),
    'wallet.notices': () => notices.settings(),
    'wallet.set-notices': async (content) => notices.change(readNoticeSettings(content)),
    'wallet.try-notice': () => notices.tryOne(),
    'wallet.write-history': () => history.flush(),
  };
}
