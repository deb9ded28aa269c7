import { describe, expect, it } from 'vitest';
import {
  children,
  explicit,
  objectIdentifier,
  octetString,
  readDer,
  sequence,
  smallInteger,
  text,
  type DerNode,
} from '../../../../lib/asn1/reader.ts';
import { copy, type Bytes } from '../../../../lib/bytes/bytes.ts';
import { toHex } from '../../../../lib/bytes/hex.ts';
import { readCertificate, type Certificate } from '../../../../lib/npki/certificate.ts';
import { OID } from '../../../../lib/npki/oids.ts';
import { openPfx, readPfx } from '../../../../lib/npki/pkcs12/open-pfx.ts';
import { writePfx, type PfxIdentity, type PfxPair } from '../../../../lib/npki/pkcs12/write-pfx.ts';
import { openPrivateKey } from '../../../../lib/npki/private-key.ts';
import { codeOf, fixture, identityFile, MANIFEST, readFixture, type FixtureIdentity } from '../../../support/npki-fixtures.ts';

const PASSWORD = 'Written!2026pw';
const FEW = { bags: 3, mac: 2 };
const FORMS = ['legacy', 'modern'] as const;

/** Every call gives other octets. */
function counter(): (length: number) => Bytes {
  let next = 0;
  return (length) => new Uint8Array(length).fill(++next);
}

async function pairOf(identity: FixtureIdentity, which: 'sign' | 'km'): Promise<PfxPair> {
  const certificate = readCertificate(identityFile(identity, `${which}Cert.der`));
  return { certificate, privateKeyInfo: (await openPrivateKey(identityFile(identity, `${which}Pri.key`), identity.password)).privateKeyInfo };
}

async function identityOf(identity: FixtureIdentity): Promise<PfxIdentity> {
  const chain = [readCertificate(readFixture('npki', identity.ca))];
  return { name: identity.realName, sign: await pairOf(identity, 'sign'), km: identity.km ? await pairOf(identity, 'km') : null, chain };
}

function derOf(certificates: readonly Certificate[]): string[] {
  return certificates.map(({ der }) => toHex(der));
}

describe.each(FORMS)('every identity of the fixtures in a %s file', (form) => {
  it.each(MANIFEST.identities)('$id comes back octet for octet, R included', async (identity) => {
    const written = await identityOf(identity);
    const file = await writePfx([written], PASSWORD, { form, random: counter(), iterations: FEW });
    const { certificates, keys } = await openPfx(file, PASSWORD);
    const pairs = [written.sign, written.km].filter((pair) => pair !== null);
    expect(keys.map(({ privateKeyInfo }) => privateKeyInfo)).toEqual(pairs.map(({ privateKeyInfo }) => privateKeyInfo));
    expect(derOf(certificates)).toEqual(derOf([...pairs.map(({ certificate }) => certificate), ...written.chain]));
    expect(keys[0]?.random ? toHex(keys[0].random) : null).toBe(identity.rHex ?? null);
    expect(await codeOf(() => openPfx(file, `${PASSWORD}x`))).toBe('password.wrong');
  });
});

interface SeenBag {
  readonly type: string;
  readonly value: DerNode;
  readonly attributes: ReadonlyMap<string, DerNode>;
}

function bagsOf(safeContents: Bytes): SeenBag[] {
  return sequence(readDer(safeContents)).map((node) => {
    const [id, value, set] = sequence(node);
    const attributes = (set === undefined ? [] : children(set)).map((attribute) => {
      const [type, values] = sequence(attribute);
      return [objectIdentifier(type), children(values!)[0]!] as const;
    });
    return { type: objectIdentifier(id), value: explicit(value, 0xa0), attributes: new Map(attributes) };
  });
}

function safesOf(file: Bytes): { type: string; content: DerNode }[] {
  const authenticated = octetString(explicit(sequence(sequence(readDer(file))[1])[1], 0xa0));
  return sequence(readDer(authenticated)).map((node) => {
    const [id, content] = sequence(node);
    return { type: objectIdentifier(id), content: explicit(content, 0xa0) };
  });
}

