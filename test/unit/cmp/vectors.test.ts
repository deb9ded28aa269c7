import { describe, expect, it } from 'vitest';
import { equal, type Bytes } from '../../../lib/bytes/bytes.ts';
import { toHex } from '../../../lib/bytes/hex.ts';
import { utf8 } from '../../../lib/bytes/text.ts';
import { isSignedFor } from '../../../lib/cmp/authority.ts';
import { readCertificateRequests } from '../../../lib/cmp/certificate-request.ts';
import { readCertificateResponses } from '../../../lib/cmp/certificate-response.ts';
import { readConfirmations, readConfirmed } from '../../../lib/cmp/confirmation.ts';
import { readErrorMessage } from '../../../lib/cmp/error-message.ts';
import { readMessageTime } from '../../../lib/cmp/info.ts';
import { isMacOf, readMacAlgorithm } from '../../../lib/cmp/mac.ts';
import type { Message } from '../../../lib/cmp/message.ts';
import { CMP_OID } from '../../../lib/cmp/oids.ts';
import { readPollRequest } from '../../../lib/cmp/polling.ts';
import { readRevocationAnswer, readRevocations } from '../../../lib/cmp/revocation.ts';
import { readCertificate, type Certificate } from '../../../lib/npki/certificate.ts';
import { isSignedBy } from '../../../lib/trust/rsa-signature.ts';
import { CODE, fixtureAuthority, fixtureCertificate, fixtureHolder, fixtureMessage, VECTOR_TIME } from '../../support/cmp-fixtures.ts';

const MACED = [
  ['ir', 'ir', 'SHA-256'],
  ['ip', 'ip', 'SHA-256'],
  ['certConf', 'certConf', 'SHA-256'],
  ['pkiConf', 'pkiConf', 'SHA-256'],
  ['ir-used', 'ir', 'SHA-1'],
  ['error-used', 'error', 'SHA-1'],
  ['w-ir', 'ir', 'SHA-1'],
  ['w-ip-waiting', 'ip', 'SHA-1'],
  ['w-pollReq', 'pollReq', 'SHA-1'],
  ['w-ip', 'ip', 'SHA-1'],
  ['w-certConf', 'certConf', 'SHA-1'],
  ['w-pkiConf', 'pkiConf', 'SHA-1'],
] as const;

function isMaced({ header, protection, protectedPart }: Message, code: Bytes): Promise<boolean> {
  return isMacOf(readMacAlgorithm(header.protection!)!, code, protectedPart, protection!);
}

describe('messages between OpenSSL and Bouncy Castle, protected by a code', () => {
  it.each(MACED)('%s is an %s with HMAC-%s that verifies', async (name, type, mac) => {
    const message = fixtureMessage(name);
    expect(message.body.type).toBe(type);
    expect(readMacAlgorithm(message.header.protection!)).toMatchObject({ way: 'pbm', iterations: 500, derivation: 'SHA-256', mac });
    expect(await isMaced(message, CODE)).toBe(true);
    expect(await isMaced(message, utf8('VECTOR-CODE-0123456780'))).toBe(false);
  });
});

describe('messages between OpenSSL and Bouncy Castle, protected by a signature', () => {
  it.each(['kup', 'kur-pkiConf', 'rp'])('%s is signed for the authority', async (name) => {
    expect(await isSignedFor(fixtureAuthority(), fixtureMessage(name), VECTOR_TIME)).toBe(true);
  });

  it.each([
    ['kur', 'c1'],
    ['kur-certConf', 'c1'],
    ['rr', 'c2'],
  ] as const)('%s is signed by %s, which does not speak for the authority', async (name, holder) => {
    const message = fixtureMessage(name);
    expect(await isSignedBy(fixtureHolder(holder), 'SHA-256', message.protection!, message.protectedPart)).toBe(true);
    expect(await isSignedFor(fixtureAuthority(), message, VECTOR_TIME)).toBe(false);
  });
});

