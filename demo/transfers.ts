/** Transfers at the demo bank: the server writes the documents, the wallet signs them, the server verifies that it is what it wrote. */
import type { IncomingMessage } from 'node:http';
import { toBase64Url } from '../lib/bytes/base64.ts';
import { utf8 } from '../lib/bytes/text.ts';
import { WalletError } from '../lib/errors.ts';
import type { SignedDocument, SignIn } from '../lib/verify/result.ts';
import type { Verifier } from '../lib/verify/verifier.ts';
import { jsonAnswer, type Answer } from './answer.ts';
import { html } from './html.ts';
import { page } from './pages.ts';
import { readJson } from './request.ts';
import type { Session } from './sessions.ts';
import { TERMS, TRANSFER_TEXTS } from './transfer-texts.ts';
import { formatTime, TEXTS, type Language } from './texts.ts';

export const TRANSFER_PATH = '/transfer';
/** Writes the documents of a transfer. */
export const TRANSFER_WRITE = '/api/transfer/write';
/** Takes their signatures. */
export const TRANSFER_SIGN = '/api/transfer/sign';

/** A document as the page hands it to the wallet. */
export interface BankDocument {
  readonly title: string;
  readonly mediaType: 'text/x-fields' | 'text/plain';
  readonly content: string;
}

export function transferPage(language: Language): string {
  const texts = TRANSFER_TEXTS[language];
  const body = html` <section class="card">
    <h1>${texts.title}</h1>
    <p>${texts.lead}</p>
    <form id="transfer" class="stack">
      <label
        >${texts.account} <input name="account" required maxlength="20" pattern="[0-9\\-]{6,20}" autocomplete="off" value="110-123-456789"
      /></label>
      <label>${texts.receiver} <input name="receiver" required maxlength="30" autocomplete="off" value="김철수" /></label>
      <label
        >${texts.amount} <input name="amount" required inputmode="numeric" pattern="[1-9][0-9]{0,11}" autocomplete="off" value="1000000"
      /></label>
      <label><input type="checkbox" name="terms" /> ${texts.terms}</label>
      <p class="actions"><button class="primary">${texts.sign}</button></p>
    </form>
    <p id="message" role="status" aria-live="polite"></p>
    <div id="done" hidden>
      <h2>${texts.doneTitle}</h2>
      <ul id="checks" class="checks"></ul>
    </div>
    <noscript><p class="bad">${texts.noScript}</p></noscript>
    <p><a href="/account">${texts.back}</a></p>
  </section>`;
  return page({ language, title: `${texts.title} - ${TEXTS[language].name}`, path: TRANSFER_PATH, body, script: '/transfer.js' });
}

interface Transfer {
  readonly account: string;
  readonly receiver: string;
  readonly amount: number;
  readonly terms: boolean;
}

function malformed(detail: string): WalletError {
  return new WalletError('request.malformed', { detail });
}

function fieldsOf(body: unknown): ReadonlyMap<string, unknown> {
  if (typeof body !== 'object' || body === null) throw malformed('body');
  return new Map(Object.entries(body));
}

function readTransfer(body: unknown): Transfer {
  const fields = fieldsOf(body);
  const [account, receiver, amount] = [fields.get('account'), fields.get('receiver'), Number(fields.get('amount'))];
  if (typeof account !== 'string' || !/^[0-9-]{6,20}$/.test(account)) throw malformed('account');
  if (typeof receiver !== 'string' || !/^[^\p{Cc}]{1,30}$/u.test(receiver)) throw malformed('receiver');
  if (!Number.isSafeInteger(amount) || amount < 1) throw malformed('amount');
  return { account, receiver, amount, terms: fields.get('terms') === true };
}

/** The number makes each transfer another document: a signature serves once. */
function writeDocuments({ account, receiver, amount, terms }: Transfer, sender: string, now: number): readonly BankDocument[] {
  const rows = [
    ['거래번호', toBase64Url(crypto.getRandomValues(new Uint8Array(12)))],
    ['보내는 사람', sender],
    ['받는 계좌', account],
    ['받는 사람', receiver],
    ['금액', `${amount.toLocaleString('ko-KR')}원`],
    ['신청한 때', formatTime('ko', now, true)],
  ];
  const content = rows.map(([label = '', value = '']) => `${label}: ${value}\n`).join('');
  const transfer = { title: `이체 ${amount.toLocaleString('ko-KR')}원`, mediaType: 'text/x-fields', content } as const;
  return terms ? [transfer, { title: '이체 약관', mediaType: 'text/plain', content: TERMS }] : [transfer];
}

/** @throws `request.malformed` */
export async function writeTransfer(request: IncomingMessage, session: Session, signIn: SignIn, now: number): Promise<Answer> {
  session.transfer = writeDocuments(readTransfer(await readJson(request)), signIn.holder, now);
  return jsonAnswer({ documents: session.transfer });
}

/** Documents and signatures go together by their places; who signs is who is signed in. */
async function verifyAll(
  documents: readonly BankDocument[],
  signatures: readonly unknown[],
  signIn: SignIn,
  verifier: Verifier,
): Promise<SignedDocument[]> {
  return Promise.all(
    documents.map(async ({ content }, at) => {
      const signed = await verifier.verifyDocument(signatures[at] as string, { content: utf8(content) });
      if (signed.serialHex !== signIn.serialHex || signed.issuer !== signIn.issuer) throw new WalletError('certificate.not-accepted');
      return signed;
    }),
  );
}

/** @throws `request.malformed`, `verify.*`, `certificate.*` */
export async function takeTransfer(request: IncomingMessage, session: Session, signIn: SignIn, verifier: Verifier): Promise<Answer> {
  const signatures = fieldsOf(await readJson(request)).get('signatures');
  const documents = session.transfer;
  session.transfer = null;
  if (documents === null || !Array.isArray(signatures) || signatures.length !== documents.length) throw malformed('signatures');
  const [first] = await verifyAll(documents, signatures, signIn, verifier);
  return jsonAnswer({ holder: first?.holder ?? '', count: documents.length, checks: first?.checks ?? [] });
}
