/** The two numbers of an ECDSA signature on P-256: DER (RFC 3279 section 2.2.3) as authenticators write it, r ‖ s as WebCrypto reads it. */
import type { Bytes } from '../bytes/bytes.ts';

const NUMBER_SIZE = 32;
const SEQUENCE = 0x30;
const INTEGER = 0x02;
/** Both numbers need at most 33 octets, so one octet says every length. */
const LONGEST = 2 + 2 * (2 + NUMBER_SIZE + 1);

/** The end of the INTEGER at a place, after writing it right-aligned; 0 where none stands there. */
function putNumber(der: Bytes, at: number, target: Uint8Array): number {
  const length = der[at + 1] ?? 0;
  const value = der.subarray(at + 2, at + 2 + length);
  if (der[at] !== INTEGER || length === 0 || value.length !== length) return 0;
  const [first = 0, second = 0] = value;
  const padded = first === 0 && length > 1;
  if (first >= 0x80 || (padded && second < 0x80)) return 0; // Negative, or longer than it must be.
  const number = padded ? value.subarray(1) : value;
  if (number.length > NUMBER_SIZE) return 0;
  target.set(number, NUMBER_SIZE - number.length);
  return at + 2 + length;
}

/** r ‖ s, 64 octets, or null where the octets are no such signature. */
export function ecdsaPair(der: Bytes): Bytes | null {
  if (der.length > LONGEST || der[0] !== SEQUENCE || der[1] !== der.length - 2) return null;
  const pair = new Uint8Array(2 * NUMBER_SIZE);
  const middle = putNumber(der, 2, pair.subarray(0, NUMBER_SIZE));
  const end = middle === 0 ? 0 : putNumber(der, middle, pair.subarray(NUMBER_SIZE));
  return end === der.length ? pair : null;
}
