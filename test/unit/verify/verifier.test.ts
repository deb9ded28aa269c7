import { createPrivateKey } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import * as der from '../../../lib/asn1/writer.ts';
import { writeExtension } from '../../../demo/x509.ts';
import { keyUsage, policies } from '../../../demo/extensions.ts';
import { toBase64 } from '../../../lib/bytes/base64.ts';
import type { Bytes } from '../../../lib/bytes/bytes.ts';
import { fromHex } from '../../../lib/bytes/hex.ts';
import { utf8 } from '../../../lib/bytes/text.ts';
import { ERROR_CODES, WalletError } from '../../../lib/errors.ts';
import { readCertificate } from '../../../lib/npki/certificate.ts';
import { OID } from '../../../lib/npki/oids.ts';
import { writeSignedData } from '../../../lib/sign/cms.ts';
import { writeEnvelope } from '../../../lib/sign/envelope.ts';
import { writeIdentityValue } from '../../../lib/sign/identity-value.ts';
import { CMS_OID } from '../../../lib/sign/oids.ts';
import { writeStatement } from '../../../lib/sign/statement.ts';
import { memoryNonces } from '../../../lib/verify/nonces.ts';
import {
  createVerifier,
  koreanIntermediates,
  koreanRoots,
  type CertificateStatus,
  type SignInOptions,
  type Verifier,
  type VerifierOptions,
} from '../../../lib/verify/verifier.ts';
import { attribute, fullAttributes, signingCertificate, writeShape } from '../../support/cms-shapes.ts';
import { readFixture } from '../../support/npki-fixtures.ts';
import {
  authorityExtensions,
  BANK_POLICY,
  DAY,
  holderExtensions,
  issue,
  makeChain,
  makeKeys,
  NOW,
  signerOf,
  type Issued,
  type TestChain,
} from '../../support/test-authority.ts';

const ORIGIN = 'https://bank.example';
const MINUTE = 60_000;

let chain: TestChain;
const now = NOW;
const nonces = memoryNonces({ clock: () => now });

beforeAll(async () => {
  chain = await makeChain();
});

function verifierOf(change: Partial<VerifierOptions> = {}): Verifier {
  return createVerifier({
    origin: ORIGIN,
    roots: [chain.root.certificate.der],
    intermediates: [chain.authority.certificate.der],
    nonces,
    clock: () => now,
    ...change,
  });
}

interface Signed {
  readonly origin?: string;
  readonly nonce?: string;
  readonly issuedAt?: number;
  readonly signingTime?: number;
  readonly who?: Issued;
  readonly sentChain?: readonly Bytes[];
}

/** What an honest wallet sends, but for what is changed. */
async function signIn(change: Signed = {}): Promise<Bytes> {
  const { origin = ORIGIN, issuedAt = now, who = chain.holder, sentChain = [] } = change;
  const nonce = change.nonce ?? (await nonces.issue());
  return writeSignedData({
    content: writeStatement({ origin, nonce, issuedAt }),
    certificate: who.certificate.der,
    chain: sentChain,
    signingTime: change.signingTime ?? issuedAt,
    form: 'cms',
    sign: signerOf(who.key),
  });
}

async function refusal(cms: Uint8Array | string, options?: SignInOptions, verifier = verifierOf()): Promise<string> {
  try {
    await verifier.verifySignIn(cms, options);
    return 'accepted';
  } catch (thrown) {
    if (!(thrown instanceof WalletError)) throw thrown;
    return thrown.code;
  }
}

