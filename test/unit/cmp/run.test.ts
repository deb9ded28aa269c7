import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import * as der from '../../../lib/asn1/writer.ts';
import { utf8 } from '../../../lib/bytes/text.ts';
import { readCertificateRequests } from '../../../lib/cmp/certificate-request.ts';
import { writeCertificateResponses } from '../../../lib/cmp/certificate-response.ts';
import { writeAcceptance } from '../../../lib/cmp/confirm.ts';
import { readConfirmations } from '../../../lib/cmp/confirmation.ts';
import type { Course, RunningCourse, Saved, Waiting } from '../../../lib/cmp/course.ts';
import { readCode } from '../../../lib/cmp/credential.ts';
import { writeErrorMessage } from '../../../lib/cmp/error-message.ts';
import { FAILURES, type Failure } from '../../../lib/cmp/fail-info.ts';
import { writeInfo } from '../../../lib/cmp/info.ts';
import { readMessage } from '../../../lib/cmp/message.ts';
import type { NewKey } from '../../../lib/cmp/new-key.ts';
import { CMP_OID } from '../../../lib/cmp/oids.ts';
import { nextPoll } from '../../../lib/cmp/poll.ts';
import { writePollAnswer } from '../../../lib/cmp/polling.ts';
import { prepareComplete, prepareRenewal, prepareRevocation } from '../../../lib/cmp/prepare.ts';
import { REFUSAL_WORDS, refusalWord } from '../../../lib/cmp/refusal.ts';
import { readRevocations, writeRevocationAnswer } from '../../../lib/cmp/revocation.ts';
import { Run } from '../../../lib/cmp/run.ts';
import { retryDelay, settleByState } from '../../../lib/cmp/settle.ts';
import { readPrivateKeyInfo } from '../../../lib/npki/private-key-info.ts';
import type { Certificate } from '../../../lib/npki/certificate.ts';
import { OID } from '../../../lib/npki/oids.ts';
import { CODE, REFERENCE, TestAuthority, type Twist } from '../../support/cmp-authority.ts';
import { holds, newKeys, TestDesk } from '../../support/cmp-run.ts';
import { codeOf } from '../../support/npki-fixtures.ts';
import { DAY, issue, NOW, signerOf } from '../../support/test-authority.ts';

let base: TestAuthority;
let sign: NewKey;
let km: NewKey;
let desk: TestDesk;

beforeAll(async () => {
  base = await TestAuthority.make();
  [sign, km] = await newKeys();
});

beforeEach(() => {
  desk = new TestDesk(base.again());
});

const errorBody = (failures: readonly Failure[], status: 'rejection' | 'waiting' = 'rejection'): Twist => ({
  body: { type: 'error', body: writeErrorMessage({ status, failures }) },
});

function as<State extends Course['state']>(course: Course | null, state: State): Extract<Course, { state: State }> {
  expect(course?.state).toBe(state);
  return course as Extract<Course, { state: State }>;
}

describe('a new key', () => {
  it('has R in its octets where it signs, and none where it opens', () => {
    expect([sign.random?.length, readPrivateKeyInfo(sign.privateKeyInfo).random]).toEqual([20, sign.random]);
    expect([km.random, readPrivateKeyInfo(km.privateKeyInfo).random]).toEqual([null, null]);
  });

  it('that has signed for a km certificate opens what was encrypted to it', async () => {
    const algorithm = { name: 'RSA-OAEP', hash: 'SHA-256' };
    const key = await crypto.subtle.importKey('pkcs8', km.privateKeyInfo, algorithm, false, ['decrypt']);
    const to = await crypto.subtle.importKey('spki', km.spki, algorithm, false, ['encrypt']);
    const opened = await crypto.subtle.decrypt(algorithm, key, await crypto.subtle.encrypt(algorithm, to, utf8('old data')));
    expect(new Uint8Array(opened)).toEqual(utf8('old data'));
  });
});

