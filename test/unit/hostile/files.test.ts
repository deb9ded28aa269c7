/**
 * Files that somebody made to break a reader, through the same door as any picked file. Suites with other doors have their ids
 * in their own titles: F8 F10 F18 F20 F21 F25 F26 lie in test/unit/wallet and test/unit/platform, F12 and F13 of archives in
 * test/unit/archive, F22 in fuzz.test.ts beside this, F24 of every form in test/unit/npki/round-trip.test.ts.
 */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { readZip } from '../../../lib/archive/read-zip.ts';
import { writeZip } from '../../../lib/archive/write-zip.ts';
import { TAG } from '../../../lib/asn1/tags.ts';
import * as der from '../../../lib/asn1/writer.ts';
import { concat, copy, type Bytes } from '../../../lib/bytes/bytes.ts';
import { fromHex, toHex } from '../../../lib/bytes/hex.ts';
import { utf8 } from '../../../lib/bytes/text.ts';
import { encodeWindows949 } from '../../../lib/bytes/windows-949.ts';
import { readCertificate } from '../../../lib/npki/certificate.ts';
import { certificateFacts } from '../../../lib/npki/facts.ts';
import { exportIdentities } from '../../../lib/npki/export-files.ts';
import { filePasswordProblems } from '../../../lib/npki/file-password.ts';
import { findIdentities } from '../../../lib/npki/folder.ts';
import { seedCbcEncrypt } from '../../../lib/npki/legacy/seed.ts';
import { OID } from '../../../lib/npki/oids.ts';
import { openContainer, openIdentity } from '../../../lib/npki/open-identity.ts';
import { openPrivateKey } from '../../../lib/npki/private-key.ts';
import { writePrivateKey } from '../../../lib/npki/write-private-key.ts';
import { checkPath } from '../../../lib/trust/path.ts';
import { shippedIntermediates, shippedRoots } from '../../../lib/trust/roots.ts';
import { readFiles } from '../../../lib/wallet/read-files.ts';
import { alterExtensions, alterField, alterFields, extension, FIELD, nameOf, rsaSpki } from '../../support/altered-certificate.ts';
import { onlyContainer, onlyIdentities } from '../../support/found.ts';
import { codeOf, fixture, FIXTURES, identityFile, MANIFEST, readFixture } from '../../support/npki-fixtures.ts';
import { openFixture } from '../../support/opened-fixtures.ts';
import * as shape from '../../support/pfx-shapes.ts';
import { holderExtensions, issue, makeKeys, NOW } from '../../support/test-authority.ts';
import { pemText } from '../../support/texts.ts';

const HONG = fixture('personal-bank-sha1seed');
const CERTIFICATE = identityFile(HONG, 'signCert.der');
const KEY = identityFile(HONG, 'signPri.key');
const PLAIN = readFixture('yessign-test', 'plain-privatekeyinfo-with-R.der');
const SALT = fromHex('0102030405060708');
const BLOCKS = new Uint8Array(32);

/** What the person is told of one picked file: the code, or what it is taken for. */
function answer(bytes: Bytes, path = 'picked.bin'): string {
  return findIdentities([{ path, bytes }], { everyFile: true })
    .map((one) => (one.kind === 'container' ? one.form : (one.refusal?.code ?? 'pair')))
    .join(' ');
}

/** What the person is told of a certificate beside a good key. */
function answerOfPair(certificate: Bytes, key = KEY): string {
  const files = { 'a/signCert.der': certificate, 'a/signPri.key': key };
  const found = onlyIdentities(findIdentities(Object.entries(files).map(([path, bytes]) => ({ path, bytes }))));
  return found.map(({ refusal }) => refusal?.code ?? 'pair').join(' ');
}

/** Elements within each other, of definite lengths. */
function nested(depth: number, tag = 0x30): Bytes {
  const headers: Uint8Array[] = [];
  let length = 0;
  for (let level = 0; level < depth; level++) {
    const header = der.element(tag, new Uint8Array(0));
    const octets = length < 0x80 ? header.with(1, length) : Uint8Array.of(tag, 0x84, length >>> 24, length >>> 16, length >>> 8, length);
    const minimal = length < 0x80 ? octets : minimalHeader(tag, length);
    headers.push(minimal);
    length += minimal.length;
  }
  return concat(...headers.reverse());
}

function minimalHeader(tag: number, length: number): Uint8Array {
  const octets = toHex(Uint8Array.of(length >>> 24, length >>> 16, length >>> 8, length)).replace(/^(?:00)+/, '');
  return concat(Uint8Array.of(tag, 0x80 | (octets.length / 2)), fromHex(octets));
}

