/** PKCS#12 before OpenSSL: what we write it opens, and what it writes we open, or name what we do not open. */
import { createPrivateKey } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { copy, type Bytes } from '../../../lib/bytes/bytes.ts';
import { toHex } from '../../../lib/bytes/hex.ts';
import { WalletError } from '../../../lib/errors.ts';
import { readCertificate } from '../../../lib/npki/certificate.ts';
import { passwordHash, type HashName } from '../../../lib/npki/legacy/hashes.ts';
import { PKCS12_PURPOSE, pkcs12Derive, pkcs12Password } from '../../../lib/npki/legacy/pkcs12-kdf.ts';
import { openPfx } from '../../../lib/npki/pkcs12/open-pfx.ts';
import { writePfx, type PfxIdentity, type PfxPair } from '../../../lib/npki/pkcs12/write-pfx.ts';
import { openPrivateKey } from '../../../lib/npki/private-key.ts';
import { fixture, identityFile, MANIFEST, readFixture, type FixtureIdentity } from '../../support/npki-fixtures.ts';
import { certificatePem, openssl, OPENSSL_TITLE, OPENSSL_VERSION } from '../../support/openssl.ts';

const LEGACY = ['-provider', 'legacy', '-provider', 'default'];
const PASSWORD = 'Interop!2026pw';

function listed(what: string): string {
  return OPENSSL_VERSION === null ? '' : openssl(['list', what, ...LEGACY], {}).stdout.toString();
}

const HAS_LEGACY = listed('-cipher-algorithms').includes('SEED');
const LEGACY_TITLE = HAS_LEGACY ? OPENSSL_TITLE : `${OPENSSL_TITLE} (skipped: it has no legacy provider)`;

const random = (length: number): Bytes => crypto.getRandomValues(new Uint8Array(length));

async function pairOf(identity: FixtureIdentity, which: 'sign' | 'km'): Promise<PfxPair> {
  const { privateKeyInfo } = await openPrivateKey(identityFile(identity, `${which}Pri.key`), identity.password);
  return { certificate: readCertificate(identityFile(identity, `${which}Cert.der`)), privateKeyInfo };
}

/** `A1 B2 ` of OpenSSL, as it prints octets. */
function spaced(octets: Uint8Array): string {
  return (toHex(octets).match(/../g) ?? [])
    .map((octet) => `${octet} `)
    .join('')
    .toUpperCase();
}

function pems(text: string, label: string): string[] {
  return text.match(new RegExp(`-----BEGIN ${label}-----[^-]+-----END ${label}-----`, 'g')) ?? [];
}

function sameKey(pem: string, privateKeyInfo: Uint8Array): boolean {
  return createPrivateKey(pem).equals(createPrivateKey({ key: Buffer.from(privateKeyInfo), format: 'der', type: 'pkcs8' }));
}

/** How often both attributes of a pair stand together, in either order. OpenSSL prints the low octets of names, up to a zero. */
function countAttributes(text: string, name: string, { certificate }: PfxPair): number {
  const low = Buffer.from(Uint8Array.from(name, (character) => character.charCodeAt(0))).toString('latin1');
  const lines = [`    friendlyName: ${low.split('\0')[0] ?? ''}\n`, `    localKeyID: ${spaced(certificate.subjectKeyId ?? new Uint8Array(0))}\n`];
  return text.split(lines.join('')).length + text.split(lines.reverse().join('')).length - 2;
}