describe('an issue', () => {
  it('keeps each state before the step that leaves it, and confirms only what is saved', async () => {
    const { course } = await desk.run().start(await desk.prepareIssue([sign, km]));
    expect(desk.events).toEqual(['keep PREPARED', 'keep SENT', 'post ir', 'save', 'post certConf', 'keep CONFIRMED']);
    const { certificates } = as(course, 'CONFIRMED');
    expect(certificates.map(({ requestId, use, warnings }) => [requestId, use, warnings])).toEqual([
      [0, 'sign', []],
      [1, 'km', []],
    ]);
    expect(desk.authority.confirmations[0]!.map(({ requestId, status }) => [requestId, status])).toEqual([
      [0, null],
      [1, null],
    ]);
  });

  it('asks without a name, with uses, and proves both keys under a MAC with salts of their own', async () => {
    const prepared = await desk.prepareIssue([sign, km]);
    await desk.run().start(prepared);
    const { header, body } = desk.authority.requests[0]!;
    expect(header).toMatchObject({ version: 2, messageTime: NOW, senderKeyId: utf8(REFERENCE), recipientNonce: null });
    expect(header.info).toEqual([]); // implicitConfirm is never asked for
    const requests = readCertificateRequests(body.content);
    expect(requests.map(({ template }) => [template.subject, template.issuer, template.serial])).toEqual([
      [null, null, null],
      [null, null, null],
    ]);
    const salts = requests.map(({ possession }) => (possession.kind === 'signature' ? possession.input!.macAlgorithm.parameters!.raw : null));
    expect(salts[0]).not.toEqual(salts[1]);
    expect(salts).not.toContainEqual(header.protection!.parameters!.raw);
  });

  it('sends a confirmation that has no time and does not go stale', async () => {
    await desk.run().start(await desk.prepareIssue([sign, km]));
    const [ir, certConf] = desk.authority.requests;
    expect(certConf!.header.messageTime).toBeNull();
    expect(certConf!.header.transactionId).toEqual(ir!.header.transactionId);
    expect(certConf!.header.senderNonce).not.toEqual(ir!.header.senderNonce);
  });

  it.each(['accepted', 'grantedWithMods'] as const)('takes %s for what it is', async (status) => {
    desk.authority.status = status;
    expect((await desk.run().start(await desk.prepareIssue([sign]))).course.state).toBe('CONFIRMED');
  });

  it('leaves neither number nor code behind, nor a message', async () => {
    const prepared = await desk.prepareIssue([sign]);
    await desk.run().start(prepared);
    expect(holds(desk.kept, utf8(CODE)) || holds(desk.kept, utf8(REFERENCE))).toBe(false);
    expect(Object.keys(desk.kept!).sort()).toEqual(['act', 'caId', 'certificates', 'state']);
    expect(prepared.credential).toEqual({ kind: 'code', reference: new Uint8Array(REFERENCE.length), secret: new Uint8Array(CODE.length) });
  });

  it('speaks PBMAC1 where the authority does', async () => {
    desk = new TestDesk(base.again({ mac: 'pbmac1' }));
    desk.authority.mac = 'pbmac1';
    await desk.run().start(await desk.prepareIssue([sign]));
    expect(desk.authority.requests[0]!.header.protection!.id).toBe(CMP_OID.pbmac1);
    expect(desk.kept!.state).toBe('CONFIRMED');
  });

  it.each([
    ['two requests of an authority that takes one', () => [sign, km], { requests: 1 as const }],
    ['two sign certificates', () => [sign, sign], {}],
    ['nothing', () => [], {}],
  ])('is not made for %s', async (_, keys, adapter) => {
    desk = new TestDesk(base.again(adapter));
    expect(await codeOf(() => desk.prepareIssue(keys()))).toBe('internal');
  });
});

describe('a save that fails', () => {
  it('confirms nothing, and goes on when it works', async () => {
    desk.saveFault = new Error('disk full');
    await expect(desk.run().start(await desk.prepareIssue([sign]))).rejects.toThrow('disk full');
    expect(desk.events).toEqual(['keep PREPARED', 'keep SENT', 'post ir']);
    // The very same request gets the very same answer.
    expect((await desk.run().resume(as(desk.kept, 'SENT'))).course.state).toBe('CONFIRMED');
  });
});

