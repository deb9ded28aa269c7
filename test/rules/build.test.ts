/** Rules about the finished build: what it may ask for, how large it may be, what stands in it. */
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';

const ROOT = join(import.meta.dirname, '..', '..');
const CHROME = join(ROOT, '.output', 'chrome-mv3');
const DEMO = join(ROOT, '.output', 'chrome-mv3-demo');
const FIREFOX = join(ROOT, '.output', 'firefox-mv3');

function bytesOf(...parts: string[]): Buffer {
  return readFileSync(join(...parts));
}

/** All scripts a page loads at its start: those its HTML names, and what these import statically. */
function entryScripts(folder: string, page: string): Set<string> {
  const found = new Set<string>();
  const waiting = [
    ...bytesOf(folder, page)
      .toString()
      .matchAll(/(?:src|href)="\/([^"]+\.js)"/g),
  ].map((match) => match[1]!);
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    if (found.has(next)) continue;
    found.add(next);
    for (const match of bytesOf(folder, next)
      .toString()
      .matchAll(/\bfrom\s*["']\.\/([^"']+)["']|\bimport\s*["']\.\/([^"']+)["']/g)) {
      waiting.push(join(next, '..', (match[1] ?? match[2])!));
    }
  }
  return found;
}

function sizes(folder: string, files: Iterable<string>): { min: number; gz: number } {
  let min = 0;
  let gz = 0;
  for (const file of files) {
    const bytes = bytesOf(folder, file);
    min += bytes.length;
    gz += gzipSync(bytes, { level: 9 }).length;
  }
  return { min, gz };
}

/**
 * Background: what it signs it frames itself, and cannot load later: the XML reader, canonical XML and the profile of tax invoices take 10 kB.
 * Popup and approval window: the Svelte runtime takes 40 kB of theirs, the API door 11 kB, the brightness 1 kB. What opens vaults and reads
 * certificates is not in these entries; it comes after the first paint.
 */
const BUDGETS: readonly { name: string; files: () => Iterable<string>; min: number; gz: number }[] = [
  { name: 'background', files: () => ['background.js'], min: 148_200, gz: 50_100 },
  { name: 'content script', files: () => ['content-scripts/content.js'], min: 20_000, gz: 7_000 },
  { name: 'popup entry', files: () => entryScripts(CHROME, 'popup.html'), min: 95_800, gz: 36_600 },
  { name: 'approval entry', files: () => entryScripts(CHROME, 'approve.html'), min: 109_900, gz: 40_300 },
  { name: 'manager entry', files: () => entryScripts(CHROME, 'manager.html'), min: 157_200, gz: 56_500 },
  { name: 'KDF worker', files: () => ['kdf-worker.js'], min: 36_000, gz: 14_000 },
];

describe('budgets', () => {
  it.each(BUDGETS)('$name stays within $min bytes, $gz gzipped', ({ name, files, min, gz }) => {
    const list = [...files()];
    expect(list.length, name).toBeGreaterThan(0);
    const size = sizes(CHROME, list);
    const advice = `${name}: ${size.min} bytes, ${size.gz} gzipped in ${list.join(', ')}. Load it later in a page, or change the number here and say why in the commit.`;
    expect(size.min, advice).toBeLessThanOrEqual(min);
    expect(size.gz, advice).toBeLessThanOrEqual(gz);
  });

  it('keeps the page library under 12 kB, 4.4 kB gzipped', () => {
    const size = sizes(join(ROOT, 'dist/page'), ['dojang.js']);
    expect(size.min).toBeLessThanOrEqual(12_000);
    expect(size.gz).toBeLessThan(4_400);
  });

  it('keeps the style sheets of a page under 24 kB and both locales under 287 kB', () => {
    const styles = readdirSync(join(CHROME, 'assets')).filter((name) => name.endsWith('.css'));
    for (const name of styles) expect(statSync(join(CHROME, 'assets', name)).size, name).toBeLessThanOrEqual(24_000);
    const locales = ['ko', 'en'].map((locale) => statSync(join(CHROME, '_locales', locale, 'messages.json')).size);
    expect(locales[0]! + locales[1]!).toBeLessThanOrEqual(287_000);
  });
});

interface Manifest {
  permissions?: string[];
  host_permissions?: string[];
  optional_host_permissions?: string[];
  content_scripts: { matches: string[]; run_at: string; all_frames?: boolean; js: string[] }[];
  content_security_policy: { extension_pages: string };
  web_accessible_resources?: unknown;
  externally_connectable?: unknown;
}

function manifestOf(folder: string): Manifest {
  return JSON.parse(bytesOf(folder, 'manifest.json').toString()) as Manifest;
}

