/** The octets of a wallet password: NFC, UTF-8, nothing trimmed, at most 1,024. */
import { wipe, type Bytes } from '../bytes/bytes.ts';
import { utf8 } from '../bytes/text.ts';
import { WalletError } from '../errors.ts';

const OCTETS_MAX = 1_024;
/** Normalising makes a text at most four times shorter, so anything longer is refused before the work. */
const UNITS_MAX = 4 * OCTETS_MAX;

/** The text in the one form that is counted, judged and derived from. @throws `password.too-long` */
export function normalizePassword(text: string): string {
  if (text.length > UNITS_MAX) throw new WalletError('password.too-long');
  return text.normalize('NFC');
}

/** The octets the KDF takes, for the caller to wipe. @throws `password.too-long`; `password.wrong` for no password at all */
export function passwordBytes(text: string): Bytes {
  const octets = utf8(normalizePassword(text));
  if (octets.length > OCTETS_MAX) {
    wipe(octets);
    throw new WalletError('password.too-long');
  }
  if (octets.length === 0) throw new WalletError('password.wrong');
  return octets;
}
