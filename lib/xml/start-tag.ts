/** Start tags: a name, attributes, namespace declarations (XML 1.0 3.1). */
import { readAttributeValue } from './character-data.ts';
import type { Cursor } from './cursor.ts';
import { malformed, tooLarge } from './fault.ts';
import { XML_LIMITS } from './limits.ts';
import { declaredPrefix, expandName, scopeWithin, type ExpandedName, type Scope } from './namespaces.ts';
import type { XmlAttribute } from './node.ts';

const START =
  'A-Z_a-z\\u00C0-\\u00D6\\u00D8-\\u00F6\\u00F8-\\u02FF\\u0370-\\u037D\\u037F-\\u1FFF\\u200C\\u200D\\u2070-\\u218F\\u2C00-\\u2FEF\\u3001-\\uD7FF\\uF900-\\uFDCF\\uFDF0-\\uFFFD';
const PART = `[${START}][${START}\\-.0-9\\u00B7\\u0300-\\u036F\\u203F\\u2040]*`;
/** QName (Namespaces 1.0 4), without the characters beyond the basic plane that older parsers refuse. */
const NAME = new RegExp(`${PART}(?::${PART})?`, 'y');
const BLANKS = /[ \t\r\n]+/y;
const EQUALS = /[ \t\r\n]*=[ \t\r\n]*/y;

export interface StartTag extends ExpandedName {
  readonly attributes: readonly XmlAttribute[];
  readonly scope: Scope;
  /** `<a/>`: there is no content and no end tag. */
  readonly isEmpty: boolean;
}

/** Takes blanks; false where there are none. */
export function skipBlanks(cursor: Cursor): boolean {
  return cursor.match(BLANKS) !== null;
}

export function readName(cursor: Cursor): string {
  const name = cursor.match(NAME);
  if (name === null) throw malformed('name');
  if (name.length > XML_LIMITS.name) throw tooLarge('name');
  return name;
}

/** The attributes as written, by name, up to the end of the tag. */
function readWritten(cursor: Cursor): ReadonlyMap<string, string> {
  const written = new Map<string, string>();
  while (skipBlanks(cursor) && !cursor.sees('>') && !cursor.sees('/')) {
    const name = readName(cursor);
    if (written.has(name)) throw malformed('attribute twice');
    if (written.size >= XML_LIMITS.attributes) throw tooLarge('attributes');
    if (cursor.match(EQUALS) === null) throw malformed('attribute');
    const quote = cursor.skip('"') ? '"' : "'";
    if (quote === "'") cursor.expect("'", 'attribute');
    written.set(name, readAttributeValue(cursor.until(quote, 'attribute')));
  }
  return written;
}

/** Two attributes of one meaning are refused even where their prefixes differ (Namespaces 1.0 6.3). */
function expandAttributes(written: ReadonlyMap<string, string>, scope: Scope): XmlAttribute[] {
  const seen = new Set<string>();
  const attributes: XmlAttribute[] = [];
  for (const [name, value] of written) {
    if (declaredPrefix(name) !== null) continue;
    const expanded = expandName(name, scope, 'attribute');
    const meaning = `${expanded.namespace} ${expanded.local}`;
    if (seen.has(meaning)) throw malformed('attribute twice');
    seen.add(meaning);
    attributes.push({ ...expanded, value });
  }
  return attributes;
}

/** Reads a start tag or an empty element's tag; the cursor stands behind its `<`. */
export function readStartTag(cursor: Cursor, outer: Scope): StartTag {
  const name = readName(cursor);
  const written = readWritten(cursor);
  const isEmpty = cursor.skip('/');
  cursor.expect('>', 'start tag');
  const declarations = new Map<string, string>();
  for (const [attribute, value] of written) {
    const prefix = declaredPrefix(attribute);
    if (prefix !== null) declarations.set(prefix, value);
  }
  const scope = scopeWithin(outer, declarations);
  return { ...expandName(name, scope, 'element'), attributes: expandAttributes(written, scope), scope, isEmpty };
}
