/** What the browser groups run on, built for the bench alone: the demo extension, an empty one beside it, and scripts. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { build as buildScript, type InlineConfig, type Rolldown } from 'vite';

const ROOT = join(import.meta.dirname, '..', '..', '..');
const OUT = join(ROOT, '.output', 'bench');
/** The demo extension, once `buildDemo` has run. */
export const DEMO = join(OUT, 'chrome-mv3-demo');

/** Builds the demo extension in a process of its own, since the builder talks; gives its folder. */
export function buildDemo(): string {
  const options = { root: ROOT, mode: 'demo', browser: 'chrome', manifestVersion: 3, outDir: join('.output', 'bench') };
  const script = `import { build } from 'wxt'; await build(${JSON.stringify(options)});`;
  const { status } = spawnSync(process.execPath, ['--input-type=module', '-e', script], { cwd: ROOT, stdio: 'ignore' });
  if (status !== 0) throw new Error('the demo extension does not build; npm run build:demo-chromium says why');
  return DEMO;
}

/** An extension that does nothing but answer messages: its background file and a page to send from. */
export function writeEmptyExtension(): string {
  const folder = join(OUT, 'empty-extension');
  const manifest = { manifest_version: 3, name: 'Empty', version: '1', permissions: ['storage'], background: { service_worker: 'empty.js' } };
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'manifest.json'), JSON.stringify(manifest));
  writeFileSync(
    join(folder, 'empty.js'),
    'chrome.runtime.onMessage.addListener((message, sender, respond) => { respond({ ok: true, value: null }); return true; });\n',
  );
  writeFileSync(join(folder, 'page.html'), '<!doctype html><meta charset="utf-8"><title>empty</title><p>empty</p>');
  return folder;
}

async function bundle(entry: string, format: 'es' | 'iife', minify: boolean): Promise<string> {
  const config: InlineConfig = {
    root: ROOT,
    configFile: false,
    publicDir: false,
    logLevel: 'error',
    build: { write: false, target: 'es2023', minify, lib: { entry: join(ROOT, entry), formats: [format], name: 'bench', fileName: 'bench' } },
  };
  const built = (await buildScript(config)) as Rolldown.RolldownOutput | Rolldown.RolldownOutput[];
  const [output] = Array.isArray(built) ? built : [built];
  const code = output?.output[0].code;
  if (code === undefined) throw new Error(`nothing was built from ${entry}`);
  return code;
}

/** The page library, as bank pages load it. */
export function buildPageLibrary(): Promise<string> {
  return bundle('lib/page/dojang.ts', 'es', true);
}

/** The script that is evaluated in a page of the extension. */
export function buildHelper(): Promise<string> {
  return bundle('test/bench/browser/in-extension.ts', 'iife', false);
}

/** The script of the cases that run in a page of the extension. */
export function buildCases(): Promise<string> {
  return bundle('test/bench/browser/in-extension-cases.ts', 'iife', false);
}

/** The script of the import cases. */
export function buildImportCases(): Promise<string> {
  return bundle('test/bench/browser/import-cases.ts', 'iife', false);
}