describe.runIf(HAS_LEGACY)(`what we write before ${LEGACY_TITLE}`, () => {
  describe.each(['legacy', 'modern'] as const)('%s', (form) => {
    it.each(MANIFEST.identities)('$id: one key, one R, one certificate, one name and localKeyID', async (identity) => {
      const sign = await pairOf(identity, 'sign');
      const km = identity.km ? await pairOf(identity, 'km') : null;
      const chain = [readCertificate(readFixture('npki', identity.ca))];
      const written: PfxIdentity = { name: identity.realName, sign, km, chain };
      // Fewer rounds: 44 files of 600,000 would say no more.
      const file = await writePfx([written], PASSWORD, { form, random, iterations: { bags: 2048, mac: 2048 } });
      const { ok, stdout, stderr } = openssl(['pkcs12', '-in', 'x.pfx', '-nodes', '-passin', `pass:${PASSWORD}`, ...LEGACY], { 'x.pfx': file });
      expect(ok, stderr).toBe(true);
      const text = stdout.toString('latin1');
      const pairs = km === null ? [sign] : [sign, km];
      expect(pems(text, 'PRIVATE KEY').map((pem, i) => sameKey(pem, pairs[i]!.privateKeyInfo))).toEqual(pairs.map(() => true));
      const certificates = [...pairs.map(({ certificate }) => certificate), ...chain].map(({ der }) => certificatePem(der).trim());
      expect(pems(text, 'CERTIFICATE')).toEqual(certificates);
      expect(countAttributes(text, identity.realName, sign)).toBe(2);
      if (km !== null) expect(countAttributes(text, `${identity.realName} (km)`, km)).toBe(2);
      const r = /Key Attributes\n\s+1\.2\.410\.200004\.10\.1\.1\.3: ([0-9A-F ]+)\n/.exec(text)?.[1];
      expect(r?.replaceAll(' ', '').toLowerCase() ?? null).toBe(identity.rHex ?? null);
    });
  });

  it('names the ciphers and counts that each form promises', async () => {
    const pair = await pairOf(fixture('personal-bank-sha1seed'), 'sign');
    const info = async (form: 'legacy' | 'modern'): Promise<string> => {
      const file = await writePfx([{ name: 'Kim', sign: pair, km: null, chain: [] }], PASSWORD, { form, random });
      const run = openssl(['pkcs12', '-in', 'x.pfx', '-info', '-noout', '-passin', `pass:${PASSWORD}`, ...LEGACY], { 'x.pfx': file });
      return run.stderr;
    };
    expect(await info('legacy')).toBe(
      'MAC: sha1, Iteration 2048\nMAC length: 20, salt length: 8\nPKCS7 Data\nCertificate bag\nPKCS7 Data\n' +
        'Shrouded Keybag: pbeWithSHA1And3-KeyTripleDES-CBC, Iteration 2048\n',
    );
    const pbes2 = 'PBES2, PBKDF2, AES-256-CBC, Iteration 600000, PRF hmacWithSHA256\n';
    expect(await info('modern')).toBe(
      `MAC: sha256, Iteration 100000\nMAC length: 32, salt length: 16\nPKCS7 Encrypted data: ${pbes2}Certificate bag\nPKCS7 Data\nShrouded Keybag: ${pbes2}`,
    );
  });

  it.each(['도장찍기!2026', 'é!2026 Passw0rd', '~`!@#$%^&*()-_=+ aA1'])('takes the password as we do: %s', async (password) => {
    const pair = await pairOf(fixture('personal-bank-sha1seed'), 'sign');
    for (const form of ['legacy', 'modern'] as const) {
      const file = await writePfx([{ name: 'Kim', sign: pair, km: null, chain: [] }], password, { form, random, iterations: { bags: 1, mac: 1 } });
      const { ok, stderr } = openssl(['pkcs12', '-in', 'x.pfx', '-nodes', '-passin', 'file:password', ...LEGACY], { 'x.pfx': file, password });
      expect(ok, stderr).toBe(true);
    }
  });
});

const PLAIN = readFixture('yessign-test', 'plain-privatekeyinfo-with-R.der');
const CERTIFICATE = readFixture('yessign-test', 'signCert.der');
const KEY_PEM = createPrivateKey({ key: Buffer.from(PLAIN), format: 'der', type: 'pkcs8' })
  .export({ format: 'pem', type: 'pkcs8' })
  .toString();

/** Null where OpenSSL itself does not write such a file. */
function exported(options: readonly string[], password = PASSWORD): Bytes | null {
  const files = { 'key.pem': KEY_PEM, 'certificate.pem': certificatePem(CERTIFICATE), password };
  const inputs = ['-inkey', 'key.pem', '-in', 'certificate.pem', '-name', '도장', '-passout', password === '' ? 'pass:' : 'file:password'];
  const { ok, stdout } = openssl(['pkcs12', '-export', ...inputs, ...options, ...LEGACY], files);
  return ok && stdout.length > 0 ? copy(stdout) : null;
}

