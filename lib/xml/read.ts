/**
 * A strict, bounded reader of XML 1.0 with namespaces, for documents that are signed. There is no DTD, so no entity but the
 * five and nothing external; no processing instruction; no encoding but UTF-8. What it refuses is what parsers read in
 * different ways, or what canonicalisation and signatures have been deceived with.
 *
 * Why not a library: docs/adr/0007-own-xml.md.
 */
import { checkCharacters, readCdata, readCharacterData } from './character-data.ts';
import { Cursor } from './cursor.ts';
import { malformed, tooLarge } from './fault.ts';
import { XML_LIMITS } from './limits.ts';
import type { XmlElement, XmlNode } from './node.ts';
import { readName, readStartTag, skipBlanks, type StartTag } from './start-tag.ts';

/** XMLDecl (XML 1.0 2.8). */
const DECLARATION =
  /<\?xml[ \t\r\n]+version[ \t\r\n]*=[ \t\r\n]*(?:"1\.0"|'1\.0')(?:[ \t\r\n]+encoding[ \t\r\n]*=[ \t\r\n]*(?:"[Uu][Tt][Ff]-8"|'[Uu][Tt][Ff]-8'))?(?:[ \t\r\n]+standalone[ \t\r\n]*=[ \t\r\n]*(?:"(?:yes|no)"|'(?:yes|no)'))?[ \t\r\n]*\?>/y;

/** An element whose end tag has not come yet. */
class OpenElement {
  readonly element: XmlElement;
  readonly #children: XmlNode[] = [];
  #text = '';

  constructor({ name, local, namespace, attributes, scope }: StartTag, start: number) {
    this.element = { name, local, namespace, attributes, scope, children: this.#children, start };
  }

  addText(text: string): void {
    this.#text += text;
  }

  addElement(element: XmlElement): void {
    this.endText();
    this.#children.push(element);
  }

  endText(): void {
    if (this.#text !== '') this.#children.push(this.#text);
    this.#text = '';
  }
}

class Reader {
  readonly #cursor: Cursor;
  readonly #open: OpenElement[] = [];
  #nodes = 0;

  constructor(text: string) {
    this.#cursor = new Cursor(text);
  }

  document(): XmlElement {
    const cursor = this.#cursor;
    cursor.match(DECLARATION);
    this.#misc();
    const root = this.#root();
    this.#misc();
    if (!cursor.atEnd) throw malformed('after the root');
    return root;
  }

  /** Blanks and comments outside the root. */
  #misc(): void {
    while (skipBlanks(this.#cursor) || this.#comment());
  }

  #root(): XmlElement {
    let closed = this.#startTag();
    for (let last = this.#open.at(-1); last !== undefined; last = this.#open.at(-1)) closed = this.#next(last);
    if (closed === null) throw malformed('no root');
    return closed;
  }

  /** Reads one piece of content; the element that it ended, if any. */
  #next(last: OpenElement): XmlElement | null {
    const cursor = this.#cursor;
    const end = cursor.text.indexOf('<', cursor.at);
    if (end < 0) throw malformed('end of the document');
    if (end > cursor.at) {
      this.#count();
      last.addText(readCharacterData(cursor.text.slice(cursor.at, end)));
      cursor.at = end;
    }
    if (this.#comment()) return null;
    if (cursor.skip('<![CDATA[')) {
      this.#count();
      last.addText(readCdata(cursor.until(']]>', 'CDATA')));
      return null;
    }
    if (!cursor.skip('</')) return this.#startTag();
    if (readName(cursor) !== last.element.name) throw malformed('end tag');
    skipBlanks(cursor);
    cursor.expect('>', 'end tag');
    return this.#close();
  }

  #startTag(): XmlElement | null {
    const start = this.#cursor.at;
    // A DOCTYPE and a processing instruction end here: `!` and `?` begin no name.
    this.#cursor.expect('<', 'start tag');
    this.#count();
    if (this.#open.length >= XML_LIMITS.depth) throw tooLarge('depth');
    const tag = readStartTag(this.#cursor, this.#open.at(-1)?.element.scope ?? new Map());
    this.#open.push(new OpenElement(tag, start));
    return tag.isEmpty ? this.#close() : null;
  }

  #close(): XmlElement | null {
    const closed = this.#open.pop();
    if (!closed) return null;
    closed.endText();
    this.#open.at(-1)?.addElement(closed.element);
    return closed.element;
  }

  #comment(): boolean {
    if (!this.#cursor.skip('<!--')) return false;
    this.#count();
    this.#cursor.until('--', 'comment');
    this.#cursor.expect('>', '-- in a comment');
    return true;
  }

  #count(): void {
    if (++this.#nodes > XML_LIMITS.nodes) throw tooLarge('nodes');
  }
}

/**
 * Reads a whole document.
 * @returns its root
 * @throws `request.too-large` where it passes the bounds of limits.ts, `request.malformed` for all else
 */
export function readXml(text: string): XmlElement {
  if (text.length > XML_LIMITS.length) throw tooLarge('length');
  checkCharacters(text);
  return new Reader(text).document();
}
