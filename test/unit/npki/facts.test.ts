import { describe, expect, it } from 'vitest';
import { certificateFingerprint, readCertificate, type Certificate } from '../../../lib/npki/certificate.ts';
import { certificateFacts } from '../../../lib/npki/facts.ts';
import { holderName } from '../../../lib/npki/holder.ts';
import { issuerOf, ISSUERS, registeringBank } from '../../../lib/npki/issuer.ts';
import { nameText, readName, sameName, type Name } from '../../../lib/npki/name.ts';
import { OID } from '../../../lib/npki/oids.ts';
import { certificatePurpose, policyPurpose, PURPOSES } from '../../../lib/npki/policy.ts';
import { readDer } from '../../../lib/asn1/reader.ts';
import * as write from '../../../lib/asn1/writer.ts';
import { nameOf } from '../../support/altered-certificate.ts';
import { codeOf, identityFile, MANIFEST, readFixture } from '../../support/npki-fixtures.ts';

const name = (...attributes: readonly (readonly [string, string])[]): Name => readName(readDer(nameOf(...attributes)));
const person = (commonName: string): Name => name([OID.commonName, commonName]);

describe('names', () => {
  it.each([
    ['James "Jim" Smith, III', 'CN=James \\"Jim\\" Smith\\, III'],
    ['#1+1<2>=\\;', 'CN=\\#1\\+1\\<2\\>=\\\\\\;'],
    [' edge ', 'CN=\\ edge\\ '],
    [' ', 'CN=\\ '],
    ['null\0', 'CN=null\\00'],
    ['홍길동()0020', 'CN=홍길동()0020'],
  ])('writes %j as RFC 4514 does', (value, text) => {
    expect(nameText(person(value))).toBe(text);
  });

  it('writes types without a short name as numbers, and several attributes of one RDN with a plus', () => {
    const pair = write.setOf(
      write.sequence(write.objectIdentifier(OID.commonName), write.utf8String('A')),
      write.sequence(write.objectIdentifier(OID.organizationalUnit), write.utf8String('B')),
    );
    expect(nameText(readName(readDer(write.sequence(pair))))).toBe('CN=A+OU=B');
    expect(nameText(name([OID.country, 'KR'], ['2.5.4.65', '가']))).toBe('2.5.4.65=#0c03eab080,C=KR');
  });

  it('has the octets of a value that is no text in place of it', () => {
    const odd = write.sequence(write.setOf(write.sequence(write.objectIdentifier(OID.commonName), write.bitString(Uint8Array.of(1)))));
    expect(readName(readDer(odd)).attributes).toEqual([{ type: OID.commonName, value: '#03020001' }]);
  });

  it('compares octets: letter case and string types are differences', () => {
    expect(sameName(name([OID.country, 'kr']), name([OID.country, 'kr']))).toBe(true);
    expect(sameName(name([OID.country, 'kr']), name([OID.country, 'KR']))).toBe(false);
    const printable = write.sequence(write.setOf(write.sequence(write.objectIdentifier(OID.country), write.printableString('kr'))));
    expect(sameName(name([OID.country, 'kr']), readName(readDer(printable)))).toBe(false);
  });

  it('refuses an RDN of nothing', async () => {
    expect(await codeOf(() => readName(readDer(write.sequence(write.setOf()))))).toBe('file.unreadable');
  });
});

describe('the holder', () => {
  it.each(MANIFEST.identities)('of $id is $realName', (identity) => {
    const { subject, identity: data } = readCertificate(identityFile(identity, 'signCert.der'));
    expect(holderName(subject, data)).toBe(identity.realName);
    expect(holderName(subject, null)).toBe(identity.realName);
  });

  it.each([
    ['홍길동()0020041202601010000001', null, '홍길동'],
    ['홍길동()0020041202601010000001', '홍길동', '홍길동'],
    ['(주)픽스처상사()0020041202601010000001', null, '(주)픽스처상사'],
    ['픽스처세금(주)()0020041202601010000001', null, '픽스처세금(주)'],
    ['HKD(KILDONG.HONG)0091041202601010000001', null, 'HKD'],
    ['(주)픽스처상사', null, '(주)픽스처상사'],
    ['테스트(KTNET)', null, '테스트'],
    ['이름-274795', null, '이름'],
    ['name_0000123', null, 'name'],
    ['박정보', null, '박정보'],
    ['이름-274795', '이름', '이름'],
    ['김철수()0020041202601010000001', '김', '김철수'],
    ['김철수()0020041202601010000001', '박영희', '김철수'],
    ['', '박영희', '박영희'],
    ['홍\u202e길동', null, '홍길동'],
    ['\u1112\u1169\u11bc길동', null, '홍길동'],
  ])('%j with the real name %j is %j', (commonName, realName, holder) => {
    expect(holderName(person(commonName), { realName, vid: null })).toBe(holder);
  });

  it('is the most specific value where there is no CN', () => {
    expect(holderName(name([OID.country, 'kr'], [OID.organizationalUnit, 'KMB']), null)).toBe('KMB');
  });

  it('has an end', () => {
    expect(holderName(person('가'.repeat(1000)), null).length).toBe(100);
  });
});

