/** What goes out in any form comes in again as it was: certificates, keys, R, km pairs, and the authorities where the form has them. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readZip } from '../../../lib/archive/read-zip.ts';
import { writeZip } from '../../../lib/archive/write-zip.ts';
import type { Bytes } from '../../../lib/bytes/bytes.ts';
import { toHex } from '../../../lib/bytes/hex.ts';
import { readCertificate } from '../../../lib/npki/certificate.ts';
import { EXPORT_FORMS, exportIdentities, type ExportForm, type ExportIdentity, type WrittenFile } from '../../../lib/npki/export-files.ts';
import { readFileContents, type FileContent } from '../../../lib/npki/file-content.ts';
import { findIdentities } from '../../../lib/npki/folder.ts';
import { openContainer, openIdentity, type OpenedPair } from '../../../lib/npki/open-identity.ts';
import { openPfx } from '../../../lib/npki/pkcs12/open-pfx.ts';
import { codeOf, FIXTURES, readFixture } from '../../support/npki-fixtures.ts';
import { openFixtures } from '../../support/opened-fixtures.ts';

const readFileContent = (bytes: Bytes): FileContent => readFileContents(bytes).contents[0]!;

const PASSWORD = 'Grape#Wind7204';
const IDENTITIES = await openFixtures();
const KEY_FORMS = EXPORT_FORMS.filter((form) => form !== 'certificate');
const random = (length: number): Bytes => crypto.getRandomValues(new Uint8Array(length));

const written = async (identities: readonly ExportIdentity[], form: ExportForm): Promise<readonly WrittenFile[]> =>
  (await exportIdentities(identities, form, PASSWORD, { random })).files;

interface Read {
  readonly sign: OpenedPair | null;
  readonly km: OpenedPair | null;
  readonly chain: ExportIdentity['chain'];
}

/** Every identity in files. Anything that was refused, or stays alone, breaks the test. */
async function readBack(files: readonly WrittenFile[], password = PASSWORD): Promise<readonly Read[]> {
  const read: Read[] = [];
  for (const found of findIdentities(files)) {
    if (found.kind === 'container') {
      const entries = await openContainer(found, password);
      expect(entries.map(({ problem }) => problem)).toEqual(entries.map(() => null));
      read.push(...entries);
    } else {
      expect(found.refusal).toBeNull();
      const { sign, km, kmProblem } = await openIdentity(found, password);
      expect(kmProblem).toBeNull();
      read.push({ sign, km, chain: found.chain });
    }
  }
  return read;
}

/** Octets as text, which compares and prints. */
function octets({ sign, km, chain }: ExportIdentity): object {
  return {
    certificate: sign && toHex(sign.certificate.der),
    privateKeyInfo: sign && toHex(sign.privateKeyInfo),
    kmCertificate: km && toHex(km.certificate.der),
    kmPrivateKeyInfo: km && toHex(km.privateKeyInfo),
    chain: chain.map(({ der }) => toHex(der)),
  };
}

function asWritten({ sign, km, chain }: Read): ExportIdentity {
  const pair = (one: OpenedPair | null): ExportIdentity['sign'] => one && { certificate: one.certificate, privateKeyInfo: one.key.privateKeyInfo };
  return { sign: pair(sign), km: pair(km), chain };
}

describe.each(KEY_FORMS)('an export as %s (F24)', (form) => {
  it.each(IDENTITIES)('$id comes back octet for octet', async (identity) => {
    const [read, ...more] = await readBack(await written([identity], form));
    expect(more).toEqual([]);
    // Old programs take any certificate of the file for the holder's: that form carries no authorities.
    const chain = form === 'pfx-legacy' ? [] : identity.chain;
    expect(octets(asWritten(read!))).toEqual(octets({ ...identity, chain }));
    expect(read!.sign!.key.random && toHex(read!.sign!.key.random)).toBe(identity.rHex);
    expect(read!.km?.key.random ?? null).toBeNull();
  });

  it('does not open with another password', async () => {
    const [first] = IDENTITIES;
    const files = await written([first!], form);
    expect(await codeOf(() => readBack(files, `${PASSWORD}x`))).toBe('password.wrong');
  });
});

