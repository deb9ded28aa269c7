/** Random XML documents of the kind that the wallet's reader takes, as text. */
import fc from 'fast-check';

const PREFIXES = ['', 'a', 'b', 'ds'] as const;
const NAMESPACES = ['urn:one', 'urn:two'] as const;

function joined(piece: fc.Arbitrary<string>, maxLength: number): fc.Arbitrary<string> {
  return fc.array(piece, { maxLength }).map((pieces) => pieces.join(''));
}

const text = joined(
  fc.constantFrom(
    '도장',
    'a',
    ' ',
    '\n',
    '\r\n',
    '\t',
    '>',
    '"',
    "'",
    '&amp;',
    '&lt;',
    '&gt;',
    '&quot;',
    '&#13;',
    '&#x20;',
    '&#9;',
    '𠀋',
    '<!-- & <x> -->',
    '<![CDATA[<&>\r\n]]>',
  ),
  6,
);

const value = joined(fc.constantFrom('값', 'a', ' ', '\n', '\r\n', '\t', '>', "'", '&amp;', '&lt;', '&quot;', '&#13;', '&#10;', '&#x9;', '𠀋'), 5);

interface Element {
  readonly prefix: string;
  readonly local: string;
  readonly declared: readonly (readonly [string, string])[];
  readonly attributes: readonly (readonly [string, string, string])[];
  readonly before: string;
  readonly children: readonly Element[];
  readonly after: string;
}

function unique<Item>(items: readonly Item[], key: (item: Item) => string): Item[] {
  return [...new Map(items.map((item) => [key(item), item])).values()];
}

function elementOf(depth: number): fc.Arbitrary<Element> {
  return fc.record({
    prefix: fc.constantFrom(...PREFIXES),
    local: fc.constantFrom('x', 'y', 'Z-1', '값'),
    declared: fc.array(fc.tuple(fc.constantFrom(...PREFIXES), fc.constantFrom(...NAMESPACES, '')), { maxLength: 3 }),
    attributes: fc.array(fc.tuple(fc.constantFrom(...PREFIXES), fc.constantFrom('k', 'K', 'id'), value), { maxLength: 3 }),
    before: text,
    children: depth === 0 ? fc.constant([]) : fc.array(elementOf(depth - 1), { maxLength: 3 }),
    after: text,
  });
}

const element = elementOf(3);

function qualified(prefix: string, local: string): string {
  return prefix === '' ? local : `${prefix}:${local}`;
}

/** Declares what a name needs and nobody around has declared, so that every document has a meaning. */
function write({ prefix, local, declared, attributes, before, children, after }: Element, outer: ReadonlyMap<string, string>): string {
  const scope = new Map(outer);
  const own = new Map(declared.filter(([name, namespace]) => name === '' || namespace !== ''));
  for (const needed of [prefix, ...attributes.map(([name]) => name)])
    if (needed !== '' && !scope.has(needed) && !own.has(needed)) own.set(needed, 'urn:one');
  for (const [name, namespace] of own) scope.set(name, namespace);
  const meaning = ([name, key]: readonly [string, string, string]): string => `${name === '' ? '' : (scope.get(name) ?? '')} ${key}`;
  const head = [
    qualified(prefix, local),
    ...[...own].map(([name, namespace]) => `xmlns${name === '' ? '' : ':'}${name}="${namespace}"`),
    ...unique(attributes, meaning).map(([name, key, content]) => `${qualified(name, key)}="${content}"`),
  ].join('\n ');
  const content = `${before}${children.map((child) => write(child, scope)).join('')}${after}`;
  return content === '' ? `<${head} />` : `<${head}>${content}</${qualified(prefix, local)} >`;
}

export const xmlDocuments = element.map((root) => `<?xml version="1.0" encoding="UTF-8"?>\n<!-- 앞 -->${write(root, new Map())}\n`);

/** One element that may stand among others whose default namespace is `outer`. */
export function xmlElements(outer: string): fc.Arbitrary<string> {
  return element.map((one) => write(one, new Map([['', outer]])));
}
