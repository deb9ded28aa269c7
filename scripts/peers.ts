/** The programs beside npm that this project runs with: found where they usually are, else installed by Debian's package manager. */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';

export interface Peer {
  readonly name: string;
  readonly package: string;
  /** Environment variable that names it, where it stands elsewhere. */
  readonly variable?: string;
  readonly paths: readonly string[];
}

export const CHROMIUM: Peer = {
  name: 'Chromium',
  package: 'chromium',
  variable: 'DOJANG_CHROMIUM',
  paths: ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/snap/bin/chromium', '/Applications/Chromium.app/Contents/MacOS/Chromium'],
};
/**
 * Debian keeps Chromium's languages apart from it; without Korean the pages of an extension are English in a Korean browser.
 * Elsewhere they come along.
 */
export const CHROMIUM_KOREAN: Peer = {
  name: 'Chromium’s Korean',
  package: 'chromium-l10n',
  variable: 'DOJANG_CHROMIUM',
  paths: ['/usr/lib/chromium/locales/ko.pak', ...CHROMIUM.paths.slice(1)],
};
export const FIREFOX: Peer = {
  name: 'Firefox',
  package: 'firefox-esr',
  variable: 'DOJANG_FIREFOX',
  paths: ['/usr/bin/firefox-esr', '/usr/bin/firefox', '/Applications/Firefox.app/Contents/MacOS/firefox'],
};
export const FONTS: Peer = { name: 'Korean fonts', package: 'fonts-noto-cjk', paths: ['/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc'] };
export const KEYTOOL: Peer = {
  name: 'The JDK',
  package: 'openjdk-17-jdk-headless',
  variable: 'DOJANG_KEYTOOL',
  paths: ['/usr/bin/keytool', '/opt/homebrew/opt/openjdk/bin/keytool'],
};
export const OPENSSL: Peer = { name: 'OpenSSL', package: 'openssl', paths: ['/usr/bin/openssl', '/opt/homebrew/bin/openssl'] };

/** Where a peer is, or null. */
export function findPeer({ variable, paths }: Peer): string | null {
  const named = variable === undefined ? undefined : process.env[variable];
  if (named !== undefined && existsSync(named)) return named;
  return paths.find((path) => existsSync(path)) ?? null;
}

function aptInstall(packages: readonly string[]): boolean {
  if (!existsSync('/usr/bin/apt-get') || process.getuid?.() !== 0) return false;
  const environment = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const run = (...args: string[]): boolean => spawnSync('apt-get', args, { stdio: ['ignore', 'ignore', 'inherit'], env: environment }).status === 0;
  console.log(`Installing ${packages.join(', ')} with apt-get …`);
  return run('update', '-qq') && run('install', '-y', '-qq', '--no-install-recommends', ...packages);
}

/** Makes sure that the peers are there; says what to do where it cannot install them itself. */
export function ensurePeers(peers: readonly Peer[]): void {
  const missing = peers.filter((peer) => findPeer(peer) === null);
  if (missing.length > 0) aptInstall(missing.map((peer) => peer.package));
  const still = peers.filter((peer) => findPeer(peer) === null);
  if (still.length === 0) return;
  for (const peer of still) {
    const hint = peer.variable === undefined ? '' : `, or name it with ${peer.variable}=/path/to/it`;
    console.error(`${peer.name} is missing. Install it (Debian: sudo apt-get install ${peer.package})${hint}.`);
  }
  process.exit(1);
}

export function requirePeer(peer: Peer): string {
  const path = findPeer(peer);
  if (path === null) throw new Error(`${peer.name} is missing`);
  return path;
}
