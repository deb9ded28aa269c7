/** The licences of what stands in the extension, as one text that goes along with it. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const ROOT = join(import.meta.dirname, '..');
/** What the runtime of Svelte brings into the bundles. */
const BROUGHT = ['clsx', 'esm-env'];

interface Manifest {
  readonly version: string;
  readonly license: string;
  readonly dependencies?: Readonly<Record<string, string>>;
}

const manifestOf = (folder: string): Manifest => JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Manifest;

function licenceOf(folder: string): string {
  const [name] = readdirSync(folder).filter((file) => /^licen[cs]e(\.md|\.txt)?$/i.test(file));
  if (name === undefined) throw new Error(`no licence in ${folder}`);
  return readFileSync(join(folder, name), 'utf8').trim();
}

function entry(title: string, { license }: Manifest, folder: string): string {
  return `${title} (${license})\n\n${licenceOf(folder)}\n`;
}

/** Our own first, then those of the packages that are shipped. */
export function licencesText(): string {
  const own = manifestOf(ROOT);
  const packages = [...Object.keys(own.dependencies ?? {}), ...BROUGHT].sort();
  const entries = packages.map((name) => {
    const folder = join(ROOT, 'node_modules', name);
    const manifest = manifestOf(folder);
    return entry(`${name} ${manifest.version}`, manifest, folder);
  });
  return [entry(`Dojang ${own.version}`, own, ROOT), ...entries].join(`\n${'-'.repeat(72)}\n\n`);
}
