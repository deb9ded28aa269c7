/** Canonical XML and signed tax invoices before the JDK, whose XMLDSig is that of the systems which receive invoices. */
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { checkTaxInvoice } from '../../../lib/sign/tax-invoice/check.ts';
import { INVOICE_NAMESPACE } from '../../../lib/sign/tax-invoice/profile.ts';
import { signTaxInvoice, type InvoiceSigner } from '../../../lib/sign/tax-invoice/write.ts';
import { canonical } from '../../../lib/xml/canonical.ts';
import { readXml } from '../../../lib/xml/read.ts';
import { askJdk, INVOICE, JAVA_PATH, JAVA_TITLE } from '../../support/tax-invoice.ts';
import { makeChain, signerOf } from '../../support/test-authority.ts';
import { xmlDocuments, xmlElements } from '../../support/xml-documents.ts';

const SEED = 20_261_123;

describe.runIf(JAVA_PATH !== null)(`canonical XML before ${JAVA_TITLE}`, () => {
  it('is the same for random documents', { timeout: 60_000 }, () => {
    const documents = fc.sample(xmlDocuments, { seed: SEED, numRuns: 200 });
    const theirs = askJdk('canonical', documents).map((line) => Buffer.from(line, 'base64').toString());
    expect(documents.map((document) => canonical(readXml(document)))).toEqual(theirs);
  });
});

const withMore = (more: string): string => INVOICE.replace('<PurposeCode>', () => `${more}<PurposeCode>`);
const inRoot = (more: string): string => INVOICE.replace('</TaxInvoice>', () => `${more}</TaxInvoice>`);

/** Invoices that programs write in one way or another. */
const SHAPES: readonly (readonly [string, string])[] = [
  ['as the sample is', INVOICE],
  ['line ends of Windows', INVOICE.replaceAll('\n', '\r\n')],
  ['all on one line', INVOICE.replaceAll(/\n\s*/g, '')],
  ['references and CDATA', withMore('<x>&#13;&lt;&amp;<![CDATA[<&>]]>&#xAC00;</x>')],
  [
    'comments anywhere',
    `${withMore('<!-- <TaxInvoiceDocument> -->').replace('<ExchangedDocument>', '<!-- b --><ExchangedDocument>').replace('<TaxInvoice ', '<!-- a --><TaxInvoice ')}<!--c-->`,
  ],
  ['attributes with references', withMore('<x k="&#9;&#10;&quot;\'&lt;" a=\'"\'/>')],
  ['no schemaLocation', INVOICE.replace(/ xmlns:xsi="[^"]*" xsi:schemaLocation="[^"]*"/, '')],
  ['more namespaces, some said again', inRoot(`<x xmlns="${INVOICE_NAMESPACE}" xmlns:q="urn:q"><q:y xmlns:q="urn:q" xmlns=""><z/></q:y></x>`)],
  ['the prefix ds on the root', INVOICE.replace('<TaxInvoice ', '<TaxInvoice xmlns:ds="http://www.w3.org/2000/09/xmldsig#" ')],
  ['characters beyond the basic plane', withMore('<x>𠀋😀</x>')],
  ['no declaration', INVOICE.replace(/^<\?xml[^>]*>\n/, '')],
];

describe.runIf(JAVA_PATH !== null)(`a signed invoice before ${JAVA_TITLE}`, () => {
  let signer: InvoiceSigner;

  beforeAll(async () => {
    const { holder } = await makeChain();
    signer = { certificate: holder.certificate.der, sign: signerOf(holder.key) };
  });

  it('holds in every shape, and in none with another amount', { timeout: 60_000 }, async () => {
    const random = fc
      .sample(xmlElements(INVOICE_NAMESPACE), { seed: SEED, numRuns: 60 })
      .map((extra, i) => [`random ${String(i)}`, inRoot(extra)] as const);
    const shapes = [...SHAPES, ...random];
    const signed = await Promise.all(shapes.map(([, text]) => signTaxInvoice(text, signer)));
    const answers = askJdk('verify', signed);
    expect(shapes.map(([name], i) => [name, answers[i]])).toEqual(shapes.map(([name]) => [name, 'true true']));
    const changed = askJdk(
      'verify',
      signed.map((text) => text.replace('>1000000<', '>9000000<')),
    );
    expect(changed).toEqual(shapes.map(() => 'false true'));
    for (const text of signed) expect((await checkTaxInvoice(text)).facts.totalAmount).toBe(1_100_000);
  });

  it('holds with other octets outside the signature, and fails with others under it', { timeout: 60_000 }, async () => {
    const signed = await signTaxInvoice(INVOICE, signer);
    const changes = [
      ['OWN-SAMPLE-0001', 'OTHER', 'true true'],
      ['TaxInvoiceSchemaModule_1.0.xsd', 'x.xsd', 'true true'],
      ['받는곳', '다른곳', 'false true'],
      ['<PurposeCode>', ' <PurposeCode>', 'false true'],
      ['<ds:Reference URI="">', '<ds:Reference URI="" Id="x">', 'true false'],
    ] as const;
    const changed = changes.map(([from, to]) => signed.replace(from, to));
    expect(changed).not.toContain(signed);
    expect(askJdk('verify', changed)).toEqual(changes.map(([, , expected]) => expected)); // reference, signature value
  });
});