function macOf(file: Bytes): { hash: string; salt: Bytes; iterations: number } {
  const [info, salt, iterations] = sequence(sequence(readDer(file))[2]);
  return { hash: objectIdentifier(sequence(sequence(info)[0])[0]), salt: octetString(salt), iterations: smallInteger(iterations) };
}

function algorithmOf(node: DerNode | undefined): { oid: string; salt: Bytes; iterations: number } {
  const [oid, parameters] = sequence(node);
  const [first] = sequence(parameters);
  const numbers = first?.tag === 0x30 ? sequence(sequence(first)[1]) : sequence(parameters);
  return { oid: objectIdentifier(oid), salt: octetString(numbers[0]), iterations: smallInteger(numbers[1]) };
}

describe('a legacy file', async () => {
  const identity = await identityOf(fixture('personal-bank-sha1seed'));
  const file = await writePfx([identity], PASSWORD, { form: 'legacy', random: counter() });
  const safes = safesOf(file);
  const [certificates, keys] = safes.map(({ content }) => bagsOf(octetString(content)));

  it('has certificates in the clear, then keys, each sign before km', () => {
    expect(safes.map(({ type }) => type)).toEqual([OID.data, OID.data]);
    expect(certificates?.map(({ type }) => type)).toEqual([OID.certificateBag, OID.certificateBag, OID.certificateBag]);
    expect(keys?.map(({ type }) => type)).toEqual([OID.shroudedKeyBag, OID.shroudedKeyBag]);
    expect(derOf(readPfx(file).certificates)).toEqual(derOf([identity.sign!.certificate, identity.km!.certificate, ...identity.chain]));
  });

  it('has keys under 3DES after 2,048 rounds, each with a salt of 8 octets of its own', () => {
    const algorithms = keys?.map(({ value }) => algorithmOf(sequence(value)[0])) ?? [];
    expect(algorithms).toEqual([
      { oid: OID.pkcs12TripleDes, salt: new Uint8Array(8).fill(1), iterations: 2048 },
      { oid: OID.pkcs12TripleDes, salt: new Uint8Array(8).fill(2), iterations: 2048 },
    ]);
  });

  it('ties key and certificate by the subject key identifier and by a name of their own', () => {
    const seen = (bags: readonly SeenBag[] | undefined): unknown[] =>
      (bags ?? []).map(({ attributes }) => [
        attributes.has(OID.localKeyId) ? octetString(attributes.get(OID.localKeyId)) : null,
        attributes.has(OID.friendlyName) ? text(attributes.get(OID.friendlyName)) : null,
      ]);
    const pairs = [
      [identity.sign!.certificate.subjectKeyId, '홍길동'],
      [identity.km!.certificate.subjectKeyId, '홍길동 (km)'],
    ];
    expect(seen(keys)).toEqual(pairs);
    expect(seen(certificates)).toEqual([...pairs, [null, null]]);
  });

  it('has a MAC of SHA-1 after 2,048 rounds', () => {
    expect(macOf(file)).toEqual({ hash: OID.sha1, salt: new Uint8Array(8).fill(3), iterations: 2048 });
  });

  it('takes SHA-1 of the public key where a certificate names no identifier', async () => {
    const pair = { ...identity.sign!, certificate: { ...identity.sign!.certificate, subjectKeyId: null } };
    const other = await writePfx([{ ...identity, sign: pair }], PASSWORD, { form: 'legacy', random: counter() });
    const [bag] = bagsOf(octetString(safesOf(other)[1]?.content));
    // The identifiers of the fixtures were made in that way.
    expect(octetString(bag?.attributes.get(OID.localKeyId))).toEqual(identity.sign!.certificate.subjectKeyId);
  });
});

