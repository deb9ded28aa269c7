/** The tree that is left of an XML document (XML 1.0, Namespaces 1.0) when comments are dropped and references expanded. */

export interface XmlAttribute {
  /** As written: `xsi:schemaLocation`. */
  readonly name: string;
  readonly local: string;
  /** Namespace name; empty for a name without a prefix. */
  readonly namespace: string;
  /** Normalised (XML 1.0 3.3.3). */
  readonly value: string;
}

export interface XmlElement {
  /** As written: `ds:Signature`. */
  readonly name: string;
  readonly local: string;
  /** Namespace name; empty for none. */
  readonly namespace: string;
  /** In the order of the document, without namespace declarations. */
  readonly attributes: readonly XmlAttribute[];
  /** Namespaces in scope by prefix, the default one under the empty prefix; an undeclared default is not in it. */
  readonly scope: ReadonlyMap<string, string>;
  /** Elements and text; two texts never stand side by side. */
  readonly children: readonly XmlNode[];
  /** Where its `<` stands in the text that was read, in UTF-16 units. */
  readonly start: number;
}

export type XmlNode = XmlElement | string;

/** The elements among the children. */
export function childElements(element: XmlElement): XmlElement[] {
  return element.children.filter((child) => typeof child !== 'string');
}

/** An element and all elements below it, in the order of the document. */
export function* withDescendants(element: XmlElement): Generator<XmlElement, void> {
  const waiting = [element];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    yield next;
    waiting.push(...childElements(next).reverse());
  }
}