describe('F1 elements within each other', () => {
  it.each([100, 2_500, 100_000])('%i deep are refused, definite or not', (depth) => {
    expect(answer(nested(depth))).toBe('file.hostile');
    expect(answer(nested(depth, 0xa0), 'signPri.key')).toMatch(/^file\.(?:hostile|unreadable)$/);
    expect(answer(fromHex('3080'.repeat(depth)))).toMatch(/^file\.(?:hostile|unreadable)$/);
    expect(answer(concat(fromHex('3080020103'), fromHex('3080'.repeat(depth))))).toBe('file.hostile');
    expect(answer(utf8(pemText('CERTIFICATE', nested(depth))))).toBe('file.hostile');
  });

  it('200,000 deep are refused too', () => {
    expect(answer(fromHex('3080'.repeat(200_000)))).toMatch(/^file\.(?:hostile|unreadable)$/);
    expect(answer(concat(fromHex('3080020103'), fromHex('3080'.repeat(200_000))))).toBe('file.hostile');
  });

  it('are read by one copy of asn1js in the tests, none older than 3.1', () => {
    const { packages } = JSON.parse(readFileSync(join(FIXTURES, '..', '..', 'package-lock.json'), 'utf8')) as {
      packages: Record<string, { version: string }>;
    };
    const versions = Object.entries(packages).flatMap(([path, { version }]) => (path.endsWith('node_modules/asn1js') ? [version] : []));
    expect(versions).toHaveLength(1);
    expect(versions[0]).toMatch(/^(?:3\.[1-9]\d*|[4-9]|\d{2,})\./);
  });
});

describe('F2 elements without number, and lengths that lie', () => {
  it.each<[string, Bytes, string]>([
    ['two million NULLs', der.sequence(new Uint8Array(4_000_000).map((_, at) => (at % 2 === 0 ? 5 : 0))), 'file.too-large'],
    ['half a million NULLs', der.sequence(new Uint8Array(1_000_000).map((_, at) => (at % 2 === 0 ? 5 : 0))), 'file.hostile'],
    ['16 MiB and one octet', new Uint8Array(16 * 1024 * 1024 + 1).fill(0x30), 'file.too-large'],
    ['a length of 2^31', fromHex('308480000000'), 'file.unreadable'],
    ['a length of 2^32 - 1', fromHex('3084ffffffff'), 'file.unreadable'],
    ['a length of 2^64 - 1', fromHex('3088ffffffffffffffff'), 'file.unreadable'],
    ['a length of 126 octets', concat(fromHex('30fe'), new Uint8Array(126).fill(0xff)), 'file.unreadable'],
    ['the reserved length', fromHex('30ff'), 'file.unreadable'],
    ['a length of 2^31 within PKCS#12', fromHex('308002010330848000000000000000'), 'file.unreadable'],
  ])('%s: %#', (_, bytes, code) => {
    expect(answer(bytes)).toBe(code);
  });
});

describe('F3 what is no DER', () => {
  const constructed = der.sequence(
    der.setOf(der.sequence(der.objectIdentifier(OID.commonName), der.element(TAG.UTF8_STRING | 0x20, der.utf8String('홍')))),
  );

  it.each<[string, Bytes]>([
    ['an octet behind', concat(CERTIFICATE, Uint8Array.of(0))],
    ['an indefinite length', concat(fromHex('3080'), CERTIFICATE.subarray(4), fromHex('0000'))],
    ['a length of more octets than it needs', concat(fromHex('308300'), CERTIFICATE.subarray(2))],
    ['a BOOLEAN of 01', alterExtensions(CERTIFICATE, (list) => [...list, withBoolean(1)])],
    ['a BOOLEAN that is the default', alterExtensions(CERTIFICATE, (list) => [...list, withBoolean(0)])],
    ['a string in pieces', alterField(CERTIFICATE, FIELD.subject, constructed)],
    ['a serial number with a superfluous zero', alterField(CERTIFICATE, FIELD.serial, fromHex('02020001'))],
  ])('%s in a certificate is refused', (_, certificate) => {
    expect(answerOfPair(certificate)).toBe('file.unreadable');
  });

  it('is read where PKCS#12 has it', () => {
    expect(answer(shape.toBer(readFixture('yessign-test', 'hkd.pfx')))).toBe('pfx');
  });

  it('is taken for the stale octets behind keys that programs wrote over longer ones', () => {
    expect(answerOfPair(CERTIFICATE, concat(KEY, new Uint8Array(46).fill(0xab)))).toBe('pair');
  });

  it('is refused in a key otherwise', () => {
    expect(answerOfPair(CERTIFICATE, concat(fromHex('3080'), KEY.subarray(4), fromHex('0000')))).toBe('file.unreadable');
  });

  function withBoolean(value: number): Bytes {
    return der.sequence(der.objectIdentifier('1.2.3'), der.element(TAG.BOOLEAN, Uint8Array.of(value)), der.octetString(der.nullValue()));
  }
});

