/** The invoice desk of the demo site: writes invoices, has them signed by the wallet, verifies what comes back. */
import type { IncomingMessage } from 'node:http';
import { WalletError } from '../lib/errors.ts';
import { readInvoiceDocument } from '../lib/sign/tax-invoice/document.ts';
import { invoiceFacts, type InvoiceFacts } from '../lib/sign/tax-invoice/facts.ts';
import type { Verifier } from '../lib/verify/verifier.ts';
import { jsonAnswer, type Answer } from './answer.ts';
import { html } from './html.ts';
import { UNSIGNED_INVOICES } from './invoice-samples.ts';
import { INVOICE_TEXTS } from './invoice-texts.ts';
import { page } from './pages.ts';
import { readJson } from './request.ts';
import { TEXTS, type Language } from './texts.ts';

export const INVOICES_PATH = '/invoices';
/** Gives the unsigned invoices, and takes the signed ones. */
export const INVOICES_API = '/api/invoices';

const won = (amount: number | null): string => (amount === null ? '-' : amount.toLocaleString('ko-KR'));

/** The page with what is to be signed. */
export function invoicesPage(language: Language): string {
  const texts = INVOICE_TEXTS[language];
  const facts: readonly InvoiceFacts[] = UNSIGNED_INVOICES.map((text) => invoiceFacts(readInvoiceDocument(text)));
  const rows = facts.map(
    ({ receiver, date, supplyAmount, taxAmount, totalAmount }) =>
      html`<tr>
        <th scope="row">${receiver.name}</th>
        <td>${date}</td>
        <td>${won(supplyAmount)}</td>
        <td>${won(taxAmount)}</td>
        <td>${won(totalAmount)}</td>
      </tr>`,
  );
  const body = html` <section class="card">
    <h1>${texts.title}</h1>
    <p>${texts.lead}</p>
    <p>${texts.who}</p>
    <table>
      <thead>
        <tr>
          ${texts.columns.map((column) => html`<th scope="col">${column}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${rows}
      </tbody>
    </table>
    <p class="actions"><button id="sign" type="button" class="primary">${texts.sign(facts.length)}</button></p>
    <p id="message" role="status" aria-live="polite"></p>
    <div id="signed" hidden>
      <h2>${texts.resultTitle}</h2>
      <ul class="plain">
        ${facts.map((_, i) => html`<li><a download="invoice-${String(i + 1)}.xml">${texts.save(i + 1)}</a></li>`)}
      </ul>
    </div>
    <noscript><p class="bad">${texts.noScript}</p></noscript>
    <p><a href="/">${texts.home}</a></p>
  </section>`;
  return page({ language, title: `${texts.title} - ${TEXTS[language].name}`, path: INVOICES_PATH, body, script: '/invoices.js' });
}

function readSigned(body: unknown): readonly unknown[] {
  const signed: unknown =
    typeof body === 'object' && body !== null && Object.hasOwn(body, 'invoices') ? (body as { invoices: unknown }).invoices : null;
  if (!Array.isArray(signed) || signed.length !== UNSIGNED_INVOICES.length) throw new WalletError('request.malformed', { detail: 'invoices' });
  return signed;
}

/**
 * Takes the signed invoices: each must be the one that was given, and its certificate of a kind that the tax office takes.
 * @throws `request.*`, `verify.*`, `certificate.*`
 */
export async function takeInvoices(request: IncomingMessage, verifier: Verifier): Promise<Answer> {
  const signed = readSigned(await readJson(request));
  const checked = await Promise.all(UNSIGNED_INVOICES.map((invoice, i) => verifier.verifyTaxInvoice(signed[i] as string, { invoice })));
  if (checked.some(({ purpose }) => purpose !== 'business-general' && purpose !== 'e-tax')) throw new WalletError('certificate.not-accepted');
  return jsonAnswer({ holder: checked[0]?.holder ?? '', count: checked.length });
}

/** The unsigned invoices. */
export function giveInvoices(): Answer {
  return jsonAnswer({ invoices: UNSIGNED_INVOICES });
}
