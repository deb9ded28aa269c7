/**
 * Issue, renewal and revocation that a page asked for. The approval window carries them out itself: what it opened with the
 * person's secret goes nowhere else, and the page hears of the certificates alone.
 */
import { toBase64 } from '../bytes/base64.ts';
import { wipe } from '../bytes/bytes.ts';
import type { ErrorCode } from '../errors.ts';
import { readCertificate } from '../npki/certificate.ts';
import type { CertificateUse, LifecycleCertificate, LifecycleResult, RenewRequest } from '../protocol/lifecycle.ts';
import type { ActsApi } from './acts-api.ts';
import type { Offer } from './api.ts';
import type { Opened } from './door.ts';
import type { AuthorityRow, HeldKeys, LifecycleApi, LifecycleRun } from './lifecycle-api.ts';
import type { CertificateRow } from './model.ts';
import { whyNotOffered } from './offers.ts';
import { presentItem } from './open-items.ts';
import { requestDigest } from './page-requests.ts';
import type { PendingRequest } from './stored-requests.ts';
import type { ActSecret } from './ways-api.ts';
import { secretOfAct, type TouchPorts } from './ways-touch.ts';

type Outcome = { readonly code: ErrorCode } | { readonly item: string | null; readonly result: LifecycleResult };

export interface ApprovedActsPorts extends TouchPorts {
  readonly lifecycle: LifecycleApi;
  /** The request as it was shown. @throws `request.gone` */
  readonly asked: () => Promise<PendingRequest>;
  readonly tell: (content: { request: string; shown: string } & Outcome) => Promise<void>;
}

/** What the page hears of a run that has not come to its end as it should. */
const CODES = {
  PREPARED: 'ca.unreachable',
  SENT: 'ca.unreachable',
  UNKNOWN: 'ca.unreachable',
  WAITING: 'ca.waiting',
  SAVED: 'ca.unconfirmed',
  FAILED: 'ca.refused',
} as const satisfies Record<Exclude<LifecycleRun['state'], 'CONFIRMED'>, ErrorCode>;

function certificateOf(use: CertificateUse, der: Uint8Array<ArrayBuffer>): LifecycleCertificate {
  const { serialHex, notAfter } = readCertificate(der);
  return { use, certificate: toBase64(der), serial: serialHex, notAfter: new Date(notAfter).toISOString() };
}

function isMeant({ serial }: RenewRequest, row: CertificateRow): boolean {
  return row.canSign && (serial === undefined || row.serialHex === serial);
}

export class ApprovedActs implements ActsApi {
  readonly #ports: ApprovedActsPorts;

  constructor(ports: ApprovedActsPorts) {
    this.#ports = ports;
  }

  get lifecycle(): LifecycleApi {
    return this.#ports.lifecycle;
  }

  async authority(): Promise<AuthorityRow | null> {
    const ca = await this.#ca();
    return (await this.lifecycle.authorities()).find(({ id }) => id === ca) ?? null;
  }

  async candidates(): Promise<readonly Offer[]> {
    const { call } = await this.#ports.asked();
    if (call.action !== 'renew' && call.action !== 'revoke') return [];
    const rows = (await this.#ports.door.rows()).filter((row) => isMeant(call.payload, row));
    const now = this.#ports.clock();
    const offers: Offer[] = [];
    for (const row of rows) {
      const authority = await this.lifecycle.authorityOf(row.id);
      if (authority?.here !== true || (call.payload.ca ?? authority.id) !== authority.id) continue;
      const reason = whyNotOffered(row, undefined, now);
      // What is on hold can still be ended.
      offers.push({ row, preset: false, doubtful: false, reason: call.action === 'revoke' && reason === 'certificate.on-hold' ? null : reason });
    }
    return offers.sort((a, b) => Number(a.reason !== null) - Number(b.reason !== null) || a.row.notAfter - b.row.notAfter);
  }

  async open(secret: ActSecret): Promise<HeldKeys> {
    const { door } = this.#ports;
    const opened: Opened = await door.openWith(await secretOfAct(secret, this.#ports));
    try {
      await door.enterNow(opened);
      return { kind: 'held', opened };
    } catch (thrown) {
      wipe(opened.slot.listKey, opened.slot.signingKey);
      throw thrown;
    }
  }

  async tell(run: LifecycleRun): Promise<void> {
    const request = await this.#ports.asked();
    const about = { request: request.id, shown: await requestDigest(request) };
    const outcome = await this.#outcome(run);
    // Before the page hears: the window goes with the answer.
    if (run.state === 'CONFIRMED' || run.state === 'FAILED') await this.lifecycle.forget(run.id).catch(() => undefined);
    await this.#ports.tell({ ...about, ...outcome });
  }

  async #outcome(run: LifecycleRun): Promise<Outcome> {
    if (run.state !== 'CONFIRMED') return { code: CODES[run.state] };
    const item = run.item ?? run.old;
    return { item, result: item === null ? { certificates: [] } : await this.#result(item) };
  }

  async #ca(): Promise<string | undefined> {
    const { call } = await this.#ports.asked();
    return 'ca' in call.payload ? call.payload.ca : undefined;
  }

  async #result(id: string): Promise<LifecycleResult> {
    const { signCertificate, kmCertificate } = presentItem((await this.#ports.door.item(id)).item);
    return {
      certificates: [
        ...(signCertificate ? [certificateOf('sign', signCertificate)] : []),
        ...(kmCertificate ? [certificateOf('km', kmCertificate)] : []),
      ],
    };
  }
}