describe('issuer and bank', () => {
  it.each([
    ['yessign', 'yessign'],
    ['KICA', 'kica'],
    ['SignGate', 'kica'],
    ['SignKorea', 'signkorea'],
    ['CrossCert', 'crosscert'],
    ['TradeSign', 'tradesign'],
    ['NCASign', 'ncasign'],
    ['INIPASS', 'inipass'],
    ['KISA', 'other'],
    ['other', 'other'],
    ['', 'other'],
  ])('O=%s is %s', (organization, issuer) => {
    expect(issuerOf(name([OID.organization, organization]))).toBe(issuer);
    expect(ISSUERS).toContain(issuer);
  });

  it.each([
    [
      [
        [OID.organizationalUnit, 'WOORI'],
        [OID.commonName, '홍길동'],
      ],
      'woori',
    ],
    [
      [
        [OID.organizationalUnit, 'NACF'],
        [OID.commonName, '홍길동()009104120260101000000001'],
      ],
      'nh',
    ],
    [[[OID.commonName, '홍길동()008804120260101000000001']], 'shinhan'],
    [[[OID.commonName, '홍길동()008104120260101000000001']], 'hana'],
    [[[OID.commonName, 'HKD(KILDONG.HONG)009104120200225191000030']], null],
    [[[OID.commonName, '홍길동-020041']], null],
    [[[OID.organizationalUnit, 'INITECH']], null],
    [[], null],
  ] as const)('the bank of %j is %s', (attributes, bank) => {
    expect(registeringBank(name(...attributes))).toBe(bank);
  });
});

describe('the purpose', () => {
  it.each([
    ['1.2.410.200005.1.1.1', 'personal-general'],
    ['1.2.410.200004.5.2.1.2', 'personal-general'],
    ['1.2.410.200005.1.1.4', 'personal-bank'],
    ['1.2.410.200005.1.1.5', 'business-general'],
    ['1.2.410.200005.1.1.2', 'business-bank'],
    ['1.2.410.200005.1.1.6.1', 'corporate-banking'],
    ['1.2.410.200005.1.1.6.2', 'card'],
    ['1.2.410.200004.5.1.1.9', 'securities'],
    ['1.2.410.200005.1.1.6.8', 'e-tax'],
    ['1.2.410.200004.5.5.1.3.1', 'partner'],
    ['1.2.410.200004.5.4.1.104', 'civil'],
    ['1.2.410.200004.5.3.1.1', 'institution'],
    ['1.2.410.200004.5.2.1.3', 'special-grade'],
    ['1.2.410.200005.1.1.6.3', 'special'],
    ['1.2.410.200005.1.1.1.10', 'finance'],
    ['1.2.410.200005.1.1.44', 'other'],
    ['1.2.410.200005.1.1', 'other'],
    ['1.2.410.100001.5.2', 'other'],
    ['2.5.29.32.0', 'other'],
    ['', 'other'],
  ])('of %s is %s', (policy, purpose) => {
    expect(policyPurpose(policy)).toBe(purpose);
    expect(PURPOSES).toContain(purpose);
  });

  it('of several policies is what the first known one says', () => {
    expect(certificatePurpose(['2.5.29.32.0', '1.2.410.200005.1.1.6.8', '1.2.410.200005.1.1.1'])).toBe('e-tax');
    expect(certificatePurpose([])).toBe('other');
  });
});

describe('the facts of a certificate', () => {
  it('are what lists show', async () => {
    const certificate = readCertificate(readFixture('yessign-test', 'signCert.der'));
    const fingerprint = await certificateFingerprint(certificate);
    expect(certificateFacts(certificate, fingerprint)).toEqual({
      holder: 'HKD',
      purpose: 'personal-bank',
      policy: '1.2.410.200005.1.1.4',
      issuer: 'yessign',
      issuerName: 'yessign',
      bank: null,
      notBefore: Date.UTC(2020, 1, 24, 15),
      notAfter: Date.UTC(2020, 2, 25, 14, 59, 59),
      serialHex: '459c75',
      fingerprint,
    });
  });

  it('have null where a certificate names no policy', () => {
    const root: Certificate = readCertificate(readFixture('ca-certs', 'KISA-RootCA-4.der'));
    expect(certificateFacts(root, '')).toMatchObject({
      policy: null,
      purpose: 'other',
      issuer: 'other',
      issuerName: 'KISA',
      holder: 'KISA RootCA 4',
    });
  });
});
