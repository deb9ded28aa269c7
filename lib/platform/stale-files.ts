/** Files of an older certificate that would be read together with the new ones beside them. */
import type { ExportedFile } from '../wallet/model.ts';

/** Files that one certificate has and another has not: the km pair and the authorities. */
const COMPANION = /^km(?:cert|pri)\b|^capubs$|^chain\.pem$/i;
const LEADING = /^signcert\b/i;

interface Written {
  readonly folder: readonly string[];
  readonly names: ReadonlySet<string>;
}

/** The folders of an export that hold an identity each, and what is written there. */
export function identityFolders(files: readonly Pick<ExportedFile, 'path'>[]): readonly Written[] {
  const named = files.map(({ path }) => ({ folder: path.slice(0, path.lastIndexOf('/') + 1), name: path.slice(path.lastIndexOf('/') + 1) }));
  return [...Map.groupBy(named, ({ folder }) => folder)]
    .filter(([, within]) => within.some(({ name }) => LEADING.test(name)))
    .map(([folder, within]) => ({ folder: folder.split('/').slice(0, -1), names: new Set(within.map(({ name }) => name.toLowerCase())) }));
}

/** Whether a file of that name there is none of the export and would join it. */
export function isStale(name: string, { names }: Pick<Written, 'names'>): boolean {
  return COMPANION.test(name) && !names.has(name.toLowerCase());
}
