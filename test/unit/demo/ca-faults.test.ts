import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { FAULTS, type FaultName } from '../../../demo/ca/faults.ts';
import type { KeyPair } from '../../../demo/issue.ts';
import { equal } from '../../../lib/bytes/bytes.ts';
import { toHex } from '../../../lib/bytes/hex.ts';
import { utf8 } from '../../../lib/bytes/text.ts';
import { isSignedFor } from '../../../lib/cmp/authority.ts';
import { readCertificateResponses } from '../../../lib/cmp/certificate-response.ts';
import { isMacOf, readMacAlgorithm } from '../../../lib/cmp/mac.ts';
import type { Message } from '../../../lib/cmp/message.ts';
import { readCertificate, type Certificate } from '../../../lib/npki/certificate.ts';
import { Applicant, given, outcome, pair, twoKeys } from '../../support/applicant.ts';
import { TestCa } from '../../support/demo-ca.ts';

const CODE = 'CODE1001ABCDEFGHIJKL';

let ca: TestCa;
let last = 30_000_000;
let keys: KeyPair[];
let one: Applicant;

beforeAll(async () => {
  const die = (): never => {
    throw new Error('dead');
  };
  ca = await TestCa.start({ die });
});
beforeEach(async () => {
  const reference = String(++last);
  await ca.post('/ra/registrations', { name: '시험', number: `${reference}12345`, ref: reference, code: CODE, km: true, days: 20 });
  one = new Applicant(ca.url, ca.authority.issuing, { reference, code: CODE });
  keys = await twoKeys();
});
afterAll(async () => {
  await ca.close();
});

async function expectFault(...faults: readonly string[]): Promise<void> {
  expect((await ca.post('/test/faults', { faults })).status).toBe(200);
}

/** Applies under a fault; afterwards the fault is used up. */
async function applied(fault: string): Promise<Message> {
  await expectFault(fault);
  const octets = await one.writeApplication('ir', pair(keys));
  const message = await one.post(octets);
  expect((await ca.post('/test/faults', { faults: [] })).body).toEqual({ waiting: [] });
  return message;
}

const certificates = (answer: Message): Certificate[] => given(answer).map(({ certificate }) => readCertificate(certificate!));
const isProtected = async ({ header, protectedPart, protection }: Message): Promise<boolean> =>
  protection !== null && isMacOf(readMacAlgorithm(header.protection!)!, utf8(CODE), protectedPart, protection);

describe('faults of messages', () => {
  it.each<[FaultName, (answer: Message) => unknown, unknown]>([
    ['mac-wrong', isProtected, false],
    ['mac-sha1', async (answer) => [await isProtected(answer), readMacAlgorithm(answer.header.protection!)?.mac], [true, 'SHA-1']],
    ['unprotected', ({ protection }) => protection, null],
    ['transaction-wrong', ({ header }) => equal(header.transactionId!, one.transactionId), false],
  ])('%s', async (fault, look, expected) => {
    expect(await look(await applied(fault))).toEqual(expected);
  });

  it('iterations: names another number of rounds, out of bounds too', async () => {
    const answer = await applied('iterations:99');
    expect(() => readMacAlgorithm(answer.header.protection!)).toThrow();
  });

  it('nonce-wrong: two answers to the same octets differ in the nonce they name', async () => {
    const octets = await one.writeApplication('ir', pair(keys));
    await expectFault('nonce-wrong');
    const { header } = await one.post(octets);
    expect(octets.join().includes(header.recipientNonce!.join())).toBe(false);
  });

  it('signed-by-user: a good signature of somebody who does not speak for the authority', async () => {
    const answer = await applied('signed-by-user');
    const authority = { issuers: [readCertificate(ca.authority.issuing)], roots: [readCertificate(ca.authority.root)] };
    expect(await isSignedFor(authority, answer, Date.now())).toBe(false);
    const asItself = { issuers: [readCertificate(answer.extraCerts[0]!), ...authority.issuers], roots: authority.roots };
    expect(await isSignedFor(asItself, answer, Date.now())).toBe(true);
  });

  it('unprotected-error: waits for an error', async () => {
    await expectFault('unprotected-error');
    const message = await one.post(await one.writeApplication('ir', pair([keys[0]!, keys[0]!])));
    expect([outcome(message), message.protection]).toEqual(['error badCertTemplate', null]);
  });
});

describe('faults of what is given', () => {
  it.each<[string, (answer: Message) => unknown, unknown]>([
    ['other-key', (answer) => equal(certificates(answer)[0]!.spki, keys[0]!.spki), false],
    ['swapped', (answer) => equal(certificates(answer)[0]!.spki, keys[1]!.spki), true],
    ['other-issuer', (answer) => equal(certificates(answer)[0]!.authorityKeyId!, readCertificate(ca.authority.issuing).subjectKeyId!), false],
    ['usage-wrong', (answer) => certificates(answer)[0]!.keyUsage, ['keyEncipherment']],
    ['ends-soon', (answer) => certificates(answer)[0]!.notAfter < Date.now() + 86_400_000, true],
    ['one-of-two', (answer) => given(answer).map(({ requestId }) => requestId), [0]],
    ['extra-certReqId', (answer) => given(answer).map(({ requestId }) => requestId), [0, 1, 7]],
    ['refuse:23', (answer) => given(answer)[0]!.status, { status: 'rejection', text: null, failures: ['notAuthorized'] }],
    ['refuse-korean', (answer) => given(answer)[0]!.status.text, '홍길동 님은 이미 다른 은행에서 발급받았습니다.'],
    ['status-html', (answer) => given(answer)[0]!.status.text?.includes('<img'), true],
    ['wait:3', (answer) => given(answer)[0]!.status.status, 'waiting'],
    [
      'caPubs-foreign',
      (answer) => readCertificateResponses(answer.body.content).authorityCertificates.some((der) => equal(der, ca.authority.root)),
      false,
    ],
  ])('%s', async (fault, look, expected) => {
    expect(look(await applied(fault))).toEqual(expected);
  });
});

