/** Exports before OpenSSL: every file that goes out it opens too, and finds the same key, certificate, R and names in it. */
import { spawnSync } from 'node:child_process';
import { createHash, createPrivateKey } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { copy, type Bytes } from '../../../lib/bytes/bytes.ts';
import { toHex } from '../../../lib/bytes/hex.ts';
import { readEncryptedKey } from '../../../lib/npki/encryption.ts';
import { exportIdentities, type ExportForm, type ExportPair, type WrittenFile } from '../../../lib/npki/export-files.ts';
import { fixture, FIXTURES } from '../../support/npki-fixtures.ts';
import { certificatePem, openssl, OPENSSL_TITLE, OPENSSL_VERSION } from '../../support/openssl.ts';
import { openFixture, openFixtures, type NamedIdentity } from '../../support/opened-fixtures.ts';

const LEGACY = ['-provider', 'legacy', '-provider', 'default'];
const PASSWORD = 'Grape#Wind7204';
const PASS = ['-passin', `pass:${PASSWORD}`];
const HAS_LEGACY =
  OPENSSL_VERSION !== null &&
  openssl(['list', '-cipher-algorithms', ...LEGACY], {})
    .stdout.toString()
    .includes('SEED');
const TITLE = HAS_LEGACY ? OPENSSL_TITLE : `${OPENSSL_TITLE} (skipped: it has no legacy provider)`;

const IDENTITIES = await openFixtures();
/** 600,000 rounds for each key: a few of them say as much. */
const FEW = IDENTITIES.filter(({ id }) => ['personal-bank-sha1seed', 'rsa3072-3years', 'no-random-value', 'yessign-test'].includes(id));
const random = (length: number): Bytes => crypto.getRandomValues(new Uint8Array(length));

async function written(identity: NamedIdentity, form: ExportForm): Promise<readonly WrittenFile[]> {
  return (await exportIdentities([identity], form, PASSWORD, { random })).files;
}

function named(files: readonly WrittenFile[], name: string): Bytes {
  const found = files.find(({ path }) => path.endsWith(`/${name}`));
  if (!found) throw new Error(`no ${name}`);
  return found.bytes;
}

function pairsOf({ sign, km }: NamedIdentity): readonly ExportPair[] {
  return km === null ? [sign] : [sign, km];
}

function isSameKey(pem: string | Buffer, privateKeyInfo: Uint8Array): boolean {
  return createPrivateKey(pem).equals(createPrivateKey({ key: Buffer.from(privateKeyInfo), format: 'der', type: 'pkcs8' }));
}

function blocks(text: string, label: string): string[] {
  return text.match(new RegExp(`-----BEGIN ${label}-----[^-]+-----END ${label}-----`, 'g')) ?? [];
}

/** `A1 B2 ` of OpenSSL. */
function spaced(octets: Uint8Array): string {
  return toHex(octets).toUpperCase().replaceAll(/../g, '$& ');
}

/** How often both attributes of a pair stand together, in either order. OpenSSL prints the low octets of names, up to a zero. */
function countAttributes(text: string, name: string, { certificate }: ExportPair): number {
  const low = Buffer.from(Uint8Array.from(name, (character) => character.charCodeAt(0))).toString('latin1');
  const lines = [`    friendlyName: ${low.split('\0')[0] ?? ''}\n`, `    localKeyID: ${spaced(certificate.subjectKeyId!)}\n`];
  return text.split(lines.join('')).length + text.split(lines.reverse().join('')).length - 2;
}

/** Certificates, keys, R, names and identifiers of a PKCS#12 file are those of the identity. */
function expectPfx(file: Uint8Array, identity: NamedIdentity, chain: NamedIdentity['chain']): void {
  const { ok, stdout, stderr } = openssl(['pkcs12', '-in', 'x.pfx', '-nodes', ...PASS, ...LEGACY], { 'x.pfx': file });
  expect(ok, stderr).toBe(true);
  const text = stdout.toString('latin1');
  const pairs = pairsOf(identity);
  expect(blocks(text, 'PRIVATE KEY').map((pem, at) => isSameKey(pem, pairs[at]!.privateKeyInfo))).toEqual(pairs.map(() => true));
  const certificates = [...pairs.map(({ certificate }) => certificate), ...chain];
  expect(blocks(text, 'CERTIFICATE')).toEqual(certificates.map(({ der }) => certificatePem(der).trim()));
  expect(countAttributes(text, identity.holder, identity.sign)).toBe(2);
  if (identity.km) expect(countAttributes(text, `${identity.holder} (km)`, identity.km)).toBe(2);
  const r = /1\.2\.410\.200004\.10\.1\.1\.3: ([0-9A-F ]+)\n/.exec(text)?.[1];
  expect(r?.replaceAll(' ', '').toLowerCase() ?? null).toBe(identity.rHex);
}

