/** A derived key as a file password that people's rules accept: 10 to 30 characters, letter, digit and special, no runs. */
import { WalletError } from '../errors.ts';

const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const DIGITS = '0123456789';
/** Printable ASCII without letters, digits and the four that bank programs refuse. */
const SPECIALS = '!#$%&()*+,-./:;<=>?@[]^_`{}~';
/** A special in every third place leaves no room for three neighbours such as `abc`, and no two specials meet. */
const PLACES = [LETTERS, DIGITS, SPECIALS] as const;
const LENGTH = 30;

/**
 * 30 characters of 138 bits: ten times one of 52 letters, one of 10 digits, one of 28 specials.
 * @param octets four for each character, uniform; the remainder prefers none by more than 2^-26
 */
export function writeFilePassword(octets: Uint8Array): string {
  if (octets.length !== 4 * LENGTH) throw new WalletError('internal', { detail: 'transfer password' });
  const view = new DataView(octets.buffer, octets.byteOffset, octets.byteLength);
  return Array.from({ length: LENGTH }, (_, at) => {
    const characters = PLACES[at % PLACES.length] ?? LETTERS;
    return characters.charAt(view.getUint32(4 * at) % characters.length);
  }).join('');
}
