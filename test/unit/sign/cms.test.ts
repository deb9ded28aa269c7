import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { children, objectIdentifier, readDer, sequence, type DerNode } from '../../../lib/asn1/reader.ts';
import { toHex } from '../../../lib/bytes/hex.ts';
import { concat, copy } from '../../../lib/bytes/bytes.ts';
import { utf8 } from '../../../lib/bytes/text.ts';
import { checkSignedData, signerCertificate } from '../../../lib/sign/check-cms.ts';
import { signedDataParts, writeSignedData, type SignedDataInput } from '../../../lib/sign/cms.ts';
import { SHAPES, type SignedDataForm } from '../../../lib/sign/forms.ts';
import { CMS_OID } from '../../../lib/sign/oids.ts';
import { readSignedData } from '../../../lib/sign/read-cms.ts';
import { makeChain, NOW, signerOf, type TestChain } from '../../support/test-authority.ts';

let chain: TestChain;
let input: SignedDataInput;

beforeAll(async () => {
  chain = await makeChain();
  input = {
    content: utf8('{"hello":"도장"}'),
    certificate: chain.holder.certificate.der,
    chain: [chain.authority.certificate.der],
    signingTime: NOW,
    form: 'cms',
    sign: signerOf(chain.holder.key),
  };
});

function tags(node: DerNode | undefined): string[] {
  return node === undefined ? [] : children(node).map(({ tag }) => tag.toString(16));
}

describe('the form cms', () => {
  it('is ContentInfo, SignedData 1, SHA-256, attached data, the signer first among the certificates, one signer', async () => {
    const bytes = await writeSignedData(input);
    const contentInfo = sequence(readDer(bytes));
    expect(objectIdentifier(contentInfo[0])).toBe(CMS_OID.signedData);
    const signedData = contentInfo[1] === undefined ? [] : sequence(children(contentInfo[1])[0]);
    const [version, digests, content, certificateSet, signers, ...rest] = signedData;
    expect([version, digests, content, certificateSet, signers].map((node) => node?.tag)).toEqual([0x02, 0x31, 0x30, 0xa0, 0x31]);
    expect(rest).toEqual([]);
    expect(version?.content).toEqual(Uint8Array.of(1));
    expect(toHex(digests?.raw ?? bytes)).toBe('310d300b0609608648016503040201'); // SHA-256 without parameters
    expect(tags(content)).toEqual(['6', 'a0']);
    expect(tags(certificateSet)).toEqual(['30', '30']);
    expect(tags(signers)).toEqual(['30']);
    const { certificates } = readSignedData(bytes, bytes.length);
    expect(certificates.map(toHex)).toEqual([input.certificate, ...input.chain].map(toHex));
  });

  it('signs contentType, signingTime, messageDigest and signingCertificateV2 in DER order under the tag of a SET', async () => {
    let toBeSigned = new Uint8Array();
    await writeSignedData({
      ...input,
      sign: async (bytes) => {
        toBeSigned = bytes;
        return Promise.resolve(new Uint8Array(256));
      },
    });
    const attributes = readDer(toBeSigned);
    expect(attributes.tag).toBe(0x31);
    const encoded = children(attributes);
    expect(encoded.map((attribute) => objectIdentifier(sequence(attribute)[0]))).toEqual([
      CMS_OID.contentType,
      CMS_OID.signingTime,
      CMS_OID.messageDigest,
      CMS_OID.signingCertificateV2,
    ]);
    const hex = encoded.map(({ raw }) => toHex(raw));
    expect(hex).toEqual([...hex].sort());
    const digest = createHash('sha256').update(input.content).digest('hex');
    const certificateDigest = createHash('sha256').update(input.certificate).digest('hex');
    expect(hex[1]).toMatch(/170d3236313132333030303030305a$/); // UTCTime 261123000000Z
    expect(hex[2]).toMatch(new RegExp(`31220420${digest}$`));
    expect(hex[3]).toMatch(new RegExp(`31283026302430220420${certificateDigest}$`));
  });

  it('says the time as GeneralizedTime from 2050 on', async () => {
    const bytes = await writeSignedData({ ...input, signingTime: Date.parse('2050-01-01T00:00:00Z') });
    expect(readSignedData(bytes, bytes.length).attributes?.signingTime).toBe(Date.parse('2050-01-01T00:00:00Z'));
    expect(toHex(bytes)).toContain(toHex(utf8('20500101000000Z')));
  });

  it('is read and checked by our own reader', async () => {
    const bytes = await writeSignedData(input);
    const message = readSignedData(bytes, bytes.length);
    expect(message).toMatchObject({ hash: 'SHA-256', content: input.content, attributes: { signingTime: NOW } });
    expect(signerCertificate(message)).toEqual(input.certificate);
    expect(await checkSignedData(message, chain.holder.certificate)).toEqual(input.content);
  });

  it('holds an empty content, and one of a megabyte', async () => {
    for (const content of [new Uint8Array(), new Uint8Array(1_000_000).fill(0xd0)]) {
      const bytes = await writeSignedData({ ...input, content });
      const message = readSignedData(bytes, bytes.length);
      expect(await checkSignedData(message, chain.holder.certificate)).toEqual(content);
    }
  });

  it.each([
    ['nothing', new Uint8Array()],
    ['text', utf8('certificate')],
    ['a SEQUENCE of nothing', Uint8Array.of(0x30, 0)],
  ])('is not written for a certificate that is %s, and nothing is signed', async (_, certificate) => {
    let asked = false;
    const sign = async (): Promise<Uint8Array<ArrayBuffer>> => {
      asked = true;
      return Promise.resolve(new Uint8Array());
    };
    await expect(writeSignedData({ ...input, certificate, sign })).rejects.toMatchObject({ code: 'file.unreadable' });
    expect(asked).toBe(false);
  });

  it('passes on what the signer throws', async () => {
    const sign = async (): Promise<never> => Promise.reject(new Error('token removed'));
    await expect(writeSignedData({ ...input, sign })).rejects.toThrow('token removed');
  });
});

