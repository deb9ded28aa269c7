/** The approval window's side of a request: shows it, takes the secret, hands one record's key to the background. */
import { toBase64 } from '../bytes/base64.ts';
import { wipe, type Bytes } from '../bytes/bytes.ts';
import { WalletError } from '../errors.ts';
import type { IdentityWish } from '../protocol/sign-in.ts';
import type { HistoryEntry } from '../vault/history-page.ts';
import { passwordBytes } from '../vault/password.ts';
import { recordKey } from '../vault/sealed-key.ts';
import type { SiteNote } from '../vault/settings-text.ts';
import type { Secret } from '../vault/unlock.ts';
import type { ActsApi } from './acts-api.ts';
import type { ApprovalApi, ApprovalRequest, InvoiceFacts, Offer, Receiver, ShownDocument, WaitingCall } from './api.ts';
import type { BlockedSites } from './blocked-sites.ts';
import { siteEntry } from './history-entry.ts';
import { identityWish } from './identity-wish.ts';
import type { WalletStatus } from './model.ts';
import { offersFor, useOf, type UseCircumstances } from './offers.ts';
import { requestDigest } from './page-requests.ts';
import type { Requests } from './requests.ts';
import type { Sessions } from './session.ts';
import { isSigning } from './signing-acts.ts';
import { siteNote } from './site-notes.ts';
import { showDocuments } from './show-documents.ts';
import type { Snapshots } from './snapshots.ts';
import type { PendingRequest } from './stored-requests.ts';
import { invoicesOf } from './tax-invoices.ts';
import { canTouch, touchToOpen, type TouchPorts } from './ways-touch.ts';

export interface ApprovalPorts extends TouchPorts {
  readonly requests: Requests;
  readonly sessions: Sessions;
  readonly blocked: BlockedSites;
  readonly snapshots: Snapshots;
  /** Has entries written into the history, now or later. */
  readonly note: (entries: readonly HistoryEntry[]) => Promise<void>;
  readonly acts: (asked: () => Promise<PendingRequest>) => Promise<ActsApi>;
  /** Name and class of the asking site, as far as our own list knows it. */
  readonly site: (origin: string) => Promise<Pick<ApprovalRequest, 'siteName' | 'siteClass' | 'resembles'>>;
  /** What is known of the server that a page names. @throws `request.recipient` */
  readonly receiver: (wish: IdentityWish, now: number) => Promise<Receiver>;
  readonly background: {
    approve(order: { request: string; item: string; key: string; shown: string; identity: boolean }): Promise<void>;
    reject(request: string): Promise<void>;
    extend(request: string): Promise<number>;
  };
  readonly onChange: (listener: () => void) => () => void;
}

export class Approval implements ApprovalApi {
  readonly #ports: ApprovalPorts;
  readonly #requestId: string;
  #signingKey: Bytes | null = null;
  /** What was shown; a request that changed under the window is refused by its digest. */
  #shown: PendingRequest | null = null;
  #named: Promise<Receiver> | null = null;
  /** The wallet was open while the request stood here. */
  #wasOpen = false;
  /** The clock cannot be right, as the last look at the state found. */
  #clock: Pick<UseCircumstances, 'behind' | 'ahead'> = {};

  constructor(ports: ApprovalPorts, requestId: string) {
    this.#ports = ports;
    this.#requestId = requestId;
  }

  get opened(): boolean {
    return this.#signingKey !== null;
  }

  onChange(listener: () => void): () => void {
    return this.#ports.onChange(listener);
  }