describe('going on after a crash', () => {
  async function keptAt(event: string): Promise<RunningCourse> {
    const stopped = new Error('killed');
    const ports = desk.ports;
    const die = (): never => {
      throw stopped;
    };
    const run = new Run(desk.authority.partner, {
      ...ports,
      keep: async (course) => (event === `keep ${course.state}` ? (await ports.keep(course), die()) : ports.keep(course)),
      save: async (course) => (event === 'save' ? (await ports.save(course), die()) : ports.save(course)),
    });
    await expect(run.start(await desk.prepareIssue([sign]))).rejects.toBe(stopped);
    return desk.kept as RunningCourse;
  }

  it('PREPARED: nothing was sent, so it is erased', async () => {
    const { course } = await desk.run().resume(await keptAt('keep PREPARED'));
    expect(as(course, 'FAILED').refusal.flaw).toBe('not-sent');
    expect(desk.events.some((event) => event.startsWith('post'))).toBe(false);
  });

  it('SENT: the same octets again', async () => {
    const sent = as(await keptAt('keep SENT'), 'SENT');
    const { request } = structuredClone(sent);
    const { course } = await desk.run().resume(sent);
    expect(course.state).toBe('CONFIRMED');
    expect(desk.authority.requests[0]!.der).toEqual(request);
  });

  it('SENT, to an authority that does not answer twice: nothing is sent', async () => {
    desk = new TestDesk(base.again({ resend: false }));
    const { course, report } = await desk.run().resume(await keptAt('keep SENT'));
    expect([course.state, report.kind, desk.events]).toEqual(['SENT', 'no-answer', ['keep PREPARED', 'keep SENT']]);
    const { course: ended } = await desk.run().abandon(as(course, 'SENT'));
    expect(as(ended, 'UNKNOWN').keepUntil).toBe(NOW + DAY);
  });

  it('SENT: three times again and no more', async () => {
    let course: RunningCourse = await keptAt('keep SENT');
    desk.authority.twists = Array.from({ length: 5 }, () => ({ answer: () => null }));
    for (let i = 0; i < 5; i++) course = (await desk.run().resume(course)).course as RunningCourse;
    expect(desk.events.filter((event) => event === 'post ir')).toHaveLength(3);
    expect(as(course, 'SENT').resends).toBe(3);
  });

  it('SAVED: the confirmation that was made then, and no other', async () => {
    const saved = as(await keptAt('save'), 'SAVED');
    const { confirmation } = structuredClone(saved);
    expect((await desk.run().resume(saved)).course.state).toBe('CONFIRMED');
    expect(desk.authority.requests.at(-1)!.der).toEqual(confirmation);
  });

  it.each([
    ['whose clock agrees, never arrived', 0, 'not-as-asked', 'not-arrived'],
    ['whose clock is another', 3_600_000, 'clock', null],
  ])('SENT, too old for an authority %s', async (_, ahead, word, flaw) => {
    const sent = await keptAt('keep SENT');
    desk.now = NOW - ahead;
    desk.authority.twists = [errorBody(['badTime'])];
    expect(as((await desk.run().resume(sent)).course, 'FAILED').refusal).toMatchObject({ word, flaw });
  });

  it('SENT, with an answer that says the request was seen: nothing is known', async () => {
    const sent = await keptAt('keep SENT');
    desk.authority.twists = [errorBody(['transactionIdInUse'])];
    const { course, report } = await desk.run().resume(sent);
    expect([course.state, report]).toMatchObject(['SENT', { kind: 'unclear', refusal: { word: 'in-use' } }]);
  });
});

