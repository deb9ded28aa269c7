/** Canonical XML 1.0 without comments (https://www.w3.org/TR/2001/REC-xml-c14n-20010315). */
import type { XmlAttribute, XmlElement, XmlNode } from './node.ts';
import type { Scope } from './namespaces.ts';

const IN_TEXT: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '\r': '&#xD;' };
const IN_ATTRIBUTE: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '"': '&quot;',
  '\t': '&#x9;',
  '\n': '&#xA;',
  '\r': '&#xD;',
};

function escapeText(text: string): string {
  return text.replace(/[&<>\r]/g, (found) => IN_TEXT[found] ?? found);
}

/** An attribute's value as canonical XML writes it between double quotes. */
export function escapeAttribute(value: string): string {
  return value.replace(/[&<"\t\n\r]/g, (found) => IN_ATTRIBUTE[found] ?? found);
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Declarations by prefix, the default one first, each with a blank in front. */
export function canonicalDeclarations(namespaces: Iterable<readonly [prefix: string, name: string]>): string {
  return [...namespaces]
    .sort(([a], [b]) => compare(a, b))
    .map(([prefix, name]) => ` xmlns${prefix === '' ? '' : ':'}${prefix}="${escapeAttribute(name)}"`)
    .join('');
}

/** What an element declares that is not in force already; an undeclared default only where there was one (2.3). */
function declarations({ scope }: XmlElement, inForce: Scope): string {
  if (scope === inForce) return '';
  const fresh = [...scope].filter(([prefix, name]) => inForce.get(prefix) !== name);
  if (inForce.has('') && !scope.has('')) fresh.push(['', '']);
  return canonicalDeclarations(fresh);
}

/** By namespace name, then local name (2.2). */
function inOrder(attributes: readonly XmlAttribute[]): XmlAttribute[] {
  return [...attributes].sort((a, b) => compare(a.namespace, b.namespace) || compare(a.local, b.local));
}

function startTag(element: XmlElement, inForce: Scope): string {
  const attributes = inOrder(element.attributes).map(({ name, value }) => ` ${name}="${escapeAttribute(value)}"`);
  return `<${element.name}${declarations(element, inForce)}${attributes.join('')}>`;
}

/**
 * A node with all that it holds in canonical form. The recursion is as deep as the reader lets a document be.
 *
 * @param inForce namespaces that were declared around it in the output already; none for the outermost element, which then
 *   declares all that are in scope, inherited ones too. `xml:` attributes of ancestors are not taken over: who writes an
 *   element without its ancestors sees to it that they have none.
 */
export function canonical(node: XmlNode, inForce: Scope = new Map()): string {
  if (typeof node === 'string') return escapeText(node);
  const content = node.children.map((child) => canonical(child, node.scope));
  return `${startTag(node, inForce)}${content.join('')}</${node.name}>`;
}
