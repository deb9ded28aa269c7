/** The page script of the invoice desk: gets the invoices, has them signed by the wallet, and has the server check them. */
import { codeOf, findWallet, get, post, show } from './library.js';
import { words } from './invoice-words.js';

const say = words(document.documentElement.lang);
const button = document.querySelector('#sign');
const signed = document.querySelector('#signed');

async function run() {
  const wallet = await findWallet();
  const { invoices } = await get('/api/invoices');
  show(say.waiting, 'waiting');
  const result = await wallet.signTaxInvoices({ invoices });
  show(say.checking, 'checking');
  const { holder, count } = await post('/api/invoices', { invoices: result.invoices });
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
    const code = codeOf(error);
    show(say.refusal(code), 'failed', code);
  } finally {
    button.disabled = false;
    if (document.activeElement === document.body) button.focus();
  }
});
