/** What characters mean: line ends (XML 1.0 2.11), references (4.1), attribute values (3.3.3). */
import { malformed } from './fault.ts';

/** Whatever is no Char (XML 1.0 2.2): control characters, lone surrogates, U+FFFE and U+FFFF. */
const NO_CHARACTER = /[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/u;

const REFERENCE = /&(?:#x([0-9A-Fa-f]{1,8})|#([0-9]{1,8})|(amp|lt|gt|quot|apos));|&/g;

const ENTITIES: ReadonlyMap<string, string> = new Map([
  ['amp', '&'],
  ['lt', '<'],
  ['gt', '>'],
  ['quot', '"'],
  ['apos', "'"],
]);

export function checkCharacters(text: string): void {
  if (NO_CHARACTER.test(text)) throw malformed('character');
}

function character(code: number): string {
  if (code > 0x10ffff) throw malformed('character reference');
  const text = String.fromCodePoint(code);
  checkCharacters(text);
  return text;
}

/** Character references and the five entities there are without a DTD. */
function expand(text: string): string {
  return text.replace(REFERENCE, (_whole, hex?: string, decimal?: string, name?: string) => {
    if (hex !== undefined) return character(Number.parseInt(hex, 16));
    if (decimal !== undefined) return character(Number.parseInt(decimal, 10));
    const entity = ENTITIES.get(name ?? '');
    if (entity === undefined) throw malformed('entity');
    return entity;
  });
}

function lineEnds(raw: string): string {
  return raw.replace(/\r\n?/g, '\n');
}

/** Text between two marks. */
export function readCharacterData(raw: string): string {
  if (raw.includes(']]>')) throw malformed(']]> in text');
  return expand(lineEnds(raw));
}

/** What stands between `<![CDATA[` and `]]>`. */
export function readCdata(raw: string): string {
  return lineEnds(raw);
}

/** What stands between the quotes: blanks become spaces unless they are written as references. */
export function readAttributeValue(raw: string): string {
  if (raw.includes('<')) throw malformed('< in an attribute');
  return expand(lineEnds(raw).replace(/[\t\n]/g, ' '));
}
