/** What an invoice says to the person who signs it. All of it is under the signature. */
import { STACKED, UNSEEN } from '../../characters.ts';
import type { XmlElement } from '../../xml/node.ts';
import { notInvoice, onlyChild, type InvoiceDocument } from './document.ts';

/** 세금계산서, 수정세금계산서, 계산서 (exempt from the tax), 수정계산서: the first two digits of the kind. */
export type InvoiceKind = 'tax' | 'amended-tax' | 'exempt' | 'amended-exempt';

export interface InvoiceParty {
  /** 사업자등록번호 in ten digits; of a private person as the receiver a number of thirteen. */
  readonly id: string;
  /** 상호. */
  readonly name: string;
}

export interface InvoiceFacts {
  /** 승인번호. */
  readonly number: string;
  readonly kind: InvoiceKind;
  /** 작성일자 as `yyyy-mm-dd`. */
  readonly date: string;
  /** 공급자. */
  readonly supplier: InvoiceParty;
  /** 공급받는자. */
  readonly receiver: InvoiceParty;
  /** 공급가액 in won; below zero in an amendment. */
  readonly supplyAmount: number;
  /** 세액 in won; null where an invoice exempt from the tax has none. */
  readonly taxAmount: number | null;
  /** 합계 in won: the sum of both. */
  readonly totalAmount: number;
}

const KINDS: ReadonlyMap<string, InvoiceKind> = new Map([
  ['01', 'tax'],
  ['02', 'amended-tax'],
  ['03', 'exempt'],
  ['04', 'amended-exempt'],
]);

/** Characters of a name or a number. */
const MAX_TEXT = 200;

/** Whole won of at most fifteen digits, written in one way only. */
const AMOUNT = /^(?:0|-?[1-9][0-9]{0,14})$/;

/** What is signed must be what is read. */
const UNREADABLE = new RegExp(`[${UNSEEN}]|${STACKED.source}`, 'u');

function textOf(parent: XmlElement, local: string): string {
  const element = onlyChild(parent, local);
  const [text = '', ...more] = element.children;
  if (typeof text !== 'string' || more.length > 0) throw notInvoice(local);
  if (text.length > MAX_TEXT || text.trim() === '' || UNREADABLE.test(text)) throw notInvoice(local);
  return text;
}

function matching(parent: XmlElement, local: string, pattern: RegExp): string {
  const text = textOf(parent, local);
  if (!pattern.test(text)) throw notInvoice(local);
  return text;
}

function amount(parent: XmlElement, local: string): number {
  return Number(matching(parent, local, AMOUNT));
}

function day(parent: XmlElement, local: string): string {
  const text = matching(parent, local, /^[0-9]{8}$/);
  const date = `${text.slice(0, 4)}-${text.slice(4, 6)}-${text.slice(6)}`;
  const at = Date.parse(`${date}T00:00:00Z`);
  if (Number.isNaN(at) || new Date(at).toISOString().slice(0, 10) !== date) throw notInvoice(local);
  return date;
}

function party(settlement: XmlElement, local: string, id: RegExp): InvoiceParty {
  const element = onlyChild(settlement, local);
  return { id: matching(element, 'ID', id), name: textOf(element, 'NameText') };
}

function kindOf(document: XmlElement): InvoiceKind {
  const kind = KINDS.get(matching(document, 'TypeCode', /^[0-9]{4}$/).slice(0, 2));
  if (kind === undefined) throw notInvoice('TypeCode');
  return kind;
}

/** The sums, which must agree: a person looks at one of them. */
function sums(settlement: XmlElement, kind: InvoiceKind): Pick<InvoiceFacts, 'supplyAmount' | 'taxAmount' | 'totalAmount'> {
  const summation = onlyChild(settlement, 'SpecifiedMonetarySummation');
  const isExempt = kind === 'exempt' || kind === 'amended-exempt';
  const has = summation.children.some((child) => typeof child !== 'string' && child.local === 'TaxTotalAmount');
  const supplyAmount = amount(summation, 'ChargeTotalAmount');
  const taxAmount = isExempt && !has ? null : amount(summation, 'TaxTotalAmount');
  const totalAmount = amount(summation, 'GrandTotalAmount');
  if (supplyAmount + (taxAmount ?? 0) !== totalAmount) throw notInvoice('GrandTotalAmount');
  return { supplyAmount, taxAmount, totalAmount };
}

/** Reads what is shown. @throws `request.malformed` where a part is missing, there twice, or not of its form */
export function invoiceFacts({ document, settlement }: InvoiceDocument): InvoiceFacts {
  const kind = kindOf(document);
  return {
    number: textOf(document, 'IssueID'),
    kind,
    date: day(document, 'IssueDateTime'),
    supplier: party(settlement, 'InvoicerParty', /^[0-9]{10}$/),
    receiver: party(settlement, 'InvoiceeParty', /^(?:[0-9]{10}|[0-9]{13})$/),
    ...sums(settlement, kind),
  };
}
