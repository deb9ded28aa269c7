import { createHash } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import { utf8 } from '../../../lib/bytes/text.ts';
import { checkTaxInvoice } from '../../../lib/sign/tax-invoice/check.ts';
import { readInvoiceDocument, signedOctets } from '../../../lib/sign/tax-invoice/document.ts';
import { invoiceFacts, type InvoiceFacts } from '../../../lib/sign/tax-invoice/facts.ts';
import { signTaxInvoice, type InvoiceSigner } from '../../../lib/sign/tax-invoice/write.ts';
import { codeOf } from '../../support/npki-fixtures.ts';
import { INVOICE, INVOICE_OCTETS, INVOICE_OF_JDK } from '../../support/tax-invoice.ts';
import { makeChain, signerOf, type TestChain } from '../../support/test-authority.ts';

const DSIG = 'http://www.w3.org/2000/09/xmldsig#';

let chain: TestChain;
let signer: InvoiceSigner;
let signed: string;

beforeAll(async () => {
  chain = await makeChain();
  signer = { certificate: chain.holder.certificate.der, sign: signerOf(chain.holder.key) };
  signed = await signTaxInvoice(INVOICE, signer);
});

function factsOf(text: string): InvoiceFacts {
  return invoiceFacts(readInvoiceDocument(text));
}

function without(pattern: RegExp): string {
  expect(INVOICE).toMatch(pattern);
  return INVOICE.replace(pattern, '');
}

describe('the octets under the signature of an invoice', () => {
  it('are those that the JDK digested, and their digest is the one it signed', () => {
    const octets = signedOctets(readInvoiceDocument(INVOICE));
    expect(octets).toEqual(utf8(INVOICE_OCTETS));
    expect(INVOICE_OF_JDK).toContain(`<ds:DigestValue>${createHash('sha256').update(octets).digest('base64')}</ds:DigestValue>`);
    expect(signedOctets(readInvoiceDocument(INVOICE_OF_JDK))).toEqual(octets);
  });
});

