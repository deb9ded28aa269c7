import { generateKeyPairSync } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import { octetString, readDer, sequence, type DerNode } from '../../../lib/asn1/reader.ts';
import * as write from '../../../lib/asn1/writer.ts';
import { copy, type Bytes } from '../../../lib/bytes/bytes.ts';
import { fromHex } from '../../../lib/bytes/hex.ts';
import { readCertificate, type Certificate } from '../../../lib/npki/certificate.ts';
import { openPrivateKey, type OpenedKey } from '../../../lib/npki/private-key.ts';
import { readPrivateKeyInfo } from '../../../lib/npki/private-key-info.ts';
import { proveKey } from '../../../lib/npki/prove.ts';
import { usableKey } from '../../../lib/npki/rsa.ts';
import { alterField, FIELD, rsaSpki } from '../../support/altered-certificate.ts';
import { codeOf, fixture, identityFile, MANIFEST, readFixture } from '../../support/npki-fixtures.ts';

const GENUINE = readFixture('yessign-test', 'signCert.der');
const E = fromHex('010001');

const identity = fixture('personal-bank-sha1seed');
const certificate = readCertificate(identityFile(identity, 'signCert.der'));
let key: OpenedKey;

beforeAll(async () => {
  key = await openPrivateKey(identityFile(identity, 'signPri.key'), identity.password);
});

function withKey(spki: Bytes): Certificate {
  return readCertificate(alterField(GENUINE, FIELD.key, spki));
}

/** A fresh pair as a certificate and an opened key. */
function pairOf(bits: number): { certificate: Certificate; key: OpenedKey } {
  const pair = generateKeyPairSync('rsa', { modulusLength: bits });
  const privateKeyInfo = copy(pair.privateKey.export({ format: 'der', type: 'pkcs8' }));
  const spki = copy(pair.publicKey.export({ format: 'der', type: 'spki' }));
  return { certificate: withKey(spki), key: { privateKeyInfo, ...readPrivateKeyInfo(privateKeyInfo), plain: true } };
}

describe('a key and its certificate', () => {
  it('belong together', async () => {
    expect(await codeOf(() => proveKey(certificate, key, 'sign'))).toBe('none');
    expect(await codeOf(() => proveKey(certificate, key, 'km'))).toBe('none');
  });

  it('belong together in every fixture with a km pair', async () => {
    for (const one of MANIFEST.identities.filter(({ km }) => km)) {
      const kmKey = await openPrivateKey(identityFile(one, 'kmPri.key'), one.password);
      expect(await codeOf(() => proveKey(readCertificate(identityFile(one, 'kmCert.der')), kmKey, 'km'))).toBe('none');
    }
  });

  it('are not of two pairs', async () => {
    const other = readCertificate(identityFile(identity, 'kmCert.der'));
    expect(await codeOf(() => proveKey(other, key, 'sign'))).toBe('file.pair-mismatch');
    expect(await codeOf(() => proveKey(other, key, 'km'))).toBe('file.pair-mismatch');
  });

  it('do not belong together where only the modulus agrees', async () => {
    expect(await codeOf(() => proveKey(withKey(rsaSpki(key.modulus, fromHex('03'))), key, 'sign'))).toBe('file.pair-mismatch');
  });

  it('are refused where the secret numbers do not fit the public ones', async () => {
    const one = pairOf(2048);
    const other = pairOf(2048);
    const [version, algorithm, octets] = sequence(readDer(one.key.privateKeyInfo)) as [DerNode, DerNode, DerNode];
    const ours = sequence(readDer(octets.content)).map(({ raw }) => raw);
    const theirs = sequence(readDer(octetString(sequence(readDer(other.key.privateKeyInfo))[2]))).map(({ raw }) => raw);
    const mixed = write.sequence(...ours.slice(0, 3), ...theirs.slice(3));
    const privateKeyInfo = write.sequence(version.raw, algorithm.raw, write.octetString(mixed));
    const damaged = { privateKeyInfo, ...readPrivateKeyInfo(privateKeyInfo), plain: true };
    expect(['file.unreadable', 'file.pair-mismatch']).toContain(await codeOf(() => proveKey(one.certificate, damaged, 'sign')));
    expect(['file.unreadable', 'file.pair-mismatch']).toContain(await codeOf(() => proveKey(one.certificate, damaged, 'km')));
  });

  it('may have 3072 bits', async () => {
    const { certificate: own, key: ownKey } = pairOf(3072);
    expect(await codeOf(() => proveKey(own, ownKey, 'sign'))).toBe('none');
  });

  it('may not have 1024', async () => {
    const { certificate: own, key: ownKey } = pairOf(1024);
    expect(await codeOf(() => proveKey(own, ownKey, 'sign'))).toBe('file.unsupported');
  });
});

describe('the numbers of an RSA key', () => {
  const modulus = readCertificate(GENUINE).publicKey?.modulus ?? new Uint8Array(0);
  const even = modulus.slice();
  even[255] = (even[255] ?? 0) & 0xfe;

  it('of a genuine certificate are taken', () => {
    expect(usableKey(readCertificate(GENUINE)).bits).toBe(2048);
  });

  it.each<[string, Bytes, Bytes, string]>([
    ['an even modulus', even, E, 'file.hostile'],
    ['an even exponent', modulus, fromHex('010000'), 'file.hostile'],
    ['exponent 1', modulus, fromHex('01'), 'file.hostile'],
    ['exponent 0', modulus, fromHex('00'), 'file.hostile'],
    ['an exponent of 9 octets', modulus, fromHex('010000000000000001'), 'file.hostile'],
    ['512 bits', modulus.slice(0, 64), E, 'file.unsupported'],
    ['2047 bits', withoutTopBit(modulus), E, 'file.unsupported'],
    ['16,384 bits', new Uint8Array(2048).fill(0xff), E, 'file.unsupported'],
    ['modulus 0', fromHex('00'), E, 'file.unsupported'],
    ['a modulus that 3 divides', multipleOf(3n), E, 'file.hostile'],
    ['a modulus that 751 divides', multipleOf(751n), E, 'file.hostile'],
  ])('are refused: %s', async (_, n, e, code) => {
    expect(await codeOf(() => usableKey(withKey(rsaSpki(n, e))))).toBe(code);
  });

  it('are not those of another kind of key', () => {
    const ec = readCertificate(readFixture('ca-certs', 'SignGATE-ECDSA-CA.der'));
    expect(() => usableKey(ec)).toThrow(expect.objectContaining({ code: 'file.unsupported', detail: '1.2.840.10045.2.1' }));
  });

  function withoutTopBit(bytes: Bytes): Bytes {
    const shorter = bytes.slice();
    shorter[0] = 0x7f;
    return shorter;
  }

  /** An odd number of 2048 bits that `factor` divides. */
  function multipleOf(factor: bigint): Bytes {
    const top = (1n << 2048n) - 1n;
    let value = top - (top % factor);
    if (value % 2n === 0n) value -= factor;
    return fromHex(value.toString(16));
  }
});