describe('F4 values of absurd size', () => {
  const long = (length: number): Bytes => new Uint8Array(length).fill(0x81).with(length - 1, 1);

  it.each<[string, () => Bytes, RegExp]>([
    ['an object identifier of 300 kB', () => withExtensionId(300_000), /^file\.(?:too-large|unreadable)$/],
    ['an object identifier of 50 kB', () => withExtensionId(50_000), /^file\.unreadable$/],
    [
      'an INTEGER of 200 kB',
      () => alterField(CERTIFICATE, FIELD.serial, der.element(TAG.INTEGER, long(200_000))),
      /^file\.(?:too-large|unreadable)$/,
    ],
    [
      'a serial number of 50 kB',
      () => alterField(CERTIFICATE, FIELD.serial, der.element(TAG.INTEGER, long(50_000).with(0, 1))),
      /^file\.unreadable$/,
    ],
    ['a name of 1 MB', () => alterField(CERTIFICATE, FIELD.subject, nameOf([OID.commonName, 'x'.repeat(1_000_000)])), /^file\.too-large$/],
    ['a name of 50 kB', () => alterField(CERTIFICATE, FIELD.subject, nameOf([OID.commonName, 'x'.repeat(50_000)])), /^file\.unreadable$/],
    ['10,000 extensions', () => alterExtensions(CERTIFICATE, (list) => [...list, ...extensions(10_000)]), /^file\.(?:too-large|hostile)$/],
    ['3,400 extensions', () => alterExtensions(CERTIFICATE, (list) => [...list, ...extensions(3_400)]), /^file\.hostile$/],
  ])('%s', (_, make, expected) => {
    expect(answerOfPair(make())).toMatch(expected);
  });

  function withExtensionId(length: number): Bytes {
    const odd = der.sequence(der.element(TAG.OID, long(length)), der.octetString(der.nullValue()));
    return alterExtensions(CERTIFICATE, (list) => [...list, odd]);
  }

  function extensions(count: number): Bytes[] {
    return Array.from({ length: count }, (_, at) => extension(`1.2.3.${at}`, der.nullValue()));
  }
});

/** A PKCS#12 file with one key under an algorithm; nothing of it decrypts. */
const underAlgorithm = (algorithm: Bytes): Bytes => shape.pfxFile([shape.dataSafe(der.sequence(shape.shroudedBag(algorithm, BLOCKS)))]);
const keyUnder = (algorithm: Bytes): Bytes => der.sequence(algorithm, der.octetString(BLOCKS));

describe('F5 counts of rounds', () => {
  it.each<[string, Bytes]>([
    ['0', der.integer(0)],
    ['-1', fromHex('0201ff')],
    ['1,000,001', der.integer(1_000_001)],
    ['2^31 - 1', der.integer(2 ** 31 - 1)],
    ['2^64', fromHex('0209010000000000000000')],
  ])('%s is refused before anything is derived', (_, iterations) => {
    const derive = vi.spyOn(crypto.subtle, 'deriveBits');
    const key = keyUnder(shape.pbe(OID.pbeWithSha1AndSeedCbc, { iterations }));
    expect(answerOfPair(CERTIFICATE, key)).toBe('file.hostile');
    expect(answer(underAlgorithm(shape.pbe(OID.pkcs12TripleDes, { iterations })))).toBe('file.hostile');
    expect(answer(shape.pfxFile([shape.encryptedSafe(shape.pbe(OID.pkcs12TripleDes, { iterations }), BLOCKS)]))).toBe('file.hostile');
    expect(answer(shape.pfxFile([shape.dataSafe(der.sequence())], { mac: { iterations } }))).toBe('file.hostile');
    expect(answer(utf8(pemText('ENCRYPTED PRIVATE KEY', key)))).toBe('file.hostile');
    expect(derive).not.toHaveBeenCalled();
    vi.restoreAllMocks();
  });

  it('that are too many only together are refused: five of 900,000', () => {
    const algorithm = shape.pbe(OID.pkcs12TripleDes, { iterations: 900_000 });
    const bags = Array.from({ length: 5 }, () => shape.shroudedBag(algorithm, BLOCKS));
    expect(answer(shape.pfxFile([shape.dataSafe(der.sequence(...bags))]))).toBe('file.hostile');
    const keys = pemText('ENCRYPTED PRIVATE KEY', keyUnder(shape.pbe(OID.pbeWithSha1AndSeedCbc, { iterations: 900_000 })));
    expect(answer(utf8(keys.repeat(4)))).toBe('pem');
    expect(answer(utf8(keys.repeat(5)))).toBe('file.hostile');
  });
});

