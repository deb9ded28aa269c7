/** Names in a zip: UTF-8 where the entry says so, else what a Korean Windows wrote. */
import type { Bytes } from '../bytes/bytes.ts';
import { fromUtf8 } from '../bytes/text.ts';
import { WalletError } from '../errors.ts';

/** Old programs set no flag although they write UTF-8; windows-949 is rarely valid UTF-8 by chance. */
function textOf(bytes: Bytes, isUtf8: boolean): string {
  try {
    return fromUtf8(bytes);
  } catch {
    if (isUtf8) throw new WalletError('file.hostile', { detail: 'name' });
    return new TextDecoder('windows-949').decode(bytes);
  }
}

/**
 * The path of an entry, composed, with `/` between its parts; a folder's ends with one.
 * @throws `file.hostile` for a name that leads out of the archive, or that no system takes
 */
export function entryName(bytes: Bytes, isUtf8: boolean): string {
  const path = textOf(bytes, isUtf8).normalize('NFC').replaceAll('\\', '/');
  const parts = path.split('/');
  const leads = path.startsWith('/') || /^[A-Za-z]:/.test(path) || parts.includes('..') || path === '';
  if (leads || /[\0-\x1f\x7f]/.test(path)) throw new WalletError('file.hostile', { detail: 'name' });
  return parts.filter((part) => part !== '.').join('/');
}