describe('faults of the network', () => {
  const send = async (octets: Uint8Array<ArrayBuffer>, signal: AbortSignal | null = null): Promise<Response> =>
    fetch(`${ca.url}/pkix/`, { method: 'POST', headers: { 'content-type': 'application/pkixcmp' }, body: octets, redirect: 'manual', signal });

  it.each<[string, (response: Response) => unknown, unknown]>([
    ['http-500', ({ status }) => status, 500],
    ['html-200', ({ headers }) => headers.get('content-type'), 'text/html; charset=utf-8'],
    ['redirect', ({ status }) => status, 303],
    ['slow:50', ({ status }) => status, 200],
  ])('%s', async (fault, look, expected) => {
    await expectFault(fault);
    expect(look(await send(await one.writeApplication('ir', pair(keys))))).toEqual(expected);
  });

  it.each(['answer-lost', 'cut-body'])('%s: the same octets get the answer afterwards', async (fault) => {
    await expectFault(fault);
    const octets = await one.writeApplication('ir', pair(keys));
    await expect(send(octets).then((response) => response.arrayBuffer())).rejects.toThrow();
    expect(outcome(await one.post(octets))).toBe('ip');
  });

  it.each([
    ['held', 'pending'],
    ['answer-held', 'confirmed'],
  ])('%s: lets as many messages pass as it says, and keeps the next one until whoever asked has gone', async (fault, state) => {
    await expectFault(`${fault}:1`);
    const answer = await one.apply('ir', pair(keys));
    const octets = await one.writeConfirmation(given(answer));
    const gone = new AbortController();
    const kept = send(octets, gone.signal).catch(() => 'gone');
    await vi.waitFor(async () => expect(await ca.faults()).toEqual([]));
    gone.abort();
    expect(await kept).toBe('gone');
    const stateNow = async (): Promise<unknown> => (await ca.rows('transactions')).find(({ id }) => id === toHex(one.transactionId))?.['state'];
    expect(await stateNow()).toBe(state);
    expect([outcome(await one.post(octets)), await stateNow()]).toEqual(['pkiConf', 'confirmed']);
  });

  it('confirm-refuse: an error that changes nothing', async () => {
    await expectFault('confirm-refuse:10');
    const answer = await one.apply('ir', pair(keys));
    const confirmation = await one.writeConfirmation(given(answer));
    expect(outcome(await one.post(confirmation))).toBe('error certRevoked');
    expect(outcome(await one.post(confirmation))).toBe('pkiConf');
  });

  it('confirm-answer-lost: the confirmation counts, and the same octets get its answer', async () => {
    await expectFault('confirm-answer-lost');
    const answer = await one.apply('ir', pair(keys));
    const confirmation = await one.writeConfirmation(given(answer));
    await expect(send(confirmation)).rejects.toThrow();
    expect(outcome(await one.post(confirmation))).toBe('pkiConf');
  });

  it.each([
    ['die-before-commit', 0],
    ['die-after-commit', 1],
  ])('%s: the same octets are answered as if nothing had happened', async (fault, before) => {
    const count = async (): Promise<number> => (await ca.rows('transactions')).length;
    const start = await count();
    await expectFault(fault);
    const octets = await one.writeApplication('ir', pair(keys));
    expect((await send(octets)).status).toBe(500);
    expect((await count()) - start).toBe(before);
    const answer = await one.post(octets);
    expect(outcome(await one.post(await one.writeConfirmation(given(answer))))).toBe('pkiConf');
  });
});

describe('the list of faults', () => {
  it('names each once', () => {
    const names = Object.values(FAULTS).flat();
    expect(new Set(names).size).toBe(names.length);
  });

  it.each([[['unknown']], [['slow:x']], [['slow:1:2']], ['slow'], [[1]]])('refuses %j', async (faults) => {
    expect(await ca.post('/test/faults', { faults })).toEqual({ status: 400, body: { code: 'request.malformed' } });
  });

  it('is closed without --test', async () => {
    const closed = await TestCa.start({ test: false });
    expect((await closed.post('/test/faults', { faults: [] })).status).toBe(404);
    expect((await closed.post('/ra/registrations', { name: '시험', number: '3000000012345', ref: '1', code: CODE })).status).toBe(401);
    await closed.close();
  });
});

describe('CMP over HTTP', () => {
  it.each<[string, RequestInit, number]>([
    ['another method', { method: 'GET' }, 405],
    ['another type', { method: 'POST', headers: { 'content-type': 'text/plain' }, body: 'x' }, 415],
    ['what is no message', { method: 'POST', headers: { 'content-type': 'application/pkixcmp' }, body: 'x' }, 400],
    ['too much', { method: 'POST', headers: { 'content-type': 'application/pkixcmp' }, body: new Uint8Array(201 * 1024) }, 413],
  ])('refuses %s', async (_, init, status) => {
    expect((await fetch(`${ca.url}/.well-known/cmp`, init)).status).toBe(status);
  });
});
