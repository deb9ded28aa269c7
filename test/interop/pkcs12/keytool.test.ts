/** PKCS#12 before the JDK, the second reader and writer that the tests ask. */
import { spawnSync } from 'node:child_process';
import { createHash, createPrivateKey, X509Certificate } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { copy, type Bytes } from '../../../lib/bytes/bytes.ts';
import { readCertificate } from '../../../lib/npki/certificate.ts';
import { openPfx } from '../../../lib/npki/pkcs12/open-pfx.ts';
import { writePfx, type PfxPair } from '../../../lib/npki/pkcs12/write-pfx.ts';
import { openPrivateKey } from '../../../lib/npki/private-key.ts';
import { findPeer, KEYTOOL } from '../../../scripts/peers.ts';
import { codeOf, fixture, identityFile } from '../../support/npki-fixtures.ts';

const KEYTOOL_PATH = findPeer(KEYTOOL);
const TITLE = KEYTOOL_PATH === null ? 'keytool (skipped: no JDK is installed)' : 'keytool of the JDK';
const PASSWORD = 'Interop!2026pw';
const OLD = '-J-Dkeystore.pkcs12.legacy';

/** Runs keytool in a folder that holds the given files; answers what it printed and the file of that name afterwards. */
function keytool(args: readonly string[], files: Readonly<Record<string, Uint8Array>>, result: string): { text: string; file: Bytes | null } {
  const folder = mkdtempSync(join(tmpdir(), 'dojang-keytool-'));
  try {
    for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content);
    const env = { ...process.env, LC_ALL: 'C.UTF-8' };
    const run = spawnSync(KEYTOOL_PATH ?? 'keytool', [...args], { cwd: folder, encoding: 'utf8', env });
    if (run.status !== 0) throw new Error(`${run.stdout}${run.stderr}`);
    return { text: run.stdout, file: result === '' ? null : copy(readFileSync(join(folder, result))) };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const identity = fixture('personal-bank-sha1seed');

async function pairOf(which: 'sign' | 'km'): Promise<PfxPair> {
  const { privateKeyInfo } = await openPrivateKey(identityFile(identity, `${which}Pri.key`), identity.password);
  return { certificate: readCertificate(identityFile(identity, `${which}Cert.der`)), privateKeyInfo };
}

function fingerprint({ certificate }: PfxPair): string {
  const hex = createHash('sha256').update(certificate.der).digest('hex').toUpperCase();
  return (hex.match(/../g) ?? []).join(':');
}

function numbersOf(privateKeyInfo: Uint8Array): unknown {
  return createPrivateKey({ key: Buffer.from(privateKeyInfo), format: 'der', type: 'pkcs8' }).export({ format: 'jwk' });
}

describe.runIf(KEYTOOL_PATH !== null)(`PKCS#12 before ${TITLE}`, async () => {
  const sign = await pairOf('sign');
  const km = await pairOf('km');
  const random = (length: number): Bytes => crypto.getRandomValues(new Uint8Array(length));
  const ours = (form: 'legacy' | 'modern'): Promise<Bytes> => writePfx([{ name: '홍길동', sign, km, chain: [] }], PASSWORD, { form, random });
  const store = ['-storetype', 'PKCS12', '-storepass', PASSWORD];

  it.each(['legacy', 'modern'] as const)('lists sign and km pair of our %s file as two keys with their certificates', async (form) => {
    const { text } = keytool(['-list', '-keystore', 'ours.pfx', ...store], { 'ours.pfx': await ours(form) }, '');
    expect(text).toContain('contains 2 entries');
    expect(text).toMatch(new RegExp(`홍길동, [^\\n]*PrivateKeyEntry,[^\\n]*\\n[^\\n]*${fingerprint(sign)}`));
    expect(text).toMatch(new RegExp(`홍길동 \\(km\\), [^\\n]*PrivateKeyEntry,[^\\n]*\\n[^\\n]*${fingerprint(km)}`));
  });

  it.each([
    ['of today', []],
    ['of before 2021', [OLD]],
  ])('takes our keys over into a file in the form %s, which opens here to the same numbers', async (_, options) => {
    for (const form of ['legacy', 'modern'] as const) {
      const from = ['-srckeystore', 'ours.pfx', '-srcstoretype', 'PKCS12', '-srcstorepass', PASSWORD];
      const to = ['-destkeystore', 'theirs.p12', '-deststoretype', 'PKCS12', '-deststorepass', PASSWORD];
      const { file } = keytool(['-importkeystore', '-noprompt', ...from, ...to, ...options], { 'ours.pfx': await ours(form) }, 'theirs.p12');
      const { keys, certificates } = await openPfx(file!, PASSWORD);
      // Its key objects have no attributes: R is lost on the way through the JDK.
      expect(keys.map(({ privateKeyInfo }) => numbersOf(privateKeyInfo))).toEqual(
        expect.arrayContaining([numbersOf(sign.privateKeyInfo), numbersOf(km.privateKeyInfo)]),
      );
      expect(certificates.map(({ der }) => der)).toEqual(expect.arrayContaining([sign.certificate.der, km.certificate.der]));
      expect(await codeOf(() => openPfx(file!, `${PASSWORD}x`))).toBe('password.wrong');
    }
  });

  it.each([
    ['of today', []],
    ['of before 2021', [OLD]],
  ])('makes a key of its own in the form %s, which opens here', async (_, options) => {
    const kind = ['-genkeypair', '-alias', 'one', '-keyalg', 'RSA', '-keysize', '2048', '-dname', 'CN=도장,C=KR'];
    const { file } = keytool([...kind, '-keystore', 'own.p12', ...store, ...options], {}, 'own.p12');
    const { keys, certificates } = await openPfx(file!, PASSWORD);
    expect([keys.length, certificates.length]).toEqual([1, 1]);
    const key = createPrivateKey({ key: Buffer.from(keys[0]!.privateKeyInfo), format: 'der', type: 'pkcs8' });
    expect(new X509Certificate(certificates[0]!.der).checkPrivateKey(key)).toBe(true);
  });
});
