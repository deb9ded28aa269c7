/** Reference numbers (참조번호) and authorization codes (인가코드), as offices print them for people to type. */
import { toBase32 } from '../../lib/transfer/base32.ts';

const CODE_LENGTH = 20;

/** Eight digits; the first is no zero. */
export function makeReference(): string {
  const [word = 0] = crypto.getRandomValues(new Uint32Array(1));
  return String(10_000_000 + (word % 90_000_000));
}

/** 100 bits as twenty capitals and digits. */
export function makeCode(): string {
  return toBase32(crypto.getRandomValues(new Uint8Array(13))).slice(0, CODE_LENGTH);
}

/** In groups of five with hyphens, which do not belong to the code. */
export function groupedCode(code: string): string {
  return code.match(/.{1,5}/g)?.join('-') ?? code;
}