describe('F6 bags', () => {
  const empty = shape.bag('1.2.840.113549.1.12.10.1.5', der.nullValue());
  const inside = (count: number): Bytes => der.sequence(...Array.from({ length: count }, () => empty));

  it('100 within each other, or 1,000, are refused', () => {
    let deep = empty;
    for (let level = 0; level < 100; level++) deep = shape.nestedBag(deep);
    expect(answer(shape.pfxFile([shape.dataSafe(der.sequence(deep))]))).toBe('file.hostile');
    expect(answer(shape.pfxFile([shape.dataSafe(inside(1_000))]))).toBe('file.hostile');
    expect(answer(shape.pfxFile(Array.from({ length: 1_000 }, () => shape.dataSafe(der.sequence()))))).toBe('file.hostile');
  });

  it('that are too many once they are decrypted are refused then', async () => {
    const sealed = shape.encryptedSafe(shape.pbe(OID.pkcs12TripleDes), shape.withTripleDes(inside(1_000)));
    const found = onlyContainer(findIdentities([{ path: 'x.pfx', bytes: shape.pfxFile([sealed]) }]));
    expect(await codeOf(() => openContainer(found, shape.PFX_PASSWORD))).toBe('file.hostile');
  });

  it('that hold encrypted contents again are passed over', async () => {
    const inner = shape.encryptedSafe(shape.pbe(OID.pkcs12TripleDes), BLOCKS);
    const outer = shape.encryptedSafe(shape.pbe(OID.pkcs12TripleDes), shape.withTripleDes(der.sequence(shape.bag(OID.encryptedData, inner))));
    const found = onlyContainer(findIdentities([{ path: 'x.pfx', bytes: shape.pfxFile([outer]) }]));
    expect(await openContainer(found, shape.PFX_PASSWORD)).toEqual([]);
  });
});

describe('F7 parameters of an encryption', () => {
  const pbes2 = (cipher: string, iv: number): Bytes => {
    const kdf = der.sequence(der.objectIdentifier(OID.pbkdf2), der.sequence(der.octetString(SALT), der.integer(1)));
    const scheme = der.sequence(der.objectIdentifier(cipher), der.octetString(new Uint8Array(iv)));
    return der.sequence(der.objectIdentifier(OID.pbes2), der.sequence(kdf, scheme));
  };

  it.each<[string, Bytes, string]>([
    ['no salt', shape.pbe(OID.pbeWithSha1AndSeedCbc, { salt: new Uint8Array() }), 'file.hostile'],
    ['a salt of 50 kB', shape.pbe(OID.pbeWithSha1AndSeedCbc, { salt: new Uint8Array(50_000) }), 'file.hostile'],
    ['an IV of 15 octets', pbes2(OID.aes256Cbc, 15), 'file.unreadable'],
    ['no IV', pbes2(OID.seedCbc, 0), 'file.unreadable'],
    ['an unknown scheme', shape.pbe('1.2.410.200004.1.99'), 'file.unsupported'],
    ['ARIA', pbes2('1.2.410.200046.1.1.2', 16), 'file.unsupported'],
    ['HAS-160 and SEED', shape.pbe('1.2.410.200004.1.11'), 'file.unsupported'],
    ['SHA-1 and DES', shape.pbe('1.2.840.113549.1.5.10'), 'file.unsupported'],
    ['the scheme of government keys', shape.pbe('1.2.410.200004.1.4.2'), 'file.unsupported'],
    ['SEED', pbes2(OID.seedCbc, 16), 'pair'],
    ['SHA-1 and SEED', shape.pbe(OID.pbeWithSha1AndSeedCbc), 'pair'],
    ['SHA-1 and triple DES', shape.pbe(OID.pkcs12TripleDes), 'pair'],
  ])('%s: %#', (_, algorithm, expected) => {
    expect(answerOfPair(CERTIFICATE, keyUnder(algorithm))).toBe(expected);
  });

  it('a salt of 1 MiB is too large for any file', () => {
    expect(answerOfPair(CERTIFICATE, keyUnder(shape.pbe(OID.pbeWithSha1AndSeedCbc, { salt: new Uint8Array(1024 * 1024) })))).toBe('file.too-large');
  });
});

