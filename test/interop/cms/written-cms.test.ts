import type * as asn1js from 'asn1js';
import * as pkijs from 'pkijs';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Bytes } from '../../../lib/bytes/bytes.ts';
import { writeSignedData } from '../../../lib/sign/cms.ts';
import { writeStatement } from '../../../lib/sign/statement.ts';
import { certificatePem, openssl, OPENSSL_TITLE, OPENSSL_VERSION } from '../../support/openssl.ts';
import { DAY, makeChain, NOW, signerOf, type TestChain } from '../../support/test-authority.ts';

const NONCE = 'AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8';
const CONTENT = writeStatement({ origin: 'https://bank.example', nonce: NONCE, issuedAt: NOW });

let chain: TestChain;
let message: Bytes;
let changed: Bytes;

beforeAll(async () => {
  chain = await makeChain();
  message = await writeSignedData({
    content: CONTENT,
    certificate: chain.holder.certificate.der,
    chain: [chain.authority.certificate.der],
    signingTime: NOW,
    form: 'cms',
    sign: signerOf(chain.holder.key),
  });
  changed = message.slice();
  const at = Buffer.from(message).indexOf('bank.example');
  changed[at] = 0x64;
});

describe.runIf(OPENSSL_VERSION !== null)(`a sign-in of ours before ${OPENSSL_TITLE}`, () => {
  const verify = (bytes: Bytes, root = chain.root.certificate.der, at = NOW): ReturnType<typeof openssl> =>
    openssl(
      ['cms', '-verify', '-binary', '-inform', 'DER', '-in', 'message.der', '-CAfile', 'root.pem', '-purpose', 'any', '-attime', String(at / 1000)],
      { 'message.der': bytes, 'root.pem': certificatePem(root) },
    );

  it('verifies, chain and signingCertificateV2 included, and gives the statement back', () => {
    const { ok, stdout, stderr } = verify(message);
    expect(stderr).toContain('CMS Verification successful');
    expect(ok).toBe(true);
    expect(new Uint8Array(stdout)).toEqual(CONTENT);
  });

  it('verifies where openssl checks the signing certificate attribute by CAdES', () => {
    const { ok } = openssl(
      [
        'cms',
        '-verify',
        '-cades',
        '-binary',
        '-inform',
        'DER',
        '-in',
        'message.der',
        '-CAfile',
        'root.pem',
        '-purpose',
        'any',
        '-attime',
        String(NOW / 1000),
      ],
      { 'message.der': message, 'root.pem': certificatePem(chain.root.certificate.der) },
    );
    expect(ok).toBe(true);
  });

  it('fails with one letter changed, under another root, and a year later', () => {
    expect(verify(changed).ok).toBe(false);
    expect(verify(message, chain.holder.certificate.der).ok).toBe(false);
    expect(verify(message, chain.root.certificate.der, NOW + 400 * DAY).ok).toBe(false);
  });

  it('is written again by openssl without a changed octet', () => {
    const { stdout } = openssl(['cms', '-cmsout', '-inform', 'DER', '-in', 'message.der', '-outform', 'DER'], { 'message.der': message });
    expect(new Uint8Array(stdout)).toEqual(message);
  });
});

describe('a sign-in of ours before pkijs', () => {
  const verify = async (bytes: Bytes): Promise<boolean> => {
    const content = pkijs.ContentInfo.fromBER(bytes);
    const signedData = new pkijs.SignedData({ schema: content.content as asn1js.Sequence });
    const trustedCerts = [pkijs.Certificate.fromBER(chain.root.certificate.der)];
    try {
      return await signedData.verify({ signer: 0, trustedCerts, checkChain: true, checkDate: new Date(NOW) });
    } catch {
      return false;
    }
  };

  it('verifies, with its chain', async () => {
    expect(await verify(message)).toBe(true);
  });

  it('fails with one letter changed', async () => {
    expect(await verify(changed)).toBe(false);
  });

  it('is written again by pkijs without a changed octet', () => {
    const content = pkijs.ContentInfo.fromBER(message);
    const signedData = new pkijs.SignedData({ schema: content.content as asn1js.Sequence });
    const again = new pkijs.ContentInfo({ contentType: content.contentType, content: signedData.toSchema(true) });
    expect(new Uint8Array(again.toSchema().toBER())).toEqual(message);
  });
});
