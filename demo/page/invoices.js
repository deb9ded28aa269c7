/** The page script of the invoice desk: gets the invoices, has them signed by the wallet, and has the server check them. */
import { words } from './invoice-words.js';

const say = words(document.documentElement.lang);
const button = document.querySelector('#sign');
const message = document.querySelector('#message');
const signed = document.querySelector('#signed');

function show(text, state, code = '') {
  message.textContent = text;
  message.dataset.state = state;
  message.dataset.code = code;
}

async function answerOf(response) {
  const answer = await response.json().catch(() => ({}));
  if (!response.ok) throw Object.assign(new Error('refused'), { code: answer.code ?? 'internal' });
  return answer;
}

async function run() {
  const { connectWallet } = await import('/dojang.js');
  const wallet = await connectWallet();
  const { invoices } = await answerOf(await fetch('/api/invoices'));
  show(say.waiting, 'waiting');
  const result = await wallet.signTaxInvoices({ invoices });
  show(say.checking, 'checking');
  const body = JSON.stringify({ invoices: result.invoices });
  const { holder, count } = await answerOf(await fetch('/api/invoices', { method: 'POST', headers: { 'content-type': 'application/json' }, body }));
  show(say.done(holder, count), 'done');
  signed.querySelectorAll('a').forEach((link, i) => {
    link.href = URL.createObjectURL(new Blob([result.invoices[i]], { type: 'application/xml' }));
  });
  signed.hidden = false;
}

button.addEventListener('click', async () => {
  button.disabled = true;
  signed.hidden = true;
  show(say.connecting, 'connecting');
  try {
    await run();
  } catch (error) {
    const code = typeof error?.code === 'string' ? error.code : 'internal';
    show(say.refusal(code), 'failed', code);
  } finally {
    button.disabled = false;
    if (document.activeElement === document.body) button.focus();
  }
});
