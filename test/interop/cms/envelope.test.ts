import type * as asn1js from 'asn1js';
import * as pkijs from 'pkijs';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Bytes } from '../../../lib/bytes/bytes.ts';
import { fromHex } from '../../../lib/bytes/hex.ts';
import { fromUtf8 } from '../../../lib/bytes/text.ts';
import { readCertificate } from '../../../lib/npki/certificate.ts';
import { writeEnvelope } from '../../../lib/sign/envelope.ts';
import { readEnvelope } from '../../../lib/sign/read-envelope.ts';
import { writeIdentityValue } from '../../../lib/sign/identity-value.ts';
import { readFixture } from '../../support/npki-fixtures.ts';
import { certificatePem, openssl, OPENSSL_TITLE, OPENSSL_VERSION } from '../../support/openssl.ts';

const CONTENT = writeIdentityValue({
  origin: 'https://bank.example',
  nonce: 'AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8',
  random: fromHex('00bb95a63a04cdff6026de591dafb60c89300075'),
});
const random = (length: number): Bytes => crypto.getRandomValues(new Uint8Array(length));

/** A server certificate and its key that another program made. */
const certificate = readFixture('npki', 'bank', 'serverCert.der');
const key = readFixture('npki', 'bank', 'serverKey.pem');
let envelope: Bytes;

beforeAll(async () => {
  envelope = await writeEnvelope(CONTENT, readCertificate(certificate), random);
});

describe.runIf(OPENSSL_VERSION !== null)(`an envelope of ours before ${OPENSSL_TITLE}`, () => {
  const decrypt = (message: Bytes): ReturnType<typeof openssl> =>
    openssl(['cms', '-decrypt', '-binary', '-inform', 'DER', '-in', 'message.der', '-recip', 'server.pem', '-inkey', 'key.pem'], {
      'message.der': message,
      'server.pem': certificatePem(certificate),
      'key.pem': key,
    });

  it('opens, and gives the identity value back', () => {
    const { ok, stdout, stderr } = decrypt(envelope);
    expect(stderr).toBe('');
    expect(ok).toBe(true);
    expect(fromUtf8(stdout)).toBe(fromUtf8(CONTENT));
  });

  it.each([0, 1, 15, 16, 17, 4096])('opens with %d octets in it', async (length) => {
    const content = random(length);
    const { ok, stdout } = decrypt(await writeEnvelope(content, readCertificate(certificate), random));
    expect(ok).toBe(true);
    expect(new Uint8Array(stdout)).toEqual(content);
  });

  it('is written again by openssl without a changed octet', () => {
    const { stdout } = openssl(['cms', '-cmsout', '-inform', 'DER', '-in', 'message.der', '-outform', 'DER'], { 'message.der': envelope });
    expect(new Uint8Array(stdout)).toEqual(envelope);
  });

  it.each(['aes-128-cbc', 'aes-192-cbc', 'aes-256-cbc'])('is read as well where openssl wrote it with %s', (cipher) => {
    const { ok, stdout } = openssl(['cms', '-encrypt', '-binary', `-${cipher}`, '-in', 'content', '-outform', 'DER', 'server.pem'], {
      content: CONTENT,
      'server.pem': certificatePem(certificate),
    });
    expect(ok).toBe(true);
    expect(readEnvelope(new Uint8Array(stdout), 8192).keyBytes).toBe(Number(cipher.slice(4, 7)) / 8);
  });
});

describe('an envelope of ours before pkijs', () => {
  it('is written again without a changed octet', () => {
    const content = pkijs.ContentInfo.fromBER(envelope);
    const enveloped = new pkijs.EnvelopedData({ schema: content.content as asn1js.Sequence });
    const again = new pkijs.ContentInfo({ contentType: content.contentType, content: enveloped.toSchema() });
    expect(new Uint8Array(again.toSchema().toBER())).toEqual(envelope);
  });
});
