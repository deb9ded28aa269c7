/** Bounds of what is read as XML. They are checked before the work they bound. */
export const XML_LIMITS = {
  /** UTF-16 units of a document. */
  length: 8 * 1024 * 1024,
  /** Elements, comments and pieces of text. */
  nodes: 200_000,
  depth: 64,
  /** Attributes of one element, its namespace declarations among them. */
  attributes: 64,
  /** Namespace prefixes in scope at one place. */
  namespaces: 32,
  /** UTF-16 units of a name, and of a namespace name. */
  name: 256,
} as const;
