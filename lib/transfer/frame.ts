/**
 * One QR code of the moving picture. All of them stand alone: sender's point (65), length of the sealed message (3), number
 * (4), piece (300), MAC over all before it (8); numbers are big endian. Base32 with the prefix gives 617 characters, which
 * just fit a code of version 13 (69 modules a side), large enough for cheap cameras.
 */
import { concat, equal, type Bytes } from '../bytes/bytes.ts';
import { WalletError } from '../errors.ts';
import { fromBase32, toBase32 } from './base32.ts';
import { BLOCK_LENGTH, MAC_LENGTH, PUBLIC_KEY_LENGTH, SEALED_MAX, TAG_LENGTH } from './limits.ts';

export interface Frame {
  readonly senderKey: Bytes;
  readonly length: number;
  readonly number: number;
  readonly piece: Bytes;
}

export interface SignedFrame extends Frame {
  /** What `mac` is over. */
  readonly content: Bytes;
  readonly mac: Bytes;
}

const PREFIX = 'DOJANG1F:';
const NUMBERS_LENGTH = 7;
const CONTENT_LENGTH = PUBLIC_KEY_LENGTH + NUMBERS_LENGTH + BLOCK_LENGTH;
const TEXT_LENGTH = PREFIX.length + ((CONTENT_LENGTH + MAC_LENGTH) * 8) / 5;

function writeContent({ senderKey, length, number, piece }: Frame): Bytes {
  const numbers = new Uint8Array(NUMBERS_LENGTH);
  const view = new DataView(numbers.buffer);
  view.setUint8(0, length >>> 16);
  view.setUint16(1, length & 0xffff);
  view.setUint32(3, number);
  return concat(senderKey, numbers, piece);
}

async function macOf(content: Bytes, key: CryptoKey): Promise<Bytes> {
  return new Uint8Array(await crypto.subtle.sign('HMAC', key, content)).slice(0, MAC_LENGTH);
}

export async function writeFrame(frame: Frame, key: CryptoKey): Promise<string> {
  const content = writeContent(frame);
  return PREFIX + toBase32(concat(content, await macOf(content, key)));
}

/** Reads the text of a code whose MAC is still to be checked; null where it is no frame. */
export function readFrame(text: string): SignedFrame | null {
  if (text.length !== TEXT_LENGTH || !text.startsWith(PREFIX)) return null;
  let bytes: Bytes;
  try {
    bytes = fromBase32(text.slice(PREFIX.length));
  } catch (thrown) {
    if (thrown instanceof WalletError) return null;
    throw thrown;
  }
  const view = new DataView(bytes.buffer, PUBLIC_KEY_LENGTH, NUMBERS_LENGTH);
  const length = (view.getUint8(0) << 16) | view.getUint16(1);
  if (length <= TAG_LENGTH || length > SEALED_MAX) return null;
  return {
    senderKey: bytes.slice(0, PUBLIC_KEY_LENGTH),
    length,
    number: view.getUint32(3),
    piece: bytes.slice(PUBLIC_KEY_LENGTH + NUMBERS_LENGTH, CONTENT_LENGTH),
    content: bytes.slice(0, CONTENT_LENGTH),
    mac: bytes.slice(CONTENT_LENGTH),
  };
}

export async function isFrameGenuine({ content, mac }: SignedFrame, key: CryptoKey): Promise<boolean> {
  return equal(await macOf(content, key), mac);
}