describe('a sign-in is verified', () => {
  it('and tells who it was, when, and what was checked', async () => {
    const result = await verifierOf().verifySignIn(await signIn());
    expect(result).toEqual({
      holder: '홍길동',
      subject: 'CN=홍길동()0099,O=Test,C=KR',
      issuer: 'CN=Test Authority,O=Test,C=KR',
      serialHex: '07',
      policy: BANK_POLICY,
      purpose: 'personal-bank',
      notAfter: NOW + 335 * DAY,
      signedAt: NOW,
      certificate: chain.holder.certificate.der,
      checks: ['statement', 'origin', 'nonce', 'time', 'certificate-binding', 'signature', 'path', 'key-usage'],
    });
  });

  it('as DER and as base64', async () => {
    expect(await refusal(await signIn())).toBe('accepted');
    expect(await refusal(toBase64(await signIn()))).toBe('accepted');
  });

  it('with the authority from the message or from the server', async () => {
    const bare = verifierOf({ intermediates: [] });
    expect(await refusal(await signIn(), {}, bare)).toBe('certificate.untrusted');
    expect(await refusal(await signIn({ sentChain: [chain.authority.certificate.der] }), {}, bare)).toBe('accepted');
  });

  it('whatever else the message brings along', async () => {
    const sentChain = [der.sequence(), der.sequence(der.utf8String('no certificate')), chain.root.certificate.der];
    expect(await refusal(await signIn({ sentChain }))).toBe('accepted');
  });

  it('by every policy and issuer that the bank takes, and says so', async () => {
    const options = { policies: ['1.2.3', BANK_POLICY], issuers: ['yessign', 'TEST'] };
    const { checks } = await verifierOf().verifySignIn(await signIn(), options);
    expect(checks.slice(-2)).toEqual(['policy', 'issuer']);
    expect(await refusal(await signIn(), { policies: [], issuers: [] })).toBe('accepted');
  });

  it('for the session that was given the nonce', async () => {
    const nonce = await nonces.issue();
    expect(await refusal(await signIn({ nonce }), { nonce })).toBe('accepted');
  });
});

