import { beforeAll, describe, expect, it } from 'vitest';
import { signTaxInvoice } from '../../../lib/sign/tax-invoice/write.ts';
import { memoryNonces } from '../../../lib/verify/nonces.ts';
import { createVerifier, type TaxInvoiceOptions, type VerifierOptions } from '../../../lib/verify/verifier.ts';
import { codeOf } from '../../support/npki-fixtures.ts';
import { INVOICE, INVOICE_OF_JDK } from '../../support/tax-invoice.ts';
import { BANK_POLICY, DAY, makeChain, NOW, signerOf, type TestChain } from '../../support/test-authority.ts';

let chain: TestChain;
let signed: string;

beforeAll(async () => {
  chain = await makeChain();
  signed = await signTaxInvoice(INVOICE, { certificate: chain.holder.certificate.der, sign: signerOf(chain.holder.key) });
});

function verify(
  text: string,
  options: TaxInvoiceOptions = {},
  change: Partial<VerifierOptions> = {},
): ReturnType<ReturnType<typeof createVerifier>['verifyTaxInvoice']> {
  const [roots, intermediates] = [[chain.root.certificate.der], [chain.authority.certificate.der]];
  return createVerifier({
    origin: 'https://shop.example',
    roots,
    intermediates,
    nonces: memoryNonces(),
    clock: () => NOW,
    ...change,
  }).verifyTaxInvoice(text, options);
}

describe('the verifier of tax invoices', () => {
  it('tells who signed what, and what was checked', async () => {
    expect(await verify(signed, { invoice: INVOICE, policies: [BANK_POLICY] })).toMatchObject({
      holder: '홍길동',
      policy: BANK_POLICY,
      facts: { totalAmount: 1_100_000, receiver: { name: '받는곳' } },
      checks: ['content', 'signature', 'path', 'key-usage', 'policy'],
    });
    expect((await verify(signed, {}, { status: () => Promise.resolve('good') })).checks).toEqual(['signature', 'path', 'key-usage', 'status']);
  });

  it('takes what the server wrote with another ExchangedDocument: that is not signed', async () => {
    await verify(signed, { invoice: INVOICE.replace('OWN-SAMPLE-0001', 'OTHER') });
  });

  it.each<[string, string, () => string, TaxInvoiceOptions, Partial<VerifierOptions>]>([
    ['another invoice than the server wrote', 'verify.document', () => signed, { invoice: INVOICE.replace('받는곳', '다른곳') }, {}],
    ['another amount', 'verify.signature', () => signed.replace('>1000000<', '>9000000<'), {}, {}],
    ['an unknown root', 'certificate.untrusted', () => INVOICE_OF_JDK, {}, {}],
    ['a certificate that has ended', 'certificate.expired', () => signed, {}, { clock: () => NOW + 400 * DAY }],
    ['a kind that is not taken', 'certificate.not-accepted', () => signed, { policies: ['1.2.410.200005.1.1.6.8'] }, {}],
    ['a revoked certificate', 'certificate.revoked', () => signed, {}, { status: () => Promise.resolve('revoked') }],
    ['no signature', 'request.malformed', () => INVOICE, {}, {}],
    ['no text', 'request.malformed', () => 5 as unknown as string, {}, {}],
    ['too much text', 'request.too-large', () => ' '.repeat(2_000_000), {}, {}],
  ])('refuses %s: %s', async (_, code, text, options, change) => {
    expect(await codeOf(() => verify(text(), options, change))).toBe(code);
  });

  it('takes an older one by the time at which it came', async () => {
    const later = { clock: () => NOW + 400 * DAY };
    expect((await verify(signed, { receivedAt: NOW }, later)).holder).toBe('홍길동');
  });
});
