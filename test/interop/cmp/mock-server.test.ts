import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Course } from '../../../lib/cmp/course.ts';
import { readCode } from '../../../lib/cmp/credential.ts';
import type { NewKey } from '../../../lib/cmp/new-key.ts';
import { prepareComplete, prepareIssue, prepareRenewal, prepareRevocation } from '../../../lib/cmp/prepare.ts';
import { Run, type RunPorts, type Standing } from '../../../lib/cmp/run.ts';
import type { Certificate } from '../../../lib/npki/certificate.ts';
import { writeTextBlocks } from '../../../lib/npki/pem.ts';
import { CODE, REFERENCE, TestAuthority } from '../../support/cmp-authority.ts';
import { newKeys, random } from '../../support/cmp-run.ts';
import { certificatePem, OPENSSL_TITLE, OPENSSL_VERSION } from '../../support/openssl.ts';
import { startMockServer, type MockServer } from '../../support/openssl-mock.ts';
import { DAY, makeKeys, issue, authorityExtensions, type Issued } from '../../support/test-authority.ts';
import { basicConstraints } from '../../../demo/extensions.ts';

const WITH_CODE = ['-srv_secret', `pass:${CODE}`, '-srv_ref', REFERENCE];
const WITH_KEY = ['-srv_trusted', 'root.pem', '-srv_untrusted', 'ca.pem'];

let authority: TestAuthority;
let sign: NewKey;
let certificate: Certificate;
let files: Record<string, string>;
let server: MockServer | null = null;

/** OpenSSL lives in the present, so its certificates must, too. */
async function presentAuthority(): Promise<TestAuthority> {
  const now = Date.now();
  const dates = { notBefore: now - DAY, notAfter: now + 30 * DAY };
  const [rootKeys, caKeys] = await Promise.all([makeKeys(), makeKeys()]);
  const root = await issue({ ...dates, name: 'Mock Root', keys: rootKeys, extensions: [basicConstraints(null)] });
  const ca: Issued = await issue({ ...dates, name: 'Mock CA', keys: caKeys, issuer: root, extensions: authorityExtensions() });
  const holder = await issue({ ...dates, name: 'Mock Holder', keys: caKeys, issuer: ca, extensions: [] });
  return new TestAuthority({ root, authority: ca, holder, holderKeys: caKeys }, { requests: 1, macIterations: 10_000 });
}

function pemOf(pkcs8: Uint8Array): string {
  return Buffer.from(writeTextBlocks([{ label: 'PRIVATE KEY', der: Uint8Array.from(pkcs8) }])).toString();
}

beforeAll(async () => {
  [authority, [sign]] = await Promise.all([presentAuthority(), newKeys()]);
  const now = Date.now();
  certificate = await authority.issue(sign.spki, 'sign', { notBefore: now - DAY, notAfter: now + 20 * DAY });
  const { root, authority: ca, holderKeys } = authority.chain;
  const key = new Uint8Array(await crypto.subtle.exportKey('pkcs8', holderKeys.privateKey));
  files = {
    'root.pem': certificatePem(root.certificate.der),
    'ca.pem': certificatePem(ca.certificate.der),
    'ca.key': pemOf(key),
    'ee.pem': certificatePem(certificate.der),
    'other.pem': certificatePem((await authority.issue(ca.certificate.spki, 'sign', { notBefore: now - DAY, notAfter: now + 20 * DAY })).der),
  };
});

afterEach(() => {
  server?.stop();
  server = null;
});

function ports(clock = Date.now): RunPorts {
  const nothing = (): Promise<void> => Promise.resolve();
  return { clock, random, post: (message) => server!.post(message), keep: nothing, save: nothing };
}

async function serve(...options: readonly string[]): Promise<void> {
  const given = options.includes('-rsp_cert') ? [] : ['-rsp_cert', 'ee.pem'];
  server = await startMockServer(files, ['-srv_cert', 'ca.pem', '-srv_key', 'ca.key', ...given, ...options]);
}

async function issueFrom(code = CODE): Promise<Standing> {
  const { partner } = authority;
  const credential = readCode(REFERENCE, code, partner.adapter);
  const prepared = await prepareIssue({ act: 'issue', partner, credential, keys: [sign], vid: null }, ports());
  return new Run(partner, ports()).start(prepared);
}

