import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as asn1js from 'asn1js';
import * as pkijs from 'pkijs';
import { copy } from '../../../lib/bytes/bytes.ts';
import { TestCa } from '../../support/demo-ca.ts';

let ca: TestCa;
let issuing: pkijs.Certificate;
let hong: pkijs.Certificate;

beforeAll(async () => {
  ca = await TestCa.start();
  issuing = pkijs.Certificate.fromBER(ca.authority.issuing);
  hong = pkijs.Certificate.fromBER(new Uint8Array(readFileSync(join(ca.authority.people[0]!.folder, 'signCert.der'))));
});
afterAll(async () => {
  await ca.close();
});

const NONCE = Uint8Array.from({ length: 32 }, (_, at) => at);

/** Asks for 홍길동's certificate as pkijs does, under a fault. */
async function ask(...faults: readonly string[]): Promise<pkijs.OCSPResponse> {
  await ca.post('/test/faults', { faults });
  const request = new pkijs.OCSPRequest();
  await request.createForCertificate(hong, { hashAlgorithm: 'SHA-1', issuerCertificate: issuing });
  const extnValue = new asn1js.OctetString({ valueHex: NONCE }).toBER();
  request.tbsRequest.requestExtensions = [new pkijs.Extension({ extnID: '1.3.6.1.5.5.7.48.1.2', extnValue })];
  const body = request.toSchema(true).toBER();
  const init = { method: 'POST', headers: { 'content-type': 'application/ocsp-request' }, body };
  return pkijs.OCSPResponse.fromBER(await (await fetch(`${ca.url}/ocsp`, init)).arrayBuffer());
}

function basicOf(response: pkijs.OCSPResponse): pkijs.BasicOCSPResponse {
  return pkijs.BasicOCSPResponse.fromBER(copy(response.responseBytes!.response.valueBlock.valueHexView));
}

const isGood = (response: pkijs.OCSPResponse): Promise<unknown> =>
  response.getCertificateStatus(hong, issuing).then(({ isForCertificate, status }) => [isForCertificate, status]);
const verifies = (response: pkijs.OCSPResponse): Promise<boolean> => basicOf(response).verify({ trustedCerts: [issuing] });
const nonceOf = (response: pkijs.OCSPResponse): number =>
  basicOf(response).tbsResponseData.responseExtensions?.[0]?.extnValue.valueBlock.valueHexView.length ?? 0;

describe('the responder before pkijs', () => {
  it('says that the certificate is good, signed by its delegate, with our nonce', async () => {
    const response = await ask();
    expect([await isGood(response), await verifies(response), nonceOf(response)]).toEqual([[true, 0], true, 34]);
  });

  it('answers GET, with slashes and encoded', async () => {
    const request = new pkijs.OCSPRequest();
    await request.createForCertificate(hong, { hashAlgorithm: 'SHA-256', issuerCertificate: issuing });
    const path = Buffer.from(request.toSchema(true).toBER()).toString('base64');
    for (const asked of [path, encodeURIComponent(path)]) {
      const response = pkijs.OCSPResponse.fromBER(await (await fetch(`${ca.url}/ocsp/${asked}`)).arrayBuffer());
      expect(await isGood(response)).toEqual([true, 0]);
    }
  });

  it.each(['%', '%25', 'AAA', '!!!!'])('refuses GET of %s', async (path) => {
    expect((await fetch(`${ca.url}/ocsp/${path}`)).status).toBe(400);
  });

  it('tells what is no request, and what is not for its own certificates', async () => {
    const init = { method: 'POST', headers: { 'content-type': 'application/ocsp-request' }, body: 'x' };
    expect(Buffer.from(await (await fetch(`${ca.url}/ocsp`, init)).arrayBuffer())).toEqual(Buffer.from([0x30, 3, 0x0a, 1, 1]));
    const request = new pkijs.OCSPRequest();
    await request.createForCertificate(hong, { hashAlgorithm: 'SHA-1', issuerCertificate: pkijs.Certificate.fromBER(ca.authority.root) });
    const body = request.toSchema(true).toBER();
    const response = pkijs.OCSPResponse.fromBER(await (await fetch(`${ca.url}/ocsp`, { ...init, body })).arrayBuffer());
    expect(basicOf(response).tbsResponseData.responses[0]!.certStatus.idBlock.tagNumber).toBe(2);
  });

  it.each<[string, (response: pkijs.OCSPResponse) => unknown, unknown]>([
    ['ocsp-later', ({ responseStatus }) => responseStatus.valueBlock.valueDec, 3],
    ['ocsp-stale', (response) => basicOf(response).tbsResponseData.responses[0]!.nextUpdate! < new Date(), true],
    ['ocsp-no-nonce', nonceOf, 0],
    ['ocsp-other-nonce', (response) => Buffer.from(basicOf(response).toSchema().toBER()).includes(Buffer.from(NONCE)), false],
    ['ocsp-other-serial', isGood, [false, 2]],
    ['ocsp-wrong-signer', (response) => verifies(response).catch(() => false), false],
  ])('%s', async (fault, look, expected) => {
    expect(await look(await ask(fault))).toEqual(expected);
    expect(await isGood(await ask())).toEqual([true, 0]);
  });
});

describe('the list before pkijs', () => {
  async function list(...faults: readonly string[]): Promise<pkijs.CertificateRevocationList> {
    await ca.post('/test/faults', { faults });
    return pkijs.CertificateRevocationList.fromBER(await ca.get('/crl/ca.crl'));
  }
  const numberOf = (found: pkijs.CertificateRevocationList): unknown =>
    found.crlExtensions?.extensions.find(({ extnID }) => extnID === '2.5.29.20')?.extnValue.valueBlock.valueHexView.at(-1);

  it('verifies, names no one at first, and gets the next number with each change', async () => {
    const first = await list();
    expect([await first.verify({ issuerCertificate: issuing }), first.revokedCertificates, numberOf(first)]).toEqual([true, undefined, 1]);
    await ca.post('/ra/holds', { serial: '20260002' });
    const second = await list();
    expect([second.isCertificateRevoked(hong), numberOf(second)]).toEqual([true, 2]);
    await ca.post('/ra/releases', { serial: '20260002' });
    expect(numberOf(await list())).toBe(3);
    expect(numberOf(await list())).toBe(3);
    ca.ahead = 13 * 3_600_000;
    expect(numberOf(await list())).toBe(4);
    ca.ahead = 0;
  });

  it.each<[string, (found: pkijs.CertificateRevocationList) => unknown, unknown]>([
    ['crl-stale', (found) => found.nextUpdate!.value < new Date(), true],
    ['crl-indirect', (found) => found.crlExtensions!.extensions.some(({ extnID, critical }) => extnID === '2.5.29.28' && critical), true],
    ['crl-older-number', numberOf, 0],
  ])('%s', async (fault, look, expected) => {
    expect(look(await list(fault))).toEqual(expected);
  });
});
