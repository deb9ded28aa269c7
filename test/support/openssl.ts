/** OpenSSL as an independent judge. Where it is not installed the tests that need it say so by name. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const probe = spawnSync('openssl', ['version'], { encoding: 'utf8' });

/** Null where there is no OpenSSL 3. */
export const OPENSSL_VERSION = /^OpenSSL (3\.\S+)/.exec(probe.stdout || '')?.[1] ?? null;

/** For the titles of tests: which OpenSSL judges, or why nothing is judged. */
export const OPENSSL_TITLE = OPENSSL_VERSION === null ? 'OpenSSL 3 (skipped: the command openssl is not installed)' : `OpenSSL ${OPENSSL_VERSION}`;

export interface OpensslRun {
  readonly ok: boolean;
  readonly stdout: Buffer;
  readonly stderr: string;
}

/** Runs openssl in a folder that holds the given files, and removes the folder. Arguments name the files by their keys. */
export function openssl(args: readonly string[], files: Readonly<Record<string, Uint8Array | string>>): OpensslRun {
  const folder = mkdtempSync(join(tmpdir(), 'dojang-openssl-'));
  try {
    for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content);
    const run = spawnSync('openssl', args, { cwd: folder });
    return { ok: run.status === 0, stdout: run.stdout, stderr: run.stderr.toString() };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** PEM of a certificate, as openssl wants its trust files. */
export function certificatePem(certificate: Uint8Array): string {
  const lines =
    Buffer.from(certificate)
      .toString('base64')
      .match(/.{1,64}/g) ?? [];
  return ['-----BEGIN CERTIFICATE-----', ...lines, '-----END CERTIFICATE-----', ''].join('\n');
}
