import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openAuthority, type DemoAuthority, type DemoPerson } from '../../../demo/authority.ts';
import { readDer, sequence } from '../../../lib/asn1/reader.ts';
import type { Bytes } from '../../../lib/bytes/bytes.ts';
import { readCertificate, type Certificate } from '../../../lib/npki/certificate.ts';
import { holderName } from '../../../lib/npki/holder.ts';
import { verifyIdentity } from '../../../lib/npki/identity.ts';
import { certificatePurpose } from '../../../lib/npki/policy.ts';
import { openPrivateKey } from '../../../lib/npki/private-key.ts';
import { proveKey } from '../../../lib/npki/prove.ts';
import { checkPath } from '../../../lib/trust/path.ts';
import { certificatePem, openssl, OPENSSL_TITLE, OPENSSL_VERSION } from '../../support/openssl.ts';

const NOW = Date.parse('2026-11-24T16:30:00Z'); // half past one in Korea, the day after
const parent = mkdtempSync(join(tmpdir(), 'dojang-authority-'));
const folder = join(parent, 'demo');
let authority: DemoAuthority;

beforeAll(async () => {
  authority = await openAuthority(folder, () => NOW);
});
afterAll(() => {
  rmSync(parent, { recursive: true });
});

function load(person: DemoPerson, name: string): Bytes {
  return new Uint8Array(readFileSync(join(person.folder, name)));
}

function certificateOf(person: DemoPerson, name = 'signCert.der'): Certificate {
  return readCertificate(load(person, name));
}

describe('the demo authority at its first start', () => {
  it('lays out the files as bank programs do', () => {
    for (const person of authority.people) {
      expect(readdirSync(person.folder).sort()).toEqual(['CaPubs', 'kmCert.der', 'kmPri.key', 'signCert.der', 'signPri.key']);
    }
    expect(authority.people.map((person) => basename(person.folder))).toEqual([
      'cn=홍길동()009904120261125000000001,ou=DEMO,ou=personal4IB,o=DojangDemo,c=KR',
      'cn=김상점()009904120261125000000002,ou=DEMO,ou=xUse,o=DojangDemo,c=KR',
      'cn=정만료()009904120251021000000003,ou=DEMO,ou=personal4IB,o=DojangDemo,c=KR',
      'cn=CHRISTOPHER ALEXANDER MONTGOMERY(CAM)009904120261125000000004,ou=DEMO,ou=personal,o=DojangDemo,c=KR',
    ]);
  });

  it('names holder, purpose and days as lists show them', () => {
    const facts = authority.people.map((person) => {
      const { subject, identity, policies, notBefore, notAfter } = certificateOf(person);
      const days = [notBefore, notAfter].map((time) => new Date(time).toISOString());
      return [holderName(subject, identity), certificatePurpose(policies), ...days];
    });
    expect(facts).toEqual([
      ['홍길동', 'personal-bank', '2026-11-24T15:00:00.000Z', '2027-11-24T14:59:59.000Z'],
      ['김상점', 'business-general', '2026-11-24T15:00:00.000Z', '2027-11-24T14:59:59.000Z'],
      ['정만료', 'personal-bank', '2025-10-20T15:00:00.000Z', '2026-10-20T14:59:59.000Z'],
      ['CHRISTOPHER ALEXANDER MONTGOMERY', 'personal-general', '2026-11-24T15:00:00.000Z', '2026-12-14T14:59:59.000Z'],
    ]);
  });

  it('gives every person a sign and a km certificate with serials in a row and the right uses', () => {
    for (const person of authority.people) {
      const [sign, km] = [certificateOf(person), certificateOf(person, 'kmCert.der')];
      expect(sign.keyUsage).toEqual(['digitalSignature', 'nonRepudiation']);
      expect(km.keyUsage).toEqual(['keyEncipherment']);
      expect(Number.parseInt(km.serialHex, 16)).toBe(Number.parseInt(sign.serialHex, 16) + 1);
      expect(km.subject.der).toEqual(sign.subject.der);
      expect(sign.identity?.vid?.value).toHaveLength(32);
      expect(km.identity).toBeNull();
    }
  });

  it('writes keys that open with the password and belong to their certificates; R proves the identity number', async () => {
    for (const person of authority.people) {
      const sign = await openPrivateKey(load(person, 'signPri.key'), person.password);
      const certificate = certificateOf(person);
      await expect(proveKey(certificate, sign, 'sign')).resolves.toBeUndefined();
      expect(await verifyIdentity({ certificate, random: sign.random ?? new Uint8Array(), idNumber: person.idNumber })).toBe(true);
      const km = await openPrivateKey(load(person, 'kmPri.key'), person.password);
      await expect(proveKey(certificateOf(person, 'kmCert.der'), km, 'km')).resolves.toBeUndefined();
      expect(km.random).toBeNull();
    }
  });

  it('makes paths that hold, and one that has expired', async () => {
    const anchors = [readCertificate(authority.root)];
    const intermediates = [readCertificate(authority.issuing)];
    const results = await Promise.all(
      authority.people.map(async (person) =>
        checkPath({ leaf: certificateOf(person), intermediates, anchors, at: NOW }).then(
          (path) => path.length,
          (thrown: unknown) => (thrown as { code: string }).code,
        ),
      ),
    );
    expect(results).toEqual([3, 3, 'certificate.expired', 3]);
  });

  it('puts root and authority into CaPubs', () => {
    for (const person of authority.people) {
      const [root, issuing, more] = sequence(readDer(load(person, 'CaPubs')));
      expect([root?.raw, issuing?.raw, more]).toEqual([authority.root, authority.issuing, undefined]);
    }
  });

  it('writes the password beside them, and says that they are for the demo only', () => {
    const text = readFileSync(join(folder, 'README.txt'), 'utf8');
    expect(text).toContain('demo!Password2026');
    expect(text).toContain('시연용입니다');
    for (const person of authority.people) expect(text).toContain(basename(person.folder));
  });

  it('keeps the keys that issuing needs and not the root\u2019s, and leaves nothing beside its folder', () => {
    expect(readdirSync(folder).sort()).toEqual(['NPKI', 'README.txt', 'authority.json', 'ca', 'issuing.der', 'root.der']);
    const pairs = ['issuing', 'recipient', 'responder'].flatMap((name) => [`${name}.der`, `${name}.key`]);
    expect(readdirSync(authority.caFolder).sort()).toEqual(pairs);
    expect(readdirSync(parent)).toEqual(['demo']);
  });
});

