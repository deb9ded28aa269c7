/**
 * RSAES-PKCS1-v1_5 encryption (RFC 8017 7.2.1), which WebCrypto leaves out and Korean back ends read: EncryptedVID for
 * authorities, CMS envelopes for servers. Only the public key is used, so that a BigInt whose time depends on its value gives
 * nothing away but what is sent.
 */
import { concat, wipe, type Bytes } from '../bytes/bytes.ts';
import { fromHex, toHex } from '../bytes/hex.ts';
import { WalletError } from '../errors.ts';
import type { RsaPublicKey } from './public-key.ts';

/** `length` octets of randomness. */
export type Random = (length: number) => Bytes;

const LEAST_PADDING = 8;

/** Octets that are not zero, each as likely as the others: zeros are left out and others drawn. */
function nonZero(length: number, random: Random): Bytes {
  const padding = new Uint8Array(length);
  let filled = 0;
  while (filled < length) {
    const drawn = random(length - filled);
    for (const octet of drawn) if (octet !== 0) padding[filled++] = octet;
    wipe(drawn);
  }
  return padding;
}

function toBigInt(bytes: Uint8Array): bigint {
  return BigInt(`0x${toHex(bytes)}`);
}

function power(base: bigint, exponent: bigint, modulus: bigint): bigint {
  let result = 1n;
  let square = base;
  for (let rest = exponent; rest > 0n; rest >>= 1n) {
    if (rest & 1n) result = (result * square) % modulus;
    square = (square * square) % modulus;
  }
  return result;
}

/**
 * @param key of a certificate whose key was found usable
 * @throws `internal` where the message is longer than the modulus less 11 octets
 */
export function encryptRsaes({ modulus, exponent }: RsaPublicKey, message: Bytes, random: Random): Bytes {
  const padding = modulus.length - message.length - 3;
  if (padding < LEAST_PADDING) throw new WalletError('internal', { detail: 'message too long' });
  const encoded = concat(Uint8Array.of(0, 2), nonZero(padding, random), Uint8Array.of(0), message);
  const cipher = power(toBigInt(encoded), toBigInt(exponent), toBigInt(modulus));
  wipe(encoded);
  return fromHex(cipher.toString(16).padStart(modulus.length * 2, '0'));
}
