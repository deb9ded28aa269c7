/** PKIFreeText (RFC 9810 5.1.1): what an authority has to say to a person. */
import { expectTag, sequence, type DerNode } from '../asn1/reader.ts';
import { TAG } from '../asn1/tags.ts';
import * as der from '../asn1/writer.ts';
import type { Bytes } from '../bytes/bytes.ts';
import { CMP_LIMITS } from './limits.ts';
import { malformed } from './malformed.ts';

/** U+FFFD stands where a character would hide, or turn what is around it. */
function marked(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, '\uFFFD');
}

/**
 * The texts as one, joined by blanks, at most 1,000 characters, with controls and direction marks made visible. It is for
 * showing as text only, as the words of somebody else.
 *
 * @throws `file.unreadable`, `request.malformed` where there are none or more than ten
 */
export function readFreeText(node: DerNode): string {
  const texts = sequence(node);
  if (texts.length === 0 || texts.length > CMP_LIMITS.texts) throw malformed('free text');
  const decoder = new TextDecoder(); // invalid octets become U+FFFD: a refusal must not be lost for a badly written reason
  const joined = texts.map((one) => decoder.decode(expectTag(one, TAG.UTF8_STRING).content)).join(' ');
  return Array.from(marked(joined)).slice(0, CMP_LIMITS.textLength).join('');
}

export function writeFreeText(text: string): Bytes {
  return der.sequence(der.utf8String(text));
}
