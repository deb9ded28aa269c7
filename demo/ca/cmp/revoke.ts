/** rr: the holder revokes, holds or releases certificates, by the sign key or by a number for those who have lost it. */
import { equal, type Bytes } from '../../../lib/bytes/bytes.ts';
import { toHex } from '../../../lib/bytes/hex.ts';
import type { Message } from '../../../lib/cmp/message.ts';
import { readRevocations, REVOCATION_REASONS, writeRevocationAnswer, type Revocation } from '../../../lib/cmp/revocation.ts';
import type { Registered } from '../certificates.ts';
import type { CaContext } from '../context.ts';
import { inTransaction } from '../database.ts';
import { changeAll } from '../lifecycle.ts';
import { checkRegistration } from './applications.ts';
import type { Caller } from './caller.ts';
import { spoilStatus } from './content-faults.ts';
import { Refusal } from './refusal.ts';
import { writeReply } from './reply.ts';

function mayChange(ca: CaContext, caller: Caller, { serial, holder }: Registered): boolean {
  if (caller.kind === 'certificate') return caller.signer.holder === holder;
  checkRegistration(ca, caller.registration, true);
  return caller.registration.oldSerials.includes(serial);
}

function find(ca: CaContext, caller: Caller, { issuer, serial }: Revocation): Registered {
  const found = equal(issuer, ca.keys.issuing.certificate.subject.der) ? ca.certificates.find(toHex(serial)) : null;
  if (found === null) throw new Refusal('badCertId');
  if (!mayChange(ca, caller, found)) throw new Refusal('notAuthorized');
  return found;
}

/** All of them or none, for one reason. @throws `Refusal` */
export async function revoke(ca: CaContext, caller: Caller, message: Message): Promise<Bytes> {
  const revocations = readRevocations(message.body.content);
  const [first] = revocations;
  if (first === undefined || revocations.some(({ reason }) => reason !== first.reason)) throw new Refusal('badRequest');
  const named = revocations.map((one) => find(ca, caller, one));
  const refused = spoilStatus(ca);
  // Protected and written before anything changes: nothing is refused after that but by the change itself.
  const body = { type: 'rp', content: writeRevocationAnswer(revocations.map(() => refused ?? { status: 'accepted' })) } as const;
  const { der: answer, nonce } = await writeReply(ca, message, caller, body);
  if (refused !== null) return answer;
  const registration = caller.kind === 'reference' ? caller.registration.id : null;
  if (ca.faults.takes('die-before-commit')) ca.die();
  inTransaction(ca.database, () => {
    const change = changeAll(ca, named, REVOCATION_REASONS[first.reason]);
    if (change === 'already') throw new Refusal('certRevoked', '이미 처리된 인증서입니다.');
    if (change === 'refused') throw new Refusal('badRequest');
    if (registration !== null) ca.registrations.change(registration, 'used');
    ca.transactions.save({
      id: toHex(message.header.transactionId ?? new Uint8Array()),
      kind: 'rr',
      state: 'confirmed',
      registration,
      signer: caller.kind === 'certificate' ? caller.signer.serial : null,
      request: message.der,
      application: message.der,
      answer,
      nonce: toHex(nonce),
      requests: [],
      oldSerials: named.map(({ serial }) => serial),
      waits: 0,
      confirmUntil: 0,
      confirmation: null,
      confirmationAnswer: null,
    });
  });
  if (ca.faults.takes('die-after-commit')) ca.die();
  return answer;
}