describe.each([
  ['Chromium', CHROME],
  ['Firefox', FIREFOX],
])('manifest for %s', (_name, folder) => {
  const manifest = manifestOf(folder);

  it('asks for exactly the reviewed permissions', () => {
    // `activeTab`, `scripting`: a click on the toolbar button answers the page in front; neither has a word at installation.
    // `notifications`: certificates that expire are told without any page; the browser asks nobody for it at installation.
    expect([...(manifest.permissions ?? [])].sort()).toEqual([
      'activeTab',
      'alarms',
      'idle',
      'notifications',
      'scripting',
      'storage',
      'unlimitedStorage',
    ]);
    expect(manifest.host_permissions ?? []).toEqual([]);
    // Asked for site by site, in the click on `사이트 추가` or `항상 켜기`; none is there after the installation.
    expect(manifest.optional_host_permissions ?? []).toEqual(['https://*/*']);
  });

  it('runs one script, in top frames of listed https hosts only', () => {
    expect(manifest.content_scripts).toHaveLength(1);
    const [script] = manifest.content_scripts;
    expect(script!.run_at).toBe('document_start');
    expect(script!.all_frames ?? false).toBe(false);
    expect(script!.matches.filter((match) => !/^https:\/\/(\*\.)?[a-z0-9-]+(\.[a-z0-9-]+)+\/\*$/.test(match))).toEqual([]);
  });

  it('lets pages load nothing from outside and shows no file to sites', () => {
    const policy = manifest.content_security_policy.extension_pages;
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).toContain("require-trusted-types-for 'script'");
    // No authority of the directory can be talked to yet; its hosts will stand here, and no others.
    expect(policy).toContain("connect-src 'self';");
    expect(policy).not.toMatch(/https?:|unsafe-inline|unsafe-eval(?<!wasm-unsafe-eval)/);
    expect(manifest.web_accessible_resources ?? []).toEqual([]);
  });
});

describe('bundles', () => {
  it('differ between product and demo only in loopback', () => {
    const loopback = ['http://localhost/*', 'http://127.0.0.1/*'];
    expect(manifestOf(DEMO).host_permissions).toEqual(loopback);
    const [product, demo] = [CHROME, DEMO].map((folder) => manifestOf(folder).content_security_policy.extension_pages);
    expect(demo!.replace(' http://localhost:* http://127.0.0.1:*', '')).toBe(product);
    expect(manifestOf(CHROME).content_scripts[0]!.matches.filter((match) => match.startsWith('http:'))).toEqual([]);
    expect(manifestOf(DEMO).content_scripts[0]!.matches.filter((match) => match.startsWith('http:'))).toEqual(loopback);
  });

  it.each(['background.js', 'content-scripts/content.js'])('%s holds no password hashing, no ASN.1 library, no late import', (file) => {
    const text = bytesOf(CHROME, file).toString();
    expect(text).not.toMatch(/AGFzbQ|asn1js|pkijs|Reflect\.metadata/);
    expect(text).not.toMatch(/\bimport\s*\(/);
  });

  it.each(
    [CHROME, FIREFOX].flatMap((folder) =>
      readdirSync(folder, { recursive: true, encoding: 'utf8' })
        .filter((name) => name.endsWith('.js'))
        .map((name) => [join(folder, name)]),
    ),
  )('%s evaluates no text and names no foreign server', (file) => {
    const text = bytesOf(file).toString();
    expect(text).not.toMatch(/\beval\(|new Function\(/);
    const addresses = [...text.matchAll(/https?:\/\/[a-z0-9.-]+/gi)].map(([address]) => address);
    const known = /^https?:\/\/((\*\.)?|www\.w3\.org|svelte\.dev|localhost|127\.0\.0\.1)/;
    expect(addresses.filter((address) => !known.test(address) || /cdn|analytics|sentry/i.test(address))).toEqual([]);
  });

  it.each([CHROME, FIREFOX].flatMap((folder) => ['popup.html', 'approve.html', 'manager.html'].map((page) => [join(folder, page)])))(
    '%s is as bright as the owner wants before anything is painted',
    (page) => {
      const scripts = [
        ...bytesOf(page)
          .toString()
          .matchAll(/<script([^>]*)>/g),
      ].map(([, attributes]) => attributes!.trim());
      expect(scripts[0]).toBe('src="/theme.js"');
      expect(scripts.slice(1).every((attributes) => attributes.startsWith('type="module"'))).toBe(true);
    },
  );

  it.each([CHROME, FIREFOX])('%s brings the licence of every package that it ships', (folder) => {
    const { dependencies } = JSON.parse(bytesOf(ROOT, 'package.json').toString()) as { dependencies: Record<string, string> };
    const text = bytesOf(folder, 'licences.txt').toString();
    const entries = text.split(`${'-'.repeat(72)}\n`);
    expect(text.startsWith('Dojang ')).toBe(true);
    for (const [name, version] of Object.entries(dependencies)) {
      const entry = entries.find((one) => one.trimStart().startsWith(`${name} ${version} (`));
      expect(entry, name).toMatch(/copyright|Mozilla Public License/i);
    }
  });

  it('carry no source maps', () => {
    for (const folder of [CHROME, FIREFOX]) {
      expect(existsSync(folder)).toBe(true);
      expect(readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.map'))).toEqual([]);
    }
  });
});
