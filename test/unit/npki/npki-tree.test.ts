import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { identityFolder, safeName } from '../../../lib/npki/npki-tree.ts';
import { readCertificate } from '../../../lib/npki/certificate.ts';
import { identityFile, MANIFEST, readFixture } from '../../support/npki-fixtures.ts';

describe('the folder of an identity', () => {
  it.each(MANIFEST.identities.map((identity) => [identity.id, identity] as const))('%s is where its authority puts it', (_, identity) => {
    const folder = identityFolder(readCertificate(identityFile(identity, 'signCert.der')));
    const usual = identity.folder.replace(/^NPKI-renewed/, 'NPKI').replace('/User/', '/USER/');
    expect(folder).toBe(usual);
  });

  it('of the genuine certificate has the name that its programs give it', () => {
    expect(identityFolder(readCertificate(readFixture('yessign-test', 'signCert.der')))).toBe(
      'NPKI/yessign/USER/cn=HKD(KILDONG.HONG)009104120200225191000030,ou=INITECH,ou=personal4IB,o=yessign,c=kr',
    );
  });

  it.each([
    ['TradeSignOCSP4.der', 'NPKI/KISA/USER/cn='],
    ['SignKorea-CA4.der', 'NPKI/KISA/USER/cn='],
  ])('of another authority (%s) has that authority as it writes itself', (name, start) => {
    expect(identityFolder(readCertificate(readFixture('ca-certs', name)))).toContain(start);
  });
});

describe('a name that every system takes', () => {
  it.each([
    ['cn=홍길동()0020,ou=WOORI', 'cn=홍길동()0020,ou=WOORI'],
    ['홍길동'.normalize('NFD'), '홍길동'],
    ['a/b\\c:d*e?f"g<h>i|j', 'a_b_c_d_e_f_g_h_i_j'],
    ['a\0b\nc\x7fd', 'a_b_c_d'],
    ['..', '_'],
    ['.', '_'],
    ['../../etc/passwd', '__.._etc_passwd'],
    ['.hidden', '_hidden'],
    ['dots at the end...', 'dots at the end'],
    ['blanks at the end  ', 'blanks at the end'],
    ['', '_'],
    ['   ', '_'],
    ['CON', '_CON'],
    ['con.txt', '_con.txt'],
    ['Lpt1', '_Lpt1'],
    ['console', 'console'],
    ['right\u202eleft', 'right_left'],
    ['zero\u200bwidth\ufeff', 'zero_width_'],
  ])('%j becomes %j', (text, name) => {
    expect(safeName(text)).toBe(name);
  });

  it('is no longer than file systems take, and keeps whole characters', () => {
    const long = safeName('홍'.repeat(200));
    expect(Buffer.byteLength(long)).toBeLessThanOrEqual(240);
    expect(long).toBe('홍'.repeat(80));
    expect(safeName('𠮷'.repeat(100))).toBe('𠮷'.repeat(60));
  });

  it('of any text is one part of a path, and stays as it is when it is made again', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (text) => {
        const name = safeName(text);
        expect(name).not.toMatch(/[\0-\x1f\x7f<>:"/\\|?*]|^\.{1,2}$|[. ]$/);
        expect(name.length).toBeGreaterThan(0);
        expect(Buffer.byteLength(name)).toBeLessThanOrEqual(255);
        expect(safeName(name)).toBe(name);
      }),
      { seed: 44, numRuns: 1_000 },
    );
  });
});
