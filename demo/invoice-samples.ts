/** Invoices of made-up firms, as the server of an issuing site writes them: KEC 표준전자세금계산서, unsigned. */
import { INVOICE_NAMESPACE } from '../lib/sign/tax-invoice/profile.ts';
import { html, type Html } from './html.ts';

/** XML takes the same escapes. */
const xml = html;

interface Sample {
  readonly number: string;
  /** `yyyymmdd`. */
  readonly date: string;
  readonly receiver: { readonly id: string; readonly name: string };
  readonly item: string;
  readonly supplyAmount: number;
}

const SUPPLIER = { id: '1234567890', name: '김상점' } as const;

const SAMPLES: readonly Sample[] = [
  {
    number: '202611304100000000000001',
    date: '20261130',
    receiver: { id: '0000000001', name: '(주)가나다 & 친구들' },
    item: '종이컵',
    supplyAmount: 1_000_000,
  },
  {
    number: '202611304100000000000002',
    date: '20261130',
    receiver: { id: '0000000002', name: '라마바 식당' },
    item: '나무젓가락',
    supplyAmount: 235_000,
  },
];

function party(element: string, { id, name }: { readonly id: string; readonly name: string }): Html {
  const content = xml`<ID>${id}</ID><NameText>${name}</NameText>`;
  return element === 'InvoicerParty' ? xml`<InvoicerParty>${content}</InvoicerParty>` : xml`<InvoiceeParty>${content}</InvoiceeParty>`;
}

function write({ number, date, receiver, item, supplyAmount }: Sample): string {
  const [supply, tax, total] = [supplyAmount, supplyAmount / 10, (supplyAmount / 10) * 11].map(String) as [string, string, string];
  return xml`<?xml version="1.0" encoding="UTF-8"?>
    <TaxInvoice xmlns="${INVOICE_NAMESPACE}">
      <ExchangedDocument><ID>DEMO</ID><IssueDateTime>${date}090000</IssueDateTime></ExchangedDocument>
      <TaxInvoiceDocument>
        <IssueID>${number}</IssueID>
        <TypeCode>0101</TypeCode>
        <IssueDateTime>${date}</IssueDateTime>
        <PurposeCode>02</PurposeCode>
      </TaxInvoiceDocument>
      <TaxInvoiceTradeSettlement>
        ${party('InvoicerParty', SUPPLIER)} ${party('InvoiceeParty', receiver)}
        <SpecifiedMonetarySummation>
          <ChargeTotalAmount>${supply}</ChargeTotalAmount>
          <TaxTotalAmount>${tax}</TaxTotalAmount>
          <GrandTotalAmount>${total}</GrandTotalAmount>
        </SpecifiedMonetarySummation>
      </TaxInvoiceTradeSettlement>
      <TaxInvoiceTradeLineItem>
        <SequenceNumeric>1</SequenceNumeric>
        <InvoiceAmount>${supply}</InvoiceAmount>
        <NameText>${item}</NameText>
      </TaxInvoiceTradeLineItem>
    </TaxInvoice>`.text;
}

/** The invoices that wait for a signature. */
export const UNSIGNED_INVOICES: readonly string[] = SAMPLES.map(write);