describe.runIf(HAS_LEGACY)(`PKCS#12 files before ${TITLE} (F24)`, () => {
  it.each(IDENTITIES)('pfx-legacy of $id', async (identity) => {
    const [file] = await written(identity, 'pfx-legacy');
    expectPfx(file!.bytes, identity, []);
  });

  it.each(FEW)('pfx-modern of $id, with its authorities', async (identity) => {
    const [file] = await written(identity, 'pfx-modern');
    expectPfx(file!.bytes, identity, identity.chain);
  });

  it('that the command line wrote', async () => {
    const out = mkdtempSync(join(tmpdir(), 'dojang-convert-'));
    try {
      const identity = await openFixture(fixture('personal-bank-sha1seed'));
      const script = join(FIXTURES, '..', '..', 'scripts', 'convert.ts');
      const args = [script, join(FIXTURES, 'npki', fixture(identity.id).folder), '--to', 'pfx-legacy', '--out', out];
      spawnSync(process.execPath, args, { input: `${fixture(identity.id).password}\n${PASSWORD}\n` });
      const [name] = readdirSync(out);
      expectPfx(readFileSync(join(out, name!)), identity, []);
    } finally {
      rmSync(out, { recursive: true, force: true });
    }
  });
});

/** Decrypts scheme A, which OpenSSL has no name for, with its SEED under a key that Node's SHA-1 derives. */
function withItsSeed(file: Bytes): Bytes {
  const { encryption, encrypted } = readEncryptedKey(file);
  const sha1 = (data: Uint8Array): Buffer => createHash('sha1').update(data).digest();
  let derived = sha1(Buffer.concat([Buffer.from(PASSWORD), encryption.salt]));
  for (let round = 1; round < encryption.iterations; round++) derived = sha1(derived);
  const iv = sha1(derived.subarray(16)).subarray(0, 16);
  const options = ['-K', toHex(derived.subarray(0, 16)), '-iv', iv.toString('hex')];
  return copy(openssl(['enc', '-d', '-seed-cbc', ...options, '-in', 'encrypted', ...LEGACY], { encrypted }).stdout);
}

describe.runIf(HAS_LEGACY)(`key files before ${TITLE}`, () => {
  it.each(IDENTITIES)('npki of $id decrypts to the same octets, R and all', async (identity) => {
    const files = await written(identity, 'npki');
    expect(toHex(withItsSeed(named(files, 'signPri.key')))).toBe(toHex(identity.sign.privateKeyInfo));
    if (identity.km) expect(toHex(withItsSeed(named(files, 'kmPri.key')))).toBe(toHex(identity.km.privateKeyInfo));
  });

  it.each(IDENTITIES)('npki-pbes2 of $id opens', async (identity) => {
    const files = await written(identity, 'npki-pbes2');
    for (const [at, { privateKeyInfo }] of pairsOf(identity).entries()) {
      const key = named(files, at === 0 ? 'signPri.key' : 'kmPri.key');
      const { ok, stdout, stderr } = openssl(['pkey', '-inform', 'DER', '-in', 'x.key', ...PASS, ...LEGACY], { 'x.key': key });
      expect(ok, stderr).toBe(true);
      expect(isSameKey(stdout, privateKeyInfo)).toBe(true);
    }
  });
});

describe.runIf(OPENSSL_VERSION !== null)(`texts before ${OPENSSL_TITLE}`, () => {
  it.each(FEW)('pem of $id: its keys open, its certificates are those', async (identity) => {
    const files = await written(identity, 'pem');
    for (const [at, { certificate, privateKeyInfo }] of pairsOf(identity).entries()) {
      const slot = at === 0 ? 'sign' : 'km';
      const key = openssl(['pkey', '-in', 'x.pem', ...PASS], { 'x.pem': named(files, `${slot}Pri.pem`) });
      expect(key.ok, key.stderr).toBe(true);
      expect(isSameKey(key.stdout, privateKeyInfo)).toBe(true);
      const text = openssl(['x509', '-in', 'x.pem', '-outform', 'DER'], { 'x.pem': named(files, `${slot}Cert.pem`) });
      expect(toHex(text.stdout)).toBe(toHex(certificate.der));
    }
  });

  it('pem carries the authorities that verify the certificate', async () => {
    const files = await written(await openFixture(fixture('personal-bank-sha1seed')), 'pem');
    const inputs = { 'chain.pem': named(files, 'chain.pem'), 'sign.pem': named(files, 'signCert.pem') };
    const at = String(Date.parse('2026-11-23T00:00:00Z') / 1000);
    const { ok, stderr } = openssl(['verify', '-attime', at, '-CAfile', 'chain.pem', 'sign.pem'], inputs);
    expect(ok, stderr).toBe(true);
  });

  it.each(FEW)('certificate of $id is DER that it reads', async (identity) => {
    for (const { path, bytes } of await written(identity, 'certificate')) {
      const { ok, stdout } = openssl(['x509', '-inform', 'DER', '-in', 'x.cer', '-outform', 'DER'], { 'x.cer': bytes });
      expect([path.endsWith('.cer'), ok, toHex(stdout)]).toEqual([true, true, toHex(bytes)]);
    }
  });
});