describe('waiting', () => {
  const waiting: Twist = {
    responses: (right) => Promise.resolve(right.map(({ requestId }) => ({ requestId, status: { status: 'waiting' as const } }))),
  };
  const pollAnswer = (checkAfter: number, ids = [0]): Twist => ({
    body: { type: 'pollRep', body: writePollAnswer(ids.map((requestId) => ({ requestId, checkAfter }))) },
  });

  async function startWaiting(): Promise<Waiting> {
    desk.authority.twists = [waiting];
    return as((await desk.run().start(await desk.prepareIssue([sign]))).course, 'WAITING');
  }

  async function issued(): Promise<Twist> {
    const { der: certificate } = await base.issue(sign.spki, 'sign');
    return { body: { type: 'ip', body: writeCertificateResponses([{ requestId: 0, status: { status: 'accepted' }, certificate }]) } };
  }

  it('asks again when it was told to, and not before', async () => {
    let course = await startWaiting();
    expect([course.waitingFor, course.checkAt]).toEqual([[0], NOW + 1000]);
    await desk.run().resume(course);
    expect(desk.events.at(-1)).toBe('keep WAITING');
    desk.now += 1000;
    desk.authority.twists = [pollAnswer(60)];
    course = as((await desk.run().resume(course)).course, 'WAITING');
    expect(course.checkAt).toBe(desk.now + 60_000);
    desk.now += 60_000;
    desk.authority.twists = [await issued()];
    expect((await desk.run().resume(course)).course.state).toBe('CONFIRMED');
    expect(desk.events.slice(-5)).toEqual(['keep WAITING', 'post pollReq', 'save', 'post certConf', 'keep CONFIRMED']);
    const polls = desk.authority.requests.filter(({ body }) => body.type === 'pollReq');
    expect(new Set(polls.map(({ header }) => header.senderNonce!.join())).size).toBe(2);
  });

  it.each([
    [0, 1000],
    [1, 1000],
    [86_400, DAY],
    [2 ** 31, DAY],
  ])('checkAfter %i becomes %i ms', async (checkAfter, delay) => {
    const course = await startWaiting();
    desk.now += 1000;
    desk.authority.twists = [pollAnswer(checkAfter)];
    expect(as((await desk.run().resume(course)).course, 'WAITING').checkAt).toBe(desk.now + delay);
  });

  it('a negative checkAfter is a second', async () => {
    const course = await startWaiting();
    desk.now += 1000;
    const body = der.sequence(der.sequence(der.integer(0), der.element(2, Uint8Array.of(0x80))));
    desk.authority.twists = [{ body: { type: 'pollRep', body } }];
    expect(as((await desk.run().resume(course)).course, 'WAITING').checkAt).toBe(desk.now + 1000);
  });

  it('tries again in a minute where no answer comes', async () => {
    const course = await startWaiting();
    desk.now += 1000;
    desk.authority.twists = [{ answer: () => null }];
    expect(as((await desk.run().resume(course)).course, 'WAITING').checkAt).toBe(desk.now + 60_000);
  });

  it.each([
    [true, 'the same octets', 1],
    [false, 'another poll', 2],
  ])('a poll whose answer was lost: where the authority answers the same the same way is %s, %s', async (resend, _what, count) => {
    desk = new TestDesk(base.again({ resend }));
    let course = await startWaiting();
    for (const twist of [{ answer: () => null }, pollAnswer(60), pollAnswer(60)]) {
      desk.now = course.checkAt;
      desk.authority.twists = [twist];
      course = as((await desk.run().resume(as(desk.kept, 'WAITING'))).course, 'WAITING');
    }
    const [lost, again, next] = desk.authority.requests.filter(({ body }) => body.type === 'pollReq');
    expect(new Set([lost, again].map((poll) => poll!.der.join())).size).toBe(count);
    expect(next!.der).not.toEqual(again!.der);
    expect([lost, again, next].map((poll) => poll!.header.messageTime)).toEqual([null, null, null]);
  });

  it('goes on by itself for a week', async () => {
    const course = await startWaiting();
    expect(nextPoll(course)).toBe(course.checkAt);
    expect(nextPoll({ ...course, checkAt: course.since + 7 * DAY })).not.toBeNull();
    expect(nextPoll({ ...course, checkAt: course.since + 7 * DAY + 1 })).toBeNull();
  });

  it('asks for a whole message where an error said to wait', async () => {
    desk.authority.twists = [errorBody([], 'waiting')];
    const course = as((await desk.run().start(await desk.prepareIssue([sign]))).course, 'WAITING');
    expect(course.waitingFor).toEqual([-1]);
    desk.now += 1000;
    desk.authority.twists = [await issued()];
    expect((await desk.run().resume(course)).course.state).toBe('CONFIRMED');
  });

  it('may end in a refusal', async () => {
    const course = await startWaiting();
    desk.now += 1000;
    desk.authority.twists = [errorBody(['notAuthorized'])];
    expect(as((await desk.run().resume(course)).course, 'FAILED').refusal.word).toBe('number-used');
  });
});

