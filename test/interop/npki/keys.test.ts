/** Key files and certificates before OpenSSL: what it wrote we open, what others wrote we both open, what we wrote it decrypts. */
import { createHash, createPrivateKey, generateKeyPairSync } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { copy, type Bytes } from '../../../lib/bytes/bytes.ts';
import { toHex } from '../../../lib/bytes/hex.ts';
import { readCertificate } from '../../../lib/npki/certificate.ts';
import { readEncryptedKey } from '../../../lib/npki/encryption.ts';
import { nameText } from '../../../lib/npki/name.ts';
import { openPrivateKey } from '../../../lib/npki/private-key.ts';
import { writePrivateKey } from '../../../lib/npki/write-private-key.ts';
import { codeOf, FIXTURES, identityFile, MANIFEST, readFixture } from '../../support/npki-fixtures.ts';
import { openssl, OPENSSL_TITLE, OPENSSL_VERSION } from '../../support/openssl.ts';

const LEGACY = ['-provider', 'legacy', '-provider', 'default'];
const PASSWORD = 'Interop!2026pw';

/** Null where OpenSSL has no legacy provider, and with it no SEED. */
const HAS_LEGACY =
  OPENSSL_VERSION !== null &&
  openssl(['list', '-cipher-algorithms', ...LEGACY], {})
    .stdout.toString()
    .includes('SEED');
const LEGACY_TITLE = HAS_LEGACY ? OPENSSL_TITLE : `${OPENSSL_TITLE} (skipped: it has no legacy provider)`;

const plain = copy(generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export({ format: 'der', type: 'pkcs8' }));

function encryptWith(options: readonly string[]): Bytes {
  const { ok, stdout, stderr } = openssl(
    ['pkcs8', '-topk8', '-inform', 'DER', '-in', 'plain.der', '-outform', 'DER', '-passout', `pass:${PASSWORD}`, ...options, ...LEGACY],
    { 'plain.der': plain },
  );
  if (!ok) throw new Error(stderr);
  return copy(stdout);
}

function decryptWith(file: Bytes, password: string): ReturnType<typeof openssl> {
  return openssl(['pkcs8', '-inform', 'DER', '-in', 'key.der', '-passin', `pass:${password}`, ...LEGACY], { 'key.der': file });
}

/** Whether a PEM of OpenSSL and a PrivateKeyInfo of ours have the same numbers. */
function isSameKey(pem: Uint8Array, privateKeyInfo: Uint8Array): boolean {
  const ours = createPrivateKey({ key: Buffer.from(privateKeyInfo), format: 'der', type: 'pkcs8' });
  return createPrivateKey(Buffer.from(pem)).equals(ours);
}

describe.runIf(HAS_LEGACY)(`keys that ${LEGACY_TITLE} encrypted`, () => {
  const ciphers = ['seed-cbc', 'aes-128-cbc', 'aes-192-cbc', 'aes-256-cbc', 'des3'];
  const prfs = ['hmacWithSHA1', 'hmacWithSHA224', 'hmacWithSHA256', 'hmacWithSHA384', 'hmacWithSHA512'];
  const cases = ciphers.flatMap((cipher) => prfs.map((prf) => [cipher, prf] as const));

  it.each(cases)('open here: -v2 %s -v2prf %s', async (cipher, prf) => {
    const file = encryptWith(['-v2', cipher, '-v2prf', prf]);
    expect((await openPrivateKey(file, PASSWORD)).privateKeyInfo).toEqual(plain);
    expect(await codeOf(() => openPrivateKey(file, `${PASSWORD}x`))).toBe('password.wrong');
  });

  it.each(['1', '1024', '10000'])('open here after %s rounds', async (rounds) => {
    expect((await openPrivateKey(encryptWith(['-v2', 'aes-256-cbc', '-iter', rounds]), PASSWORD)).privateKeyInfo).toEqual(plain);
  });

  it.each(['3DES', '2DES', 'RC2-128', 'RC2-40', 'RC4-128', 'RC4-40'])('open here: -v1 PBE-SHA1-%s', async (name) => {
    const file = encryptWith(['-v1', `PBE-SHA1-${name}`]);
    expect(readEncryptedKey(file).encryption.scheme).toBe('pkcs12');
    expect((await openPrivateKey(file, PASSWORD)).privateKeyInfo).toEqual(plain);
  });

  it.each([
    ['-v1', 'PBE-MD5-DES'],
    ['-v2', 'camellia-128-cbc'],
    ['-v2', 'aria-128-cbc'],
  ])('are named where they are of a kind that nobody here uses: %s %s', async (...options) => {
    expect(await codeOf(() => openPrivateKey(encryptWith(options), PASSWORD))).toBe('file.unsupported');
  });

  it('are named where the derivation is scrypt', async () => {
    expect(await codeOf(() => openPrivateKey(encryptWith(['-scrypt']), PASSWORD))).toBe('file.unsupported');
  });
});

