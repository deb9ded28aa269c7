import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { HttpAnswer } from '../../../lib/cmp/answer.ts';
import type { Course } from '../../../lib/cmp/course.ts';
import { readCode, type CodeCredential } from '../../../lib/cmp/credential.ts';
import type { Partner } from '../../../lib/cmp/directory/partner.ts';
import { DUMMY_NUMBER, writeEncryptedVid } from '../../../lib/cmp/encrypted-vid.ts';
import { askEncryptionCertificate } from '../../../lib/cmp/encryption-certificate.ts';
import type { NewKey } from '../../../lib/cmp/new-key.ts';
import { makeNewKey } from '../../../lib/cmp/new-key.ts';
import { prepareIssue, prepareRenewal, prepareRevocation, type VidRequest } from '../../../lib/cmp/prepare.ts';
import { Run, type RunPorts, type Standing } from '../../../lib/cmp/run.ts';
import { readCertificate, type Certificate } from '../../../lib/npki/certificate.ts';
import { verifyIdentity } from '../../../lib/npki/identity.ts';
import { ADAPTER } from '../../support/cmp-authority.ts';
import { random } from '../../support/cmp-run.ts';
import { TestCa } from '../../support/demo-ca.ts';

const CODE = 'CODE-1001-ABCD-EFGHIJKL';
const NUMBER = '8001011234567';

let ca: TestCa;
let partner: Partner;
let last = 40_000_000;
let kept: Course | null = null;

beforeAll(async () => {
  ca = await TestCa.start();
  const [issuing, root] = await Promise.all([ca.get('/ca/ca.cer'), ca.get('/ca/root.cer')]);
  partner = { id: 'demo', adapter: { ...ADAPTER, vid: 'optional' }, issuers: [readCertificate(issuing)], roots: [readCertificate(root)] };
});
beforeEach(() => {
  kept = null;
});
afterAll(async () => {
  await ca.close();
});

async function post(message: Uint8Array<ArrayBuffer>): Promise<HttpAnswer> {
  const init = { method: 'POST', headers: { 'content-type': 'application/pkixcmp' }, body: message, redirect: 'error' } as const;
  const answer = await fetch(`${ca.url}/.well-known/cmp`, init);
  return { type: answer.headers.get('content-type') ?? '', bytes: new Uint8Array(await answer.arrayBuffer()) };
}

/** The clock of whoever runs, ahead of the true one where somebody waits. */
function ports(ahead = 0): RunPorts {
  const keep = (course: Course): Promise<void> => {
    kept = structuredClone(course);
    return Promise.resolve();
  };
  return { clock: () => Date.now() + ahead, random, post, keep, save: keep };
}

async function register(more: object = {}): Promise<CodeCredential> {
  const reference = String(++last);
  const code = CODE.replaceAll('-', '');
  const registered = await ca.post('/ra/registrations', {
    name: '홍길순',
    number: `8${reference}0000`,
    ref: reference,
    code,
    km: true,
    days: 20,
    ...more,
  });
  expect(registered.status).toBe(200);
  return readCode(reference, CODE, partner.adapter);
}

const faults = (...names: readonly string[]): Promise<unknown> => ca.post('/test/faults', { faults: names });
const twoKeys = (): Promise<NewKey[]> => Promise.all([makeNewKey('sign', random), makeNewKey('km', random)]);

async function issue(credential: CodeCredential, vid: VidRequest | null = null, keys?: NewKey[]): Promise<Standing & { keys: NewKey[] }> {
  const made = keys ?? (await twoKeys());
  const prepared = await prepareIssue({ act: 'issue', partner, credential, keys: made, vid }, ports());
  return { ...(await new Run(partner, ports()).start(prepared)), keys: made };
}

function certificatesOf(course: Course): Certificate[] {
  expect(course.state).toBe('CONFIRMED');
  return course.state === 'CONFIRMED' ? course.certificates.map(({ certificate }) => readCertificate(certificate)) : [];
}