/** `opens` where key and certificate are what went in, else the code and the detail. */
async function outcome(file: Bytes, password = PASSWORD): Promise<string> {
  try {
    const { keys, certificates } = await openPfx(file, password);
    const der = Buffer.from(keys[0]?.privateKeyInfo ?? []).toString('base64');
    const isKey = sameKey(`-----BEGIN PRIVATE KEY-----\n${der}\n-----END PRIVATE KEY-----`, PLAIN);
    const isCertificate = toHex(certificates[0]?.der ?? new Uint8Array(0)) === toHex(CERTIFICATE);
    return isKey && isCertificate && keys.length === 1 && certificates.length === 1 ? 'opens' : 'differs';
  } catch (thrown) {
    return thrown instanceof WalletError ? `${thrown.code} ${thrown.detail ?? ''}`.trim() : 'throws';
  }
}

const CIPHERS: readonly (readonly [string, string])[] = [
  ['PBE-SHA1-3DES', 'opens'],
  ['PBE-SHA1-2DES', 'opens'],
  ['PBE-SHA1-RC2-128', 'opens'],
  ['PBE-SHA1-RC2-40', 'opens'],
  ['PBE-SHA1-RC4-128', 'opens'],
  ['PBE-SHA1-RC4-40', 'opens'],
  ['AES-128-CBC', 'opens'],
  ['AES-192-CBC', 'opens'],
  ['AES-256-CBC', 'opens'],
  ['DES-EDE3-CBC', 'opens'],
  ['SEED-CBC', 'opens'],
  ['PBE-MD5-DES', 'file.unsupported 1.2.840.113549.1.5.3'],
  ['PBE-SHA1-DES', 'file.unsupported 1.2.840.113549.1.5.10'],
  ['PBE-MD5-RC2-64', 'file.unsupported 1.2.840.113549.1.5.6'],
  ['PBE-SHA1-RC2-64', 'file.unsupported 1.2.840.113549.1.5.11'],
  ['DES-CBC', 'file.unsupported 1.3.14.3.2.7'],
  ['RC2-CBC', 'file.unsupported 1.2.840.113549.3.2'],
  ['BF-CBC', 'file.unsupported 1.3.6.1.4.1.3029.1.2'],
  ['CAST5-CBC', 'file.unsupported 1.2.840.113533.7.66.10'],
  ['CAMELLIA-128-CBC', 'file.unsupported 1.2.392.200011.61.1.1.1.2'],
  ['CAMELLIA-192-CBC', 'file.unsupported 1.2.392.200011.61.1.1.1.3'],
  ['CAMELLIA-256-CBC', 'file.unsupported 1.2.392.200011.61.1.1.1.4'],
  ['ARIA-128-CBC', 'file.unsupported 1.2.410.200046.1.1.2'],
  ['ARIA-192-CBC', 'file.unsupported 1.2.410.200046.1.1.7'],
  ['ARIA-256-CBC', 'file.unsupported 1.2.410.200046.1.1.12'],
  ['SEED-CFB', 'file.unsupported 1.2.410.200004.1.5'],
  ['SEED-OFB', 'file.unsupported 1.2.410.200004.1.6'],
  ['SM4-CBC', 'file.unsupported 1.2.156.10197.1.104.2'],
];

const DIGESTS: readonly (readonly [string, string])[] = [
  ['SHA1', 'opens'],
  ['SHA224', 'opens'],
  ['SHA256', 'opens'],
  ['SHA384', 'opens'],
  ['SHA512', 'opens'],
  ['MD5', 'file.unsupported 1.2.840.113549.2.5'],
  ['RIPEMD160', 'file.unsupported 1.3.36.3.2.1'],
  ['SHA512-256', 'file.unsupported 2.16.840.1.101.3.4.2.6'],
  ['SHA3-256', 'file.unsupported 2.16.840.1.101.3.4.2.8'],
  ['SM3', 'file.unsupported 1.2.156.10197.1.401'],
];

/** Names at the starts of lines: `AES-128-CBC`, not their aliases. */
function namesOf(list: string): string[] {
  const legacy = list.slice(0, list.indexOf('Provided'));
  return [...legacy.matchAll(/^ {2}(\S+)$/gm)].map(([, name = '']) => name);
}

