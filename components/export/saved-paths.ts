/** What the person finds on the disk: the folders that hold the files, or the files where they lie alone. */
export function savedPaths(files: readonly { readonly path: string }[]): readonly string[] {
  const paths = files.map(({ path }) => (path.includes('/') ? path.slice(0, path.lastIndexOf('/') + 1) : path));
  return [...new Set(paths)].sort();
}
