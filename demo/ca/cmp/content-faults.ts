/** For tests: answers that look well and give the wrong thing. */
import type { Bytes } from '../../../lib/bytes/bytes.ts';
import { FAILURES } from '../../../lib/cmp/fail-info.ts';
import type { CertificateResponseFields } from '../../../lib/cmp/certificate-response.ts';
import type { Certificate } from '../../../lib/npki/certificate.ts';
import { DAY, koreanMidnight, makeIssuing, makeKeyPair, makeRoot } from '../../issue.ts';
import type { CaContext } from '../context.ts';
import { issueToHolder, type HolderCertificate, type Kind } from '../profile.ts';
import type { Application } from './applications.ts';
import { Refusal } from './refusal.ts';

export interface Granted {
  readonly requestId: number;
  readonly kind: Kind;
  readonly certificate: Certificate;
}

const HOUR = 3_600_000;

/** The certificate that the applicant is given in the place of the one that was issued; the same where no fault is waiting. */
export async function spoilCertificate(ca: CaContext, { holder, planned }: Application, granted: Granted): Promise<Granted> {
  const { faults, keys, addresses, clock } = ca;
  const { certificate, kind } = granted;
  const { serial, spki, notBefore, notAfter } = certificate;
  const vid = planned.find((one) => one.kind === kind)?.vid ?? null;
  const same: HolderCertificate = { ...holder, kind, serial, spki, notBefore, notAfter, vid, addresses };
  const again = async (changed: Partial<HolderCertificate>, issuer = keys.issuing): Promise<Granted> => ({
    ...granted,
    certificate: await issueToHolder(issuer, { ...same, ...changed }),
  });
  if (faults.takes('other-key')) return again({ spki: (await makeKeyPair()).spki });
  if (faults.takes('usage-wrong')) return again({ kind: kind === 'sign' ? 'km' : 'sign' });
  if (faults.takes('ends-soon')) return again({ notAfter: clock() + HOUR });
  if (faults.takes('other-issuer')) return again({}, await makeIssuing(koreanMidnight(clock()), await makeRoot(koreanMidnight(clock()))));
  return granted;
}

export interface AnswerParts {
  readonly responses: readonly CertificateResponseFields[];
  /** caPubs, DER. */
  readonly authorities: readonly Bytes[];
}

type StatusFields = CertificateResponseFields['status'];

/** The refusal that is waiting; null where none is. */
export function spoilStatus({ faults }: CaContext): StatusFields | null {
  const bit = faults.take('refuse');
  const known = FAILURES[bit ?? -1];
  if (bit !== null) return { status: 'rejection', failures: known === undefined ? [] : [known] };
  if (!faults.takes('refuse-korean')) return null;
  return { status: 'rejection', text: '홍길동 님은 이미 다른 은행에서 발급받았습니다.', failures: ['notAuthorized'] };
}

/** @throws the `Refusal` of a confirmation that is waiting, whatever became of the certificates */
export function spoilConfirmation({ faults }: CaContext): void {
  const bit = faults.take('confirm-refuse');
  if (bit !== null) throw new Refusal(FAILURES[bit] ?? 'badRequest');
}

function spoilResponses(ca: CaContext, responses: readonly CertificateResponseFields[]): readonly CertificateResponseFields[] {
  const { faults } = ca;
  const status = spoilStatus(ca);
  if (status !== null) return responses.map(({ requestId }) => ({ requestId, status }));
  if (faults.takes('status-html'))
    return responses.map((one) => ({ ...one, status: { ...one.status, text: '<img src=x onerror=alert(1)>\u202Etxt.exe\u0007' } }));
  if (faults.takes('one-of-two')) return responses.slice(0, 1);
  const [first, second] = responses;
  if (first !== undefined && faults.takes('extra-certReqId')) return [...responses, { ...first, requestId: 7 }];
  if (first !== undefined && second !== undefined && faults.takes('swapped'))
    return [
      { ...second, requestId: first.requestId },
      { ...first, requestId: second.requestId },
    ];
  return responses;
}

/** The answer under the faults that are waiting. */
export async function spoilAnswer(ca: CaContext, { responses, authorities }: AnswerParts): Promise<AnswerParts> {
  const foreign = ca.faults.takes('caPubs-foreign') ? [(await makeRoot(koreanMidnight(ca.clock()) - DAY)).certificate.der] : authorities;
  return { responses: spoilResponses(ca, responses), authorities: foreign };
}