describe.runIf(HAS_LEGACY)(`what ${LEGACY_TITLE} writes`, () => {
  it.each(CIPHERS)('key and certificate under %s: %s', async (cipher, expected) => {
    const file = exported(['-keypbe', cipher, '-certpbe', cipher]);
    expect(file).not.toBeNull();
    expect(await outcome(file!)).toBe(expected);
    if (expected === 'opens') expect(await outcome(file!, `${PASSWORD}x`)).toBe('password.wrong');
  });

  it.each(DIGESTS)('a MAC of %s: %s', async (digest, expected) => {
    const file = exported(['-macalg', digest]);
    expect(file).not.toBeNull();
    expect(await outcome(file!)).toBe(expected);
  });

  it.each(CIPHERS.filter(([, expected]) => expected === 'opens'))('%s in one of the two alone, with and without a MAC', async (cipher) => {
    for (const options of [
      ['-keypbe', cipher, '-certpbe', 'NONE'],
      ['-keypbe', 'NONE', '-certpbe', cipher],
      ['-keypbe', cipher, '-certpbe', cipher, '-nomac'],
    ]) {
      const file = exported(options);
      expect(file).not.toBeNull();
      expect(await outcome(file!)).toBe('opens');
      expect(await outcome(file!, 'wrong')).toBe('password.wrong');
    }
  });

  it.each([
    ['its defaults', []],
    ['its old defaults', ['-legacy']],
    ['one round', ['-iter', '1']],
    ['100,000 rounds', ['-iter', '100000']],
    ['nothing encrypted', ['-keypbe', 'NONE', '-certpbe', 'NONE']],
    ['nothing encrypted, no MAC', ['-keypbe', 'NONE', '-certpbe', 'NONE', '-nomac']],
  ])('with %s', async (_, options) => {
    expect(await outcome(exported(options)!)).toBe('opens');
  });

  it.each(['', '도장찍기!2026', 'é!2026 Passw0rd', '𠮷!2026'])('under the password %j', async (password) => {
    for (const options of [['-keypbe', 'PBE-SHA1-3DES', '-certpbe', 'PBE-SHA1-RC2-40', '-macalg', 'SHA1'], []])
      expect(await outcome(exported(options, password)!, password)).toBe('opens');
  });

  it('in any other cipher or digest it has opens, or is named by its OID', async () => {
    // Key wrapping is no cipher for contents: what OpenSSL writes with it is not even BER.
    const names = namesOf(listed('-cipher-algorithms')).filter((name) => !name.includes('wrap'));
    const ciphers = names.map((name) => ['-keypbe', name, '-certpbe', name]);
    const digests = namesOf(listed('-digest-algorithms')).map((name) => ['-macalg', name]);
    const outcomes = new Map<string, string>();
    for (const options of [...ciphers, ...digests]) {
      const file = exported(options);
      if (file !== null) outcomes.set(options[1] ?? '', await outcome(file));
    }
    expect(outcomes.size).toBeGreaterThan(60);
    const opened = [...outcomes].filter(([, result]) => result === 'opens').map(([name]) => name);
    const known = [...CIPHERS, ...DIGESTS].filter(([, expected]) => expected === 'opens').map(([name]) => name);
    expect(opened.filter((name) => !known.includes(name))).toEqual([]);
    const others = [...outcomes].filter(([name]) => !opened.includes(name));
    expect(others.filter(([, result]) => !/^file\.unsupported \d+(\.\d+)+$/.test(result))).toEqual([]);
  }, 60_000);
});

describe.runIf(OPENSSL_VERSION !== null)(`the derivation of PKCS#12 before ${OPENSSL_TITLE}`, () => {
  const hashes: readonly HashName[] = ['SHA-1', 'SHA-224', 'SHA-256', 'SHA-384', 'SHA-512'];
  const cases = hashes.flatMap((hash) => [PKCS12_PURPOSE.key, PKCS12_PURPOSE.iv, PKCS12_PURPOSE.mac].map((purpose) => ({ hash, purpose })));

  it.each(cases)('$hash for purpose $purpose gives the same octets', ({ hash, purpose }) => {
    const secret = pkcs12Password('도장찍기!2026');
    const salt = copy(Buffer.from('c8ea2fa25023c285', 'hex'));
    for (const length of [8, passwordHash(hash).size, 150]) {
      const options = [`digest:${hash.replace('-', '')}`, `hexpass:${toHex(secret)}`, `hexsalt:${toHex(salt)}`, 'iter:77', `id:${purpose}`];
      const run = openssl(['kdf', '-binary', '-keylen', `${length}`, ...options.flatMap((option) => ['-kdfopt', option]), 'PKCS12KDF'], {});
      expect(toHex(pkcs12Derive(purpose, secret, { hash, salt, iterations: 77 }, length))).toBe(run.stdout.toString('hex'));
    }
  });
});