describe('our client at the demo authority', () => {
  it('issues both certificates at once, with an identifier that only the authority could make', async () => {
    const credential = await register({ number: NUMBER });
    const keys = await twoKeys();
    const certificate = await askEncryptionCertificate(partner, credential, ports());
    const encrypted = await writeEncryptedVid({ idNumber: DUMMY_NUMBER, random: keys[0]!.random!, certificate }, random);
    const { course } = await issue(credential, { encrypted, vid: null }, keys);
    const [sign, km] = certificatesOf(course);
    expect([sign!.spki, km!.spki]).toEqual(keys.map(({ spki }) => spki));
    expect(await verifyIdentity({ certificate: sign!, random: keys[0]!.random!, idNumber: NUMBER })).toBe(true);
    expect(course).toMatchObject({ certificates: [{ warnings: [] }, { warnings: [] }] });
  });

  it('renews both, signed by the old key, and revokes what it renewed', async () => {
    const { course, keys } = await issue(await register());
    const [sign, km] = certificatesOf(course);
    const news = await twoKeys();
    const pairs = [sign!, km!].map((old, at) => ({ old, key: news[at]! }));
    const renewal = await prepareRenewal({ partner, certificate: sign!, sign: keys[0]!.sign, pairs, vid: null }, ports());
    const renewed = certificatesOf((await new Run(partner, ports(), keys[0]!.sign).start(renewal)).course);
    expect(renewed.map(({ subject }) => subject.der)).toEqual([sign!.subject.der, km!.subject.der]);
    const credential = { kind: 'certificate', certificate: renewed[0]!.der } as const;
    const input = { partner, credential, sign: news[0]!.sign, certificates: renewed, reason: 'cessationOfOperation' } as const;
    const revoked = await new Run(partner, ports(), news[0]!.sign).start(await prepareRevocation(input, ports()));
    expect(revoked.course.state).toBe('CONFIRMED');
  });

  it('is told that the code is wrong, by a signed error', async () => {
    const credential = await register();
    const { course } = await issue({ ...credential, secret: credential.secret.toReversed() });
    expect(course).toMatchObject({ state: 'FAILED', refusal: { word: 'code-wrong' } });
  });

  it('waits, and asks again', async () => {
    await faults('wait:2');
    let { course } = await issue(await register());
    for (let ahead = 2000; course.state === 'WAITING'; ahead += 2000) course = (await new Run(partner, ports(ahead)).resume(course)).course;
    expect(certificatesOf(course)).toHaveLength(2);
  });

  it.each(['answer-lost', 'cut-body', 'http-500', 'html-200', 'redirect'])('%s: nothing is known, and the same request goes on', async (fault) => {
    await faults(fault);
    const { course, report } = await issue(await register());
    expect([course.state, report.kind]).toEqual(['SENT', 'no-answer']);
    expect((await new Run(partner, ports()).resume(kept as Extract<Course, { state: 'SENT' }>)).course.state).toBe('CONFIRMED');
  });

  it('confirm-answer-lost: it stays saved, and the same confirmation goes on', async () => {
    await faults('confirm-answer-lost');
    const { course } = await issue(await register());
    expect(course.state).toBe('SAVED');
    expect((await new Run(partner, ports()).resume(kept as Extract<Course, { state: 'SAVED' }>)).course.state).toBe('CONFIRMED');
  });

  it.each(['mac-wrong', 'iterations:99', 'iterations:200001', 'transaction-wrong', 'nonce-wrong', 'unprotected', 'signed-by-user'])(
    '[F28] %s: none is believed',
    async (fault) => {
      await faults(fault);
      const { course, report } = await issue(await register());
      expect([course.state, report.kind]).toEqual(['SENT', 'no-answer']);
    },
  );

  it('[F28] unprotected-error: a refusal without protection is noise', async () => {
    await faults('unprotected-error');
    const credential = await register();
    const { report } = await issue({ ...credential, secret: credential.secret.toReversed() });
    expect(report).toEqual({ kind: 'no-answer', disbelief: 'protection' });
  });

  it('[F28] signed-by-user: an error that an ordinary holder signed is none', async () => {
    await faults('signed-by-user');
    const credential = await register();
    const { report } = await issue({ ...credential, secret: credential.secret.toReversed() });
    expect(report).toEqual({ kind: 'no-answer', disbelief: 'protection' });
  });

  it('status-html: markup in a status harms nothing', async () => {
    await faults('status-html');
    expect((await issue(await register())).course.state).toBe('CONFIRMED');
  });

  it('mac-sha1: an older MAC is a MAC', async () => {
    await faults('mac-sha1');
    expect((await issue(await register())).course.state).toBe('CONFIRMED');
  });

  it.each([
    ['other-key', 'certificate-key'],
    ['swapped', 'certificate-key'],
    ['other-issuer', 'certificate-untrusted'],
    ['usage-wrong', 'certificate-usage'],
    ['ends-soon', 'certificate-ends-soon'],
    ['one-of-two', 'request-ids'],
    ['extra-certReqId', 'request-ids'],
  ])('[F28] %s: rejected (%s), and the number is given back', async (fault, flaw) => {
    await faults(fault);
    const credential = await register();
    const reference = String(last);
    expect((await issue(credential)).course).toMatchObject({ state: 'FAILED', refusal: { word: 'not-as-asked', flaw } });
    const rows = await ca.rows('registrations');
    expect(rows.find((row) => row['reference'] === reference)?.['state']).toBe('open');
  });

  it.each([
    ['refuse:23', { word: 'number-used', failures: ['notAuthorized'] }],
    ['refuse-korean', { text: expect.stringMatching(/[가-힣]/) as string }],
  ])('%s is told', async (fault, refusal) => {
    await faults(fault);
    expect((await issue(await register())).course).toMatchObject({ state: 'FAILED', refusal });
  });

  it('[F28] caPubs-foreign: a root that comes along is no anchor, and does no harm', async () => {
    await faults('caPubs-foreign');
    expect((await issue(await register())).course.state).toBe('CONFIRMED');
  });
});
