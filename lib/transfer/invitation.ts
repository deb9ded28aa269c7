/** What the receiver shows first: an ephemeral public key and a nonce, as the text of one QR code. */
import { concat, type Bytes } from '../bytes/bytes.ts';
import { WalletError } from '../errors.ts';
import { fromBase32, toBase32 } from './base32.ts';
import { NONCE_LENGTH, PUBLIC_KEY_LENGTH, TEXT_MAX } from './limits.ts';

export interface Invitation {
  /** Uncompressed point. Whether it lies on the curve shows when the key is imported. */
  readonly publicKey: Bytes;
  readonly nonce: Bytes;
}

const PREFIX = 'DOJANG1R:';

/** `DOJANG1R:` and the base32 of point and nonce: 139 characters. */
export function writeInvitation({ publicKey, nonce }: Invitation): string {
  return PREFIX + toBase32(concat(publicKey, nonce));
}

/**
 * Reads an invitation, also as it comes from a clipboard: blanks and the case of letters do not count.
 * @throws `transfer.malformed`, `transfer.newer-version`
 */
export function readInvitation(text: string): Invitation {
  if (text.length > TEXT_MAX) throw new WalletError('transfer.malformed', { detail: 'length' });
  const bare = text.replaceAll(/\s/g, '').toUpperCase();
  if (/^DOJANG(?!1R)\d{1,4}R:/.test(bare)) throw new WalletError('transfer.newer-version');
  if (!bare.startsWith(PREFIX)) throw new WalletError('transfer.malformed', { detail: 'prefix' });
  const bytes = fromBase32(bare.slice(PREFIX.length));
  if (bytes.length !== PUBLIC_KEY_LENGTH + NONCE_LENGTH) throw new WalletError('transfer.malformed', { detail: 'length' });
  if (bytes[0] !== 4) throw new WalletError('transfer.malformed', { detail: 'point' });
  return { publicKey: bytes.slice(0, PUBLIC_KEY_LENGTH), nonce: bytes.slice(PUBLIC_KEY_LENGTH) };
}