describe('an export as certificate (F24)', () => {
  it.each(IDENTITIES)('$id comes back, and no key with it', async (identity) => {
    const files = await written([identity], 'certificate');
    const pairs = identity.km ? [identity.sign, identity.km] : [identity.sign];
    expect(files.map(({ bytes }) => toHex(bytes))).toEqual(pairs.map(({ certificate }) => toHex(certificate.der)));
    const contents = files.map(({ bytes }) => readFileContent(bytes));
    expect(contents.map(({ kind }) => kind)).toEqual(pairs.map(() => 'certificate'));
  });
});

describe('all identities at once', () => {
  it.each(['npki', 'npki-pbes2', 'pfx-legacy'] as const)('as %s come back under paths of their own', async (form) => {
    const files = await written(IDENTITIES, form);
    expect(new Set(files.map(({ path }) => path.normalize('NFC').toLowerCase())).size).toBe(files.length);
    const read = await readBack(files);
    const sorted = (all: readonly ExportIdentity[]): string[] => all.map((one) => JSON.stringify(octets({ ...one, chain: [] }))).sort();
    expect(sorted(read.map(asWritten))).toEqual(sorted(IDENTITIES));
  });

  it('go through a zip', async () => {
    const files = await written(IDENTITIES, 'npki');
    const unzipped = await readZip(writeZip(files, { time: 0 }));
    expect(unzipped).toEqual(files);
  });

  it('as npki keep their paths when they go out again', async () => {
    const first = await written(IDENTITIES, 'npki');
    const again = await written((await readBack(first)).map(asWritten), 'npki');
    expect(again.map(({ path }) => path)).toEqual(first.map(({ path }) => path));
  });

  it('as npki lie where the fixtures of the same authorities lie', async () => {
    const found = findIdentities(await written(IDENTITIES, 'npki')).map(({ path }) => path.toLowerCase());
    const fixtures = readdirSync(join(FIXTURES, 'npki', 'NPKI', 'yessign', 'USER')).map((name) => `npki/yessign/user/${name}`.toLowerCase());
    expect(fixtures.filter((path) => !found.includes(path))).toEqual([]);
  });

  it('have fresh salts and vectors every time', async () => {
    const [first] = IDENTITIES;
    const keys = async (form: ExportForm): Promise<string[]> =>
      (await written([first!], form)).filter(({ path }) => /\.(?:key|pfx)$/.test(path)).map(({ bytes }) => toHex(bytes));
    for (const form of ['npki', 'npki-pbes2', 'pfx-legacy'] as const) {
      const both = [...(await keys(form)), ...(await keys(form))];
      expect(new Set(both).size).toBe(both.length);
    }
  });
});

describe('certificates of the genuine authorities', () => {
  const names = readdirSync(join(FIXTURES, 'ca-certs'));
  const authorities = names.map((name) => readCertificate(readFixture('ca-certs', name)));
  const [holder] = IDENTITIES;
  const hex = (certificates: readonly { readonly der: Bytes }[]): string[] => certificates.map(({ der }) => toHex(der));

  it.each(authorities.map((authority, at) => [names[at]!, authority] as const))('%s goes along octet for octet', async (_, authority) => {
    const tree = await written([{ ...holder!, chain: [authority] }], 'npki');
    const caPubs = readFileContent(tree.find(({ path }) => path.endsWith('/CaPubs'))!.bytes);
    expect(caPubs.kind === 'chain' ? hex(caPubs.certificates) : caPubs.kind).toEqual(hex([authority]));
  });

  it('go along together, root first in CaPubs and issuer first in PKCS#12 and PEM', async () => {
    const chain = authorities.filter(({ basicConstraints }) => basicConstraints?.ca === true).slice(0, 5);
    const identity = { ...holder!, chain };
    const tree = await written([identity], 'npki');
    const caPubs = readFileContent(tree.find(({ path }) => path.endsWith('/CaPubs'))!.bytes);
    expect(caPubs.kind === 'chain' && hex(caPubs.certificates)).toEqual(hex([...chain].reverse()));
    const [pfx] = await written([identity], 'pfx-modern');
    expect(hex((await openPfx(pfx!.bytes, PASSWORD)).certificates)).toEqual(hex([holder!.sign.certificate, holder!.km!.certificate, ...chain]));
    const texts = await written([identity], 'pem');
    const bundle = readFileContent(texts.find(({ path }) => path.endsWith('/chain.pem'))!.bytes);
    expect(bundle.kind === 'chain' && hex(bundle.certificates)).toEqual(hex(chain));
  });
});
