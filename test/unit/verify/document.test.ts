import { beforeAll, describe, expect, it } from 'vitest';
import { TAG } from '../../../lib/asn1/tags.ts';
import * as der from '../../../lib/asn1/writer.ts';
import { toBase64 } from '../../../lib/bytes/base64.ts';
import type { Bytes } from '../../../lib/bytes/bytes.ts';
import { utf8 } from '../../../lib/bytes/text.ts';
import { encodeWindows949 } from '../../../lib/bytes/windows-949.ts';
import { WalletError } from '../../../lib/errors.ts';
import { writeSignedData, type SignedDataInput } from '../../../lib/sign/cms.ts';
import { SHAPES, type SignedDataForm } from '../../../lib/sign/forms.ts';
import { writeStatement } from '../../../lib/sign/statement.ts';
import { memoryNonces } from '../../../lib/verify/nonces.ts';
import { createVerifier, type DocumentOptions, type Verifier, type VerifierOptions } from '../../../lib/verify/verifier.ts';
import { attribute, fullAttributes, writeShape } from '../../support/cms-shapes.ts';
import { BANK_POLICY, DAY, makeChain, NOW, signerOf, type TestChain } from '../../support/test-authority.ts';

const ORIGIN = 'https://bank.example';
const MINUTE = 60_000;
const FORMS = Object.keys(SHAPES) as SignedDataForm[];
const CONTENT = utf8('받는 계좌: 110-123-456789\n금액: 1,000,000원\n');
const CHANGED = utf8('받는 계좌: 110-123-456789\n금액: 9,000,000원\n');

let chain: TestChain;

beforeAll(async () => {
  chain = await makeChain();
});

function verifierOf(change: Partial<VerifierOptions> = {}): Verifier {
  return createVerifier({
    origin: ORIGIN,
    roots: [chain.root.certificate.der],
    intermediates: [chain.authority.certificate.der],
    nonces: memoryNonces(),
    clock: () => NOW,
    ...change,
  });
}

/** What an honest wallet sends, but for what is changed. */
function sign(change: Partial<SignedDataInput> = {}): Promise<Bytes> {
  const certificate = chain.holder.certificate.der;
  return writeSignedData({
    content: CONTENT,
    certificate,
    chain: [],
    signingTime: NOW,
    form: 'cms',
    origin: ORIGIN,
    sign: signerOf(chain.holder.key),
    ...change,
  });
}

async function refusal(signature: Uint8Array | string, options: DocumentOptions = {}, verifier = verifierOf()): Promise<string> {
  try {
    await verifier.verifyDocument(signature, options);
    return 'accepted';
  } catch (thrown) {
    if (!(thrown instanceof WalletError)) throw thrown;
    return thrown.code;
  }
}

/** A message that carries no content is verified with it. */
function optionsFor(form: SignedDataForm): DocumentOptions {
  return SHAPES[form].attached ? { form } : { form, content: CONTENT };
}

describe('a signed document is verified', () => {
  it('and tells who signed what, when, and what was checked', async () => {
    expect(await verifierOf().verifyDocument(await sign(), { content: CONTENT })).toEqual({
      holder: '홍길동',
      subject: 'CN=홍길동()0099,O=Test,C=KR',
      issuer: 'CN=Test Authority,O=Test,C=KR',
      serialHex: '07',
      policy: BANK_POLICY,
      purpose: 'personal-bank',
      notAfter: NOW + 335 * DAY,
      signedAt: NOW,
      certificate: chain.holder.certificate.der,
      content: CONTENT,
      checks: ['content', 'origin', 'time', 'certificate-binding', 'signature', 'path', 'key-usage'],
    });
  });

  it.each(FORMS)('in the form %s, as octets and in base64', async (form) => {
    const signature = await sign({ form });
    expect(await refusal(signature, optionsFor(form))).toBe('accepted');
    expect(await refusal(toBase64(signature), { form, content: CONTENT })).toBe('accepted');
  });

  it('without origin and time where nothing but the content is signed, and says so', async () => {
    const form = 'cms-no-attributes';
    const result = await verifierOf().verifyDocument(await sign({ form, origin: 'https://evil.example' }), { form });
    expect(result).toMatchObject({ signedAt: null, content: CONTENT, checks: ['signature', 'path', 'key-usage'] });
  });

  it('with eight million octets', async () => {
    const content = new Uint8Array(8 * 1024 * 1024).fill(0x61);
    const signature = await sign({ content });
    expect((await verifierOf().verifyDocument(toBase64(signature), { content })).content.length).toBe(content.length);
  });

  it('later than it came, by the time at which the server received it', async () => {
    const verifier = verifierOf({ clock: () => NOW + 40 * DAY });
    expect(await refusal(await sign(), {}, verifier)).toBe('verify.time');
    expect(await refusal(await sign(), { receivedAt: NOW }, verifier)).toBe('accepted');
  });

  it('with what the bank asks of certificates, and their status', async () => {
    const verifier = verifierOf({ status: async () => Promise.resolve('good') });
    const { checks } = await verifier.verifyDocument(await sign(), { policies: [BANK_POLICY], issuers: ['test'] });
    expect(checks.slice(-3)).toEqual(['policy', 'issuer', 'status']);
    expect(await refusal(await sign(), { policies: ['1.2.3'] })).toBe('certificate.not-accepted');
    expect(await refusal(await sign(), {}, verifierOf({ status: async () => Promise.resolve('revoked') }))).toBe('certificate.revoked');
  });
});