describe('signing an invoice', () => {
  it('puts the signature right before TaxInvoiceDocument and leaves every other octet as it was', () => {
    const at = signed.indexOf('<ds:Signature');
    const end = signed.indexOf('</ds:Signature>') + '</ds:Signature>'.length;
    expect(signed.slice(0, at) + signed.slice(end)).toBe(INVOICE);
    expect(signed.slice(end)).toMatch(/^<TaxInvoiceDocument>/);
  });

  it('is not led astray by a comment that looks like the place', async () => {
    const text = INVOICE.replace('<ExchangedDocument>', '<!-- <TaxInvoiceDocument> --><ExchangedDocument>');
    const result = await signTaxInvoice(text, signer);
    expect(result).toMatch(/<\/ds:Signature><TaxInvoiceDocument>\n/);
    expect((await checkTaxInvoice(result)).certificate.der).toEqual(signer.certificate);
  });

  it('signs SignedInfo in its place, with the namespaces of the root, each once', async () => {
    let octets = '';
    const sign = (bytes: Uint8Array): Promise<Uint8Array<ArrayBuffer>> => {
      octets = new TextDecoder().decode(bytes);
      return Promise.resolve(new Uint8Array(256));
    };
    await signTaxInvoice(INVOICE.replace(' xmlns:xsi=', ` xmlns:ds="${DSIG}" xmlns:xsi=`), { ...signer, sign });
    expect(octets).toMatch(
      /^<ds:SignedInfo xmlns="urn:kr:or:kec:[^"]+" xmlns:ds="http:\/\/www\.w3\.org\/2000\/09\/xmldsig#" xmlns:xsi="[^"]+"><ds:Can/,
    );
  });

  it.each([
    ['[C23] a DOCTYPE', (text: string) => text.replace('<TaxInvoice ', '<!DOCTYPE TaxInvoice><TaxInvoice ')],
    ['[C23] a nested TaxInvoice', (text: string) => text.replace('<PurposeCode>', '<TaxInvoice/><PurposeCode>')],
    ['a nested TaxInvoice of another namespace', (text: string) => text.replace('<PurposeCode>', '<TaxInvoice xmlns=""/><PurposeCode>')],
    ['[C23] two ExchangedDocuments', (text: string) => text.replace('<TaxInvoiceDocument>', '<ExchangedDocument/><TaxInvoiceDocument>')],
    ['an ExchangedDocument deeper down', (text: string) => text.replace('<PurposeCode>', '<ExchangedDocument/><PurposeCode>')],
    [
      'only one ExchangedDocument, deeper down',
      () => without(/<ExchangedDocument>[^]*<\/ExchangedDocument>/).replace('<PurposeCode>', '<ExchangedDocument/><PurposeCode>'),
    ],
    ['an ExchangedDocument of another namespace', (text: string) => text.replace('<ExchangedDocument>', '<ExchangedDocument xmlns="urn:x">')],
    ['[C23] a signature', () => INVOICE_OF_JDK],
    ['a Signature of another namespace', (text: string) => text.replace('<TaxInvoiceDocument>', '<Signature/><TaxInvoiceDocument>')],
    ['an element of XMLDSig deeper down', (text: string) => text.replace('<PurposeCode>', `<x:y xmlns:x="${DSIG}"/><PurposeCode>`)],
    ['another namespace', (text: string) => text.replaceAll('urn:kr:or:kec', 'urn:kr:or:kex')],
    [
      'a prefix on the root',
      (text: string) => text.replace('<TaxInvoice xmlns=', '<t:TaxInvoice xmlns:t=').replace('</TaxInvoice>', '</t:TaxInvoice>'),
    ],
    ['another root', (text: string) => text.replace('<TaxInvoice ', '<Invoice ').replace('</TaxInvoice>', '</Invoice>')],
    ['xml:lang on the root', (text: string) => text.replace('<TaxInvoice ', '<TaxInvoice xml:lang="ko" ')],
    ['the prefix ds for something else', (text: string) => text.replace('<TaxInvoice ', '<TaxInvoice xmlns:ds="urn:x" ')],
    ['text in the root', (text: string) => text.replace('<TaxInvoiceDocument>', 'x<TaxInvoiceDocument>')],
    ['a processing instruction outside the root', (text: string) => `${text}<?p?>`],
    ['no TaxInvoiceDocument', () => without(/<TaxInvoiceDocument>[^]*<\/TaxInvoiceDocument>/)],
    ['two TaxInvoiceDocuments', (text: string) => text.replace('<TaxInvoiceDocument>', '<TaxInvoiceDocument/><TaxInvoiceDocument>')],
    ['no TaxInvoiceTradeSettlement', () => without(/<TaxInvoiceTradeSettlement>[^]*<\/TaxInvoiceTradeSettlement>/)],
  ])('refuses %s', async (_, change) => {
    expect(await codeOf(() => signTaxInvoice(change(INVOICE), signer))).toBe('request.malformed');
  });
});

