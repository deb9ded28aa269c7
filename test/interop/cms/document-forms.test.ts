import type * as asn1js from 'asn1js';
import fc from 'fast-check';
import * as pkijs from 'pkijs';
import { beforeAll, describe, expect, it } from 'vitest';
import { TAG } from '../../../lib/asn1/tags.ts';
import { context, element, objectIdentifier } from '../../../lib/asn1/writer.ts';
import type { Bytes } from '../../../lib/bytes/bytes.ts';
import { utf8 } from '../../../lib/bytes/text.ts';
import { encodeWindows949 } from '../../../lib/bytes/windows-949.ts';
import { writeSignedData } from '../../../lib/sign/cms.ts';
import { SHAPES, type SignedDataForm } from '../../../lib/sign/forms.ts';
import { CMS_OID } from '../../../lib/sign/oids.ts';
import { certificatePem, openssl, OPENSSL_TITLE, OPENSSL_VERSION } from '../../support/openssl.ts';
import { makeChain, NOW, signerOf, type TestChain } from '../../support/test-authority.ts';

const FORMS = Object.keys(SHAPES) as SignedDataForm[];
const TEXT = '받는 계좌: 110-123-456789\r\n금액: 1,000,000원\r\n메모: 똠방각하 펲시콜라\r\n';
const CONTENTS: readonly (readonly [string, Bytes])[] = [
  ['UTF-8', utf8(TEXT)],
  ['windows-949', encodeWindows949(TEXT)!],
];
const CASES = FORMS.flatMap((form) => CONTENTS.map(([charset, content]) => [form, charset, content] as const));

let chain: TestChain;

beforeAll(async () => {
  chain = await makeChain();
});

function sign(form: SignedDataForm, content: Bytes): Promise<Bytes> {
  const { certificate, key } = chain.holder;
  return writeSignedData({
    content,
    certificate: certificate.der,
    chain: [chain.authority.certificate.der],
    signingTime: NOW,
    form,
    origin: 'https://bank.example',
    sign: signerOf(key),
  });
}

/** Programs of the peers' kind read nothing but ContentInfo: the bare form is put into one as its consumers do. */
function inContentInfo(form: SignedDataForm, message: Bytes): Bytes {
  return SHAPES[form].contentInfo ? message : element(TAG.SEQUENCE, objectIdentifier(CMS_OID.signedData), context(0, message));
}

function changed(content: Bytes): Bytes {
  const other = content.slice();
  other[other.indexOf(0x31)] = 0x39; // the first digit 1
  return other;
}

/** The same message around another content; a detached one stays what it is. */
function aroundAnother(message: Bytes, content: Bytes): Bytes {
  const other = message.slice();
  const at = Buffer.from(message).indexOf(content);
  if (at >= 0) other.set(changed(content), at);
  return other;
}

describe.runIf(OPENSSL_VERSION !== null)(`documents of ours before ${OPENSSL_TITLE}`, () => {
  const verify = (form: SignedDataForm, message: Bytes, content: Bytes): ReturnType<typeof openssl> => {
    const detached = SHAPES[form].attached ? [] : ['-content', 'content.txt'];
    // The chain goes along in forms with attributes alone; openssl takes it from nowhere else than its trusted file.
    const trusted = SHAPES[form].attributes ? [chain.root] : [chain.root, chain.authority];
    const at = ['-CAfile', 'root.pem', '-purpose', 'any', '-attime', String(NOW / 1000)];
    return openssl(['cms', '-verify', '-binary', '-inform', 'DER', '-in', 'message.der', ...detached, ...at], {
      'message.der': inContentInfo(form, message),
      'content.txt': content,
      'root.pem': trusted.map(({ certificate }) => certificatePem(certificate.der)).join(''),
    });
  };

  it.each(CASES)('%s in %s verifies, and gives the content back to the octet', async (form, _, content) => {
    const { ok, stdout, stderr } = verify(form, await sign(form, content), content);
    expect(stderr).toContain('CMS Verification successful');
    expect(ok).toBe(true);
    expect(new Uint8Array(stdout)).toEqual(content);
  });

  it.each(CASES)('%s in %s fails with one digit changed', async (form, _, content) => {
    const message = await sign(form, content);
    expect(verify(form, aroundAnother(message, content), changed(content)).ok).toBe(false);
  });

  it('a signature without attributes is one over the content, as `openssl dgst` makes it', async () => {
    const content = CONTENTS[0]![1];
    const message = await sign('cms-no-attributes', content);
    const { ok } = openssl(['dgst', '-sha256', '-verify', 'key.pem', '-signature', 'signature', 'content.txt'], {
      'key.pem': openssl(['x509', '-in', 'holder.pem', '-noout', '-pubkey'], { 'holder.pem': certificatePem(chain.holder.certificate.der) }).stdout,
      signature: message.slice(-256),
      'content.txt': content,
    });
    expect(ok).toBe(true);
  });
});

describe('documents of ours before pkijs', () => {
  const verify = async (form: SignedDataForm, message: Bytes, content: Bytes): Promise<boolean> => {
    const info = pkijs.ContentInfo.fromBER(inContentInfo(form, message));
    const signedData = new pkijs.SignedData({ schema: info.content as asn1js.Sequence });
    signedData.certificates?.push(pkijs.Certificate.fromBER(chain.authority.certificate.der));
    const trustedCerts = [pkijs.Certificate.fromBER(chain.root.certificate.der)];
    const detached = SHAPES[form].attached ? {} : { data: content.buffer };
    try {
      return await signedData.verify({ signer: 0, trustedCerts, checkChain: true, checkDate: new Date(NOW), ...detached });
    } catch {
      return false;
    }
  };

  it.each(CASES)('%s in %s verifies, and not with one digit changed', async (form, _, content) => {
    const message = await sign(form, content);
    expect(await verify(form, message, content)).toBe(true);
    expect(await verify(form, aroundAnother(message, content), changed(content))).toBe(false);
  });

  it.each(FORMS)('%s verifies for any content', async (form) => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ minLength: 1, maxLength: 200 }), async (octets) => {
        const content = new Uint8Array(octets);
        expect(await verify(form, await sign(form, content), content)).toBe(true);
      }),
      { numRuns: 10 },
    );
  });
});