describe('a modern file', async () => {
  const identity = await identityOf(fixture('personal-bank-sha1seed'));
  const file = await writePfx([identity], PASSWORD, { form: 'modern', random: counter() });
  const safes = safesOf(file);

  it('shows nothing of the holder', () => {
    expect(safes.map(({ type }) => type)).toEqual([OID.encryptedData, OID.data]);
    expect(readPfx(file).certificates).toEqual([]);
  });

  it('has certificates and keys under AES-256 after 600,000 rounds', () => {
    const algorithms = [
      algorithmOf(sequence(sequence(safes[0]?.content)[1])[1]),
      ...bagsOf(octetString(safes[1]?.content)).map(({ value }) => algorithmOf(sequence(value)[0])),
    ];
    expect(algorithms.map(({ oid, iterations, salt }) => ({ oid, iterations, salt: salt.length }))).toEqual(
      Array.from({ length: 3 }, () => ({ oid: OID.pbes2, iterations: 600_000, salt: 16 })),
    );
    expect(new Set(algorithms.map(({ salt }) => toHex(salt))).size).toBe(3);
  });

  it('has a MAC of SHA-256 after 100,000 rounds', () => {
    expect(macOf(file)).toMatchObject({ hash: OID.sha256, iterations: 100_000 });
  });
});

describe('several identities in one file', async () => {
  const identities = await Promise.all(MANIFEST.identities.slice(0, 6).map(identityOf));

  it.each(FORMS)('are all there, chain certificates once: %s', async (form) => {
    const { certificates, keys } = await openPfx(await writePfx(identities, PASSWORD, { form, random: counter(), iterations: FEW }), PASSWORD);
    const pairs = identities.flatMap(({ sign, km }) => [sign, km]).filter((pair) => pair !== null);
    expect(keys.map(({ privateKeyInfo }) => privateKeyInfo)).toEqual(pairs.map(({ privateKeyInfo }) => privateKeyInfo));
    const chain = new Set(derOf(identities.flatMap((identity) => identity.chain)));
    expect(certificates.length).toBe(pairs.length + chain.size);
  });

  it('of one name have names apart, since some programs keep one of each', async () => {
    const twins = identities.slice(0, 2).map((identity, i) => ({ ...identity, name: i === 0 ? 'Kim' : 'KIM', km: null }));
    const file = await writePfx(twins, PASSWORD, { form: 'legacy', random: counter(), iterations: FEW });
    const keys = bagsOf(octetString(safesOf(file)[1]?.content));
    expect(keys.map(({ attributes }) => text(attributes.get(OID.friendlyName)))).toEqual(['Kim', 'KIM 2']);
  });

  it('keep a modern file within the rounds that a reader takes for one file', async () => {
    const file = await writePfx(identities, PASSWORD, { form: 'modern', random: counter() });
    const count = identities.flatMap(({ sign, km }) => [sign, km]).filter((pair) => pair !== null).length;
    const { iterations } = algorithmOf(sequence(sequence(safesOf(file)[0]?.content)[1])[1]);
    // A round of the MAC costs as much as five of the keys.
    expect(iterations).toBe(Math.min(600_000, Math.floor(3_900_000 / (count + 1))));
    expect(readPfx(file).certificates).toEqual([]);
  });
});

describe('what is not written', async () => {
  const identity = await identityOf(fixture('personal-bank-sha1seed'));

  it('is a file of nothing', async () => {
    expect(await codeOf(() => writePfx([], PASSWORD, { form: 'legacy', random: counter() }))).toBe('internal');
    expect(await codeOf(() => writePfx([{ ...identity, sign: null, km: null }], PASSWORD, { form: 'legacy', random: counter() }))).toBe('internal');
  });

  it('is one of more bags than would be read', async () => {
    const many = Array.from({ length: 17 }, () => identity);
    expect(await codeOf(() => writePfx(many, PASSWORD, { form: 'legacy', random: counter(), iterations: FEW }))).toBe('internal');
  });

  it('is anything over the octets of the caller', async () => {
    const before = copy(identity.sign!.privateKeyInfo);
    for (const form of FORMS) await writePfx([identity], PASSWORD, { form, random: counter(), iterations: FEW });
    expect(identity.sign!.privateKeyInfo).toEqual(before);
  });
});
