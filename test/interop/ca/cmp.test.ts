import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Bytes } from '../../../lib/bytes/bytes.ts';
import { readErrorMessage } from '../../../lib/cmp/error-message.ts';
import { readMessage } from '../../../lib/cmp/message.ts';
import { readCertificate } from '../../../lib/npki/certificate.ts';
import { nameText } from '../../../lib/npki/name.ts';
import { TestCa } from '../../support/demo-ca.ts';
import { OpensslClient, type ClientRun } from '../../support/openssl-client.ts';
import { OPENSSL_TITLE, OPENSSL_VERSION } from '../../support/openssl.ts';

const RECIPIENT = '/C=KR/O=DojangDemo/OU=DemoCA/CN=Dojang Demo CA 1';
const CODE = 'CODE1001abcdefghijkl';
const PERSON = { name: '홍길순', number: '8001011234567', code: CODE };
const TRUST = ['-untrusted', 'ca.pem', '-trusted', 'root.pem'];

describe.runIf(OPENSSL_VERSION !== null)(`the demo authority before the CMP client of ${OPENSSL_TITLE}`, () => {
  let ca: TestCa;
  let client: OpensslClient;

  beforeAll(async () => {
    ca = await TestCa.start();
    client = await OpensslClient.of(ca);
    for (const name of ['k1', 'k2', 'k3', 'k4']) await client.run('genrsa', '-out', `${name}.key`, '2048');
  });
  afterAll(async () => {
    client.remove();
    await ca.close();
  });

  async function register(ref: string, more: object = {}): Promise<void> {
    expect((await ca.post('/ra/registrations', { ...PERSON, ref, days: 20, ...more })).status).toBe(200);
  }

  const cmp = (command: string, ...more: readonly string[]): Promise<ClientRun> =>
    client.run('cmp', '-config', '', '-cmd', command, '-server', `${ca.url}/.well-known/cmp`, '-recipient', RECIPIENT, ...more);

  const byNumber = (ref: string, code = CODE): readonly string[] => ['-ref', ref, '-secret', `pass:${code}`];
  const enrol = (ref: string, key: string, out: string, ...more: readonly string[]): Promise<ClientRun> =>
    cmp('ir', ...TRUST, ...byNumber(ref), '-newkey', key, '-subject', '/CN=x', '-certout', out, ...more);
  const revoke = (name: string, key: string, reason: number): Promise<ClientRun> =>
    cmp('rr', ...TRUST, '-cert', name, '-key', key, '-oldcert', name, '-revreason', String(reason));

  async function states(): Promise<unknown[]> {
    return (await ca.rows('certificates')).slice(8).map(({ state, reason }) => [state, reason]);
  }

  it('explains a wrong code by a signed error, and the number stays good', async () => {
    await register('10010001');
    const { ok, said } = await cmp('ir', ...TRUST, ...byNumber('10010001', 'WRONG'), '-newkey', 'k1.key', '-subject', '/CN=x', '-certout', 'no.pem');
    expect(ok).toBe(false);
    expect(said).toContain('badMessageCheck');
    const unknown = await cmp('ir', ...TRUST, ...byNumber('99999999'), '-newkey', 'k1.key', '-subject', '/CN=x', '-certout', 'no.pem');
    expect(unknown.said).toContain('badMessageCheck');
  });

  it('gives its certificate for encryption', async () => {
    expect((await cmp('genm', ...byNumber('10010001'), '-infotype', 'caProtEncCert')).said).toContain(
      'genp contains ITAV of type: id-it-caProtEncCert',
    );
  });

  it.each([
    ['raVerified', '0'],
    ['none', '-1'],
  ])('refuses a proof of possession by %s', async (_, popo) => {
    const { ok, said } = await enrol('10010001', 'k1.key', 'no.pem', '-popo', popo);
    expect([ok, said.includes('badPOP')]).toEqual([false, true]);
  });

  it('enrols with a number and its code, once', async () => {
    const files = ['-cacertsout', 'capubs.pem', '-reqout', 'ir.der,certConf.der', '-rspout', 'ip.der,pkiConf.der'];
    const { ok, said } = await enrol('10010001', 'k1.key', 'c1.pem', ...files);
    expect(ok).toBe(true);
    expect(said).toContain('grantedWithMods');
    const again = await enrol('10010001', 'k2.key', 'no.pem');
    expect([again.ok, again.said.includes('notAuthorized')]).toEqual([false, true]);
    expect(await states()).toEqual([['active', null]]);
  });

  it('wrote what Korean certificates have, by name, policy, addresses and key', async () => {
    const { said } = await client.run('x509', '-in', 'c1.pem', '-noout', '-text', '-nameopt', 'utf8');
    for (const line of [
      'Subject: C=KR, O=DojangDemo, OU=personal4IB, OU=DEMO, CN=홍길순()0099041',
      'Digital Signature, Non Repudiation',
      'X509v3 Certificate Policies: critical',
      'Policy: 1.2.410.200005.1.1.4',
      'othername: 1.2.410.200004.10.1.1',
      `URI:${ca.url}/crl/ca.crl`,
      `OCSP - URI:${ca.url}/ocsp`,
    ])
      expect(said).toContain(line);
    const policy = ['-policy_check', '-policy', '1.2.410.200005.1.1.4'];
    expect((await client.run('verify', '-x509_strict', ...policy, '-CAfile', 'root.pem', '-untrusted', 'ca.pem', 'c1.pem')).ok).toBe(true);
    const [mine, theirs] = [await client.run('pkey', '-in', 'k1.key', '-pubout'), await client.run('x509', '-in', 'c1.pem', '-noout', '-pubkey')];
    expect(mine.said).toBe(theirs.said);
  });

  it('answers the very octets of a finished enrolment with transactionIdInUse', async () => {
    const headers = { 'content-type': 'application/pkixcmp' };
    const replay = async (name: string): Promise<Bytes> =>
      new Uint8Array(await (await fetch(`${ca.url}/pkix/`, { method: 'POST', headers, body: client.read(name) })).arrayBuffer());
    const { body } = readMessage(await replay('ir.der'));
    expect([body.type, readErrorMessage(body.content).failures]).toEqual(['error', ['transactionIdInUse']]);
    expect(Buffer.from(await replay('certConf.der'))).toEqual(Buffer.from(client.read('pkiConf.der')));
    expect(await states()).toEqual([['active', null]]);
  });

  it('renews by the old key: one more year, the same name, and the old one falls', async () => {
    const { ok } = await cmp('kur', ...TRUST, '-cert', 'c1.pem', '-key', 'k1.key', '-newkey', 'k2.key', '-certout', 'c2.pem');
    expect(ok).toBe(true);
    await client.run('x509', '-in', 'c1.pem', '-outform', 'DER', '-out', 'c1.der');
    await client.run('x509', '-in', 'c2.pem', '-outform', 'DER', '-out', 'c2.der');
    const [old, renewed] = [readCertificate(client.read('c1.der')), readCertificate(client.read('c2.der'))];
    expect(nameText(renewed.subject)).toBe(nameText(old.subject));
    expect(renewed.notAfter - old.notAfter).toBe(365 * 86_400_000);
    expect(await states()).toEqual([
      ['revoked', 4],
      ['active', null],
    ]);
    const late = await cmp('kur', ...TRUST, '-cert', 'c1.pem', '-key', 'k1.key', '-newkey', 'k3.key', '-certout', 'no.pem');
    expect([late.ok, late.said.includes('certRevoked')]).toEqual([false, true]);
  });

  it('refuses to renew what does not end soon', async () => {
    const { ok, said } = await cmp('kur', ...TRUST, '-cert', 'c2.pem', '-key', 'k2.key', '-newkey', 'k3.key', '-certout', 'no.pem');
    expect([ok, said.includes('갱신은 만료 30일 전부터')]).toEqual([false, true]);
  });

  it('holds, releases and revokes for the holder; OCSP and the list agree', async () => {
    const status = async (): Promise<string> => {
      const asked = await client.run(
        'ocsp',
        '-issuer',
        'ca.pem',
        '-cert',
        'c2.pem',
        '-url',
        `${ca.url}/ocsp`,
        '-CAfile',
        'root.pem',
        '-verify_other',
        'ca.pem',
      );
      expect(asked.said).toContain('Response verify OK');
      client.write('ca.crl', await ca.get('/crl/ca.crl'));
      await client.run('crl', '-inform', 'DER', '-in', 'ca.crl', '-CAfile', 'chain.pem', '-out', 'crl.pem');
      const listed = await client.run('verify', '-CAfile', 'root.pem', '-untrusted', 'ca.pem', '-crl_check', '-CRLfile', 'crl.pem', 'c2.pem');
      const [, word = ''] = /c2\.pem: (\w+)/.exec(asked.said) ?? [];
      return `${word} ${/Reason: (\w+)/.exec(asked.said)?.[1] ?? ''} ${listed.ok ? 'not listed' : 'listed'}`;
    };
    expect(await status()).toBe('good  not listed');
    expect((await revoke('c2.pem', 'k2.key', 6)).ok).toBe(true);
    expect(await status()).toBe('revoked certificateHold listed');
    expect((await revoke('c2.pem', 'k2.key', 8)).ok).toBe(true);
    expect(await status()).toBe('good  not listed');
    expect((await revoke('c2.pem', 'k2.key', 1)).ok).toBe(true);
    expect(await status()).toBe('revoked keyCompromise listed');
  });

  it('lets an applicant wait and ask again', async () => {
    await register('10010002', { waits: 2 });
    const { ok, said } = await enrol('10010002', 'k3.key', 'c3.pem');
    expect(ok).toBe(true);
    expect(said.match(/sending POLLREQ/g)).toHaveLength(2);
  });

  it('withdraws what the applicant did not like, and the number is good again', async () => {
    await register('10010003');
    // -out_trusted names a root that the chain of the new certificate does not end in.
    await client.run('req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-keyout', 'o.key', '-out', 'other.pem', '-subj', '/CN=other', '-days', '2');
    const { ok } = await enrol('10010003', 'k4.key', 'no.pem', '-out_trusted', 'other.pem');
    expect(ok).toBe(false);
    expect((await ca.rows('registrations')).at(-1)).toMatchObject({ reference: '10010003', state: 'open' });
    expect((await states()).at(-1)).toEqual(['revoked', 5]);
  });
});