  async request(): Promise<ApprovalRequest> {
    const request = await this.#ports.requests.get(this.#requestId);
    this.#shown ??= request;
    const { id, call, asker, requestedAt, expiresAt } = request;
    const site = await this.#ports.site(asker.origin);
    const known = site.siteClass === 'first' && (await this.#note(asker.origin)).used > 0;
    const receiver = await this.#receiver(this.#shown.call);
    return { id, call, receiver, origin: asker.origin, requestedAt, expiresAt, ...site, ...(known ? { siteClass: 'known' } : {}) };
  }

  async invoices(): Promise<readonly InvoiceFacts[]> {
    return invoicesOf((await this.#request()).call);
  }

  async status(): Promise<WalletStatus> {
    const status = await this.#ports.door.status();
    this.#clock = { behind: status.clockBehind !== null, ahead: status.clockAhead ?? 0 };
    if (status.state === 'open') {
      this.#wasOpen = true;
      return status;
    }
    // A lock ends what an entered password opened, in this window too, and what waits for the person.
    this.forget();
    if (!this.#wasOpen) return status;
    await this.cancel();
    throw new WalletError('user.cancelled');
  }

  async documents(): Promise<readonly ShownDocument[]> {
    const { id, call } = await this.#request();
    if (call.action !== 'sign') return [];
    return showDocuments(call.payload, await this.#ports.snapshots.read(id, call.payload.key));
  }

  async offers(): Promise<readonly Offer[]> {
    const { call, asker } = await this.#request();
    if (!isSigning(call)) return [];
    const [rows, { preset, item }] = await Promise.all([this.#ports.door.rows(), this.#note(asker.origin)]);
    return offersFor(rows, call.payload.accept, this.#ports.clock(), {
      preset,
      item,
      ...this.#clock,
      ...useOf(call),
    });
  }

  async open(password: string): Promise<void> {
    await this.#openWith({ kind: 'pw', password: passwordBytes(password) });
  }

  canTouch(): Promise<boolean> {
    return canTouch(this.#ports);
  }

  async openByTouch(): Promise<void> {
    await this.#openWith(await touchToOpen(this.#ports));
  }

  waitSeconds(): Promise<number> {
    return this.#ports.throttle.waitSeconds();
  }

  async approve(id: string, password?: string, identity = false): Promise<void> {
    let key: Bytes | null = null;
    try {
      if (!this.opened) await (password === undefined ? this.#takeHeldKey() : this.open(password));
      const request = await this.#request();
      await this.documents(); // What cannot be shown is not signed.
      const { vid, item } = await this.#ports.door.item(id);
      if (!this.#signingKey || !item.sealedSignKey) throw new WalletError('certificate.wrong-use');
      key = await recordKey(this.#signingKey, vid, id, 'sign', item.sealedSignKey);
      this.forget();
      const shown = await requestDigest(request);
      await this.#ports.background.approve({ request: request.id, item: id, key: toBase64(key), shown, identity });
    } finally {
      wipe(key);
      this.forget();
    }
  }

  acts(): Promise<ActsApi> {
    return this.#ports.acts(() => this.#request());
  }

  async cancel(): Promise<void> {
    this.forget();
    await this.#ports.background.reject(this.#requestId);
  }

  async block(): Promise<void> {
    const { blocked, note } = this.#ports;
    const { asker } = await this.#request();
    this.forget();
    await blocked.add(asker.origin);
    await note([siteEntry('block', asker.origin, this.#ports.clock())]);
    await this.#ports.background.reject(this.#requestId);
  }

  touch(): void {
    this.#ports.sessions.touch().catch(() => undefined);
  }

  extend(): Promise<number> {
    return this.#ports.background.extend(this.#requestId);
  }

  /** Wipes the key that an entered password opened, or that was held open. */
  forget(): void {
    wipe(this.#signingKey);
    this.#signingKey = null;
  }

  async #openWith(secret: Secret): Promise<void> {
    const opened = await this.#ports.door.openWith(secret);
    const { slot } = opened;
    try {
      await this.#ports.door.enterNow(opened);
      this.forget();
      this.#signingKey = slot.signingKey;
    } finally {
      wipe(slot.listKey);
    }
  }

  /** What is noted of a site, while the wallet is open. Notes that do not open hold nobody up. */
  async #note(origin: string): Promise<SiteNote> {
    const { door } = this.#ports;
    try {
      return siteNote((await door.settings()).sites, origin);
    } catch {
      return siteNote([], origin);
    }
  }

  /** Looked at once: the certificate stays the one that was shown. */
  #receiver(call: WaitingCall): Promise<Receiver> | null {
    const wish = identityWish(call);
    return wish && (this.#named ??= this.#ports.receiver(wish, this.#ports.clock()));
  }

  /** Signing is held open for sign-ins alone. */
  async #takeHeldKey(): Promise<void> {
    const { call } = await this.#request();
    this.#signingKey = call.action === 'signIn' ? await this.#ports.sessions.heldKey() : null;
    if (!this.#signingKey) throw new WalletError('password.wrong');
  }

  async #request(): Promise<PendingRequest> {
    await this.#ports.requests.get(this.#requestId);
    if (!this.#shown) throw new WalletError('request.gone');
    return this.#shown;
  }
}