describe('F8 a key of another certificate', () => {
  it('is refused, and its octets are wiped', async () => {
    const files = [
      { path: 'a/signCert.der', bytes: CERTIFICATE },
      { path: 'a/signPri.key', bytes: identityFile(HONG, 'kmPri.key') },
    ];
    const [found] = onlyIdentities(findIdentities(files));
    expect(await codeOf(() => openIdentity(found!, HONG.password))).toBe('file.pair-mismatch');
  });
});

describe('F9 keys that are no keys', () => {
  const modulus = readCertificate(CERTIFICATE).publicKey!.modulus;
  const e = fromHex('010001');
  const spki = (curve: string, point: Bytes): Bytes =>
    der.sequence(der.sequence(der.objectIdentifier(OID.ecPublicKey), der.objectIdentifier(curve)), der.bitString(point));

  it.each<[string, Bytes, string]>([
    ['an even modulus', rsaSpki(modulus.with(255, 0), e), 'file.hostile'],
    ['exponent 1', rsaSpki(modulus, fromHex('01')), 'file.hostile'],
    ['a modulus of ones, which 3 divides', rsaSpki(new Uint8Array(256).fill(0xff), e), 'file.hostile'],
    ['512 bits', rsaSpki(modulus.slice(0, 64), e), 'file.unsupported'],
    ['16,384 bits', rsaSpki(new Uint8Array(2048).fill(0xff), e), 'file.unsupported'],
    ['a point that is on no curve', spki('1.2.840.10045.3.1.7', new Uint8Array(65).fill(4)), 'file.unsupported'],
    ['the point at infinity', spki('1.2.840.10045.3.1.7', Uint8Array.of(0)), 'file.unsupported'],
  ])('%s is refused before a password is asked for', (_, key, code) => {
    expect(answerOfPair(alterField(CERTIFICATE, FIELD.key, key))).toBe(code);
  });

  it('a private key of zero on a curve is named by its algorithm', () => {
    const ec = der.sequence(der.integer(1), der.octetString(new Uint8Array(32)));
    const info = der.sequence(
      der.integer(0),
      der.sequence(der.objectIdentifier(OID.ecPublicKey), der.objectIdentifier('1.2.840.10045.3.1.7')),
      der.octetString(ec),
    );
    expect([answer(info), answer(ec)]).toEqual(['file.unsupported', 'file.unsupported']);
  });
});

describe('F11 an authority that nobody knows', () => {
  it('is told by its own name, whatever policy it claims, and has no path to a root', async () => {
    const keys = await makeKeys();
    const { certificate } = await issue({ name: '홍길동', keys, extensions: holderExtensions('1.2.410.200005.1.1.4') });
    const facts = certificateFacts(certificate, '');
    expect(facts).toMatchObject({ issuer: 'other', issuerName: 'Test', policy: '1.2.410.200005.1.1.4' });
    const path = { leaf: certificate, intermediates: shippedIntermediates(), anchors: shippedRoots(), at: NOW };
    expect(await codeOf(() => checkPath(path))).toBe('certificate.untrusted');
  });
});

describe('F13 names that try something', () => {
  const pairUnder = (folder: string): { path: string; bytes: Bytes }[] => [
    { path: `${folder}signCert.der`, bytes: CERTIFICATE },
    { path: `${folder}signPri.key`, bytes: KEY },
  ];

  it.each(['../../', '/etc/', 'C:\\', '__proto__/', 'constructor/', 'toString/', 'a\0b/', '인증서/'.normalize('NFD')])(
    '%j is a folder like any other',
    (folder) => {
      const [found, ...more] = onlyIdentities(findIdentities(pairUnder(folder)));
      expect([found!.refusal, more]).toEqual([null, []]);
      expect(Object.getOwnPropertyNames(Object.prototype)).not.toContain('signCert.der');
    },
  );

  it('composed and decomposed are two folders', () => {
    const pairs = [...pairUnder('홍길동/'), ...pairUnder('홍길동/'.normalize('NFD'))];
    expect(onlyIdentities(findIdentities(pairs)).map(({ refusal }) => refusal)).toEqual([null, null]);
  });

  it('keep their place in an archive, or refuse it', async () => {
    const zipped = await readZip(writeZip([...pairUnder('__proto__/'), ...pairUnder('a/')], { time: 0 }));
    expect(onlyIdentities(findIdentities(zipped)).map(({ path }) => path)).toEqual(['__proto__', 'a']);
    expect(await codeOf(() => readZip(writeZip(pairUnder('../'), { time: 0 })))).toBe('file.hostile');
    expect(await codeOf(() => readZip(writeZip([...pairUnder('a/'), ...pairUnder('A/')], { time: 0 })))).toBe('file.hostile');
  });
});