describe('the demo authority later', () => {
  it('opens what is there, whatever the clock says', async () => {
    expect(await openAuthority(folder, () => NOW + 86_400_000)).toEqual(authority);
  });

  it('is made once by two that start at the same time', async () => {
    const shared = join(parent, 'shared');
    const [one, other] = await Promise.all([openAuthority(shared, () => NOW), openAuthority(shared, () => NOW)]);
    expect(one).toEqual(other);
    rmSync(shared, { recursive: true });
  });

  it('moves a folder of an older layout aside and begins anew', async () => {
    const older = join(parent, 'older');
    mkdirSync(older);
    writeFileSync(join(older, 'authority.json'), JSON.stringify({ made: '2026-11-20T00:00:00Z', folders: [] }));
    expect((await openAuthority(older, () => NOW)).people).toHaveLength(4);
    const aside = readdirSync(parent).filter((name) => name.startsWith('older.old-'));
    expect(aside.map((name) => readdirSync(join(parent, name)))).toEqual([['authority.json']]);
    for (const name of ['older', ...aside]) rmSync(join(parent, name), { recursive: true });
  });

  it('does not touch a folder that is not its own', async () => {
    const foreign = mkdtempSync(join(parent, 'foreign-'));
    writeFileSync(join(foreign, 'thesis.txt'), 'mine');
    await expect(openAuthority(foreign, () => NOW)).rejects.toThrow('is not a folder of this demo');
    expect(readdirSync(foreign)).toEqual(['thesis.txt']);
    rmSync(foreign, { recursive: true });
    expect(readdirSync(parent)).toEqual(['demo']);
  });
});

describe.runIf(OPENSSL_VERSION !== null)(`the demo's certificates before ${OPENSSL_TITLE}`, () => {
  it('verify, sign and km, strictly; the expired one does not', () => {
    for (const person of authority.people) {
      for (const name of ['signCert.der', 'kmCert.der']) {
        const args = [
          'verify',
          '-x509_strict',
          '-policy_check',
          '-policy',
          person.policy,
          '-attime',
          String(NOW / 1000),
          '-CAfile',
          'root.pem',
          '-untrusted',
          'ca.pem',
          'leaf.pem',
        ];
        const files = {
          'root.pem': certificatePem(authority.root),
          'ca.pem': certificatePem(authority.issuing),
          'leaf.pem': certificatePem(load(person, name)),
        };
        const { ok, stderr } = openssl(args, files);
        expect({ ok, expired: stderr.includes('certificate has expired') }).toEqual(
          person.realName === '정만료' ? { ok: false, expired: true } : { ok: true, expired: false },
        );
      }
    }
  });

  it('show everything a Korean certificate has', () => {
    const [hong] = authority.people;
    const certificate = hong === undefined ? new Uint8Array() : load(hong, 'signCert.der');
    const { ok, stdout } = openssl(['x509', '-inform', 'DER', '-in', 'x.der', '-noout', '-text', '-nameopt', 'utf8'], { 'x.der': certificate });
    expect(ok).toBe(true);
    const text = stdout.toString();
    for (const line of [
      'Issuer: C=KR, O=DojangDemo, OU=DemoCA, CN=Dojang Demo CA 1',
      'Subject: C=KR, O=DojangDemo, OU=personal4IB, OU=DEMO, CN=홍길동()009904120261125000000001',
      'Signature Algorithm: sha256WithRSAEncryption',
      'X509v3 Key Usage: critical',
      'Digital Signature, Non Repudiation',
      'X509v3 Certificate Policies: critical',
      'Policy: 1.2.410.200005.1.1.4',
      'othername: 1.2.410.200004.10.1.1',
      'X509v3 Authority Key Identifier',
      'X509v3 Subject Key Identifier',
      'URI:http://127.0.0.1:4081/crl/ca.crl',
      'OCSP - URI:http://127.0.0.1:4081/ocsp',
    ]) {
      expect(text).toContain(line);
    }
  });
});
