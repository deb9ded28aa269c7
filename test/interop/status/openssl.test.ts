import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { crlDistributionPoints, extendedKeyUsage, keyUsage } from '../../../demo/extensions.ts';
import type { Bytes } from '../../../lib/bytes/bytes.ts';
import { checkRevocationList } from '../../../lib/trust/status/check-list.ts';
import { checkOcspAnswer } from '../../../lib/trust/status/check-ocsp.ts';
import { certIdOf, writeOcspRequest, type CertId } from '../../../lib/trust/status/ocsp-request.ts';
import type { CertificateState } from '../../../lib/trust/status/state.ts';
import { OpensslClient } from '../../support/openssl-client.ts';
import { certificatePem, OPENSSL_TITLE, OPENSSL_VERSION } from '../../support/openssl.ts';
import { authorityExtensions, holderExtensions, issue, makeKeys, type Issued } from '../../support/test-authority.ts';

const NONCE = Uint8Array.from({ length: 32 }, (_, at) => 255 - at);
const POINT = 'http://crl.example.invalid/dp1.crl';
const DAY = 86_400_000;
const now = Math.floor(Date.now() / 1000) * 1000;

/** `07` is good, `08` revoked for keyCompromise, `09` on hold; all others are nobody's. */
const INDEX = [
  'V\t491231000000Z\t\t07\tunknown\t/CN=a',
  'R\t491231000000Z\t261101120000Z,keyCompromise\t08\tunknown\t/CN=b',
  'R\t491231000000Z\t261102120000Z,certificateHold\t09\tunknown\t/CN=c',
  '',
].join('\n');

const CONFIG = `[ca]
default_ca = own
[own]
database = index.txt
crlnumber = number
default_md = sha256
default_crl_days = 1
[whole]
authorityKeyIdentifier = keyid, issuer
[part]
authorityKeyIdentifier = keyid
issuingDistributionPoint = critical, @point
[point]
fullname = URI:${POINT}
[delta]
2.5.29.27 = critical, DER:02:01:01
`;

async function keyPem({ key }: Issued): Promise<string> {
  const lines =
    Buffer.from(await crypto.subtle.exportKey('pkcs8', key))
      .toString('base64')
      .match(/.{1,64}/g) ?? [];
  return ['-----BEGIN PRIVATE KEY-----', ...lines, '-----END PRIVATE KEY-----', ''].join('\n');
}