describe('F14 halves, and files under other names', () => {
  const found = (files: Readonly<Record<string, Bytes>>): string[] =>
    onlyIdentities(findIdentities(Object.entries(files).map(([path, bytes]) => ({ path, bytes })))).map(({ sign, km, refusal }) =>
      refusal ? `${refusal.code} ${refusal.detail}` : [sign && 'sign', km && 'km'].filter(Boolean).join(' '),
    );

  it.each<[string, Readonly<Record<string, Bytes>>, string[]]>([
    ['a certificate alone', { 'a/signCert.der': CERTIFICATE }, ['file.pair-missing signPri.key']],
    ['a key alone', { 'a/signPri.key': KEY }, ['file.pair-missing signCert.der']],
    ['exchanged names', { 'a/signCert.der': KEY, 'a/signPri.key': CERTIFICATE }, ['sign']],
    ['a km pair alone', { 'a/kmCert.der': identityFile(HONG, 'kmCert.der'), 'a/kmPri.key': identityFile(HONG, 'kmPri.key') }, ['km']],
    ['upper case', { 'A/SIGNCERT.DER': CERTIFICATE, 'A/SIGNPRI.KEY': KEY }, ['sign']],
    [
      'texts with a mark and CR LF',
      {
        'a/signCert.pem': utf8(`\ufeff${pemText('CERTIFICATE', CERTIFICATE, { end: '\r\n' })}`),
        'a/signPri.pem': utf8(`\ufeff${pemText('ENCRYPTED PRIVATE KEY', KEY, { end: '\r\n' })}`),
      },
      ['sign'],
    ],
  ])('%s', (_, files, expected) => {
    expect(found(files)).toEqual(expected);
  });
});

describe('F15 sizes that are looked at before anything is read', () => {
  const running = { signal: new AbortController().signal, onProgress: () => undefined };

  /** A file that claims a size and counts how many octets are asked of it. */
  class Claimed extends Blob {
    asked = 0;
    readonly claimed: number;

    constructor(claimed: number, content: Bytes) {
      super([content]);
      this.claimed = claimed;
    }

    override get size(): number {
      return this.claimed;
    }

    override slice(start = 0, end = this.claimed): Blob {
      this.asked += end - start;
      return super.slice(start, Math.min(end, super.size));
    }

    override arrayBuffer(): Promise<ArrayBuffer> {
      this.asked += this.claimed;
      return super.arrayBuffer();
    }
  }

  it.each([1024 * 1024 + 1, 2 ** 31, 2 ** 40])('%i octets are refused by size; 64 of them were read', async (size) => {
    const file = new Claimed(size, CERTIFICATE);
    const { files, refused } = await readFiles([{ path: 'signCert.der', file }], running);
    expect([files, refused]).toEqual([[], [{ path: 'signCert.der', code: 'file.too-large' }]]);
    expect(file.asked).toBeLessThanOrEqual(64);
  });

  it('a folder or a link that the system does not hand out is an empty file, which is told', async () => {
    class Gone extends Blob {
      override arrayBuffer(): Promise<ArrayBuffer> {
        return Promise.reject(new DOMException('gone', 'NotFoundError'));
      }
    }
    const { files } = await readFiles([{ path: 'dropped', file: new Gone() }], running);
    expect(answer(copy(files[0]!.bytes), 'dropped')).toBe('file.unreadable');
  });

  it.each([
    ['nothing', new Uint8Array(), 'file.unreadable'],
    ['one octet', Uint8Array.of(0x30), 'file.unreadable'],
    ['one other octet', Uint8Array.of(0x41), 'file.unsupported'],
  ])('%s is refused', (_, bytes, code) => {
    expect(answer(bytes)).toBe(code);
  });
});