describe('checking an invoice', () => {
  it('takes what the JDK signed, and what is signed here', async () => {
    expect((await checkTaxInvoice(INVOICE_OF_JDK)).facts).toEqual(factsOf(INVOICE));
    expect(await checkTaxInvoice(signed)).toMatchObject({ facts: { totalAmount: 1_100_000 }, certificate: { der: signer.certificate } });
  });

  it('takes a signature whose parts stand on lines of their own', async () => {
    const between = (text: string): string => text.replaceAll(/>(?=<ds:(?:SignatureValue|KeyInfo|X509))/g, '>\n    ');
    expect(between(signed)).not.toBe(signed);
    expect((await checkTaxInvoice(between(signed))).facts.totalAmount).toBe(1_100_000);
  });

  it.each([
    ['ExchangedDocument', (text: string) => text.replace('OWN-SAMPLE-0001', 'OTHER')],
    ['no ExchangedDocument', (text: string) => text.replace(/<ExchangedDocument>[^]*<\/ExchangedDocument>/, '')],
    ['schemaLocation', (text: string) => text.replace('TaxInvoiceSchemaModule_1.0.xsd', 'x.xsd')],
    ['a comment', (text: string) => text.replace('<IssueID>', '<!-- x --><IssueID>')],
  ])('holds with another %s: that is not under the signature', async (_, change) => {
    expect(change(signed)).not.toBe(signed);
    expect((await checkTaxInvoice(change(signed))).facts).toEqual(factsOf(INVOICE));
  });

  it.each([
    ['amount', (text: string) => text.replace('>1000000<', '>1000001<')],
    ['party', (text: string) => text.replace('받는곳', '다른곳')],
    ['date', (text: string) => text.replace('<IssueDateTime>20260105<', '<IssueDateTime>20260106<')],
    ['blank', (text: string) => text.replace('<PurposeCode>', ' <PurposeCode>')],
    ['namespace of the root', (text: string) => text.replace('<TaxInvoice ', '<TaxInvoice xmlns:x="urn:x" ')],
    ['signature', (text: string) => text.replace(/(<ds:SignatureValue>)(.)/, (_, tag: string, first: string) => tag + (first === 'A' ? 'B' : 'A'))],
  ])('fails with another %s', async (_, change) => {
    expect(change(signed)).not.toBe(signed);
    expect(await codeOf(() => checkTaxInvoice(change(signed)))).toBe('verify.signature');
  });

  it('fails with the certificate of another key', async () => {
    const other = Buffer.from(chain.authority.certificate.der).toString('base64');
    const text = signed.replace(/(<ds:X509Certificate>)[^<]+/, (_, tag: string) => tag + other);
    expect(await codeOf(() => checkTaxInvoice(text))).toBe('verify.signature');
  });

  it.each([
    ['no signature', () => INVOICE],
    ['two signatures', (text: string) => text.replace(/<ds:Signature [^]*<\/ds:Signature>/, (found) => found + found)],
    ['two References', (text: string) => text.replace(/<ds:Reference [^]*<\/ds:Reference>/, (found) => found + found)],
    ['another URI', (text: string) => text.replace('URI=""', 'URI="#x"')],
    ['another filter', (text: string) => text.replace("'ExchangedDocument'", "'TaxInvoiceTradeSettlement'")],
    ['no filter', (text: string) => text.replace(/<ds:Transform Algorithm="[^"]*xpath[^]*?<\/ds:Transform>/, '')],
    ['SHA-1', (text: string) => text.replace('http://www.w3.org/2001/04/xmlenc#sha256', `${DSIG}sha1`)],
    ['HMAC', (text: string) => text.replace('rsa-sha256', 'hmac-sha256')],
    ['an Object', (text: string) => text.replace('</ds:Signature>', '<ds:Object/></ds:Signature>')],
    ['a bare key', (text: string) => text.replace(/<ds:X509Data>[^]*<\/ds:X509Data>/, '<ds:KeyValue/>')],
    ['two certificates', (text: string) => text.replace(/<ds:X509Certificate>[^]*<\/ds:X509Certificate>/, (found) => found + found)],
    ['an attribute that SignedInfo would inherit', (text: string) => text.replace('<ds:Signature ', '<ds:Signature xml:lang="ko" ')],
    ['an attribute of SignedInfo', (text: string) => text.replace('<ds:SignedInfo>', '<ds:SignedInfo Id="x">')],
    [
      'another meaning of ds inside',
      (text: string) => text.replace('<ds:XPath>', '<ds:XPath xmlns:ds="urn:x">').replace('</ds:XPath>', '</ds:XPath>'),
    ],
    ['a signature deeper down', (text: string) => text.replace(/(<ds:Signature [^]*<\/ds:Signature>)(<TaxInvoiceDocument>)/, '$2$1')],
  ])('refuses %s', async (_, change) => {
    expect(await codeOf(() => checkTaxInvoice(change(signed)))).toBe('request.malformed');
  });
});