describe('a confirmation', () => {
  async function saved(): Promise<Saved> {
    desk.authority.twists = [
      { header: (fields) => ({ ...fields, info: [writeInfo(CMP_OID.confirmWaitTime, der.generalizedTime(NOW + 600_000))] }) },
      { answer: () => null },
    ];
    return as((await desk.run().start(await desk.prepareIssue([sign]))).course, 'SAVED');
  }

  it('that gets no answer is sent again, after one, five and thirty minutes', async () => {
    let course = await saved();
    expect([course.confirmBefore, course.tries, retryDelay(course)]).toEqual([NOW + 600_000, 1, 60_000]);
    const delays: number[] = [];
    for (let i = 0; i < 3; i++) {
      desk.authority.twists = [{ answer: () => null }];
      course = as((await desk.run().resume(course)).course, 'SAVED');
      delays.push(retryDelay(course));
    }
    expect(delays).toEqual([5, 30, 30].map((minutes) => minutes * 60_000));
    expect((await desk.run().resume(course)).course.state).toBe('CONFIRMED');
  });

  it.each([
    ['1.2.840.113549.1.1.12', 'SHA-384', 48],
    ['1.2.840.113549.1.1.13', 'SHA-512', 64],
    [OID.sha256WithRsa, 'SHA-256', 32],
  ])('names a certificate that is signed with %s by its %s', async (algorithm, name, size) => {
    const { certificate } = await issue({ name: 'Other', keys: base.chain.holderKeys, algorithm, extensions: [] });
    const context = { partner: desk.authority.partner, ports: desk.ports, sign: null };
    const delivered = [{ requestId: 0, certificate: certificate.der }];
    const { bytes } = await writeAcceptance(await saved(), context, new Uint8Array(16), delivered);
    const [told] = readConfirmations(readMessage(bytes).body.content);
    expect(told!.hash).toEqual(new Uint8Array(await crypto.subtle.digest(name, certificate.der)));
    expect(told!.hash).toHaveLength(size);
  });

  it('that was heard before is a success (certConfirmed)', async () => {
    const course = await saved();
    desk.authority.twists = [errorBody(['certConfirmed'])];
    expect((await desk.run().resume(course)).course.state).toBe('CONFIRMED');
  });

  it.each([[['certRevoked']], [['badRequest']], [[]], [['systemFailure']]] as [Failure[]][])(
    'refused with %j asks for the state of the new certificate',
    async (failures) => {
      const course = await saved();
      desk.authority.twists = [errorBody(failures)];
      const standing = await desk.run().resume(course);
      expect([standing.course.state, standing.report.kind]).toEqual(['SAVED', 'ask-status']);
    },
  );

  it.each([
    ['good', NOW + 600_000, 'SAVED'],
    ['good', NOW + 600_001, 'CONFIRMED'],
    ['revoked', NOW, 'FAILED'],
    ['unknown', NOW + DAY, 'SAVED'],
    ['held', NOW + DAY, 'SAVED'],
  ] as const)('%s at %i makes it %s', async (state, at, expected) => {
    const { course } = settleByState(await saved(), state, at, desk.authority.partner.adapter);
    expect(course.state).toBe(expected);
  });

  it('counts good only after the grace hours where the authority named no time', async () => {
    const course = { ...(await saved()), confirmBefore: null };
    expect(settleByState(course, 'good', NOW + DAY, desk.authority.partner.adapter).course.state).toBe('SAVED');
    expect(settleByState(course, 'good', NOW + DAY + 1, desk.authority.partner.adapter).course.state).toBe('CONFIRMED');
  });
});