describe.runIf(HAS_LEGACY)(`keys of the fixtures before ${LEGACY_TITLE}`, () => {
  const pbes2 = MANIFEST.identities.filter(({ encryptionOid }) => encryptionOid === '1.2.840.113549.1.5.13');
  const own = MANIFEST.identities.filter(({ encryptionOid }) => encryptionOid !== '1.2.840.113549.1.5.13');

  it.each(pbes2)('$id ($encryption) opens there and here to one key', async (identity) => {
    const file = identityFile(identity, 'signPri.key');
    const { ok, stdout } = decryptWith(file, identity.password);
    expect(ok).toBe(true);
    expect(isSameKey(stdout, (await openPrivateKey(file, identity.password)).privateKeyInfo)).toBe(true);
  });

  it('has PBES2 with SEED and with AES among them', () => {
    expect(pbes2.map(({ encryption }) => encryption).sort()).toEqual(['pbes2-aes256-sha256', 'pbes2-seed', 'pbes2-seed-keylen', 'pbes2-seed-sha256']);
  });

  it('opens none of the Korean schemes, so that those are judged by the published vectors and by its SEED', () => {
    expect(own.length).toBeGreaterThan(10);
    expect(decryptWith(identityFile(own[0]!, 'signPri.key'), own[0]!.password).ok).toBe(false);
  });

  function seedOf(file: Bytes, password: string, fixedIv: boolean): Buffer {
    const { encryption, encrypted } = readEncryptedKey(file);
    let derived = createHash('sha1').update(password).update(encryption.salt).digest();
    for (let i = 1; i < encryption.iterations; i++) derived = createHash('sha1').update(derived).digest();
    const iv = fixedIv ? Buffer.from('0123456789012345') : createHash('sha1').update(derived.subarray(16)).digest().subarray(0, 16);
    const options = ['-K', toHex(derived.subarray(0, 16)), '-iv', iv.toString('hex')];
    return openssl(['enc', '-d', '-seed-cbc', ...options, '-in', 'encrypted', ...LEGACY], { encrypted }).stdout;
  }

  it.each(own.slice(0, 4))('$id ($encryption) decrypts with its SEED under a key derived apart', (identity) => {
    const plainText = seedOf(identityFile(identity, 'signPri.key'), identity.password, identity.encryption === 'seedfixed');
    expect(createHash('sha256').update(plainText).digest('hex')).toBe(identity.privateKeyInfoSha256);
  });

  it('decrypts what we write, R included', async () => {
    const withRandom = readFixture('yessign-test', 'plain-privatekeyinfo-with-R.der');
    const file = await writePrivateKey(withRandom, PASSWORD, { random: () => copy(Buffer.from('a1b2c3d4e5f60718', 'hex')) });
    expect(copy(seedOf(file, PASSWORD, false))).toEqual(withRandom);
  });
});

describe.runIf(OPENSSL_VERSION !== null)(`certificates before ${OPENSSL_TITLE}`, () => {
  const authorities = readdirSync(join(FIXTURES, 'ca-certs')).map((name) => [name, readFixture('ca-certs', name)] as const);
  const people = MANIFEST.identities.flatMap((identity) => [
    [`${identity.id} sign`, identityFile(identity, 'signCert.der')] as const,
    ...(identity.km ? [[`${identity.id} km`, identityFile(identity, 'kmCert.der')] as const] : []),
  ]);

  it.each([...authorities, ...people, ['yessign test', readFixture('yessign-test', 'signCert.der')] as const])(
    '%s has one serial, one subject, one issuer and one time of validity',
    (_, der) => {
      const options = ['-noout', '-serial', '-subject', '-issuer', '-startdate', '-enddate', '-dateopt', 'iso_8601', '-nameopt', 'RFC2253,-esc_msb'];
      const { stdout } = openssl(['x509', '-inform', 'DER', '-in', 'certificate.der', ...options], { 'certificate.der': der });
      const certificate = readCertificate(der);
      const date = (time: number): string => new Date(time).toISOString().replace('T', ' ').replace('.000Z', 'Z');
      expect(stdout.toString().trim().split('\n')).toEqual([
        `serial=${certificate.serialHex.replace(/^00(?=.)/, '').toUpperCase()}`,
        `subject=${nameText(certificate.subject)}`,
        `issuer=${nameText(certificate.issuer)}`,
        `notBefore=${date(certificate.notBefore)}`,
        `notAfter=${date(certificate.notAfter)}`,
      ]);
    },
  );
});