describe('a sign-in is refused', () => {
  it.each([
    'https://bank.example.evil.example',
    'https://evil.example',
    'http://bank.example',
    'https://bank.example:8443',
    'https://www.bank.example',
    'https://bank.example.',
  ])('where the statement names %s: a relayed nonce is worth nothing', async (origin) => {
    const nonce = await nonces.issue();
    await expect(verifierOf().verifySignIn(await signIn({ origin, nonce }))).rejects.toMatchObject({ code: 'verify.origin', detail: origin });
    // The real person can still sign in with it.
    expect(await refusal(await signIn({ nonce }))).toBe('accepted');
  });

  it('the second time', async () => {
    const cms = await signIn();
    expect(await refusal(cms)).toBe('accepted');
    expect(await refusal(cms)).toBe('verify.nonce');
    expect(await refusal(cms, {}, verifierOf())).toBe('verify.nonce');
  });

  it('one of two that come at the same time', async () => {
    const cms = await signIn();
    const verifier = verifierOf();
    const answers = await Promise.all([refusal(cms, {}, verifier), refusal(cms, {}, verifier)]);
    expect(answers.sort()).toEqual(['accepted', 'verify.nonce']);
  });

  it('after a failed try, since that used the nonce up', async () => {
    const nonce = await nonces.issue();
    const good = await signIn({ nonce });
    const bad = good.slice();
    bad[bad.length - 1] = (bad[bad.length - 1] ?? 0) ^ 1;
    expect(await refusal(bad)).toBe('verify.signature');
    expect(await refusal(good)).toBe('verify.nonce');
  });

  it('with a nonce that the server never gave', async () => {
    expect(await refusal(await signIn({ nonce: 'A'.repeat(43) }))).toBe('verify.nonce');
  });

  it('with a nonce of another session, which that session may still use', async () => {
    const [mine, other] = [await nonces.issue(), await nonces.issue()];
    expect(await refusal(await signIn({ nonce: other }), { nonce: mine })).toBe('verify.nonce');
    expect(await refusal(await signIn({ nonce: other }), { nonce: other })).toBe('accepted');
  });

  it.each([
    ['five minutes ahead', 5 * MINUTE, 'accepted'],
    ['five minutes behind', -5 * MINUTE, 'accepted'],
    ['a second more ahead', 5 * MINUTE + 1000, 'verify.time'],
    ['a second more behind', -5 * MINUTE - 1000, 'verify.time'],
    ['a day behind', -DAY, 'verify.time'],
  ])('or not, by the clock: statement %s', async (_, offset, expected) => {
    expect(await refusal(await signIn({ issuedAt: now + offset }))).toBe(expected);
  });

  it('where the signing time is not the time of the statement', async () => {
    expect(await refusal(await signIn({ signingTime: now - DAY }))).toBe('verify.time');
  });

  it('with a certificate that had expired, or was not yet valid, when it signed', async () => {
    const keys = chain.holderKeys;
    const expired = await issue({ name: 'Old', keys, issuer: chain.authority, notAfter: NOW - 1000, extensions: holderExtensions() });
    const future = await issue({ name: 'New', keys, issuer: chain.authority, notBefore: NOW + 1000, extensions: holderExtensions() });
    expect(await refusal(await signIn({ who: expired }))).toBe('certificate.expired');
    expect(await refusal(await signIn({ who: future }))).toBe('certificate.not-yet-valid');
  });

  it('with a certificate of an authority nobody knows, sent along with its own root', async () => {
    const other = await makeChain();
    const sentChain = [other.authority.certificate.der, other.root.certificate.der];
    expect(await refusal(await signIn({ who: other.holder, sentChain }))).toBe('certificate.untrusted');
  });

  const notice = ['시험용', 'http://test.example.invalid'] as const;
  const eku = (...uses: string[]): Bytes => writeExtension(OID.extendedKeyUsage, true, der.sequence(...uses.map(der.objectIdentifier)));
  it.each<[string, () => Bytes[], string]>([
    ['for encryption (km)', () => [keyUsage('keyEncipherment'), policies(BANK_POLICY, ...notice)], 'certificate.wrong-use'],
    ['for nonRepudiation alone', () => [keyUsage('nonRepudiation'), policies(BANK_POLICY, ...notice)], 'certificate.wrong-use'],
    ['without keyUsage', () => [policies(BANK_POLICY, ...notice)], 'certificate.wrong-use'],
    ['of a status responder', () => [...holderExtensions(), eku('1.3.6.1.5.5.7.3.9')], 'certificate.wrong-use'],
    ['of a time stamp server', () => [...holderExtensions(), eku('1.3.6.1.5.5.7.3.8')], 'certificate.wrong-use'],
    ['for client authentication', () => [...holderExtensions(), eku('1.3.6.1.5.5.7.3.2')], 'accepted'],
    ['of an authority', () => [keyUsage('digitalSignature', 'keyCertSign'), ...authorityExtensions().slice(1)], 'certificate.wrong-use'],
  ])('or not, by the use of the certificate: %s', async (_, extensions, expected) => {
    const who = await issue({ name: 'Holder', keys: chain.holderKeys, issuer: chain.authority, extensions: extensions() });
    expect(await refusal(await signIn({ who }))).toBe(expected);
  });

  it('with a certificate the bank does not take', async () => {
    expect(await refusal(await signIn(), { policies: ['1.2.410.200005.1.1.5'] })).toBe('certificate.not-accepted');
    expect(await refusal(await signIn(), { issuers: ['yessign'] })).toBe('certificate.not-accepted');
  });

  it('with a policy that the authority above may not give', async () => {
    const keys = await makeKeys();
    const limits = [keyUsage('keyCertSign'), authorityExtensions()[1] ?? [], policies(BANK_POLICY, ...notice)].flat();
    const limited = await issue({ name: 'Limited', keys, issuer: chain.root, extensions: limits });
    const asked = policies('1.2.410.200005.1.1.5', ...notice);
    const who = await issue({ name: 'Holder', keys: chain.holderKeys, issuer: limited, extensions: [keyUsage('digitalSignature'), asked] });
    const sentChain = [limited.certificate.der];
    expect(await refusal(await signIn({ who, sentChain }))).toBe('accepted');
    expect(await refusal(await signIn({ who, sentChain }), { policies: ['1.2.410.200005.1.1.5'] })).toBe('certificate.not-accepted');
  });

  it('with a certificate signed with SHA-1', async () => {
    const old = await issue({ name: 'Old', keys: await makeKeys({ hash: 'SHA-1' }), issuer: chain.root, extensions: authorityExtensions() });
    const who = await issue({ name: 'Holder', keys: chain.holderKeys, issuer: old, extensions: holderExtensions(), algorithm: OID.sha1WithRsa });
    expect(await refusal(await signIn({ who, sentChain: [old.certificate.der] }))).toBe('certificate.untrusted');
  });
});

