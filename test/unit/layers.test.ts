import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { describe, expect, it } from 'vitest';

const ROOT = join(import.meta.dirname, '..', '..');

/** Which layers may import which (docs/ARCHITECTURE.md has the reasons). `types` are imports that leave no code behind. */
const LAYERS: Readonly<Record<string, { code: readonly string[]; types?: readonly string[]; packages?: readonly string[] }>> = {
  errors: { code: [] },
  bytes: { code: ['errors'] },
  calendar: { code: [] },
  characters: { code: [] },
  places: { code: [] },
  hosts: { code: [] },
  asn1: { code: ['bytes', 'errors'] },
  archive: { code: ['bytes', 'errors'] },
  npki: { code: ['asn1', 'bytes', 'errors'], packages: ['@noble/hashes'] },
  trust: { code: ['npki', 'asn1', 'bytes', 'errors'] },
  xml: { code: ['errors'] },
  sign: { code: ['characters', 'xml', 'trust', 'npki', 'asn1', 'bytes', 'errors'] },
  cmp: { code: ['trust', 'npki', 'asn1', 'bytes', 'errors'] },
  vault: { code: ['bytes', 'errors'] },
  protocol: { code: ['characters', 'errors'] },
  page: { code: ['protocol', 'bytes', 'errors'] },
  transfer: { code: ['bytes', 'errors'] },
  verify: { code: ['npki', 'sign', 'trust', 'protocol', 'asn1', 'bytes', 'errors'], packages: ['node:crypto', 'node:sqlite'] },
  wallet: { code: ['archive', 'calendar', 'cmp', 'places', 'npki', 'sign', 'trust', 'vault', 'protocol', 'asn1', 'bytes', 'errors'] },
  messaging: { code: ['errors', 'platform/browser.ts'], types: ['wallet'] },
  platform: {
    code: ['errors', 'bytes', 'calendar', 'hosts', 'protocol', 'vault', 'i18n'],
    types: ['wallet', 'transfer', 'cmp'],
    packages: ['webextension-polyfill', 'hash-wasm', 'qr'],
  },
  /** Wiring that several entrypoints share; like them it may import anything. */
  compose: { code: ['errors', 'cmp', 'messaging', 'platform', 'trust', 'vault', 'wallet', 'transfer'] },
  i18n: { code: ['calendar', 'characters', 'errors'], types: ['wallet', 'public'] },
  components: { code: ['messaging', 'i18n', 'calendar', 'places', 'hosts', 'errors'], types: ['wallet', 'transfer'], packages: ['svelte'] },
};

interface Import {
  readonly from: string;
  readonly target: string;
  readonly typeOnly: boolean;
}

function sources(folder: string): string[] {
  return readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.(ts|svelte)$/.test(name))
    .map((name) => join(folder, name));
}

function layerOf(path: string): string {
  const [top = '', second = ''] = path.split('/');
  return top === 'lib' ? second.replace(/\.ts$/, '') : top;
}