describe('a refusal', () => {
  const FATES: Readonly<Record<Failure, string>> = {
    badAlg: 'mismatch',
    badMessageCheck: 'code-wrong',
    badRequest: 'mismatch',
    badTime: 'clock',
    badCertId: 'unknown-certificate',
    badDataFormat: 'mismatch',
    wrongAuthority: 'unknown-certificate',
    incorrectData: 'mismatch',
    missingTimeStamp: 'clock',
    badPOP: 'mismatch',
    certRevoked: 'revoked',
    certConfirmed: 'confirmed',
    wrongIntegrity: 'code-wrong',
    badRecipientNonce: 'mismatch',
    timeNotAvailable: 'clock',
    unacceptedPolicy: 'mismatch',
    unacceptedExtension: 'mismatch',
    addInfoNotAvailable: 'mismatch',
    badSenderNonce: 'mismatch',
    badCertTemplate: 'mismatch',
    signerNotTrusted: 'mismatch',
    transactionIdInUse: 'in-use',
    unsupportedVersion: 'mismatch',
    notAuthorized: 'number-used',
    systemUnavail: 'later',
    systemFailure: 'unclear',
    duplicateCertReq: 'duplicate',
  };

  it.each(FAILURES.map((failure) => [failure, FATES[failure]] as const))('%s means %s', async (failure, word) => {
    desk.authority.twists = [errorBody([failure])];
    const { course, report } = await desk.run().start(await desk.prepareIssue([sign]));
    if (failure === 'systemFailure') {
      expect([course.state, report]).toMatchObject(['SENT', { kind: 'unclear', refusal: { word } }]);
    } else {
      expect(as(course, 'FAILED').refusal).toMatchObject({ word, failures: [failure] });
    }
  });

  it('may have several reasons, or none', () => {
    const status = 'rejection';
    expect(refusalWord({ status, failures: ['badPOP', 'notAuthorized'] })).toBe('number-used');
    expect(refusalWord({ status, failures: [] })).toBe('unspecified');
    expect(refusalWord({ status: 'keyUpdateWarning', failures: [] })).toBe('duplicate');
    expect(new Set(Object.values(FATES)).size).toBe(REFUSAL_WORDS.length - 3);
  });

  it.each([
    ['notAuthorized', 'not-allowed'],
    ['badMessageCheck', 'mismatch'],
  ] as const)('speaks of no number where a certificate asked: %s means %s', async (failure, word) => {
    const { certificate, key } = base.chain.holder;
    const pairs = [{ old: certificate, key: sign }];
    const prepared = await prepareRenewal({ partner: desk.authority.partner, certificate, sign: signerOf(key), pairs, vid: null }, desk.ports);
    desk.authority.twists = [errorBody([failure])];
    expect(as((await desk.run(signerOf(key)).start(prepared)).course, 'FAILED').refusal.word).toBe(word);
  });

  it('tells how far the clocks are apart', async () => {
    desk.now = NOW - 3_600_000;
    desk.authority.twists = [errorBody(['badTime'])];
    const { course } = await desk.run().start(await desk.prepareIssue([sign]));
    expect(as(course, 'FAILED').refusal.clockAhead).toBe(3_600_000);
  });
});

describe('a renewal', () => {
  let old: Certificate;
  let oldSign: ReturnType<typeof signerOf>;

  beforeAll(() => {
    old = base.chain.holder.certificate;
    oldSign = signerOf(base.chain.holder.key);
  });

  const prepare = (keys = [sign]) =>
    prepareRenewal(
      { partner: desk.authority.partner, certificate: old, sign: oldSign, pairs: keys.map((key) => ({ old, key })), vid: null },
      desk.ports,
    );

  it('is signed by the old key, names the old certificates and proves new keys', async () => {
    const { course } = await desk.run(oldSign).start(await prepare([sign, km]));
    expect(course.state).toBe('CONFIRMED');
    const [kur, certConf] = desk.authority.requests;
    expect([kur!.body.type, kur!.extraCerts[0]]).toEqual(['kur', old.der]);
    expect(kur!.header).toMatchObject({ sender: old.subject.der, senderKeyId: old.subjectKeyId });
    expect(certConf!.header.protection!.id).toBe(kur!.header.protection!.id);
    for (const { template, oldCertificate, possession } of readCertificateRequests(kur!.body.content)) {
      expect([template.subject, oldCertificate]).toEqual([old.subject.der, { issuer: old.issuer.der, serial: old.serial }]);
      expect(possession).toMatchObject({ kind: 'signature', input: null });
    }
  });

  it('is completed without the key once it is saved', async () => {
    desk.authority.twists = [{}, { answer: () => null }];
    const { course } = await desk.run(oldSign).start(await prepare());
    expect((await desk.run(null).resume(as(course, 'SAVED'))).course.state).toBe('CONFIRMED');
  });

  it('waits for the key before that', async () => {
    desk.authority.twists = [{ answer: () => null }];
    const { course } = await desk.run(oldSign).start(await prepare());
    const posts = desk.events.length;
    expect(await codeOf(() => desk.run(null).resume(as(course, 'SENT')))).toBe('vault.locked');
    expect(desk.events).toHaveLength(posts);
    expect((await desk.run(oldSign).resume(as(course, 'SENT'))).course.state).toBe('CONFIRMED');
  });

  it('of a certificate that is revoked is refused', async () => {
    desk.authority.twists = [errorBody(['certRevoked'])];
    expect(as((await desk.run(oldSign).start(await prepare())).course, 'FAILED').refusal.word).toBe('revoked');
  });
});

