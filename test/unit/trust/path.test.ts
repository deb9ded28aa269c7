import { readdirSync, readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { basicConstraints, keyUsage, policies, requireExplicitPolicy } from '../../../demo/extensions.ts';
import { writeExtension } from '../../../demo/x509.ts';
import * as der from '../../../lib/asn1/writer.ts';
import { readCertificate, type Certificate } from '../../../lib/npki/certificate.ts';
import { OID } from '../../../lib/npki/oids.ts';
import { checkPath, type PathInput } from '../../../lib/trust/path.ts';
import { shippedIntermediates, shippedRoots } from '../../../lib/trust/roots.ts';
import {
  authorityExtensions,
  DAY,
  holderExtensions,
  issue,
  makeChain,
  makeKeys,
  NOW,
  strangeExtension,
  type Issued,
  type IssueOptions,
  type TestChain,
} from '../../support/test-authority.ts';

const FIXTURES = new URL('../../fixtures/', import.meta.url);
const MIDNIGHT = Date.parse('2026-11-23T00:00:00Z');

function load(path: string): Certificate {
  return readCertificate(new Uint8Array(readFileSync(new URL(path, FIXTURES))));
}

async function outcome(input: PathInput): Promise<string> {
  try {
    return `path of ${String((await checkPath(input)).length)}`;
  } catch (thrown) {
    return (thrown as { code: string }).code;
  }
}

describe('paths of genuine Korean authorities, at the end of 2026', () => {
  it.each([
    ['yessignCA-Class3', 'path of 2'],
    ['CrossCertCA4', 'path of 2'],
    ['signGATE-CA6', 'path of 2'],
    ['SignKorea-CA4', 'path of 2'],
    ['TradeSignCA4', 'path of 2'],
    ['SignGATEOCSP05', 'path of 2'],
    ['CrossCertTSA3', 'path of 2'],
    ['SignKorea-CA3', 'certificate.expired'],
    ['KISA-RootCA-1', 'certificate.untrusted'],
    ['CrossCert-Device-CA', 'certificate.untrusted'],
    ['SignGATE-Device-CA-0101', 'certificate.untrusted'],
    ['SignGATE-ECDSA-CA', 'certificate.untrusted'],
  ])('%s: %s', async (name, expected) => {
    const input = { leaf: load(`ca-certs/${name}.der`), intermediates: shippedIntermediates(), anchors: shippedRoots(), at: MIDNIGHT };
    expect(await outcome(input)).toBe(expected);
  });

  it('SignKorea CA3 was fine while it lasted', async () => {
    const at = Date.parse('2026-05-13T02:33:35Z');
    const input = { leaf: load('ca-certs/SignKorea-CA3.der'), intermediates: [], anchors: shippedRoots() };
    expect(await outcome({ ...input, at })).toBe('path of 2');
    expect(await outcome({ ...input, at: at + 1000 })).toBe('certificate.expired');
  });
});

describe('paths of identities that Bouncy Castle made', () => {
  const manifest = JSON.parse(readFileSync(new URL('npki/manifest.json', FIXTURES), 'utf8')) as {
    identities: { id: string; folder: string; ca: string }[];
  };
  const expected = new Map([
    ['expired-yesterday', 'certificate.expired'],
    ['not-yet-valid', 'certificate.not-yet-valid'],
  ]);
  const authorities = readdirSync(new URL('npki/ca/', FIXTURES))
    .filter((name) => name.endsWith('.der'))
    .map((name) => load(`npki/ca/${name}`));
  const isRoot = ({ issuer, subject }: Certificate): boolean => issuer.der.toString() === subject.der.toString();

  it.each(manifest.identities.map(({ id, folder }) => [id, folder, expected.get(id) ?? 'path of 3'] as const))(
    '%s (%s): %s',
    async (_, folder, result) => {
      const names = readdirSync(new URL(`npki/${folder}/`, FIXTURES)).filter((name) => /\.der$/i.test(name));
      expect(names.length).toBeGreaterThan(0);
      for (const name of names) {
        const leaf = load(`npki/${folder}/${name}`);
        const input = { leaf, anchors: authorities.filter(isRoot), intermediates: authorities.filter((one) => !isRoot(one)), at: MIDNIGHT };
        expect(await outcome(input)).toBe(result);
      }
    },
  );
});

describe('a path is refused', () => {
  let chain: TestChain;
  let spare: CryptoKeyPair;

  beforeAll(async () => {
    [chain, spare] = await Promise.all([makeChain(), makeKeys()]);
  });

  const judge = async (change: Partial<PathInput>): Promise<string> =>
    outcome({ leaf: chain.holder.certificate, intermediates: [chain.authority.certificate], anchors: [chain.root.certificate], at: NOW, ...change });

  /** The chain with another authority in the middle, and a good holder below it. */
  const withAuthority = async (change: Partial<IssueOptions>): Promise<string> => {
    const authority = await issue({ name: 'Test Authority', keys: spare, issuer: chain.root, extensions: authorityExtensions(), ...change });
    const holder = await issue({ name: 'Holder', keys: chain.holderKeys, issuer: authority, extensions: holderExtensions() });
    return judge({ leaf: holder.certificate, intermediates: [authority.certificate] });
  };

  const withHolder = async (change: Partial<IssueOptions>): Promise<string> => {
    const holder = await issue({ name: 'Holder', keys: spare, issuer: chain.authority, extensions: holderExtensions(), ...change });
    return judge({ leaf: holder.certificate });
  };

  it('unless everything is right', async () => {
    expect(await judge({})).toBe('path of 3');
    expect(await withAuthority({})).toBe('path of 3');
    expect(await withHolder({})).toBe('path of 3');
  });

  it('where the root is not among the anchors', async () => {
    expect(await judge({ anchors: [] })).toBe('certificate.untrusted');
    expect(await judge({ anchors: shippedRoots() })).toBe('certificate.untrusted');
  });

  it('where the authority is missing', async () => {
    expect(await judge({ intermediates: [] })).toBe('certificate.untrusted');
  });

  it('where the message brings its own root', async () => {
    expect(await judge({ anchors: shippedRoots(), intermediates: [chain.authority.certificate, chain.root.certificate] })).toBe(
      'certificate.untrusted',
    );
  });

  it('where an authority has the right name and another key', async () => {
    const impostor = await issue({ name: 'Test Root', keys: spare, extensions: [basicConstraints(null)] });
    expect(await judge({ anchors: [impostor.certificate] })).toBe('certificate.untrusted');
  });

  it('where the key identifiers differ though the signature is right', async () => {
    expect(await withHolder({ authorityKey: new Uint8Array(20) })).toBe('certificate.untrusted');
  });

  it('but not where there is no authority key identifier', async () => {
    expect(await withHolder({ authorityKey: null })).toBe('path of 3');
  });

  it.each([
    ['a moment before the holder begins', -30 * DAY - 1, 'certificate.not-yet-valid'],
    ['the first moment', -30 * DAY, 'path of 3'],
    ['the last moment', 335 * DAY + 999, 'path of 3'],
    ['a moment after', 335 * DAY + 1000, 'certificate.expired'],
  ])('by the time: %s', async (_, offset, expected) => {
    expect(await judge({ at: NOW + offset })).toBe(expected);
  });

  it('where the authority expired before its holder', async () => {
    expect(await withAuthority({ notAfter: NOW - DAY })).toBe('certificate.expired');
  });

  it('where the root is too young', async () => {
    const root = await issue({ name: 'Test Root', keys: spare, notBefore: NOW + DAY, extensions: [basicConstraints(null)] });
    const holder = await issue({ name: 'Holder', keys: chain.holderKeys, issuer: root, extensions: holderExtensions() });
    expect(await judge({ leaf: holder.certificate, anchors: [root.certificate] })).toBe('certificate.not-yet-valid');
  });

  const notice = ['시험용', 'http://test.example.invalid'] as const;
  it.each([
    ['without basicConstraints', [keyUsage('keyCertSign'), policies(OID.anyPolicy, ...notice)]],
    ['without the right to sign certificates', [keyUsage('cRLSign'), basicConstraints(0), policies(OID.anyPolicy, ...notice)]],
    ['with a critical extension that nobody knows', [...authorityExtensions(), strangeExtension(true)]],
    ['with name constraints', [...authorityExtensions(), writeExtension(OID.nameConstraints, true, der.sequence())]],
    ['with inhibitAnyPolicy', [...authorityExtensions(), writeExtension('2.5.29.54', true, der.integer(0))]],
    ['with policy mappings', [...authorityExtensions(), writeExtension('2.5.29.33', true, der.sequence())]],
    [
      'whose policies leave none of the holder',
      [keyUsage('keyCertSign'), basicConstraints(0), policies('1.2.3.4', ...notice), requireExplicitPolicy()],
    ],
  ])('where the authority comes %s', async (_, extensions) => {
    expect(await withAuthority({ extensions })).toBe('certificate.untrusted');
  });

  it('where the holder acts as authority', async () => {
    const below = await issue({ name: 'Below', keys: spare, issuer: chain.holder, extensions: holderExtensions() });
    const input = { leaf: below.certificate, intermediates: [chain.holder.certificate, chain.authority.certificate] };
    expect(await judge(input)).toBe('certificate.untrusted');
  });

  it('where an authority with path length 0 has made another authority', async () => {
    const second = await issue({ name: 'Second', keys: spare, issuer: chain.authority, extensions: authorityExtensions() });
    const holder = await issue({ name: 'Holder', keys: chain.holderKeys, issuer: second, extensions: holderExtensions() });
    const input = { leaf: holder.certificate, intermediates: [second.certificate, chain.authority.certificate] };
    expect(await judge(input)).toBe('certificate.untrusted');
  });

  it.each([
    ['names no policy though one is required', { extensions: [keyUsage('digitalSignature')] }],
    ['has a critical extension that nobody knows', { extensions: [...holderExtensions(), strangeExtension(true)] }],
    ['says SHA-1', { algorithm: OID.sha1WithRsa }],
    ['says SHA-512 and was signed with SHA-256', { algorithm: OID.sha512WithRsa }],
    ['says an algorithm nobody knows', { algorithm: '1.2.840.113549.1.1.10' }],
  ])('where the holder %s', async (_, change) => {
    expect(await withHolder(change)).toBe('certificate.untrusted');
  });

  it('but not for an unknown extension that is not critical', async () => {
    expect(await withHolder({ extensions: [...holderExtensions(), strangeExtension(false)] })).toBe('path of 3');
  });

  it('where it was truly signed with SHA-1', async () => {
    const keys = await makeKeys({ hash: 'SHA-1' });
    const authority = await issue({ name: 'Old', keys, issuer: chain.root, extensions: authorityExtensions() });
    const holder = await issue({ name: 'Holder', keys: spare, issuer: authority, extensions: holderExtensions(), algorithm: OID.sha1WithRsa });
    expect(await judge({ leaf: holder.certificate, intermediates: [authority.certificate] })).toBe('certificate.untrusted');
  });

  it('but a root of SHA-1 is an anchor like any other, since its own signature proves nothing', async () => {
    const keys = await makeKeys();
    const root = await issue({ name: 'Old Root', keys, extensions: [basicConstraints(null)], algorithm: OID.sha1WithRsa });
    const holder = await issue({ name: 'Holder', keys: spare, issuer: root, extensions: holderExtensions() });
    expect(await judge({ leaf: holder.certificate, anchors: [root.certificate] })).toBe('path of 2');
  });

  it('where the key of an authority has 1,024 bits', async () => {
    expect(await withAuthority({ keys: await makeKeys({ bits: 1024 }) })).toBe('certificate.untrusted');
  });

  it('where one octet of a signature or of the signed part differs', async () => {
    for (const at of [30, 200, 400, -1, -100]) {
      const bytes = chain.holder.certificate.der.slice();
      const index = at < 0 ? bytes.length + at : at;
      bytes[index] = (bytes[index] ?? 0) ^ 1;
      const leaf = tryRead(bytes);
      if (leaf !== null) expect(await judge({ leaf })).toBe('certificate.untrusted');
    }
  });

  function tryRead(bytes: Uint8Array<ArrayBuffer>): Certificate | null {
    try {
      return readCertificate(bytes);
    } catch {
      return null;
    }
  }
});

describe('a heap of certificates made to burn time', () => {
  it('ends after a bounded number of signatures, and two authorities that issued each other end too', async () => {
    const keys = await makeKeys();
    const extensions = authorityExtensions(null);
    const chain = await makeChain();
    const crowd: Issued[] = [];
    for (let serial = 1; serial <= 40; serial++) crowd.push(await issue({ name: 'Loop', keys, serial, extensions, issuer: await loop(keys) }));
    const holder = await issue({ name: 'Holder', keys, issuer: await loop(keys), extensions: holderExtensions() });
    const input = {
      leaf: holder.certificate,
      intermediates: crowd.map(({ certificate }) => certificate),
      anchors: [chain.root.certificate],
      at: NOW,
    };
    expect(await outcome(input)).toBe('certificate.untrusted');
  });

  async function loop(keys: CryptoKeyPair): Promise<Issued> {
    return issue({ name: 'Loop', keys, extensions: authorityExtensions(null) });
  }
});

describe('of several authorities with one name', () => {
  it('the one whose key signed is found, wherever it stands', async () => {
    const chain = await makeChain();
    const impostor = await issue({ name: 'Test Authority', keys: await makeKeys(), issuer: chain.root, extensions: authorityExtensions() });
    const holder = await issue({
      name: 'Holder',
      keys: chain.holderKeys,
      issuer: chain.authority,
      extensions: holderExtensions(),
      authorityKey: null,
    });
    const input = { leaf: holder.certificate, anchors: [chain.root.certificate], at: NOW };
    const path = await checkPath({ ...input, intermediates: [impostor.certificate, chain.authority.certificate] });
    expect(path.map(({ serialHex, subject }) => `${serialHex} ${subject.attributes.at(-1)?.value ?? ''}`)).toEqual([
      '07 Holder',
      '07 Test Authority',
      '07 Test Root',
    ]);
    expect(path[1]).toBe(chain.authority.certificate);
  });
});