describe('what an invoice says', () => {
  it('is read from under the signature', () => {
    expect(factsOf(INVOICE)).toEqual({
      number: '202601051234567800000001',
      kind: 'tax',
      date: '2026-01-05',
      supplier: { id: '1234567891', name: '(주)공급자 & 파트너' },
      receiver: { id: '9876543219', name: '받는곳' },
      supplyAmount: 1_000_000,
      taxAmount: 100_000,
      totalAmount: 1_100_000,
    });
  });

  it('is the same with comments inside a name, which no reader may stop at', () => {
    expect(factsOf(INVOICE.replace('받는곳', '받는<!-- x -->곳')).receiver.name).toBe('받는곳');
  });

  const amounts = (supply: string, tax: string, total: string): string =>
    INVOICE.replace('>1000000<', `>${supply}<`).replace('>100000<', `>${tax}<`).replace('>1100000<', `>${total}<`);

  it('may be an amendment below zero, or exempt and without a tax', () => {
    const amended = amounts('-1000000', '-100000', '-1100000').replace('>0101<', '>0201<');
    expect(factsOf(amended)).toMatchObject({ kind: 'amended-tax', supplyAmount: -1_000_000, taxAmount: -100_000, totalAmount: -1_100_000 });
    const exempt = amounts('5', '', '5').replace('<TaxTotalAmount></TaxTotalAmount>', '').replace('>0101<', '>0301<');
    expect(factsOf(exempt)).toMatchObject({ kind: 'exempt', supplyAmount: 5, taxAmount: null, totalAmount: 5 });
  });

  it.each([
    ['sums that do not agree', amounts('1000000', '100000', '1100001')],
    ['an amount with a fraction', amounts('1000000.5', '100000', '1100000.5')],
    ['an amount with commas', amounts('1,000,000', '100000', '1100000')],
    ['an amount with blanks', amounts(' 1000000', '100000', '1100000')],
    ['an amount with leading zeros', amounts('01000000', '100000', '1100000')],
    ['an amount as 1e6', amounts('1e6', '100000', '1100000')],
    ['minus zero', amounts('-0', '0', '0')],
    ['sixteen digits', amounts('1000000000000000', '0', '1000000000000000')],
    ['no amount', amounts('', '100000', '1100000')],
    ['an element inside an amount', INVOICE.replace('>1000000<', '>1000000<x/><')],
    ['two amounts', INVOICE.replace('<ChargeTotalAmount>', '<ChargeTotalAmount>1</ChargeTotalAmount><ChargeTotalAmount>')],
    [
      'an amount of another namespace beside',
      INVOICE.replace('<ChargeTotalAmount>', '<ChargeTotalAmount xmlns="urn:x">1</ChargeTotalAmount><ChargeTotalAmount>'),
    ],
    ['no tax on an invoice that has one', without(/<TaxTotalAmount>.*<\/TaxTotalAmount>/)],
    ['no number', without(/<IssueID>.*<\/IssueID>/)],
    ['an unknown kind', INVOICE.replace('>0101<', '>0901<')],
    ['a day that is none', INVOICE.replace('<IssueDateTime>20260105<', '<IssueDateTime>20260230<')],
    ['a month that is none', INVOICE.replace('<IssueDateTime>20260105<', '<IssueDateTime>20261305<')],
    ['a time beside the day', INVOICE.replace('<IssueDateTime>20260105<', '<IssueDateTime>20260105000000<')],
    ['a supplier without a number', INVOICE.replace('<ID>1234567891</ID>', '')],
    ['a supplier of nine digits', INVOICE.replace('1234567891', '123456789')],
    ['a supplier with a number of a person', INVOICE.replace('1234567891', '1234567891234')],
    ['a name of blanks', INVOICE.replace('받는곳', ' \n ')],
    ['a name with a mark of direction', INVOICE.replace('받는곳', '받는\u202e곳')],
    ['a name that is drawn over the lines around it', INVOICE.replace('받는곳', `받는곳${'\u0338'.repeat(50)}`)],
    ['a name with a Hangul filler', INVOICE.replace('받는곳', '받는\u3164곳')],
    ['a name with a line end', INVOICE.replace('받는곳', '받는&#10;곳')],
    ['a name that fills screens', INVOICE.replace('받는곳', '가'.repeat(201))],
    ['two receivers', INVOICE.replace('<InvoiceeParty>', '<InvoiceeParty/><InvoiceeParty>')],
  ])('is refused with %s', async (_, text) => {
    expect(text).not.toBe(INVOICE);
    expect(await codeOf(() => factsOf(text))).toBe('request.malformed');
  });
});
