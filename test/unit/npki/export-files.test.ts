import { beforeAll, describe, expect, it } from 'vitest';
import type { Bytes } from '../../../lib/bytes/bytes.ts';
import { toHex } from '../../../lib/bytes/hex.ts';
import { fromUtf8 } from '../../../lib/bytes/text.ts';
import { EXPORT_FORMS, exportIdentities, type ExportForm, type ExportIdentity, type WrittenFiles } from '../../../lib/npki/export-files.ts';
import type { Certificate } from '../../../lib/npki/certificate.ts';
import { findIdentities } from '../../../lib/npki/folder.ts';
import { openContainer } from '../../../lib/npki/open-identity.ts';
import { codeOf, fixture } from '../../support/npki-fixtures.ts';
import { openFixture } from '../../support/opened-fixtures.ts';
import { authorityExtensions, DAY, holderExtensions, issue, makeKeys, NOW } from '../../support/test-authority.ts';

const PASSWORD = 'Grape#Wind7204';
const random = (length: number): Bytes => crypto.getRandomValues(new Uint8Array(length));
const hong = await openFixture(fixture('personal-bank-sha1seed'));
const company = await openFixture(fixture('business-general'));
const withoutKm = await openFixture(fixture('business-etax'));
const [old, renewed] = [await openFixture(fixture('renewal-old')), await openFixture(fixture('renewal-new'))];

const write = (identities: readonly ExportIdentity[], form: ExportForm, more = {}): Promise<WrittenFiles> =>
  exportIdentities(identities, form, PASSWORD, { random, ...more });
const pathsOf = async (identities: readonly ExportIdentity[], form: ExportForm): Promise<string[]> =>
  (await write(identities, form)).files.map(({ path }) => path);

let keys: CryptoKeyPair;
let privateKeyInfo: Bytes;

beforeAll(async () => {
  keys = await makeKeys();
  privateKeyInfo = new Uint8Array(await crypto.subtle.exportKey('pkcs8', keys.privateKey));
});

/** An identity whose certificate names the holder so. */
async function called(name: string, notAfter = NOW): Promise<ExportIdentity> {
  const { certificate } = await issue({ name, keys, notAfter, extensions: holderExtensions() });
  return { sign: { certificate, privateKeyInfo }, km: null, chain: [] };
}

describe('the files of one identity', () => {
  const folder = `NPKI/yessign/USER/cn=홍길동()002004120261024000001001,ou=WOORI,ou=personal4IB,o=yessign,c=kr`;

  it.each<[ExportForm, string[], string]>([
    ['npki', ['signCert.der', 'signPri.key', 'kmCert.der', 'kmPri.key', 'CaPubs'].map((name) => `${folder}/${name}`), 'NPKI-홍길동-20271024.zip'],
    [
      'npki-pbes2',
      ['signCert.der', 'signPri.key', 'kmCert.der', 'kmPri.key', 'CaPubs'].map((name) => `${folder}/${name}`),
      'NPKI-홍길동-20271024.zip',
    ],
    ['pfx-legacy', ['홍길동-20271024.pfx'], '홍길동-20271024.pfx'],
    ['pfx-modern', ['홍길동-20271024.pfx'], '홍길동-20271024.pfx'],
    [
      'pem',
      ['signCert.pem', 'signPri.pem', 'kmCert.pem', 'kmPri.pem', 'chain.pem'].map((name) => `홍길동-20271024/${name}`),
      'pem-홍길동-20271024.zip',
    ],
    ['certificate', ['홍길동-20271024.cer', '홍길동-20271024-km.cer'], 'certificate-홍길동-20271024.zip'],
  ])('as %s are called after the holder', async (form, paths, name) => {
    const written = await write([hong], form);
    expect(written.files.map(({ path }) => path)).toEqual(paths);
    expect(written.name).toBe(name);
  });

  it('have no km files and no chain where there are none', async () => {
    const alone = { ...withoutKm, chain: [] };
    expect((await pathsOf([alone], 'npki')).map((path) => path.split('/').at(-1))).toEqual(['signCert.der', 'signPri.key']);
    expect((await pathsOf([alone], 'pem')).map((path) => path.split('/').at(-1))).toEqual(['signCert.pem', 'signPri.pem']);
    expect((await write([alone], 'certificate')).name).toBe('픽스처세금(주)-20271024.cer');
  });

  it.each(['npki', 'pem', 'pfx-modern'] as const)('as %s hold no more authorities than are read again, the nearest', async (form) => {
    const chain: Certificate[] = [];
    let issuer = await issue({ name: 'root', keys, extensions: authorityExtensions(null) });
    for (let at = 0; at < 20; at++) {
      chain.unshift(issuer.certificate);
      issuer = await issue({ name: `CA ${at}`, issuer, keys, extensions: authorityExtensions(null) });
    }
    chain.unshift(issuer.certificate);
    const { certificate } = await issue({ name: '홍길동', issuer, keys, extensions: holderExtensions() });
    const { files } = await write([{ sign: { certificate, privateKeyInfo }, km: null, chain }], form);
    const [found] = findIdentities(files);
    const read = found?.kind === 'container' ? (await openContainer(found, PASSWORD))[0]?.chain : found?.chain;
    expect(read?.map(({ der }) => toHex(der))).toEqual(chain.slice(0, 16).map(({ der }) => toHex(der)));
  });

  it('are texts of 64 columns as PEM, and hold no key in the clear', async () => {
    const { files } = await write([hong], 'pem');
    for (const { path, bytes } of files) {
      const lines = fromUtf8(bytes).trimEnd().split('\n');
      expect(lines[0]).toBe(path.includes('Pri') ? '-----BEGIN ENCRYPTED PRIVATE KEY-----' : '-----BEGIN CERTIFICATE-----');
      expect(Math.max(...lines.map(({ length }) => length))).toBe(64);
    }
  });

  it.each(EXPORT_FORMS)('as %s leave the identity as it was', async (form) => {
    const before = toHex(hong.sign.privateKeyInfo);
    await write([hong], form);
    expect(toHex(hong.sign.privateKeyInfo)).toBe(before);
  });

  it('as certificate hold no key', async () => {
    const { files } = await write([hong], 'certificate');
    const all = files.map(({ bytes }) => toHex(bytes)).join('');
    expect(all).not.toContain(toHex(hong.sign.privateKeyInfo.slice(400, 440)));
    expect(files.map(({ bytes }) => toHex(bytes))).toEqual([toHex(hong.sign.certificate.der), toHex(hong.km!.certificate.der)]);
  });

  it('are of the km pair where there is no other', async () => {
    expect(await pathsOf([{ ...hong, sign: null, chain: [] }], 'npki')).toEqual([`${folder}/kmCert.der`, `${folder}/kmPri.key`]);
    expect(await codeOf(() => write([{ sign: null, km: null, chain: [] }], 'npki'))).toBe('certificate.none');
    expect(await codeOf(() => write([], 'pfx-legacy'))).toBe('certificate.none');
  });
});