describe('F16 texts', () => {
  const certificate = pemText('CERTIFICATE', CERTIFICATE);

  it.each<[string, string, string]>([
    ['10 MB of anything in front', `${'x'.repeat(10_000_000)}\n${certificate}`, 'file.too-large'],
    ['10 MB of base64', 'A'.repeat(10_000_000), 'file.too-large'],
    ['tags without end', '-----BEGIN '.repeat(90_000), 'file.unreadable'],
    ['thousands of tags', certificate.slice(0, 28).repeat(30_000), 'file.unreadable'],
    ['hundreds of values', pemText('CERTIFICATE', Uint8Array.of(0x30, 0)).repeat(500), 'file.hostile'],
    ['a header that hides another', certificate.replace('\n', '\nSubject: x\n-----BEGIN CERTIFICATE-----\n'), 'file.unreadable'],
    ['a label over two lines', certificate.replaceAll('CERTIFICATE-----', 'CERTIFI\r\nCATE-----'), 'file.unsupported'],
    ['the old encryption of OpenSSL', pemText('RSA PRIVATE KEY', KEY).replace('\n', '\nProc-Type: 4,ENCRYPTED\n\n'), 'file.unsupported'],
    ['two keys for one certificate', certificate + pemText('ENCRYPTED PRIVATE KEY', KEY).repeat(2), 'pem'],
  ])('with %s', (_, text, expected) => {
    expect(answer(utf8(text), 'bundle.pem')).toBe(expected);
  });

  it('with two keys give one identity; what stays alone is named', async () => {
    const text = utf8(certificate + pemText('KEY', KEY) + pemText('KEY', identityFile(HONG, 'kmPri.key')));
    const entries = await openContainer(onlyContainer(findIdentities([{ path: 'x.pem', bytes: text }])), HONG.password);
    expect(entries.map(({ sign, problem }) => (sign ? 'sign' : problem?.code))).toEqual(['sign', 'file.pair-missing']);
  });
});

describe('F17 a password that is not ASCII', () => {
  const password = '도장찍기!2026';

  it('is taken as UTF-8, then as a Korean Windows took it, and no third way', async () => {
    const asUtf8 = await writePrivateKey(PLAIN, password, { random: () => SALT, iterations: 1 });
    const derived = createHash('sha1').update(encodeWindows949(password)!).update(SALT).digest();
    const iv = createHash('sha1').update(derived.subarray(16)).digest().subarray(0, 16);
    const asWindows = der.sequence(
      shape.pbe(OID.pbeWithSha1AndSeedCbc, { salt: SALT }),
      der.octetString(seedCbcEncrypt(copy(derived.subarray(0, 16)), copy(iv), PLAIN)),
    );
    for (const file of [asUtf8, asWindows]) {
      expect((await openPrivateKey(file, password)).privateKeyInfo).toEqual(PLAIN);
      expect(await codeOf(() => openPrivateKey(file, password.normalize('NFD')))).toBe('password.wrong');
    }
  });
});

describe('F19 a transfer from another device', () => {
  it.each(['dojang:transfer?code=1234-5678-9012', '{"transfer":"eyJhbGciOi"}', '1234-5678-9012', 'https://relay.example/c/1'])(
    '%j is no certificate file',
    (text) => {
      expect(answer(utf8(text), 'transfer.txt')).toBe('file.unsupported');
    },
  );
});

describe('F23 names that are shown', () => {
  const named = (tag: number, octets: Bytes): Bytes =>
    alterField(CERTIFICATE, FIELD.subject, der.sequence(der.setOf(der.sequence(der.objectIdentifier(OID.commonName), der.element(tag, octets)))));
  const shown = (certificate: Bytes): string => {
    const [found] = onlyIdentities(findIdentities([{ path: 'signCert.der', bytes: certificate }]));
    return found!.certificate ? certificateFacts(found!.certificate, '').holder : found!.refusal!.code;
  };

  it.each<[string, Bytes, RegExp]>([
    ['a BMPString of an odd length', named(TAG.BMP_STRING, fromHex('d64d0041ff')), /^file\.unreadable$/],
    ['half a surrogate pair', named(TAG.BMP_STRING, fromHex('d83d0041')), /^(?:file\.unreadable|[^\ud800-\udfff]+)$/],
    ['octets that are no UTF-8', named(TAG.UTF8_STRING, fromHex('ed959cff')), /^file\.unreadable$/],
    ['T61String of high octets', named(TAG.T61_STRING, fromHex('ff80fe41')), /^(?:file\.unreadable|[^\u0000-\u001f]+)$/],
    ['what turns the reading direction', named(TAG.UTF8_STRING, utf8('홍\u202e길\u2066동')), /^홍길동$/],
    ['control characters', named(TAG.UTF8_STRING, utf8('홍\u0000길\u0007동\n')), /^홍길동$/],
    ['zero-width characters', named(TAG.UTF8_STRING, utf8('홍\u200b길\ufeff동')), /^홍길동$/],
    ['markup', named(TAG.UTF8_STRING, utf8('<img src=x>')), /^<img src=x>$/],
  ])('%s', (_, certificate, expected) => {
    expect(shown(certificate)).toMatch(expected);
  });

  it('are short', () => {
    expect(shown(named(TAG.UTF8_STRING, utf8('홍'.repeat(1_300)))).length).toBe(100);
    expect(shown(alterFields(CERTIFICATE, (fields) => fields))).toBe('홍길동');
  });
});

