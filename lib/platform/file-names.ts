/** Names that a file system or a browser may refuse, or read as another place. The exports make none of them. */
import { WalletError } from '../errors.ts';

/** File systems take 255 octets or UTF-16 units for a name. */
const NAME_OCTETS = 255;
const DEPTH = 8;

// What Windows, macOS or Linux read as something else than a letter of a name, and the invisible that reorder it.
const FORBIDDEN = /[\0-\x1f\x7f<>:"/\\|?*\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff]/;

/** Whether it can be the name of one file or folder everywhere. */
export function isFileName(name: string): boolean {
  return name !== '' && !/^\.+$|[. ]$/.test(name) && !FORBIDDEN.test(name) && new TextEncoder().encode(name).length <= NAME_OCTETS;
}

/** @throws `file.unwritable` (detail: the path) where one leads out of the folder, is no name, or stands there twice */
export function checkPaths(paths: readonly string[]): void {
  const seen = new Set<string>();
  for (const path of paths) {
    const parts = path.split('/');
    const known = path.toLowerCase();
    if (parts.length > DEPTH || !parts.every(isFileName) || seen.has(known)) throw new WalletError('file.unwritable', { detail: path });
    seen.add(known);
  }
}