describe('the files of several identities', () => {
  it.each<[ExportForm, string]>([
    ['npki', 'NPKI-certificates-2.zip'],
    ['pfx-legacy', 'pfx-legacy-certificates-2.zip'],
    ['certificate', 'certificate-certificates-2.zip'],
  ])('as %s go into an archive called %s', async (form, name) => {
    expect((await write([hong, company], form)).name).toBe(name);
  });

  it('of one holder and one last day have names of their own', async () => {
    const twins = [await called('홍길동()'), await called('홍길동()'), await called('홍길동()')];
    expect(await pathsOf(twins, 'pfx-legacy')).toEqual(['홍길동-20261123.pfx', '홍길동-20261123-2.pfx', '홍길동-20261123-3.pfx']);
  });

  it('that differ in letter case alone have names of their own too', async () => {
    expect(await pathsOf([await called('Hong'), await called('HONG')], 'pfx-legacy')).toEqual(['Hong-20261123.pfx', 'HONG-20261123-2.pfx']);
  });

  it('of a renewed certificate, whose name is the same, lie in two folders', async () => {
    const folders = new Set((await pathsOf([old, renewed], 'npki')).map((path) => path.slice(0, path.lastIndexOf('/'))));
    const [first = '', second = ''] = [...folders];
    expect(folders.size).toBe(2);
    expect(second).toBe(`${first}-2`);
  });

  it('come in the order of the identities, each told when it is written', async () => {
    const told: string[] = [];
    const onIdentity = (): Promise<void> => Promise.resolve(void told.push('begin'));
    const onWritten = (files: readonly { path: string }[]): void => void told.push(files.map(({ path }) => path).join(' '));
    await write([company, hong], 'pfx-legacy', { onIdentity, onWritten });
    expect(told).toEqual(['begin', '(주)픽스처상사-20271024.pfx', 'begin', '홍길동-20271024.pfx']);
  });

  it('stop where they are told to', async () => {
    let left = 1;
    const onIdentity = (): Promise<void> => (left-- > 0 ? Promise.resolve() : Promise.reject(new DOMException('stop', 'AbortError')));
    await expect(write([company, hong], 'pfx-legacy', { onIdentity })).rejects.toThrow('stop');
  });
});

describe('names that would lead elsewhere, or that a system refuses', () => {
  it.each([
    ['../../etc/cron.d/x', '__.._etc_cron.d_x-20261123.pfx'],
    ['CON', 'CON-20261123.pfx'],
    ['a\\b:c', 'a_b_c-20261123.pfx'],
    ['two words', 'two_words-20261123.pfx'],
    ['.hidden', '_hidden-20261123.pfx'],
    ['홍'.repeat(150), `${'홍'.repeat(80)}.pfx`],
  ])('%j is written as %s', async (name, path) => {
    expect(await pathsOf([await called(name)], 'pfx-legacy')).toEqual([path]);
  });

  it.each(['npki', 'pem', 'pfx-legacy', 'certificate'] as const)('never leave the folder of the export: %s', async (form) => {
    const names = ['../..', '/etc/passwd', 'C:\\x', '..\\..\\x', '\u202egnp.exe', '.', '', 'a/../../b'];
    const identities = await Promise.all(names.map((name) => called(name)));
    for (const path of await pathsOf(identities, form)) {
      expect(path.split('/').every((part) => part !== '' && part !== '.' && part !== '..')).toBe(true);
      expect(path).not.toMatch(/[\0-\x1f\\:\u202e]/);
    }
  });

  it('have the last day as Korea counts it', async () => {
    const at = (iso: string): number => Date.parse(iso);
    expect(await pathsOf([await called('A', at('2027-10-23T14:59:59Z'))], 'pfx-legacy')).toEqual(['A-20271023.pfx']);
    expect(await pathsOf([await called('A', at('2027-10-23T15:00:00Z'))], 'pfx-legacy')).toEqual(['A-20271024.pfx']);
    expect(DAY).toBe(86_400_000);
  });
});
