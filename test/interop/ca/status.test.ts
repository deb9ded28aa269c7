import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TestCa } from '../../support/demo-ca.ts';
import { OpensslClient } from '../../support/openssl-client.ts';
import { certificatePem, OPENSSL_TITLE, OPENSSL_VERSION } from '../../support/openssl.ts';

/** 홍길동's sign certificate, as the demo starts. */
const SERIAL = '20260002';

describe.runIf(OPENSSL_VERSION !== null)(`the status of certificates before ${OPENSSL_TITLE}`, () => {
  let ca: TestCa;
  let client: OpensslClient;

  beforeAll(async () => {
    ca = await TestCa.start();
    client = await OpensslClient.of(ca);
    const { folder } = ca.authority.people[0]!;
    client.write('hong.pem', certificatePem(new Uint8Array(readFileSync(join(folder, 'signCert.der')))));
  });
  afterAll(async () => {
    client.remove();
    await ca.close();
  });

  async function ocsp(...more: readonly string[]): Promise<string> {
    const trust = ['-CAfile', 'root.pem', '-verify_other', 'ca.pem'];
    const { ok, said } = await client.run('ocsp', '-issuer', 'ca.pem', '-url', `${ca.url}/ocsp`, ...trust, ...more);
    expect(ok).toBe(true);
    expect(said).toContain('Response verify OK');
    expect(said).not.toMatch(/nonce/i); // neither missing nor different
    return said;
  }

  async function verifyWithList(): Promise<boolean> {
    client.write('ca.crl', await ca.get('/crl/ca.crl'));
    const list = await client.run('crl', '-inform', 'DER', '-in', 'ca.crl', '-CAfile', 'chain.pem', '-out', 'crl.pem');
    expect(list.said).toContain('verify OK');
    const args = ['-CAfile', 'root.pem', '-untrusted', 'ca.pem', '-crl_check', '-CRLfile', 'crl.pem', 'hong.pem'];
    return (await client.run('verify', ...args)).ok;
  }

  it('is good at first, by OCSP and by list, and unknown for a serial nobody was given', async () => {
    expect(await ocsp('-cert', 'hong.pem')).toContain('hong.pem: good');
    expect(await ocsp('-sha256', '-cert', 'hong.pem')).toContain('hong.pem: good');
    expect(await ocsp('-serial', '0x7fffffff')).toContain('0x7fffffff: unknown');
    expect(await verifyWithList()).toBe(true);
  });

  it('is a hold after 효력정지, good again after 효력회복, and revoked for ever after 폐기', async () => {
    await ca.post('/ra/holds', { serial: SERIAL });
    expect(await ocsp('-cert', 'hong.pem')).toMatch(/hong\.pem: revoked[^]*Reason: certificateHold/);
    expect(await verifyWithList()).toBe(false);
    await ca.post('/ra/releases', { serial: SERIAL });
    expect(await ocsp('-cert', 'hong.pem')).toContain('hong.pem: good');
    expect(await verifyWithList()).toBe(true);
    await ca.post('/ra/revocations', { serial: SERIAL, reason: 1 });
    expect(await ocsp('-cert', 'hong.pem')).toMatch(/hong\.pem: revoked[^]*Reason: keyCompromise/);
    expect(await verifyWithList()).toBe(false);
    expect((await client.run('crl', '-in', 'crl.pem', '-noout', '-text')).said).toMatch(/Serial Number: 20260002[^]*Key Compromise/);
  });
});
