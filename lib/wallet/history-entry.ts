/** Entries of the history: what is written of a request that ended and of an act of ours, and what is read of them. */
import { isErrorCode } from '../errors.ts';
import type { WaitingCall } from '../protocol/calls.ts';
import { nameOfEntry, type HistoryEntry } from '../vault/history-page.ts';
import {
  OWN_ACTS,
  PAGE_ACTS,
  RELEASES,
  SITE_ACTS,
  type HistoryRow,
  type OwnAct,
  type PageAct,
  type Release,
  type SiteAct,
  type SiteUse,
} from './history-api.ts';
import type { PendingRequest } from './stored-requests.ts';
import { invoiceDocuments } from './tax-invoices.ts';

/** How a request of a page ended. */
export interface RequestEnd {
  /** `done`, or the code of why it was not. */
  readonly result: HistoryRow['result'];
  /** Record id of the certificate that was used. */
  readonly item: string | null;
  /** The identity value went along. */
  readonly identity: boolean;
}

const PURPOSES = {
  signIn: 'sign-in',
  sign: 'sign',
  issue: 'issue',
  renew: 'renew',
  revoke: 'revoke',
  signTaxInvoices: 'tax-invoices',
} as const satisfies Record<WaitingCall['action'], PageAct>;
const RELEASED = { export: ['private-key'], backup: ['private-key'] } as const satisfies Partial<Record<OwnAct, readonly Release[]>>;

async function documentsOf(call: WaitingCall): Promise<HistoryEntry['documents']> {
  if (call.action === 'signTaxInvoices') return invoiceDocuments(call.payload);
  return call.action === 'sign' ? call.payload.documents.map(({ title, size, digest }) => ({ title, size, digest })) : [];
}

export async function requestEntry({ asker, call }: PendingRequest, { result, item, identity }: RequestEnd, at: number): Promise<HistoryEntry> {
  const released: readonly Release[] = result === 'done' ? ['certificate', ...(identity ? (['random'] as const) : [])] : [];
  return { at, origin: asker.origin, purpose: PURPOSES[call.action], item, documents: await documentsOf(call), released, result };
}

/** One entry for each certificate; one without any where the act was none's. */
export function ownEntries(act: OwnAct, items: readonly string[], at: number, result: HistoryRow['result']): readonly HistoryEntry[] {
  const released = act in RELEASED ? RELEASED[act as keyof typeof RELEASED] : [];
  const entry = { at, origin: '', purpose: act, documents: [], released, result };
  return items.length === 0 ? [{ ...entry, item: null }] : items.map((item) => ({ ...entry, item }));
}

/** What the owner decided of a site, which its note in the settings follows. */
export function siteEntry(act: SiteAct, origin: string, at: number): HistoryEntry {
  return { at, origin, purpose: act, item: null, documents: [], released: [], result: 'done' };
}

function wordOf<Word extends string>(words: readonly Word[], text: string): Word | null {
  return words.find((word) => word === text) ?? null;
}

export function rowOfEntry(entry: HistoryEntry): HistoryRow {
  const { at, origin, purpose, item, documents, released, result } = entry;
  return {
    key: nameOfEntry(entry),
    at,
    origin: origin === '' ? null : origin,
    act: wordOf([...OWN_ACTS, ...PAGE_ACTS, ...SITE_ACTS], purpose) ?? 'other',
    certificate: item,
    documents,
    released: released.flatMap((word) => wordOf(RELEASES, word) ?? []),
    result: result === 'done' || isErrorCode(result) ? result : 'internal',
  };
}

/** The places where one certificate was used with success, the last first. */
export function usesOf(entries: readonly HistoryEntry[], certificate: string): readonly SiteUse[] {
  const uses = new Map<string, SiteUse>();
  for (const { origin, item, at, result } of entries) {
    if (origin === '' || item !== certificate || result !== 'done') continue;
    const before = uses.get(origin);
    uses.set(origin, { origin, last: Math.max(at, before?.last ?? 0), count: (before?.count ?? 0) + 1 });
  }
  return [...uses.values()].sort((a, b) => b.last - a.last);
}
