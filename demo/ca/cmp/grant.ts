/** Issues what an application asks for, and answers it; certificates stay pending until they are confirmed. */
import { equal, type Bytes } from '../../../lib/bytes/bytes.ts';
import { toHex } from '../../../lib/bytes/hex.ts';
import * as der from '../../../lib/asn1/writer.ts';
import { writeCertificateResponses } from '../../../lib/cmp/certificate-response.ts';
import type { Message } from '../../../lib/cmp/message.ts';
import { writeInfo } from '../../../lib/cmp/info.ts';
import { CMP_OID } from '../../../lib/cmp/oids.ts';
import type { Certificate } from '../../../lib/npki/certificate.ts';
import type { CaContext } from '../context.ts';
import { inTransaction } from '../database.ts';
import { issueToHolder } from '../profile.ts';
import { serialOctets } from '../serials.ts';
import type { Transaction } from '../transactions.ts';
import type { AnswerBody } from './answer-body.ts';
import type { Application, PlannedCertificate } from './applications.ts';
import type { Caller } from './caller.ts';
import { spoilAnswer, spoilCertificate, type Granted } from './content-faults.ts';
import { writeReply } from './reply.ts';

const ANSWERS = { ir: 'ip', cr: 'cp', kur: 'kup' } as const;

/** Seconds after which a waiting applicant may ask again. */
export const CHECK_AFTER = 1;
const WAITING_TEXT = '승인을 기다리고 있습니다.';

async function issueOne(ca: CaContext, { holder, notAfter }: Application, planned: PlannedCertificate, pair: number): Promise<Certificate> {
  const { keys, settings, addresses, clock } = ca;
  const { kind, spki, vid } = planned;
  return issueToHolder(keys.issuing, {
    ...holder,
    kind,
    serial: serialOctets(settings.serials, kind === 'sign' ? pair : pair + 1),
    vid,
    spki,
    notBefore: Math.floor(clock() / 1000) * 1000,
    notAfter,
    addresses,
  });
}

async function issueAll(ca: CaContext, application: Application): Promise<Granted[]> {
  const pair = ca.certificates.nextPair();
  return Promise.all(
    application.planned.map(async (planned) => {
      const certificate = await issueOne(ca, application, planned, pair);
      return { requestId: planned.request.requestId, kind: planned.kind, certificate };
    }),
  );
}

/** Names, dates and policy are the office's; whoever asked for other ones is told so. */
function isAsAsked({ planned, holder }: Application, requestId: number): boolean {
  const subject = planned.find(({ request }) => request.requestId === requestId)?.request.template.subject ?? null;
  return subject !== null && equal(subject, holder.subject);
}

async function grantedBody(ca: CaContext, application: Application, granted: readonly Granted[], confirmUntil: number): Promise<AnswerBody> {
  const { keys } = ca;
  const responses = granted.map(({ requestId, certificate }) => {
    const status = isAsAsked(application, requestId) ? ('accepted' as const) : ('grantedWithMods' as const);
    return { requestId, status: { status }, certificate: certificate.der };
  });
  const spoiled = await spoilAnswer(ca, { responses, authorities: [keys.root.der, keys.issuing.certificate.der] });
  return {
    type: ANSWERS[application.kind],
    content: writeCertificateResponses(spoiled.responses, spoiled.authorities),
    info: [writeInfo(CMP_OID.confirmWaitTime, der.generalizedTime(confirmUntil))],
  };
}

/** What a transaction is from the application alone. */
function startOf({ kind, registration, signer, oldSerials, waits }: Application, message: Message): Omit<Transaction, 'answer' | 'nonce' | 'state'> {
  return {
    id: toHex(message.header.transactionId ?? new Uint8Array()),
    kind,
    registration: registration?.id ?? null,
    signer: signer?.serial ?? null,
    request: message.der,
    application: message.der,
    requests: [],
    oldSerials,
    waits,
    confirmUntil: 0,
    confirmation: null,
    confirmationAnswer: null,
  };
}

function save({ transactions, registrations, database }: CaContext, transaction: Transaction, more: () => void): void {
  inTransaction(database, () => {
    transactions.save(transaction);
    if (transaction.registration !== null) registrations.change(transaction.registration, 'taken');
    more();
  });
}

/** Tells the applicant to wait. */
export async function postpone(ca: CaContext, caller: Caller, message: Message, application: Application): Promise<Bytes> {
  const status = { status: 'waiting', text: WAITING_TEXT } as const;
  const responses = application.planned.map(({ request }) => ({ requestId: request.requestId, status }));
  const { der: answer, nonce } = await writeReply(ca, message, caller, {
    type: ANSWERS[application.kind],
    content: writeCertificateResponses(responses),
  });
  const requests = responses.map(({ requestId }) => ({ requestId, serial: null }));
  save(ca, { ...startOf(application, message), requests, state: 'waiting', answer, nonce: toHex(nonce) }, () => {
    ca.journal.write(ca.clock(), 'waiting', application.kind);
  });
  return answer;
}

/**
 * Issues and answers. The answer is committed before it leaves, so that the same message gets the same octets after a crash.
 * @param before the transaction so far, where the applicant was told to wait; null at a first request
 */
export async function grant(ca: CaContext, caller: Caller, message: Message, application: Application, before: Transaction | null): Promise<Bytes> {
  const { certificates, journal, clock, settings } = ca;
  const granted = await issueAll(ca, application);
  const told = await Promise.all(granted.map((one) => spoilCertificate(ca, application, one)));
  const confirmUntil = clock() + settings.confirmWaitMs;
  const { der: answer, nonce } = await writeReply(ca, message, caller, await grantedBody(ca, application, told, confirmUntil));
  const requests = granted.map(({ requestId, certificate }) => ({ requestId, serial: certificate.serialHex }));
  const start = before === null ? startOf(application, message) : { ...before, request: message.der };
  if (ca.faults.takes('die-before-commit')) ca.die();
  save(ca, { ...start, requests, waits: 0, state: 'pending', answer, nonce: toHex(nonce), confirmUntil }, () => {
    for (const { certificate, kind } of granted) certificates.add(certificate, kind, application.holder.id, 'pending', clock());
    journal.write(clock(), 'issued', requests.map(({ serial }) => serial).join(' '));
  });
  if (ca.faults.takes('die-after-commit')) ca.die();
  return answer;
}
