import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonical } from '../../../lib/xml/canonical.ts';
import { childElements, withDescendants } from '../../../lib/xml/node.ts';
import { readXml } from '../../../lib/xml/read.ts';
import { xmlDocuments } from '../../support/xml-documents.ts';

/** The examples of https://www.w3.org/TR/2001/REC-xml-c14n-20010315 section 3, without the DTDs of some. */
const EXAMPLES = [
  [
    '3.2, blanks in content',
    `<doc>
   <clean>   </clean>
   <dirty>   A   B   </dirty>
   <mixed>
      A
      <clean>   </clean>
      B
      <dirty>   A   B   </dirty>
      C
   </mixed>
</doc>`,
    `<doc>
   <clean>   </clean>
   <dirty>   A   B   </dirty>
   <mixed>
      A
      <clean>   </clean>
      B
      <dirty>   A   B   </dirty>
      C
   </mixed>
</doc>`,
  ],
  [
    '3.3, start and end tags',
    `<doc>
   <e1   />
   <e2   ></e2>
   <e3   name = "elem3"   id="elem3"   />
   <e4   name="elem4"   id="elem4"   ></e4>
   <e5 a:attr="out" b:attr="sorted" attr2="all" attr="I'm"
      xmlns:b="http://www.ietf.org"
      xmlns:a="http://www.w3.org"
      xmlns="http://example.org"/>
   <e6 xmlns="" xmlns:a="http://www.w3.org">
      <e7 xmlns="http://www.ietf.org">
         <e8 xmlns="" xmlns:a="http://www.w3.org">
            <e9 xmlns="" xmlns:a="http://www.ietf.org"/>
         </e8>
      </e7>
   </e6>
</doc>`,
    `<doc>
   <e1></e1>
   <e2></e2>
   <e3 id="elem3" name="elem3"></e3>
   <e4 id="elem4" name="elem4"></e4>
   <e5 xmlns="http://example.org" xmlns:a="http://www.w3.org" xmlns:b="http://www.ietf.org" attr="I'm" attr2="all" b:attr="sorted" a:attr="out"></e5>
   <e6 xmlns:a="http://www.w3.org">
      <e7 xmlns="http://www.ietf.org">
         <e8 xmlns="">
            <e9 xmlns:a="http://www.ietf.org"></e9>
         </e8>
      </e7>
   </e6>
</doc>`,
  ],
  [
    '3.4, references',
    `<doc>
   <text>First line&#x0d;&#10;Second line</text>
   <value>&#x32;</value>
   <compute><![CDATA[value>"0" && value<"10" ?"valid":"error"]]></compute>
   <compute expr='value>"0" &amp;&amp; value&lt;"10" ?"valid":"error"'>valid</compute>
   <norm attr=' &apos;   &#x20;&#13;&#xa;&#9;   &apos; '/>
</doc>`,
    `<doc>
   <text>First line&#xD;
Second line</text>
   <value>2</value>
   <compute>value&gt;"0" &amp;&amp; value&lt;"10" ?"valid":"error"</compute>
   <compute expr="value>&quot;0&quot; &amp;&amp; value&lt;&quot;10&quot; ?&quot;valid&quot;:&quot;error&quot;">valid</compute>
   <norm attr=" '    &#xD;&#xA;&#x9;   ' "></norm>
</doc>`,
  ],
  ['3.6, characters', '<?xml version="1.0"?><doc>&#169;</doc>', '<doc>©</doc>'],
] as const;

describe('canonical XML 1.0', () => {
  it.each(EXAMPLES)('example %s', (_, document, expected) => {
    expect(canonical(readXml(document))).toBe(expected);
  });

  it.each([
    ['comments, and the text around one joins', '<!--a--><a>1<!--b-->2</a><!--c-->', '<a>12</a>'],
    ['line ends', '<a b="1\r\n2\r3">1\r\n2\r3</a>', '<a b="1 2 3">1\n2\n3</a>'],
    ['a declaration said again', '<a xmlns="urn:a"><b xmlns="urn:a"/></a>', '<a xmlns="urn:a"><b></b></a>'],
    ['an undeclared default', '<a xmlns="urn:a"><b xmlns=""><c/></b></a>', '<a xmlns="urn:a"><b xmlns=""><c></c></b></a>'],
    ['an undeclared default where there is none', '<a xmlns=""/>', '<a></a>'],
    ['a prefix that nobody uses', '<a xmlns:z="urn:z"/>', '<a xmlns:z="urn:z"></a>'],
  ])('writes %s', (_, document, expected) => {
    expect(canonical(readXml(document))).toBe(expected);
  });

  it('declares inherited namespaces on an element that stands alone, and none that its surroundings have declared', () => {
    const root = readXml('<a xmlns="urn:a" xmlns:z="urn:z"><b/></a>');
    const [inner = root] = childElements(root);
    expect(canonical(inner)).toBe('<b xmlns="urn:a" xmlns:z="urn:z"></b>');
    expect(canonical(inner, root.scope)).toBe('<b></b>');
  });

  it('of a canonical document is that document', () => {
    fc.assert(
      fc.property(xmlDocuments, (document) => {
        const once = canonical(readXml(document));
        expect(canonical(readXml(once))).toBe(once);
      }),
      { numRuns: 150 },
    );
  });

  it('finds every element where its < stands in the text', () => {
    fc.assert(
      fc.property(xmlDocuments, (document) => {
        for (const { start, name } of withDescendants(readXml(document))) expect(document.startsWith(`<${name}`, start)).toBe(true);
      }),
      { numRuns: 80 },
    );
  });
});