describe('a message that is none of the wallet is refused', () => {
  const shape = async (change: (good: Bytes[], content: Bytes) => Bytes[] | null | Promise<Bytes[] | null>, content?: Bytes): Promise<Bytes> => {
    const statement = content ?? writeStatement({ origin: ORIGIN, nonce: await nonces.issue(), issuedAt: now });
    const certificate = chain.holder.certificate.der;
    const attributes = await change(await fullAttributes(statement, certificate, now), statement);
    return writeShape({ content: statement, certificate, key: chain.holder.key, attributes });
  };

  it('unless it is only written otherwise', async () => {
    expect(await refusal(await shape((good) => good))).toBe('accepted');
  });

  it.each<[string, (good: Bytes[]) => Bytes[] | null | Promise<Bytes[] | null>]>([
    ['no signed attributes', () => null],
    ['no signing time', (good) => [...good.slice(0, 1), ...good.slice(2)]],
    ['no signing certificate', (good) => good.slice(0, 3)],
    ['the signing certificate of somebody else', async (good) => [...good.slice(0, 3), await signingCertificate(chain.root.certificate.der)]],
    [
      'the digest of another content',
      (good) => [...good.slice(0, 2), attribute(CMS_OID.messageDigest, der.octetString(new Uint8Array(32))), ...good.slice(3)],
    ],
  ])('with %s', async (_, change) => {
    expect(await refusal(await shape(change))).toBe('verify.signature');
  });

  it.each([
    ['a text', 'login=certLogin'],
    ['nothing', ''],
    [
      'a statement for another purpose',
      `{"iat":"2026-11-23T00:00:00Z","nonce":"${'A'.repeat(43)}","origin":"${ORIGIN}","purpose":"transfer","type":"dojang/1"}`,
    ],
    [
      'a statement with a blank',
      `{"iat":"2026-11-23T00:00:00Z", "nonce":"${'A'.repeat(43)}","origin":"${ORIGIN}","purpose":"sign-in","type":"dojang/1"}`,
    ],
  ])('whose content is %s', async (_, text) => {
    expect(await refusal(await shape((good) => good, utf8(text)))).toBe('verify.statement');
  });

  it('without its content', async () => {
    const content = writeStatement({ origin: ORIGIN, nonce: await nonces.issue(), issuedAt: now });
    const certificate = chain.holder.certificate.der;
    const attributes = await fullAttributes(content, certificate, now);
    expect(await refusal(await writeShape({ content, certificate, key: chain.holder.key, attributes, detached: true }))).toBe('verify.statement');
  });

  it.each([
    ['nothing', '', 'request.malformed'],
    ['no base64', 'MIIB*', 'request.malformed'],
    ['base64url', '_-_-', 'request.malformed'],
    ['base64 with a line end', 'MIIB\n', 'request.malformed'],
    ['other base64', 'AAAA', 'request.malformed'],
    ['more than a request holds', 'A'.repeat(262_148), 'request.too-large'],
  ])('that is %s', async (_, text, expected) => {
    expect(await refusal(text)).toBe(expected);
  });
});

describe('revocation', () => {
  const withStatus = (answer: CertificateStatus, seen: Bytes[] = []): Verifier =>
    verifierOf({
      status: async (certificate, issuer) => {
        seen.push(certificate, issuer);
        return Promise.resolve(answer);
      },
    });

  it('is asked about the certificate and its issuer, and named among the checks', async () => {
    const seen: Bytes[] = [];
    const { checks } = await withStatus('good', seen).verifySignIn(await signIn());
    expect(checks.at(-1)).toBe('status');
    expect(seen).toEqual([chain.holder.certificate.der, chain.authority.certificate.der]);
  });

  it('refuses a revoked certificate, and claims nothing where there was no answer', async () => {
    expect(await refusal(await signIn(), {}, withStatus('revoked'))).toBe('certificate.revoked');
    expect((await withStatus('unknown').verifySignIn(await signIn())).checks).not.toContain('status');
  });
});

describe('an identity number', () => {
  const vectors = JSON.parse(readFileSync(new URL('../../fixtures/npki/manifest.json', import.meta.url), 'utf8')) as {
    identities: { id: string; folder: string; idn: string; rHex: string | null }[];
  };
  const identities = vectors.identities.flatMap(({ id, folder, idn, rHex }) => (rHex === null ? [] : [{ id, folder, idn, rHex }]));
  const load = (folder: string): Bytes => {
    const url = new URL(`../../fixtures/npki/${folder}/`, import.meta.url);
    const name = readdirSync(url).find((entry) => entry.toLowerCase() === 'signcert.der') ?? '';
    return new Uint8Array(readFileSync(new URL(name, url)));
  };

  it.each(identities)('belongs to the certificate $id and to no other', async ({ folder, idn, rHex }) => {
    const claim = { certificate: load(folder), random: fromHex(rHex), idNumber: idn };
    await expect(verifierOf().verifyIdentity(claim)).resolves.toBeUndefined();
    const other = idn.replace(/.$/, (digit) => String((Number(digit) + 1) % 10));
    await expect(verifierOf().verifyIdentity({ ...claim, idNumber: other })).rejects.toMatchObject({ code: 'verify.identity' });
    await expect(verifierOf().verifyIdentity({ ...claim, random: new Uint8Array(20) })).rejects.toMatchObject({ code: 'verify.identity' });
  });

  it.each(['', '123456', '900001-1000000', '90000110000000'])('is refused as %j before anything is computed', async (idNumber) => {
    const claim = { certificate: chain.holder.certificate.der, random: new Uint8Array(20), idNumber };
    await expect(verifierOf().verifyIdentity(claim)).rejects.toMatchObject({ code: 'request.malformed' });
  });

  it('belongs to no certificate that has no virtual identifier', async () => {
    const claim = { certificate: chain.holder.certificate.der, random: new Uint8Array(20), idNumber: '9000011000000' };
    await expect(verifierOf().verifyIdentity(claim)).rejects.toMatchObject({ code: 'verify.identity' });
  });
});