const stateOf = ({ course }: Standing): Course['state'] => course.state;

describe.runIf(OPENSSL_VERSION !== null)(`our client and the mock server of ${OPENSSL_TITLE}`, () => {
  it('issue: a proof with a MAC over the key, answers with HMAC-SHA1 and a salt of their own', async () => {
    await serve(...WITH_CODE, '-rsp_capubs', 'root.pem');
    const { course } = await issueFrom();
    expect(course).toMatchObject({ state: 'CONFIRMED', certificates: [{ requestId: 0, use: 'sign', certificate: certificate.der }] });
  });

  it('implicit confirmation is never asked for, so that one that is offered changes nothing', async () => {
    await serve(...WITH_CODE, '-grant_implicitconf');
    expect(stateOf(await issueFrom())).toBe('CONFIRMED');
  });

  it('waiting, and asking again', async () => {
    await serve(...WITH_CODE, '-poll_count', '2', '-check_after', '7');
    let standing = await issueFrom();
    const waits: number[] = [];
    while (standing.course.state === 'WAITING') {
      const { course } = standing;
      const at = course.checkAt;
      standing = await new Run(
        authority.partner,
        ports(() => at),
      ).resume(course);
      if (standing.course.state === 'WAITING') waits.push(standing.course.checkAt - at);
    }
    expect([standing.course.state, waits]).toEqual(['CONFIRMED', [7000]]);
  });

  it.each([
    ['a refusal', ['-pkistatus', '2', '-failure', '9', '-statusstring', 'no'], 'mismatch'],
    ['an error', ['-send_error', '-failure', '23'], 'mismatch'],
  ])('%s', async (_, options, word) => {
    await serve(...WITH_CODE, ...options);
    expect((await issueFrom()).course).toMatchObject({ state: 'FAILED', refusal: { word } });
  });

  it.each([
    ['an answer without protection', ['-send_unprotected'], CODE],
    ['an error without protection', ['-send_error', '-send_unprot_err', '-send_unprotected'], CODE],
  ])('%s is none', async (_, options, code) => {
    await serve(...WITH_CODE, ...options);
    expect(await issueFrom(code)).toMatchObject({ course: { state: 'SENT' }, report: { kind: 'no-answer', disbelief: 'protection' } });
  });

  it('a wrong code ends in nothing that is believed', async () => {
    await serve(...WITH_CODE);
    expect(stateOf(await issueFrom('CODE1001abcdefghijkx'))).toBe('SENT');
  });

  it('a certificate for another key is rejected', async () => {
    await serve(...WITH_CODE, '-rsp_cert', 'other.pem');
    expect((await issueFrom()).course).toMatchObject({ state: 'FAILED', refusal: { flaw: 'certificate-key' } });
  });

  it('renewal: signed by the old key, answered by the authority', async () => {
    await serve(...WITH_KEY);
    const { partner } = authority;
    const input = { partner, certificate, sign: sign.sign, pairs: [{ old: certificate, key: sign }], vid: null };
    expect(stateOf(await new Run(partner, ports(), sign.sign).start(await prepareRenewal(input, ports())))).toBe('CONFIRMED');
  });

  it('a further certificate, by cr', async () => {
    await serve(...WITH_KEY);
    const { partner } = authority;
    const prepared = await prepareComplete({ partner, certificate, sign: sign.sign, key: sign }, ports());
    expect(stateOf(await new Run(partner, ports(), sign.sign).start(prepared))).toBe('CONFIRMED');
  });

  it('revocation', async () => {
    await serve(...WITH_KEY);
    const { partner } = authority;
    const credential = { kind: 'certificate', certificate: certificate.der } as const;
    const input = { partner, credential, sign: sign.sign, certificates: [certificate], reason: 'keyCompromise' } as const;
    const { course } = await new Run(partner, ports(), sign.sign).start(await prepareRevocation(input, ports()));
    expect(course).toEqual({ state: 'CONFIRMED', act: 'revoke', caId: 'test', certificates: [] });
  });
});