describe('F24 an export', () => {
  it('has a password of the rules, a name of the holder, and is read back with R', async () => {
    expect(filePasswordProblems('abc')).toEqual(['length', 'digit', 'special', 'runs']);
    const identity = await openFixture(HONG);
    const random = (length: number): Bytes => crypto.getRandomValues(new Uint8Array(length));
    const { files, name } = await exportIdentities([identity], 'pfx-legacy', 'Grape#Wind7204', { random });
    expect(name).toBe('홍길동-20271024.pfx');
    const [entry] = await openContainer(onlyContainer(findIdentities(files)), 'Grape#Wind7204');
    expect(toHex(entry!.sign!.key.random!)).toBe(HONG.rHex);
    expect(toHex(entry!.sign!.key.privateKeyInfo)).toBe(toHex(identity.sign.privateKeyInfo));
  });
});

describe('F27 lists of revoked certificates', () => {
  /** CertificateList (RFC 5280 5.1) of so many entries. */
  function list(entries: number): Bytes {
    const time = der.element(TAG.UTC_TIME, utf8('261123000000Z'));
    const entry = (at: number): Bytes => der.sequence(der.integer(at + 1), time);
    const algorithm = der.sequence(der.objectIdentifier(OID.sha256WithRsa), der.nullValue());
    const revoked = der.sequence(Buffer.concat(Array.from({ length: entries }, (_, at) => entry(at))));
    const tbs = der.sequence(der.integer(1), algorithm, nameOf([OID.commonName, 'CA']), time, time, revoked);
    return der.sequence(tbs, algorithm, der.bitString(new Uint8Array(256)));
  }

  it.each<[number, string]>([
    [1, 'file.unsupported'],
    [1_000, 'file.unsupported'],
    [10_000, 'file.hostile'],
    [100_000, 'file.too-large'],
  ])('of %i entries are refused by name, as no certificate', (entries, code) => {
    expect(answer(list(entries), 'revoked.crl')).toBe(code);
  });

  it('of a real shape, alone and in a text', () => {
    const crl = readFixture('npki', 'ca', 'yessign.crl');
    expect([answer(crl), answer(utf8(pemText('X509 CRL', crl)))]).toEqual(['file.unsupported', 'file.unsupported']);
  });
});

describe('F28 answers of authorities', () => {
  const certificate = readCertificate(CERTIFICATE);
  const generalName = der.context(4, certificate.subject.der);
  const header = der.sequence(der.integer(1), generalName, generalName, der.context(4, der.octetString(SALT)));

  it.each<[string, Bytes]>([
    ['CMP: a new certificate', der.sequence(header, der.context(1, der.sequence(der.sequence(der.integer(0), der.octetString(CERTIFICATE)))))],
    ['CMP: an error without protection', der.sequence(header, der.context(23, der.sequence(der.sequence(der.integer(2)))))],
    [
      'CMP: a root among its certificates',
      der.sequence(header, der.context(0, der.sequence()), der.context(1, der.sequence(readFixture('npki', 'ca', 'root.der')))),
    ],
    [
      'OCSP: good',
      der.sequence(
        der.element(TAG.ENUMERATED, Uint8Array.of(0)),
        der.context(0, der.sequence(der.objectIdentifier('1.3.6.1.5.5.7.48.1.1'), der.octetString(CERTIFICATE))),
      ),
    ],
    [
      'a request for a certificate',
      der.sequence(
        der.sequence(der.integer(0), certificate.subject.der, certificate.spki, der.context(0)),
        der.sequence(der.objectIdentifier(OID.sha256WithRsa)),
        der.bitString(SALT),
      ),
    ],
  ])('%s: as a file it is nothing of ours, whatever it carries', (_, bytes) => {
    expect(answer(bytes)).toBe('file.unsupported');
  });
});

describe('the list of this suite', () => {
  it('has every id in the title of a test', () => {
    const root = join(FIXTURES, '..');
    const texts = readdirSync(root, { recursive: true, encoding: 'utf8' })
      .filter((path) => /^(?:unit|interop)\/.*\.test\.ts$/.test(path))
      .map((path) => readFileSync(join(root, path), 'utf8'));
    const titles = texts.flatMap((text) => [...text.matchAll(/\b(?:describe|it)\b[^'"`\n]*['"`]([^'"`\n]+)/g)].map(([, title = '']) => title));
    const ids = new Set(titles.flatMap((title) => title.match(/\bF\d+\b/g) ?? []));
    const wanted = Array.from({ length: 28 }, (_, at) => `F${at + 1}`);
    expect(wanted.filter((id) => !ids.has(id))).toEqual([]);
    expect(MANIFEST.identities.length).toBe(22);
  });
});
