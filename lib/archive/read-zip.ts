/** Unpacks a zip of somebody's certificates. Everything in it is hostile until it was counted. */
import { concat, type Bytes } from '../bytes/bytes.ts';
import { WalletError } from '../errors.ts';
import { crc32 } from './crc32.ts';
import { readEntries, type Entry } from './entries.ts';
import { ARCHIVE_LIMITS } from './limits.ts';

export interface ArchivedFile {
  readonly path: string;
  readonly bytes: Bytes;
}

/** `PK\3\4`, or `PK\5\6` of an archive without entries. */
export function looksLikeZip(bytes: Uint8Array): boolean {
  const [p, k, a, b] = bytes;
  return p === 0x50 && k === 0x4b && ((a === 3 && b === 4) || (a === 5 && b === 6));
}

/** Files that macOS adds for itself. */
function isOfTheSystem(path: string): boolean {
  return /(?:^|\/)(?:__MACOSX\/|\._[^/]*$|\.DS_Store$)/.test(path);
}

/** Inflates (RFC 1951) and stops as soon as more comes out than may. */
async function inflate(packed: Bytes, most: number): Promise<Bytes> {
  const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream('deflate-raw'));
  const reader = stream.getReader();
  const parts: Bytes[] = [];
  let length = 0;
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return concat(...parts);
      length += value.length;
      if (length > most) throw new WalletError('file.too-large', { detail: 'unpacked' });
      parts.push(value);
    }
  } catch (thrown) {
    await reader.cancel().catch(() => undefined);
    if (thrown instanceof WalletError) throw thrown;
    throw new WalletError('file.unreadable', { detail: 'packed octets', cause: thrown });
  }
}

async function unpack(archive: Bytes, { method, start, end, crc, claimedSize }: Entry, most: number): Promise<Bytes> {
  const packed = archive.slice(start, end);
  if (method === 'stored' && packed.length > most) throw new WalletError('file.too-large', { detail: 'unpacked' });
  const bytes = method === 'stored' ? packed : await inflate(packed, most);
  if (bytes.length !== claimedSize) throw new WalletError('file.hostile', { detail: 'size' });
  if (crc32(bytes) !== crc) throw new WalletError('file.unreadable', { detail: 'checksum' });
  return bytes;
}

/**
 * The files in a zip, in its order. Archives in it stay packed; files too large to be ours are passed over.
 *
 * @throws what `readEntries` throws; `file.too-large` for the archive, or where it unpacks to more than is allowed;
 *   `file.unreadable` where what comes out is not what the directory promised by its checksum, `file.hostile` by its size
 */
export async function readZip(archive: Bytes): Promise<readonly ArchivedFile[]> {
  if (archive.length > ARCHIVE_LIMITS.archiveBytes) throw new WalletError('file.too-large', { detail: 'zip' });
  const files: ArchivedFile[] = [];
  let left: number = ARCHIVE_LIMITS.unpackedBytes;
  for (const entry of readEntries(archive)) {
    if (isOfTheSystem(entry.path) || entry.claimedSize > ARCHIVE_LIMITS.fileBytes) continue;
    const bytes = await unpack(archive, entry, Math.min(left, ARCHIVE_LIMITS.fileBytes));
    left -= bytes.length;
    files.push({ path: entry.path, bytes });
  }
  return files;
}
