/** certConf: the applicant has the certificates and keeps them, or does not. What nobody confirms in time is withdrawn. */
import { createHash } from 'node:crypto';
import * as der from '../../../lib/asn1/writer.ts';
import { copy, equal, type Bytes } from '../../../lib/bytes/bytes.ts';
import { readConfirmations, type Confirmation } from '../../../lib/cmp/confirmation.ts';
import type { Message } from '../../../lib/cmp/message.ts';
import { REVOCATION_REASONS } from '../../../lib/cmp/revocation.ts';
import { OID } from '../../../lib/npki/oids.ts';
import type { CaContext } from '../context.ts';
import { inTransaction } from '../database.ts';
import type { Transaction } from '../transactions.ts';
import type { Caller } from './caller.ts';
import { spoilConfirmation } from './content-faults.ts';
import { Refusal } from './refusal.ts';
import { writeReply } from './reply.ts';

/** Takes pending certificates back; the reference number is good again. */
export function withdraw({ certificates, registrations, transactions, journal, clock }: CaContext, transaction: Transaction): void {
  for (const { serial } of transaction.requests) {
    if (serial !== null) certificates.change(serial, 'revoked', REVOCATION_REASONS.cessationOfOperation, clock());
  }
  if (transaction.registration !== null) {
    registrations.change(transaction.registration, 'open');
    journal.write(clock(), 'given-back', registrations.byId(transaction.registration).reference);
  }
  transactions.save({ ...transaction, state: 'withdrawn' });
  journal.write(clock(), 'withdrawn', transaction.requests.map(({ serial }) => serial ?? '').join(' '));
}

/** Withdraws whatever was to be confirmed by now. */
export function withdrawLate(ca: CaContext): void {
  const late = ca.transactions.unconfirmed(ca.clock());
  if (late.length > 0) inTransaction(ca.database, () => late.forEach((transaction) => withdraw(ca, transaction)));
}

/** The new certificates live, the old ones fall, the number is used up. */
function accept({ certificates, registrations, transactions, journal, clock }: CaContext, transaction: Transaction): void {
  for (const { serial } of transaction.requests) if (serial !== null) certificates.change(serial, 'active', null, clock());
  for (const serial of transaction.oldSerials) {
    if (certificates.find(serial)?.state === 'revoked') continue;
    certificates.change(serial, 'revoked', REVOCATION_REASONS.superseded, clock());
    journal.write(clock(), 'revoked', `${serial} reason ${String(REVOCATION_REASONS.superseded)}`);
  }
  if (transaction.registration !== null) registrations.change(transaction.registration, 'used');
  transactions.save({ ...transaction, state: 'confirmed' });
  journal.write(clock(), 'confirmed', transaction.requests.map(({ serial }) => serial ?? '').join(' '));
}

/** certHash is over the certificate with the hash of its signature (RFC 9810 5.3.18): SHA-256 for all of ours. */
function isConfirmed({ certificates }: CaContext, serial: string | null, confirmation: Confirmation | undefined): boolean {
  const found = serial === null ? null : certificates.find(serial);
  if (found === null || confirmation === undefined) return false;
  const { hash, hashAlgorithm, status } = confirmation;
  if (hashAlgorithm !== null && hashAlgorithm !== OID.sha256) throw new Refusal('badAlg');
  if (status !== null && status.status !== 'accepted') return false;
  if (!equal(hash, copy(createHash('sha256').update(found.certificate.der).digest()))) throw new Refusal('badCertId');
  return true;
}

/**
 * Confirms all, or withdraws all. The same octets again get the same answer.
 * @throws `Refusal` where the transaction is over
 */
export async function confirm(ca: CaContext, caller: Caller, message: Message, transaction: Transaction): Promise<Bytes> {
  if (transaction.state === 'confirmed') throw new Refusal('certConfirmed');
  if (transaction.state === 'withdrawn') throw new Refusal('certRevoked', '제때 확인되지 않아 거두어들인 인증서입니다.');
  if (transaction.state === 'waiting') throw new Refusal('badRequest');
  spoilConfirmation(ca);
  const confirmations = readConfirmations(message.body.content);
  const known = transaction.requests.map(({ requestId }) => requestId);
  if (confirmations.some(({ requestId }) => !known.includes(requestId))) throw new Refusal('badRequest');
  const isGood = transaction.requests.every(({ requestId, serial }) =>
    isConfirmed(
      ca,
      serial,
      confirmations.find((one) => one.requestId === requestId),
    ),
  );
  const { der: answer } = await writeReply(ca, message, caller, { type: 'pkiConf', content: der.nullValue() });
  inTransaction(ca.database, () => {
    const answered = { ...transaction, confirmation: message.der, confirmationAnswer: answer };
    if (isGood) accept(ca, answered);
    else withdraw(ca, answered);
  });
  return answer;
}
