/** Other implementations that the product does not ship. A missing one is skipped by its name. */
import { spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

const ROOT = join(import.meta.dirname, '..', '..');
/** Installed outside of the source tree, so that nothing here can import them by accident. */
const PEERS = join(ROOT, '.output', 'bench', 'peers');

function resolve(name: string): string | null {
  for (const folder of [PEERS, ROOT]) {
    try {
      return createRequire(join(folder, 'package.json')).resolve(name);
    } catch {
      // the next folder
    }
  }
  return null;
}

/** Address of a peer's module, or null where it is not installed. */
export function peerUrl(name: string): string | null {
  const path = resolve(name);
  return path === null ? null : pathToFileURL(path).href;
}

/** How a missing peer stands in the closing line. */
export function notInstalled(name: string): string {
  return `${name} (not installed)`;
}

/** Installs the pinned peers with npm. */
export function installPeers(): void {
  mkdirSync(PEERS, { recursive: true });
  for (const file of ['package.json', 'package-lock.json']) copyFileSync(join(import.meta.dirname, 'peers', file), join(PEERS, file));
  const { status } = spawnSync('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund'], { cwd: PEERS, stdio: 'inherit' });
  if (status !== 0 || !existsSync(join(PEERS, 'node_modules'))) throw new Error('the peers could not be installed');
}