function importsOf(path: string): Import[] {
  const text = readFileSync(join(ROOT, path), 'utf8');
  const found: Import[] = [];
  for (const match of text.matchAll(/^\s*(?:import|export)\s+(type\s+)?(?:[^'";]*?\sfrom\s+)?'([^']+)'/gm)) {
    const specifier = match[2] ?? '';
    const target = specifier.startsWith('.') ? relative(ROOT, join(ROOT, dirname(path), specifier)) : specifier;
    found.push({ from: path, target, typeOnly: match[1] !== undefined });
  }
  return found;
}

function isAllowed(layer: string, { target, typeOnly }: Import): boolean {
  const rule = LAYERS[layer];
  if (!rule) return false;
  if (!/^(lib|public|components|entrypoints|demo|scripts|test)\//.test(target))
    return (rule.packages ?? []).some((name) => target === name || target.startsWith(`${name}/`));
  const wanted = layerOf(target);
  if (wanted === layer || rule.code.includes(wanted) || rule.code.includes(target.replace(/^lib\//, ''))) return true;
  return typeOnly && (rule.types ?? []).includes(wanted);
}

describe('layers', () => {
  const files = [...sources('lib'), ...sources('components')];

  it('knows every folder of lib', () => {
    expect([...new Set(files.map(layerOf))].filter((layer) => !(layer in LAYERS))).toEqual([]);
  });

  it.each(Object.keys(LAYERS))('%s imports nothing above it', (layer) => {
    const wrong = files
      .filter((path) => layerOf(path) === layer)
      .flatMap(importsOf)
      .filter((one) => !isAllowed(layer, one))
      .map(({ from, target }) => `${from} imports ${target}: move the code down, or declare a port in lib/wallet/ports.ts`);
    expect(wrong).toEqual([]);
  });

  it('lets only the door name the WebExtension API', () => {
    const strays = [...files, ...sources('entrypoints')]
      .filter((path) => !path.startsWith('lib/platform/') && !path.startsWith('lib/messaging/'))
      .filter((path) =>
        /(^|[^a-zA-Z.'])(chrome|browser)\.(runtime|storage|tabs|windows|alarms|permissions|action|idle|i18n)\b/m.test(
          readFileSync(join(ROOT, path), 'utf8'),
        ),
      );
    expect(strays).toEqual([]);
  });

  it('keeps the hashes of others in the folder of old ciphers', () => {
    const strays = files.filter((path) => !path.startsWith('lib/npki/legacy/')).flatMap(importsOf);
    expect(strays.filter(({ target }) => target.startsWith('@noble/')).map(({ from }) => from)).toEqual([]);
  });

  it('takes clock and randomness as arguments below the platform', () => {
    const pure = files.filter((path) => /^lib\/(bytes|calendar|hosts|asn1|npki|xml|sign|trust|cmp|vault|protocol|transfer|wallet)\//.test(path));
    const strays = pure.filter((path) => /Date\.now\(|Math\.random|getRandomValues|new Date\(\)/.test(readFileSync(join(ROOT, path), 'utf8')));
    expect(strays).toEqual([]);
  });

  it('fetches in two places: its own words, and authorities of the directory', () => {
    const inExtension = [...files, ...sources('entrypoints')].filter((path) => layerOf(path) !== 'verify'); // that one is for banks' servers
    const strays = inExtension.filter((path) =>
      /\b(fetch|XMLHttpRequest|WebSocket|sendBeacon|EventSource)\s*\(/.test(readFileSync(join(ROOT, path), 'utf8')),
    );
    expect(strays.sort()).toEqual(['lib/platform/ca-network.ts', 'lib/platform/locale.ts']);
  });
});

describe('ASN.1', () => {
  it('has one engine of ours at run time, and one copy of the judges\u2019 engine in the tests', () => {
    const manifest = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { dependencies: Record<string, string> };
    expect(Object.keys(manifest.dependencies).sort()).toEqual(['@noble/hashes', 'hash-wasm', 'qr', 'svelte', 'webextension-polyfill']);
    const lock = JSON.parse(readFileSync(join(ROOT, 'package-lock.json'), 'utf8')) as { packages: Record<string, { version?: string }> };
    const engines = Object.entries(lock.packages).filter(([path]) =>
      /(^|\/)node_modules\/(asn1js|pkijs|node-forge|asn1\.js|@peculiar\/asn1-schema)$/.test(path),
    );
    expect(engines.map(([path, { version }]) => `${path} ${version ?? ''}`)).toEqual(['node_modules/asn1js 3.1.0', 'node_modules/pkijs 3.4.3']);
  });

  it('pins every dependency to one version', () => {
    const manifest = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as Record<
      'dependencies' | 'devDependencies',
      Record<string, string>
    >;
    const loose = Object.entries({ ...manifest.dependencies, ...manifest.devDependencies }).filter(([, version]) => !/^\d+\.\d+\.\d+$/.test(version));
    expect(loose).toEqual([]);
  });
});
