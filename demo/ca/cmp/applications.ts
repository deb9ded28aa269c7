/** What is to be issued for an ir, cr or kur: decided whole before anything is. */
import { equal, type Bytes } from '../../../lib/bytes/bytes.ts';
import { toHex } from '../../../lib/bytes/hex.ts';
import { readCertificateRequests, type OldCertificate } from '../../../lib/cmp/certificate-request.ts';
import type { Message } from '../../../lib/cmp/message.ts';
import { DAY, koreanMidnight } from '../../issue.ts';
import type { Holder, Registered } from '../certificates.ts';
import type { CaContext } from '../context.ts';
import type { Registration } from '../registrations.ts';
import type { Caller } from './caller.ts';
import { Refusal } from './refusal.ts';
import { checkRequests, type SoundRequest } from './request-checks.ts';
import { requestedVid } from './vid.ts';

export interface PlannedCertificate extends SoundRequest {
  readonly vid: Bytes | null;
}

export interface Application {
  readonly kind: 'ir' | 'cr' | 'kur';
  readonly holder: Holder;
  readonly planned: readonly PlannedCertificate[];
  /** Last second of the certificates, milliseconds since 1970 UTC. */
  readonly notAfter: number;
  /** What falls when they are confirmed. */
  readonly oldSerials: readonly string[];
  readonly registration: Registration | null;
  readonly signer: Registered | null;
  readonly waits: number;
}

const RENEWAL_DAYS = 365;

async function withVids(ca: CaContext, sound: readonly SoundRequest[], { idNumber }: Holder, wanted: boolean): Promise<PlannedCertificate[]> {
  return Promise.all(sound.map(async (one) => ({ ...one, vid: one.kind === 'sign' ? await requestedVid(ca, one.request, idNumber, wanted) : null })));
}

/** A number is good until its day, once, and for what it was given out for. */
export function checkRegistration({ clock }: CaContext, { state, ends, act }: Registration, forRevocation: boolean): void {
  if (ends < clock()) throw new Refusal('notAuthorized', '참조번호의 유효기간이 지났습니다. 은행에서 새로 받으세요.');
  if (state !== 'open') throw new Refusal('notAuthorized', '이미 쓴 참조번호입니다. 은행에서 새로 받으세요.');
  if ((act === 'revoke') !== forRevocation) throw new Refusal('notAuthorized');
}

async function readIssue(ca: CaContext, caller: Caller, message: Message): Promise<Application> {
  if (caller.kind !== 'reference') throw new Refusal('notAuthorized');
  const { registration } = caller;
  checkRegistration(ca, registration, false);
  const sound = await checkRequests(ca, caller, readCertificateRequests(message.body.content));
  const hasSign = sound.some(({ kind }) => kind === 'sign');
  if (!hasSign || (sound.length === 2 && !registration.km)) throw new Refusal('badCertTemplate');
  const holder = ca.certificates.holder(registration.holder);
  return {
    kind: 'ir',
    holder,
    planned: await withVids(ca, sound, holder, registration.vid),
    notAfter: registration.notAfter ?? koreanMidnight(ca.clock()) + registration.days * DAY - 1000,
    oldSerials: registration.oldSerials,
    registration,
    signer: null,
    waits: ca.faults.take('wait') ?? registration.waits,
  };
}

/** A km certificate for somebody who has a sign certificate and no km certificate yet. */
async function readAddition(ca: CaContext, caller: Caller, message: Message): Promise<Application> {
  if (caller.kind !== 'certificate' || caller.signer.state !== 'active') throw new Refusal('notAuthorized');
  const { signer } = caller;
  const sound = await checkRequests(ca, caller, readCertificateRequests(message.body.content));
  if (sound.length !== 1 || sound[0]?.kind !== 'km') throw new Refusal('badCertTemplate');
  const holder = ca.certificates.holder(signer.holder);
  const has = ca.certificates.ofHolder(holder.id).some(({ kind, state }) => kind === 'km' && state !== 'revoked');
  if (has) throw new Refusal('duplicateCertReq');
  const planned = await withVids(ca, sound, holder, false);
  return { kind: 'cr', holder, planned, notAfter: signer.certificate.notAfter, oldSerials: [], registration: null, signer, waits: 0 };
}

function findOld({ certificates, keys }: CaContext, signer: Registered, old: OldCertificate | null): Registered {
  if (old === null || !equal(old.issuer, keys.issuing.certificate.subject.der)) throw new Refusal('badCertId');
  const found = certificates.find(toHex(old.serial));
  if (found === null) throw new Refusal('badCertId');
  if (found.holder !== signer.holder) throw new Refusal('notAuthorized');
  if (found.state !== 'active') throw new Refusal('certRevoked');
  return found;
}

/** Renewal opens some days before the end, by the Korean calendar. */
function checkWindow({ settings, clock }: CaContext, { certificate }: Registered): void {
  if (clock() < koreanMidnight(certificate.notAfter) - settings.renewalDays * DAY)
    throw new Refusal('notAuthorized', `갱신은 만료 ${String(settings.renewalDays)}일 전부터 할 수 있습니다.`);
}

async function readRenewal(ca: CaContext, caller: Caller, message: Message): Promise<Application> {
  if (caller.kind !== 'certificate' || caller.signer.state !== 'active') throw new Refusal('notAuthorized');
  const { signer } = caller;
  const requests = readCertificateRequests(message.body.content);
  const olds = requests.map(({ oldCertificate }) => findOld(ca, signer, oldCertificate));
  if (!olds.some(({ serial }) => serial === signer.serial)) throw new Refusal('badCertId');
  checkWindow(ca, signer);
  if (
    ca.transactions.isReplacing(
      olds.map(({ serial }) => serial),
      toHex(message.header.transactionId ?? new Uint8Array()),
    )
  )
    throw new Refusal('duplicateCertReq');
  const holder = ca.certificates.holder(signer.holder);
  const isOther = requests.some(({ template }) => template.subject !== null && !equal(template.subject, holder.subject));
  if (isOther) throw new Refusal('badCertTemplate');
  // The kind of a renewed certificate is that of the old one, whatever usage the template names.
  const sound = (await checkRequests(ca, caller, requests)).map((one, at) => ({ ...one, kind: olds[at]?.kind ?? one.kind }));
  const planned = await withVids(ca, sound, holder, (signer.certificate.identity?.vid ?? null) !== null);
  const notAfter = signer.certificate.notAfter + RENEWAL_DAYS * DAY;
  return {
    kind: 'kur',
    holder,
    planned,
    notAfter,
    oldSerials: olds.map(({ serial }) => serial),
    registration: null,
    signer,
    waits: ca.faults.take('wait') ?? 0,
  };
}

/** @throws `Refusal`; `request.malformed` where the body does not read */
export async function readApplication(ca: CaContext, caller: Caller, message: Message): Promise<Application> {
  switch (message.body.type) {
    case 'ir':
      return readIssue(ca, caller, message);
    case 'cr':
      return readAddition(ca, caller, message);
    default:
      return readRenewal(ca, caller, message);
  }
}
