/** Builds the two libraries for bank developers: `dist/page` (browser, one file) and `dist/verify` (Node), each with types. */
import { spawnSync } from 'node:child_process';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'vite';

const ROOT = join(import.meta.dirname, '..');

/** Bundles each entry into one file of its own; what is external stays an import. */
async function bundle(entries: Record<string, string>, outDir: string, external: (string | RegExp)[]): Promise<void> {
  await build({
    root: ROOT,
    configFile: false,
    publicDir: false,
    logLevel: 'warn',
    build: {
      outDir,
      emptyOutDir: false,
      target: 'es2022',
      minify: external.length === 0 ? 'oxc' : false,
      lib: {
        entry: Object.fromEntries(Object.entries(entries).map(([name, path]) => [name, join(ROOT, path)])),
        formats: ['es'],
        fileName: (_format, name) => `${name}.js`,
      },
      rolldownOptions: { external },
    },
  });
}

function declarations(entry: string, outDir: string): void {
  const options = ['--noEmit', 'false', '--emitDeclarationOnly', '--declaration', '--rewriteRelativeImportExtensions', '--rootDir', 'lib'];
  const shared = [
    '--target',
    'ES2023',
    '--lib',
    'ES2024,DOM,DOM.Iterable',
    '--module',
    'ESNext',
    '--moduleResolution',
    'bundler',
    '--strict',
    '--skipLibCheck',
  ];
  const tsc = join(ROOT, 'node_modules', 'typescript', 'bin', 'tsc');
  const args = ['--ignoreConfig', ...options, ...shared, '--types', 'node', '--outDir', outDir, entry];
  const { status } = spawnSync(process.execPath, [tsc, ...args], { cwd: ROOT, stdio: 'inherit' });
  if (status !== 0) throw new Error(`declarations of ${entry}`);
}

export async function buildLibraries(): Promise<void> {
  rmSync(join(ROOT, 'dist'), { recursive: true, force: true });
  await bundle({ dojang: 'lib/page/dojang.ts' }, 'dist/page', []);
  // One by one, so that each file stands alone.
  await bundle({ verifier: 'lib/verify/verifier.ts' }, 'dist/verify', [/^node:/]);
  await bundle({ 'sqlite-nonces': 'lib/verify/sqlite-nonces.ts' }, 'dist/verify', [/^node:/]);
  await bundle({ 'online-status': 'lib/verify/online-status.ts' }, 'dist/verify', [/^node:/]);
  declarations('lib/page/dojang.ts', 'dist/page/types');
  declarations('lib/verify/verifier.ts', 'dist/verify/types');
  declarations('lib/verify/sqlite-nonces.ts', 'dist/verify/types');
  declarations('lib/verify/online-status.ts', 'dist/verify/types');
  writeFileSync(join(ROOT, 'dist/page/dojang.d.ts'), "export * from './types/page/dojang.js';\n");
  for (const name of ['verifier', 'sqlite-nonces', 'online-status'])
    writeFileSync(join(ROOT, `dist/verify/${name}.d.ts`), `export * from './types/verify/${name}.js';\n`);
}

if (import.meta.main) await buildLibraries();
