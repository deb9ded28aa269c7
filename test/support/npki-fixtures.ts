/** The certificate files of test/fixtures, and what their maker says about them. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { copy, type Bytes } from '../../lib/bytes/bytes.ts';
import { errorCode, type ErrorCode } from '../../lib/errors.ts';
import type { PathAndBytes } from '../../lib/npki/picked-file.ts';

export const FIXTURES = join(import.meta.dirname, '..', 'fixtures');

export interface FixtureIdentity {
  readonly id: string;
  readonly folder: string;
  readonly password: string;
  readonly ca: string;
  readonly issuerO: string;
  readonly serialHex: string;
  readonly notBefore: string;
  readonly notAfter: string;
  readonly policyOid: string;
  readonly rsaBits: number;
  readonly realName: string;
  readonly idn: string;
  readonly vidHash: string;
  readonly vidHex: string;
  readonly rHex: string | null;
  readonly certSha256: string;
  readonly encryptionOid: string;
  readonly encryption: string;
  readonly iterations: number;
  readonly privateKeyInfoSha256: string;
  readonly modulusHex: string;
  readonly subjectRdnsEncodedOrder: readonly string[];
  readonly wrongPassword: string;
  readonly wrongPasswordWithValidPadding?: string;
  readonly km?: { readonly serialHex: string; readonly certSha256: string; readonly privateKeyInfoSha256: string };
}

interface Manifest {
  readonly badFilesPassword: string;
  readonly identities: readonly FixtureIdentity[];
  readonly bad: Readonly<Record<string, string>>;
}

export function readFixture(...path: readonly string[]): Bytes {
  return copy(readFileSync(join(FIXTURES, ...path)));
}

export function readJson(...path: readonly string[]): unknown {
  return JSON.parse(readFileSync(join(FIXTURES, ...path), 'utf8'));
}

export const MANIFEST = readJson('npki', 'manifest.json') as Manifest;

/** Every file below a folder of the fixtures, with paths from there. */
export function filesBelow(...path: readonly string[]): PathAndBytes[] {
  const root = join(FIXTURES, ...path);
  return readdirSync(root, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort()
    .map((file) => ({ path: file.slice(root.length + 1), bytes: copy(readFileSync(file)) }));
}

/** A file of an identity by its usual name, whatever its letter case is on disk. */
export function identityFile(identity: FixtureIdentity, name: 'signCert.der' | 'signPri.key' | 'kmCert.der' | 'kmPri.key' | 'CaPubs'): Bytes {
  const found = readdirSync(join(FIXTURES, 'npki', identity.folder)).find((entry) => entry.toLowerCase() === name.toLowerCase());
  if (found === undefined) throw new Error(`${identity.id} has no ${name}`);
  return readFixture('npki', identity.folder, found);
}

export function fixture(id: string): FixtureIdentity {
  const found = MANIFEST.identities.find((identity) => identity.id === id);
  if (found === undefined) throw new Error(`no fixture ${id}`);
  return found;
}

/** The code of what is thrown; `none` where nothing is. */
export async function codeOf(act: () => unknown): Promise<ErrorCode | 'none'> {
  try {
    await act();
    return 'none';
  } catch (thrown) {
    return errorCode(thrown);
  }
}
