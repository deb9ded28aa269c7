import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { WalletError } from '../../../lib/errors.ts';
import { XML_LIMITS } from '../../../lib/xml/limits.ts';
import { readXml } from '../../../lib/xml/read.ts';
import { codeOf } from '../../support/npki-fixtures.ts';

const nested = (depth: number): string => '<a>'.repeat(depth) + '</a>'.repeat(depth);
const attributes = (count: number): string => `<a ${Array.from({ length: count }, (_, i) => `k${String(i)}=""`).join(' ')}/>`;
const prefixes = (count: number): string => `<a ${Array.from({ length: count }, (_, i) => `xmlns:k${String(i)}="urn:x"`).join(' ')}/>`;

describe('the XML reader', () => {
  it('gives names their namespaces and texts their meaning', () => {
    const root = readXml(
      '<?xml version="1.0" encoding="utf-8" standalone=\'no\' ?><p:a xmlns:p="urn:p" xmlns="urn:d" k="1" p:k="2" xml:lang="ko"><b>&#44032;<![CDATA[<]]></b></p:a>',
    );
    expect(root).toMatchObject({ name: 'p:a', local: 'a', namespace: 'urn:p' });
    expect(root.attributes.map(({ name, namespace, value }) => [name, namespace, value])).toEqual([
      ['k', '', '1'],
      ['p:k', 'urn:p', '2'],
      ['xml:lang', 'http://www.w3.org/XML/1998/namespace', 'ko'],
    ]);
    expect(root.children).toMatchObject([{ name: 'b', namespace: 'urn:d', attributes: [], children: ['가<'] }]);
  });

  it.each([
    ['nothing', ''],
    ['blanks', ' \n'],
    ['text alone', 'text'],
    ['a byte order mark', '\ufeff<a/>'],
    ['a blank before the declaration', ' <?xml version="1.0"?><a/>'],
    ['version 1.1', '<?xml version="1.1"?><a/>'],
    ['another encoding', '<?xml version="1.0" encoding="EUC-KR"?><a/>'],
    ['two declarations', '<?xml version="1.0"?><?xml version="1.0"?><a/>'],
    ['a DOCTYPE', '<!DOCTYPE a><a/>'],
    ['a DOCTYPE with entities', '<!DOCTYPE a [<!ENTITY e "e">]><a>&e;</a>'],
    ['a DOCTYPE behind a comment', '<!-- --><!DOCTYPE a><a/>'],
    ['a processing instruction in front', '<?p?><a/>'],
    ['a processing instruction inside', '<a><?p q?></a>'],
    ['a processing instruction behind', '<a/><?p?>'],
    ['two roots', '<a/><a/>'],
    ['text behind the root', '<a/>x'],
    ['CDATA behind the root', '<a/><![CDATA[x]]>'],
    ['an element that is not closed', '<a><b></a>'],
    ['an end without a start', '</a>'],
    ['a document cut short', '<a><b/>'],
    ['a tag cut short', '<a'],
    ['an end tag with attributes', '<a></a k="1">'],
    ['a blank before the name', '< a/>'],
    ['a name with two colons', '<p:q:a xmlns:p="urn:p"/>'],
    ['a name that begins with a digit', '<1a/>'],
    ['a name beyond the basic plane', '<\u{20000}/>'],
    ['an unknown entity', '<a>&nbsp;</a>'],
    ['a bare ampersand', '<a>a & b</a>'],
    ['an entity cut short', '<a>&amp</a>'],
    ['a reference to U+0000', '<a>&#0;</a>'],
    ['a reference to a surrogate', '<a>&#xD800;</a>'],
    ['a reference past Unicode', '<a>&#x110000;</a>'],
    ['a control character', '<a>\u0001</a>'],
    ['a lone surrogate', '<a>\ud800</a>'],
    ['U+FFFF', '<a>\uffff</a>'],
    [']]> in text', '<a>]]></a>'],
    ['CDATA that does not end', '<a><![CDATA[</a>'],
    ['a comment that does not end', '<a><!-- </a>'],
    ['-- in a comment', '<a><!-- -- --></a>'],
    ['a comment that ends in three dashes', '<a><!-- ---></a>'],
    ['an attribute twice', '<a k="1" k="1"/>'],
    ['an attribute twice by two prefixes', '<a xmlns:p="urn:x" xmlns:q="urn:x" p:k="" q:k=""/>'],
    ['an attribute without quotes', '<a k=1/>'],
    ['an attribute without a value', '<a k/>'],
    ['attributes without a blank between', '<a k=""l=""/>'],
    ['< in an attribute', '<a k="<"/>'],
    ['an attribute that does not end', '<a k="'],
    ['an unknown prefix', '<p:a/>'],
    ['an unknown prefix of an attribute', '<a p:k=""/>'],
    ['a prefix undeclared', '<a xmlns:p="urn:p"><b xmlns:p=""/></a>'],
    ['the prefix xmlns declared', '<a xmlns:xmlns="urn:x"/>'],
    ['the prefix xml declared', '<a xmlns:xml="http://www.w3.org/XML/1998/namespace"/>'],
    ['the namespace of xml under another prefix', '<a xmlns:p="http://www.w3.org/XML/1998/namespace"/>'],
    ['the namespace of xmlns', '<a xmlns="http://www.w3.org/2000/xmlns/"/>'],
    ['a relative namespace', '<a xmlns="x"/>'],
    ['a namespace beyond ASCII', '<a xmlns="urn:가"/>'],
    ['a tag named xmlns', '<xmlns:a/>'],
  ])('refuses %s', async (_, document) => {
    expect(await codeOf(() => readXml(document))).toBe('request.malformed');
  });

  it.each([
    ['depth', nested(XML_LIMITS.depth), nested(XML_LIMITS.depth + 1)],
    ['depth without end tags', nested(XML_LIMITS.depth), '<a>'.repeat(100_000)],
    ['attributes', attributes(XML_LIMITS.attributes), attributes(XML_LIMITS.attributes + 1)],
    ['namespaces', prefixes(XML_LIMITS.namespaces), prefixes(XML_LIMITS.namespaces + 1)],
    ['name', `<${'a'.repeat(XML_LIMITS.name)}/>`, `<${'a'.repeat(XML_LIMITS.name + 1)}/>`],
    ['length', '<a/>', ' '.repeat(XML_LIMITS.length + 1)],
    ['nodes', '<a/>', `<a>${'<b/>'.repeat(XML_LIMITS.nodes)}</a>`],
  ])('has a bound: %s', async (_, most, over) => {
    expect(await codeOf(() => readXml(most))).toBe('none');
    expect(await codeOf(() => readXml(over))).toBe('request.too-large');
  });

  it('answers any text with a tree or one of its codes', () => {
    const pieces = fc.constantFrom(
      '<a>',
      '</a>',
      '<a ',
      'k="',
      '"',
      '>',
      '/>',
      '<!--',
      '-->',
      '<![CDATA[',
      ']]>',
      '&#',
      '&amp;',
      ';',
      ' ',
      'xmlns:p="urn:p"',
      '<?xml',
      '?>',
      '<!',
      'p:',
      '가',
    );
    fc.assert(
      fc.property(fc.array(pieces, { maxLength: 20 }), (found) => {
        try {
          expect(readXml(found.join('')).name).not.toBe('');
        } catch (thrown) {
          expect(thrown instanceof WalletError && thrown.code).toMatch(/^request\./);
        }
      }),
      { numRuns: 500 },
    );
  });
});