describe('an identity value that came with a sign-in', () => {
  const NONCE = 'AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8';
  const R = fromHex('00bb95a63a04cdff6026de591dafb60c89300075');
  const receiver = {
    certificate: readFixture('npki', 'bank', 'serverCert.der'),
    privateKey: createPrivateKey(Buffer.from(readFixture('npki', 'bank', 'serverKey.pem'))),
  };
  const seal = async (origin = ORIGIN): Promise<Bytes> => {
    const octets = (length: number): Bytes => crypto.getRandomValues(new Uint8Array(length));
    return writeEnvelope(writeIdentityValue({ origin, nonce: NONCE, random: R }), readCertificate(receiver.certificate), octets);
  };

  it('is opened by the server it was encrypted to, as DER and as base64', async () => {
    const envelope = await seal();
    for (const sent of [envelope, toBase64(envelope)]) expect(await verifierOf().openIdentity(sent, { receiver, nonce: NONCE })).toEqual(R);
  });

  it.each([
    ['another site', 'https://bank.exarnple', NONCE, 'verify.origin'],
    ['another sign-in at the same site', ORIGIN, NONCE.replace('A', 'B'), 'verify.nonce'],
  ])('is refused where it was released to %s', async (_, origin, nonce, code) => {
    await expect(verifierOf().openIdentity(await seal(origin), { receiver, nonce })).rejects.toMatchObject({ code });
  });

  it.each([
    ['nothing', undefined],
    ['a text that is no base64', '%%%'],
    ['a number', 7],
    ['R in the clear', toBase64(R)],
  ])('is refused as %s', async (_, sent) => {
    await expect(verifierOf().openIdentity(sent as string, { receiver, nonce: NONCE })).rejects.toMatchObject({ code: 'request.malformed' });
  });
});

describe('the shipped roots and authorities', () => {
  it('set a verifier up for Korea, which does not trust the test authority', async () => {
    const korean = verifierOf({ roots: koreanRoots(), intermediates: koreanIntermediates() });
    expect(await refusal(await signIn({ sentChain: [chain.authority.certificate.der] }), {}, korean)).toBe('certificate.untrusted');
  });
});

describe('a verifier is not set up', () => {
  it.each(['', 'bank.example', 'https://bank.example/', 'HTTPS://bank.example', 'null'])('for the origin %j', (origin) => {
    expect(() => verifierOf({ origin })).toThrow(expect.objectContaining({ code: 'internal' }));
  });

  it('with a root that is no certificate', () => {
    expect(() => verifierOf({ roots: [utf8('root')] })).toThrow(expect.objectContaining({ code: 'file.unreadable' }));
  });
});

describe('whatever octet is changed', () => {
  it('nobody else gets in: it is the same person, or a coded refusal', async () => {
    const cms = await signIn({ sentChain: [chain.authority.certificate.der], nonce: await nonces.issue() });
    const verifier = verifierOf({ nonces: { issue: () => '', use: () => true } });
    const codes = new Set<string>();
    await fc.assert(
      fc.asyncProperty(fc.nat(cms.length - 1), fc.integer({ min: 1, max: 255 }), async (at, mask) => {
        const bytes = cms.slice();
        bytes[at] = (bytes[at] ?? 0) ^ mask;
        try {
          const { certificate } = await verifier.verifySignIn(bytes);
          expect(certificate).toEqual(chain.holder.certificate.der);
        } catch (thrown) {
          expect(thrown).toBeInstanceOf(WalletError);
          codes.add((thrown as WalletError).code);
        }
      }),
      { seed: 20261123, numRuns: 2000 },
    );
    expect(ERROR_CODES).toEqual(expect.arrayContaining([...codes]));
    expect(codes).toContain('verify.signature');
    expect(codes).not.toContain('internal');
    expect([...codes].filter((code) => code.startsWith('file.'))).toEqual([]);
  });
});
