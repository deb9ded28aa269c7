import { describe, expect, it } from 'vitest';
import { copy, type Bytes } from '../../../lib/bytes/bytes.ts';
import { readCertificate, type Certificate } from '../../../lib/npki/certificate.ts';
import { matchKeys, type OpenedEntry } from '../../../lib/npki/match-keys.ts';
import { openPrivateKey, type OpenedKey } from '../../../lib/npki/private-key.ts';
import { readPrivateKeyInfo } from '../../../lib/npki/private-key-info.ts';
import { DAY, holderExtensions, issue, makeKeys, NOW } from '../../support/test-authority.ts';
import { fixture, identityFile, readFixture } from '../../support/npki-fixtures.ts';

const HONG = fixture('personal-bank-sha1seed');
const PARK = fixture('kica-personal');
const OLD = fixture('renewal-old');
const NEW = fixture('renewal-new');
type Person = typeof HONG;

const certificateOf = (person: Person, slot: 'sign' | 'km'): Certificate => readCertificate(identityFile(person, `${slot}Cert.der`));
const keyOf = (person: Person, slot: 'sign' | 'km'): Promise<OpenedKey> => openPrivateKey(identityFile(person, `${slot}Pri.key`), person.password);
const CA = readCertificate(readFixture('npki', 'ca', 'yessign.der'));
const ROOT = readCertificate(readFixture('npki', 'ca', 'root.der'));

/** `홍길동 sign km +2` for each entry, or what is wrong with it. */
function summary(entries: readonly OpenedEntry[]): string[] {
  return entries.map(({ sign, km, chain, problem, certificate }) =>
    [
      certificate?.serialHex ?? '-',
      sign && 'sign',
      km && 'km',
      chain.length > 0 && `+${chain.length}`,
      problem && `${problem.code} ${problem.detail}`,
    ]
      .filter(Boolean)
      .join(' '),
  );
}

async function everyPart(person: Person): Promise<{ certificates: Certificate[]; keys: OpenedKey[] }> {
  return {
    certificates: [certificateOf(person, 'sign'), certificateOf(person, 'km')],
    keys: [await keyOf(person, 'sign'), await keyOf(person, 'km')],
  };
}

describe('keys and certificates of one file', () => {
  it('come together by their numbers, in whatever order they lie', async () => {
    const { certificates, keys } = await everyPart(HONG);
    const expected = [`${HONG.serialHex} sign km +2`];
    expect(summary(await matchKeys([...certificates, CA, ROOT], keys))).toEqual(expected);
    const again = await everyPart(HONG);
    expect(summary(await matchKeys([ROOT, CA, ...again.certificates.reverse()], again.keys.reverse()))).toEqual(expected);
  });

  it('of several people become an identity each', async () => {
    const [hong, park] = [await everyPart(HONG), await everyPart(PARK)];
    const certificates = [...park.certificates, ...hong.certificates];
    expect(summary(await matchKeys(certificates, [...hong.keys, ...park.keys]))).toEqual([`${HONG.serialHex} sign km`, `${PARK.serialHex} sign km`]);
  });

  it('of a renewed certificate stay apart from those of the old one', async () => {
    const [before, after] = [await everyPart(OLD), await everyPart(NEW)];
    const entries = await matchKeys([...before.certificates, ...after.certificates], [...before.keys, ...after.keys]);
    expect(summary(entries)).toEqual([`${OLD.serialHex} sign km`, `${NEW.serialHex} sign km`]);
    expect(entries.map(({ km }) => km?.certificate.serialHex)).toEqual([OLD.km?.serialHex, NEW.km?.serialHex]);
  });

  it('keep a km pair whose sign pair is not there', async () => {
    const { certificates, keys } = await everyPart(HONG);
    expect(summary(await matchKeys(certificates.slice(1), keys.slice(1)))).toEqual([`${HONG.km?.serialHex ?? ''} km`]);
  });

  it('do not give one person the km pair of another', async () => {
    const [hong, park] = [await everyPart(HONG), await everyPart(PARK)];
    const entries = await matchKeys([hong.certificates[0]!, park.certificates[1]!], [hong.keys[0]!, park.keys[1]!]);
    expect(summary(entries)).toEqual([`${HONG.serialHex} sign`, `${PARK.km?.serialHex ?? ''} km`]);
  });

  it('that stay alone are named, and such a key is wiped', async () => {
    const { certificates, keys } = await everyPart(HONG);
    const entries = await matchKeys([certificates[0]!, certificateOf(PARK, 'sign'), certificateOf(PARK, 'km'), CA], keys);
    expect(summary(entries)).toEqual([
      `${HONG.serialHex} sign +1`,
      '- file.pair-missing signCert.der',
      `${PARK.serialHex} file.pair-missing signPri.key`,
      `${PARK.km?.serialHex ?? ''} file.pair-missing kmPri.key`,
    ]);
    expect(keys[1]!.privateKeyInfo.every((octet) => octet === 0)).toBe(true);
    expect(keys[0]!.privateKeyInfo.every((octet) => octet === 0)).toBe(false);
  });

  it('of two certificates for one key pair are two identities, however often the key lies there', async () => {
    const keys = await makeKeys();
    const bothOf = async (serial: number): Promise<Certificate> =>
      (await issue({ name: '도장', keys, serial, notAfter: NOW + serial * DAY, extensions: holderExtensions() })).certificate;
    const certificates = [await bothOf(1), await bothOf(2)];
    const privateKeyInfo = new Uint8Array(await crypto.subtle.exportKey('pkcs8', keys.privateKey));
    const key = (): OpenedKey => {
      const own: Bytes = copy(privateKeyInfo);
      return { privateKeyInfo: own, ...readPrivateKeyInfo(own), plain: true };
    };
    expect(summary(await matchKeys(certificates, [key(), key()]))).toEqual(['01 sign', '02 sign']);
    const entries = await matchKeys(certificates, [key()]);
    expect(summary(entries)).toEqual(['01 sign', '02 sign']);
    entries[0]!.sign!.key.privateKeyInfo.fill(0);
    expect(entries[1]!.sign!.key.privateKeyInfo).toEqual(privateKeyInfo);
  });

  it('with damaged numbers are refused, and wiped', async () => {
    const key = await keyOf(HONG, 'sign');
    // Far behind modulus and exponent: the private exponent and the primes.
    for (const at of [450, 700, 800]) key.privateKeyInfo[at]! ^= 1;
    const [entry, ...more] = await matchKeys([certificateOf(HONG, 'sign')], [key]);
    expect(more).toEqual([]);
    expect(entry).toMatchObject({ sign: null, km: null, certificate: { serialHex: HONG.serialHex } });
    expect(entry!.problem!.code).toMatch(/^file\.(?:unreadable|pair-mismatch)$/);
    expect(key.privateKeyInfo.every((octet) => octet === 0)).toBe(true);
  });

  it('are nothing where there is nothing, or authorities alone', async () => {
    expect(await matchKeys([], [])).toEqual([]);
    expect(await matchKeys([CA, ROOT], [])).toEqual([]);
  });
});