const FORMS = Object.keys(SHAPES) as SignedDataForm[];
const ORIGIN = 'https://bank.example';

describe('every form', () => {
  it.each<[SignedDataForm, readonly string[], boolean, string, number]>([
    ['cms', ['6', 'a0'], true, CMS_OID.sha256WithRsa, 2],
    ['cms-detached', ['6'], true, CMS_OID.sha256WithRsa, 2],
    ['cms-rsa-encryption', ['6', 'a0'], true, CMS_OID.rsaEncryption, 2],
    ['cms-no-attributes', ['6', 'a0'], false, CMS_OID.rsaEncryption, 1],
    ['cms-bare', ['6', 'a0'], true, CMS_OID.rsaEncryption, 2],
  ])('%s: content %j, attributes %s, signature algorithm %s, %i certificates', async (form, content, attributes, algorithm, certificates) => {
    const bytes = await writeSignedData({ ...input, form, origin: ORIGIN });
    const outer = sequence(readDer(bytes));
    const bare = outer[0]?.tag === 0x02;
    expect(bare).toBe(form === 'cms-bare');
    const signedData = bare ? outer : sequence(children(outer[1]!)[0]);
    expect(tags(signedData[2])).toEqual(content);
    expect(tags(signedData[3])).toHaveLength(certificates);
    const signerInfo = sequence(children(signedData[4]!)[0]);
    expect(signerInfo[3]?.tag === 0xa0).toBe(attributes);
    const signatureAlgorithm = sequence(signerInfo[attributes ? 4 : 3]);
    expect(objectIdentifier(signatureAlgorithm[0])).toBe(algorithm);
    expect(toHex(signatureAlgorithm[1]!.raw)).toBe('0500');
  });

  it.each(FORMS)('%s is read and checked by our own reader, with the origin where there are attributes', async (form) => {
    const { attached, attributes } = SHAPES[form];
    const bytes = await writeSignedData({ ...input, form, origin: ORIGIN });
    const message = readSignedData(bytes, bytes.length);
    expect(message.content).toEqual(attached ? input.content : null);
    expect(message.attributes?.origin ?? null).toBe(attributes ? ORIGIN : null);
    const content = attached ? undefined : input.content;
    expect(await checkSignedData(message, chain.holder.certificate, content)).toEqual(input.content);
  });

  it.each(FORMS)('%s comes in parts that make the message around its content', async (form) => {
    const { before, after } = await signedDataParts({ ...input, form });
    const whole = await writeSignedData({ ...input, form });
    expect(SHAPES[form].attached ? concat(before, input.content, after) : before).toEqual(whole);
    expect(after.length > 0).toBe(SHAPES[form].attached);
  });

  it.each(FORMS)('%s holds for any content, and for no other', async (form) => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 300 }), fc.nat(), async (octets, at) => {
        const content = copy(octets);
        const bytes = await writeSignedData({ ...input, form, content, origin: ORIGIN });
        const message = readSignedData(bytes, bytes.length);
        const detached = SHAPES[form].attached ? undefined : content;
        expect(await checkSignedData(message, chain.holder.certificate, detached)).toEqual(content);
        if (content.length === 0) return;
        const other = copy(content);
        other[at % other.length]! ^= 1;
        const changed = SHAPES[form].attached ? { ...message, content: other } : message;
        const check = checkSignedData(changed, chain.holder.certificate, SHAPES[form].attached ? undefined : other);
        await expect(check).rejects.toMatchObject({ code: 'verify.signature' });
      }),
      { numRuns: 25 },
    );
  });

  it('names the origin under 2.25, as UTF8String', async () => {
    const bytes = await writeSignedData({ ...input, origin: ORIGIN });
    // 2.25 and the 128 bits of the UUID 6f8feb41-3ca9-481e-bb03-5ffa8a90441c in base 128.
    expect(toHex(bytes)).toContain(`06146981df8ff5d0a7cacaa0bdbb81d7ffa8d4c1881c31160c14${toHex(utf8(ORIGIN))}`);
  });
});