describe.runIf(OPENSSL_VERSION !== null)(`our readers before ${OPENSSL_TITLE}`, () => {
  const client = new OpensslClient();
  let authority: Issued;
  let holders: readonly Issued[];

  beforeAll(async () => {
    const dates = { notBefore: now - DAY, notAfter: now + 30 * DAY };
    const [rootKeys, keys, delegateKeys, holderKeys] = await Promise.all([makeKeys(), makeKeys(), makeKeys(), makeKeys()]);
    const root = await issue({ name: 'Root', keys: rootKeys, extensions: authorityExtensions(1), ...dates });
    authority = await issue({ name: 'Authority', keys, issuer: root, extensions: authorityExtensions(), ...dates });
    const delegateExtensions = [keyUsage('digitalSignature'), extendedKeyUsage('1.3.6.1.5.5.7.3.9')];
    const delegate = await issue({ name: 'Responder', keys: delegateKeys, issuer: authority, serial: 3, extensions: delegateExtensions, ...dates });
    const extensions = [...holderExtensions(), crlDistributionPoints(POINT)];
    holders = await Promise.all(
      [7, 8, 9, 10].map((serial) => issue({ name: '홍길동()0099', keys: holderKeys, issuer: authority, serial, extensions, ...dates })),
    );
    for (const [name, one] of [['ca', authority] as const, ['responder', delegate] as const, ['holder', holders[0]!] as const]) {
      client.write(`${name}.pem`, certificatePem(one.certificate.der));
      client.write(`${name}.key`, await keyPem(one));
    }
    client.write('index.txt', INDEX);
    client.write('number', '0105\n');
    client.write('ca.cnf', CONFIG);
  });
  afterAll(() => {
    client.remove();
  });

  async function asked(holder: Issued, signer: string, ...more: readonly string[]): Promise<CertificateState> {
    const certId: CertId = await certIdOf(holder.certificate, authority.certificate);
    client.write('request.der', writeOcspRequest(certId, NONCE));
    const files = ['-index', 'index.txt', '-CA', 'ca.pem', '-rsigner', `${signer}.pem`, '-rkey', `${signer}.key`];
    const { ok, said } = await client.run('ocsp', ...files, '-reqin', 'request.der', '-respout', 'answer.der', ...more);
    expect(said).not.toMatch(/error/i);
    expect(ok).toBe(true);
    const question = { certId, nonce: NONCE, authority: { issuer: authority.certificate, appointing: [] }, now: Date.now() };
    return checkOcspAnswer(client.read('answer.der'), question);
  }

  it('write a request in which OpenSSL finds the certificate and the nonce', async () => {
    client.write('request.der', writeOcspRequest(await certIdOf(holders[0]!.certificate, authority.certificate), NONCE));
    const { said } = await client.run('ocsp', '-reqin', 'request.der', '-req_text');
    expect(said).toMatch(/Hash Algorithm: sha1[^]*Serial Number: 07[^]*OCSP Nonce:\s+0420FFFEFDFC/);
  });

  it.each([
    ['good', 0, { state: 'good', reused: false }],
    ['revoked', 1, { state: 'revoked', reason: 'keyCompromise', at: Date.parse('2026-11-01T12:00:00Z') }],
    ['on hold', 2, { state: 'revoked', reason: 'certificateHold', at: Date.parse('2026-11-02T12:00:00Z') }],
    ['unknown', 3, { state: 'unknown', why: 'not-known' }],
  ])('agree with its responder that a certificate is %s', async (_what, at, expected) => {
    expect(await asked(holders[at]!, 'responder', '-ndays', '1')).toMatchObject(expected);
  });

  it('take the answer of the authority itself, one without an end, and one named by key', async () => {
    expect(await asked(holders[0]!, 'ca')).toMatchObject({ state: 'good', nextUpdate: null });
    expect(await asked(holders[0]!, 'responder', '-resp_key_id')).toMatchObject({ state: 'good' });
  });

  it('do not take the answer of a person, nor one without its certificate, nor one signed with SHA-1', async () => {
    expect(await asked(holders[0]!, 'holder')).toEqual({ state: 'unknown', why: 'untrusted' });
    expect(await asked(holders[0]!, 'responder', '-resp_no_certs')).toEqual({ state: 'unknown', why: 'untrusted' });
    expect(await asked(holders[0]!, 'responder', '-rmd', 'sha1')).toEqual({ state: 'unknown', why: 'untrusted' });
  });

  async function list(section: string): Promise<Bytes> {
    const args = ['-gencrl', '-config', 'ca.cnf', '-cert', 'ca.pem', '-keyfile', 'ca.key', '-crlexts', section, '-out', 'crl.pem'];
    const made = await client.run('ca', ...args);
    expect(made.ok, made.said).toBe(true);
    await client.run('crl', '-in', 'crl.pem', '-outform', 'DER', '-out', 'crl.der');
    return client.read('crl.der');
  }

  async function listed(bytes: Bytes, at: number): Promise<CertificateState> {
    const question = { certificate: holders[at]!.certificate, issuer: authority.certificate, now: Date.now(), seen: Uint8Array.of(1, 4) };
    return (await checkRevocationList(bytes, question)).state;
  }

  it.each(['whole', 'part'])('agree with its list (%s)', async (section) => {
    const bytes = await list(section);
    expect(await listed(bytes, 0)).toMatchObject({ state: 'good' });
    expect(await listed(bytes, 1)).toMatchObject({ state: 'revoked', reason: 'keyCompromise', at: Date.parse('2026-11-01T12:00:00Z') });
    expect(await listed(bytes, 2)).toMatchObject({ state: 'revoked', reason: 'certificateHold' });
  });

  it('do not take its list of changes', async () => {
    expect(await listed(await list('delta'), 0)).toEqual({ state: 'unknown', why: 'critical' });
  });
});
