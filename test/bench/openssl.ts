/** OpenSSL's word on messages and paths. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Bytes } from '../../lib/bytes/bytes.ts';
import { certificatePem, openssl } from '../support/openssl.ts';
import { NOW } from './fixtures.ts';

export { OPENSSL_VERSION } from '../support/openssl.ts';

export const NO_OPENSSL = 'openssl is not installed, so nothing could judge';

function at(time: number): string[] {
  return ['-attime', String(Math.floor(time / 1000))];
}

/** The content that OpenSSL finds signed in a CMS message under that root. @throws where it does not verify */
export function contentForOpenssl(cms: Bytes, root: Bytes, time = NOW): Uint8Array {
  const folder = mkdtempSync(join(tmpdir(), 'dojang-bench-'));
  try {
    writeFileSync(join(folder, 'message.der'), cms);
    writeFileSync(join(folder, 'root.pem'), certificatePem(root));
    const files = ['-in', 'message.der', '-CAfile', 'root.pem', '-out', 'content'];
    const { status, stderr } = spawnSync('openssl', ['cms', '-verify', '-binary', '-inform', 'DER', '-purpose', 'any', ...files, ...at(time)], {
      cwd: folder,
    });
    if (status !== 0) throw new Error(`OpenSSL: ${stderr.toString().split('\n')[0] ?? ''}`);
    return new Uint8Array(readFileSync(join(folder, 'content')));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** @throws where OpenSSL finds no path from the leaf to the root */
export function requirePathForOpenssl(leaf: Bytes, intermediate: Bytes, root: Bytes): void {
  const files = { 'leaf.pem': certificatePem(leaf), 'sub.pem': certificatePem(intermediate), 'root.pem': certificatePem(root) };
  const { ok, stdout, stderr } = openssl(
    ['verify', '-CAfile', 'root.pem', '-untrusted', 'sub.pem', '-purpose', 'any', ...at(NOW), 'leaf.pem'],
    files,
  );
  if (!ok) throw new Error(`OpenSSL: ${stderr}${stdout.toString()}`);
}
