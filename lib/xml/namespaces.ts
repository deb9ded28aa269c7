/** Namespaces in XML 1.0: which prefix means what, and what a declaration must not say. */
import { malformed, tooLarge } from './fault.ts';
import { XML_LIMITS } from './limits.ts';

export const XML_NAMESPACE = 'http://www.w3.org/XML/1998/namespace';
const XMLNS_NAMESPACE = 'http://www.w3.org/2000/xmlns/';

/** Absolute and ASCII: canonicalisation refuses relative ones, and peers sort others in different orders. */
const NAMESPACE_NAME = /^[A-Za-z][A-Za-z0-9+.-]*:[!-~]*$/;

export type Scope = ReadonlyMap<string, string>;

/** The prefix that an attribute declares, the empty one for `xmlns`; null where it declares none. */
export function declaredPrefix(attribute: string): string | null {
  if (attribute === 'xmlns') return '';
  return attribute.startsWith('xmlns:') ? attribute.slice('xmlns:'.length) : null;
}

function checkDeclaration(prefix: string, name: string): void {
  if (prefix === 'xml' || prefix === 'xmlns') throw malformed('reserved prefix');
  if (name === XML_NAMESPACE || name === XMLNS_NAMESPACE) throw malformed('reserved namespace');
  if (name === '' && prefix !== '') throw malformed('prefix undeclared');
  if (name.length > XML_LIMITS.name) throw tooLarge('namespace');
  if (name !== '' && !NAMESPACE_NAME.test(name)) throw malformed('namespace');
}

/** The scope of an element with its declarations; the outer one itself where it has none. */
export function scopeWithin(outer: Scope, declarations: ReadonlyMap<string, string>): Scope {
  if (declarations.size === 0) return outer;
  const scope = new Map(outer);
  for (const [prefix, name] of declarations) {
    checkDeclaration(prefix, name);
    if (name === '') scope.delete(prefix);
    else scope.set(prefix, name);
  }
  if (scope.size > XML_LIMITS.namespaces) throw tooLarge('namespaces');
  return scope;
}

export interface ExpandedName {
  readonly name: string;
  readonly local: string;
  readonly namespace: string;
}

/** What a name means in a scope. A name without a prefix has the default namespace as an element's, none as an attribute's. */
export function expandName(name: string, scope: Scope, kind: 'element' | 'attribute'): ExpandedName {
  const colon = name.indexOf(':');
  if (colon < 0) return { name, local: name, namespace: kind === 'element' ? (scope.get('') ?? '') : '' };
  const prefix = name.slice(0, colon);
  const namespace = prefix === 'xml' ? XML_NAMESPACE : scope.get(prefix);
  if (namespace === undefined) throw malformed('unknown prefix');
  return { name, local: name.slice(colon + 1), namespace };
}