describe('what the messages say', () => {
  it('an exchange keeps its transaction and answers each nonce', () => {
    const exchange = ['ir', 'ip', 'certConf', 'pkiConf'].map((name) => fixtureMessage(name).header);
    expect(new Set(exchange.map(({ transactionId }) => toHex(transactionId!))).size).toBe(1);
    for (const [at, header] of exchange.slice(1).entries()) expect(header.recipientNonce).toEqual(exchange[at]!.senderNonce);
  });

  it('ir: a request for one key, proven by signing the request', async () => {
    const [request, ...others] = readCertificateRequests(fixtureMessage('ir').body.content);
    expect(others).toEqual([]);
    const { requestId, template, possession, oldCertificate } = request!;
    expect({ requestId, oldCertificate, serial: template.serial, extensions: template.extensions }).toEqual({
      requestId: 0,
      oldCertificate: null,
      serial: null,
      extensions: [],
    });
    expect(template.spki).toEqual(fixtureHolder('c1').spki);
    if (possession.kind !== 'signature') throw new Error(possession.kind);
    expect(possession.input).toBeNull();
    expect(await isSignedBy(fixtureHolder('c1'), 'SHA-256', possession.signature, request!.der)).toBe(true);
  });

  it('ip: the certificate with a name of the authority\u2019s choice, the time to confirm it by, and certificates of authorities', () => {
    const { body, header } = fixtureMessage('ip');
    const { responses, authorityCertificates } = readCertificateResponses(body.content);
    expect(responses.map(({ requestId, status }) => [requestId, status.status])).toEqual([[0, 'grantedWithMods']]);
    expect(responses[0]!.certificate).toEqual(fixtureHolder('c1').der);
    expect(authorityCertificates).toEqual([fixtureCertificate('root').der, fixtureCertificate('ca').der]);
    const wait = header.info.find(({ type }) => type === CMP_OID.confirmWaitTime);
    expect(readMessageTime(wait!.value!)).toBe(Date.parse('2026-11-23T06:42:55Z'));
    expect(header.messageTime).toBe(Date.parse('2026-11-23T06:41:55Z'));
  });

  it('kur: names the old certificate by issuer and serial', () => {
    const [request] = readCertificateRequests(fixtureMessage('kur').body.content);
    const old = fixtureHolder('c1');
    expect(request!.oldCertificate).toEqual({ issuer: old.issuer.der, serial: old.serial });
    expect(request!.template).toMatchObject({ issuer: old.issuer.der, subject: old.subject.der, spki: fixtureHolder('c2').spki });
  });

  it.each(['certConf', 'w-certConf', 'kur-certConf'])('%s: the SHA-256 of the certificate', async (name) => {
    const holder: Certificate = fixtureHolder(({ certConf: 'c1', 'w-certConf': 'c3', 'kur-certConf': 'c2' } as const)[name]!);
    const hash = new Uint8Array(await crypto.subtle.digest('SHA-256', holder.der));
    const [confirmation] = readConfirmations(fixtureMessage(name).body.content);
    expect(confirmation).toMatchObject({ requestId: 0, hash, hashAlgorithm: null });
  });

  it.each(['pkiConf', 'w-pkiConf', 'kur-pkiConf'])('%s: nothing but that', (name) => {
    expect(() => readConfirmed(fixtureMessage(name).body.content)).not.toThrow();
  });

  it('error-used: a number that was used', () => {
    expect(readErrorMessage(fixtureMessage('error-used').body.content)).toMatchObject({ status: 'rejection', failures: ['notAuthorized'] });
  });

  it('rr and rp: c2 is revoked, for its key is no secret any more', () => {
    const { issuer, serial } = fixtureHolder('c2');
    expect(readRevocations(fixtureMessage('rr').body.content)).toEqual([{ issuer: issuer.der, serial, reason: 'keyCompromise' }]);
    expect(readRevocationAnswer(fixtureMessage('rp').body.content).map(({ status }) => status)).toEqual(['accepted']);
  });

  it('w-ip-waiting, w-pollReq, w-ip: waiting, asked again, issued', () => {
    const [waiting] = readCertificateResponses(fixtureMessage('w-ip-waiting').body.content).responses;
    expect(waiting).toMatchObject({ requestId: 0, certificate: null, status: { status: 'waiting', failures: [] } });
    expect(waiting!.status.text).toMatch(/[가-힣]/);
    expect(readPollRequest(fixtureMessage('w-pollReq').body.content)).toEqual([0]);
    const [issued] = readCertificateResponses(fixtureMessage('w-ip').body.content).responses;
    expect(equal(readCertificate(issued!.certificate!).der, fixtureHolder('c3').der)).toBe(true);
  });
});
