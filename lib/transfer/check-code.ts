/**
 * The two short numbers that carry trust from screen to screen through a person. The sender draws the challenge only after
 * it holds a receiver's key, so nobody can look for a key with the right answer beforehand (docs/TRANSFER.md has the sums).
 */
import { concat, type Bytes } from '../bytes/bytes.ts';
import { utf8 } from '../bytes/text.ts';
import type { Invitation } from './invitation.ts';
import { ANSWER_DIGITS, CHALLENGE_DIGITS } from './limits.ts';

export type Random = (length: number) => Bytes;

const LABEL = 'Dojang transfer 1 answer';

function digitsOf(value: bigint, count: number): string {
  return String(value % 10n ** BigInt(count)).padStart(count, '0');
}

function toNumber(bytes: Uint8Array): bigint {
  return bytes.reduce((sum, octet) => (sum << 8n) | BigInt(octet), 0n);
}

/** Six random digits; of 64 bits, so that none of them is likelier than another by more than 2^-44. */
export function drawChallenge(random: Random): string {
  return digitsOf(toNumber(random(8)), CHALLENGE_DIGITS);
}

/** Digits as a person types them: blanks and hyphens between groups do not count. Null where it is something else. */
export function readDigits(typed: string, count: number): string | null {
  const bare = typed.normalize('NFKC').replaceAll(/[\s-]/g, '');
  return bare.length === count && /^\d*$/.test(bare) ? bare : null;
}

/** Eight digits of SHA-256 over key, nonce and challenge. */
export async function answerTo({ publicKey, nonce }: Invitation, challenge: string): Promise<string> {
  const hash = await crypto.subtle.digest('SHA-256', concat(utf8(LABEL), publicKey, nonce, utf8(challenge)));
  return digitsOf(toNumber(new Uint8Array(hash, 0, 8)), ANSWER_DIGITS);
}