describe('the km certificate afterwards', () => {
  it('is asked for by cr, under the name of the sign certificate', async () => {
    const { certificate, key } = base.chain.holder;
    const partner = desk.authority.partner;
    const prepared = await prepareComplete({ partner, certificate, sign: signerOf(key), key: km }, desk.ports);
    const { course } = await desk.run(signerOf(key)).start(prepared);
    expect(as(course, 'CONFIRMED').certificates.map(({ use }) => use)).toEqual(['km']);
    expect(desk.authority.requests[0]!.body.type).toBe('cr');
  });
});

describe('a revocation', () => {
  const answered = (...statuses: Parameters<typeof writeRevocationAnswer>[0]): Twist => ({
    body: { type: 'rp', body: writeRevocationAnswer(statuses) },
  });

  const start = async (certificates: readonly Certificate[], ...twists: Twist[]) => {
    const { key, certificate } = base.chain.holder;
    const credential = { kind: 'certificate', certificate: certificate.der } as const;
    const input = { partner: desk.authority.partner, credential, sign: signerOf(key), certificates, reason: 'keyCompromise' } as const;
    desk.authority.twists = twists;
    return desk.run(signerOf(key)).start(await prepareRevocation(input, desk.ports));
  };

  it.each(['accepted', 'grantedWithMods', 'revocationWarning', 'revocationNotification'] as const)('%s is done', async (status) => {
    const { certificate } = base.chain.holder;
    const { course } = await start([certificate, certificate], answered({ status }, { status }));
    expect(course).toEqual({ state: 'CONFIRMED', act: 'revoke', caId: 'test', certificates: [] });
    const one = { issuer: certificate.issuer.der, serial: certificate.serial, reason: 'keyCompromise' };
    expect(readRevocations(desk.authority.requests[0]!.body.content)).toEqual([one, one]);
    expect(desk.events).toEqual(['keep PREPARED', 'keep SENT', 'post rr', 'keep CONFIRMED']);
  });

  it.each([
    ['in the answer', answered({ status: 'rejection', failures: ['certRevoked'] })],
    ['in an error', errorBody(['certRevoked'])],
  ])('of what is revoked already is done, %s', async (_, twist) => {
    expect((await start([base.chain.holder.certificate], twist)).course.state).toBe('CONFIRMED');
  });

  it('of which one of two is refused is refused', async () => {
    const { certificate } = base.chain.holder;
    const { course } = await start([certificate, certificate], answered({ status: 'accepted' }, { status: 'rejection', failures: ['badCertId'] }));
    expect(as(course, 'FAILED').refusal.word).toBe('unknown-certificate');
  });

  it('with another number of answers is a fault', async () => {
    const { course } = await start([base.chain.holder.certificate], answered({ status: 'accepted' }, { status: 'accepted' }), {});
    expect(as(course, 'FAILED').refusal.flaw).toBe('revocations');
  });

  it('by number and code, where the key is lost', async () => {
    const credential = readCode(REFERENCE, CODE, { stripHyphens: true });
    const input = { partner: desk.authority.partner, credential, sign: null, certificates: [base.chain.holder.certificate], reason: 'hold' } as const;
    desk.authority.twists = [answered({ status: 'accepted' })];
    expect((await desk.run().start(await prepareRevocation(input, desk.ports))).course.state).toBe('CONFIRMED');
  });
});

describe('number and code as people type them', () => {
  it.each([
    ['1001 0001', 'CODE 1001\tabcd efgh', true, '10010001', 'CODE1001abcdefgh'],
    ['10010001', 'CODE-1001-abcd-efgh', true, '10010001', 'CODE1001abcdefgh'],
    ['10010001', 'CODE-1001-abcd-efgh', false, '10010001', 'CODE-1001-abcd-efgh'],
  ])('%s and %s (hyphens stripped: %s)', (reference, code, stripHyphens, number, secret) => {
    expect(readCode(reference, code, { stripHyphens })).toEqual({ kind: 'code', reference: utf8(number), secret: utf8(secret) });
  });

  it.each([
    ['no number', '', CODE],
    ['a long number', '1'.repeat(65), CODE],
    ['a short code', REFERENCE, 'seven77'],
    ['a long code', REFERENCE, 'x'.repeat(129)],
    ['a Hangul keyboard', REFERENCE, 'ㅊㅐㅇㄷ1001ㅁㅠㅊㅇ'],
    ['full width', REFERENCE, 'ＣＯＤＥ１００１'],
  ])('%s is refused at once', async (_, reference, code) => {
    expect(await codeOf(() => readCode(reference, code, { stripHyphens: true }))).toBe('request.malformed');
  });
});
