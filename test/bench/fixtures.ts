/** Fixtures that the cases run on, and what others say of them. */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { equal, type Bytes } from '../../lib/bytes/bytes.ts';
import { openPrivateKey } from '../../lib/npki/private-key.ts';

const FIXTURES = join(import.meta.dirname, '..', 'fixtures');
const NPKI = join(FIXTURES, 'npki');

/** What the independent program that made the fixtures says of an identity. */
export interface MadeIdentity {
  readonly id: string;
  readonly folder: string;
  readonly password: string;
  readonly iterations: number;
  readonly notAfter: string;
  readonly privateKeyInfoSha256: string;
}

const manifest = JSON.parse(readFileSync(join(NPKI, 'manifest.json'), 'utf8')) as { now: string; identities: readonly MadeIdentity[] };

/** The moment the fixtures are made for. */
export const NOW = Date.parse(manifest.now);

export function identity(id: string): MadeIdentity {
  const found = manifest.identities.find((one) => one.id === id);
  if (found === undefined) throw new Error(`no fixture ${id}`);
  return found;
}

/** A file below test/fixtures/npki. */
export function fixture(path: string): Bytes {
  return new Uint8Array(readFileSync(join(NPKI, path)));
}

export interface IdentityFiles {
  readonly certificate: Bytes;
  readonly keyFile: Bytes;
  readonly password: string;
  readonly made: MadeIdentity;
}

export function identityFiles(id: string): IdentityFiles {
  const made = identity(id);
  return { certificate: fixture(`${made.folder}/signCert.der`), keyFile: fixture(`${made.folder}/signPri.key`), password: made.password, made };
}

export const SIGNING = { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' } as const;

export interface Signer {
  readonly certificate: Bytes;
  readonly privateKeyInfo: Bytes;
  readonly key: CryptoKey;
}

/** The first personal identity, opened. */
export async function signer(): Promise<Signer> {
  const { certificate, keyFile, password, made } = identityFiles('personal-bank-sha1seed');
  const { privateKeyInfo } = await openPrivateKey(keyFile, password);
  same(sha256Hex(privateKeyInfo), made.privateKeyInfoSha256, 'private key');
  return { certificate, privateKeyInfo, key: await crypto.subtle.importKey('pkcs8', privateKeyInfo, SIGNING, true, ['sign']) };
}

/** All certificates of the fixtures, whoever made them. */
export function allCertificates(): Bytes[] {
  return readdirSync(FIXTURES, { recursive: true, encoding: 'utf8' })
    .filter((name) => /(?:Cert|ca-certs\/.*|ca\/.*)\.der$/.test(name) && !name.includes('/bad/'))
    .sort()
    .map((name) => new Uint8Array(readFileSync(join(FIXTURES, name))));
}

export function sha256Hex(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/** @throws where two outputs differ */
export function same(found: unknown, expected: unknown, what: string): void {
  const isSame = found instanceof Uint8Array && expected instanceof Uint8Array ? equal(found, expected) : found === expected;
  if (!isSame) throw new Error(`${what} differs`);
}
