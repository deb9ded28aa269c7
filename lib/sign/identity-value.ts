/**
 * What the envelope of an identity value holds: R, and for which sign-in at which site it was released, so that a copy of it
 * serves nowhere else. UTF-8 JSON with sorted keys and no blanks (RFC 8785), like the sign-in statement:
 *
 * ```
 * {"nonce":"…","origin":"https://bank.example","purpose":"identity","random":"c4bb…","type":"dojang/1"}
 * ```
 */
import { concat, wipe, type Bytes } from '../bytes/bytes.ts';
import { fromHex } from '../bytes/hex.ts';
import { fromUtf8, utf8 } from '../bytes/text.ts';
import { WalletError } from '../errors.ts';
import { isNonce, isOrigin } from './statement.ts';

export interface IdentityValue {
  /** Serialized origin of the page that asked. */
  readonly origin: string;
  /** The nonce of the sign-in it goes with. */
  readonly nonce: string;
  /** R of the signing key: 1 to 64 octets, as a rule 20. */
  readonly random: Bytes;
}

const RANDOM_BYTES_MOST = 64;
const MAX_BYTES = 1024;
const SHAPE = /^\{"nonce":"([^"\\]*)","origin":"([^"\\]*)","purpose":"identity","random":"((?:[0-9a-f]{2})+)","type":"dojang\/1"\}$/;

function malformed(detail: string): WalletError {
  return new WalletError('request.malformed', { detail });
}

/** Lower-case hexadecimal as octets: a text could not be wiped. */
function hexOctets(bytes: Bytes): Bytes {
  const digits = utf8('0123456789abcdef');
  return Uint8Array.from({ length: bytes.length * 2 }, (_, at) => digits[((bytes[at >> 1] ?? 0) >> (at % 2 === 0 ? 4 : 0)) & 15] ?? 0);
}

/** Writes the octets; the caller wipes them. @throws `request.malformed` where origin, nonce or R is not as said above */
export function writeIdentityValue({ origin, nonce, random }: IdentityValue): Bytes {
  if (!isOrigin(origin)) throw malformed('identity origin');
  if (!isNonce(nonce)) throw malformed('identity nonce');
  if (random.length === 0 || random.length > RANDOM_BYTES_MOST) throw malformed('identity random');
  const hex = hexOctets(random);
  // The keys stand in the order of RFC 8785, 3.2.3; neither origin nor nonce has a character that JSON escapes.
  const written = concat(utf8(`{"nonce":"${nonce}","origin":"${origin}","purpose":"identity","random":"`), hex, utf8('","type":"dojang/1"}'));
  wipe(hex);
  return written;
}

/** Reads what `writeIdentityValue` wrote, to the octet; anything else is refused. @throws `request.malformed` */
export function readIdentityValue(bytes: Bytes): IdentityValue {
  if (bytes.length > MAX_BYTES) throw malformed('identity size');
  const [, nonce = '', origin = '', hex = ''] = SHAPE.exec(fromUtf8(bytes)) ?? [];
  const random = fromHex(hex);
  if (!isOrigin(origin) || !isNonce(nonce) || random.length === 0 || random.length > RANDOM_BYTES_MOST) throw malformed('identity');
  return { origin, nonce, random };
}