describe('a signed document is refused', () => {
  it('where it is made of the signed attributes of another message, or of an XML signature', async () => {
    const { key } = chain.holder;
    const certificate = chain.holder.certificate.der;
    const statement = writeStatement({ origin: ORIGIN, nonce: 'A'.repeat(43), issuedAt: NOW });
    const attributes = der.element(TAG.SET, ...(await fullAttributes(statement, certificate, NOW)));
    const signedInfo = utf8('<ds:SignedInfo xmlns:ds="http://www.w3.org/2000/09/xmldsig#"></ds:SignedInfo>');
    for (const content of [attributes, signedInfo]) {
      const message = await writeShape({ content, certificate, key, attributes: null });
      for (const wanted of [{}, { content }]) expect(await refusal(message, { form: 'cms-no-attributes', ...wanted })).toBe('verify.document');
    }
  });

  it('but not for its charset', async () => {
    const [form, content] = ['cms-no-attributes' as const, encodeWindows949('받는 계좌: 110-123-456789\n금액: 1,000,000원\n')!];
    expect(await refusal(await sign({ form, content }), { form, content })).toBe('accepted');
  });

  it.each(FORMS)('where it is not the one that the server wrote, in the form %s', async (form) => {
    const expected = SHAPES[form].attached ? 'verify.document' : 'verify.signature';
    expect(await refusal(await sign({ form }), { form, content: CHANGED })).toBe(expected);
  });

  it.each(FORMS.flatMap((asked) => FORMS.map((sent) => [asked, sent] as const)))('or not: asked for %s, sent as %s', async (asked, sent) => {
    const kind = (form: SignedDataForm): string => `${String(SHAPES[form].attached)} ${String(SHAPES[form].attributes)}`;
    const options = { form: asked, content: CONTENT };
    expect(await refusal(await sign({ form: sent }), options)).toBe(kind(asked) === kind(sent) ? 'accepted' : 'verify.document');
  });

  it('with one letter changed in the message', async () => {
    const signature = Buffer.from(await sign());
    signature[signature.indexOf('1,000,000')] = 0x39;
    expect(await refusal(new Uint8Array(signature))).toBe('verify.signature');
  });

  it('detached, where the server does not say of what', async () => {
    expect(await refusal(await sign({ form: 'cms-detached' }), { form: 'cms-detached' })).toBe('verify.document');
  });

  it.each(['https://evil.example', 'http://bank.example', 'https://bank.example:8443', undefined])('where it was signed for %s', async (origin) => {
    const certificate = chain.holder.certificate.der;
    const signature =
      origin === undefined
        ? await writeShape({ content: CONTENT, certificate, key: chain.holder.key, attributes: await fullAttributes(CONTENT, certificate, NOW) })
        : await sign({ origin });
    expect(await refusal(signature)).toBe('verify.origin');
  });

  it('where the origin is there twice, or is no UTF8String, or is too long', async () => {
    const { certificate: { der }, key } = chain.holder; // prettier-ignore
    const full = await fullAttributes(CONTENT, der, NOW);
    const oid = '2.25.148291577517757313442994401170053678108';
    const text = (tag: number, value: string): Bytes => Uint8Array.from([tag, value.length, ...utf8(value)]);
    for (const values of [[text(0x0c, ORIGIN), text(0x0c, ORIGIN)], [text(0x13, ORIGIN)]]) {
      const attributes = [...full, attribute(oid, ...values)];
      expect(await refusal(await writeShape({ content: CONTENT, certificate: der, key, attributes }))).toBe('request.malformed');
    }
    expect(await refusal(await sign({ origin: `https://${'a'.repeat(600)}` }))).toBe('request.malformed');
  });

  it.each([
    ['five minutes behind', -5 * MINUTE, 'accepted'],
    ['a second more', -5 * MINUTE - 1000, 'verify.time'],
    ['a second more than five minutes ahead', 5 * MINUTE + 1000, 'verify.time'],
  ])('or not, by the clock: signed %s', async (_, offset, expected) => {
    expect(await refusal(await sign({ signingTime: NOW + offset }))).toBe(expected);
  });

  it.each(FORMS)('where it is a sign-in, in the form %s, and a document never signs anybody in', async (form) => {
    const nonces = memoryNonces({ clock: () => NOW });
    const content = writeStatement({ origin: ORIGIN, nonce: await nonces.issue(), issuedAt: NOW });
    if (SHAPES[form].attached) expect(await refusal(await sign({ form, content }), { form })).toBe('verify.document');
    const signIn = verifierOf({ nonces }).verifySignIn(await sign({ form }));
    await expect(signIn).rejects.toMatchObject({ code: 'verify.statement' });
  });

  it('where it is no message at all, or larger than any', async () => {
    expect(await refusal('')).toBe('request.malformed');
    expect(await refusal(null as unknown as string)).toBe('request.malformed');
    expect(await refusal(new Uint8Array(12 * 1024 * 1024))).toBe('request.too-large');
  });
});
