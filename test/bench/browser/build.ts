/** What the browser groups run on, built for the bench alone: the demo extension, an empty one beside it, and scripts. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { build as buildScript, type InlineConfig, type Rollup } from 'vite';
import { build as buildExtension } from 'wxt';

const ROOT = join(import.meta.dirname, '..', '..', '..');
const OUT = join(ROOT, '.output', 'bench');

/** Builds the demo extension; gives its folder. */
export async function buildDemo(): Promise<string> {
  const outDir = join('.output', 'bench');
  await buildExtension({ root: ROOT, mode: 'demo', browser: 'chrome', manifestVersion: 3, outDir, logger: silent, vite: () => ({ logLevel: 'error' }) });
  return join(OUT, 'chrome-mv3-demo');
}

const silent = {
  debug: () => undefined,
  log: () => undefined,
  info: () => undefined,
  success: () => undefined,
  warn: () => undefined,
  error: (...parts: unknown[]) => console.error(...parts),
  fatal: (...parts: unknown[]) => console.error(...parts),
  level: 0,
};

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
  writeFileSync(join(folder, 'page.html'), '<!doctype html><meta charset="utf-8"><title>empty</title>');
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
  const built = (await buildScript(config)) as Rollup.RollupOutput | Rollup.RollupOutput[];
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
