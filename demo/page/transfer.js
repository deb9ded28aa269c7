/**
 * The page script of a transfer, and an example of how a bank has documents signed: the server writes them, the wallet shows and signs
 * them, the server verifies that they are what it wrote.
 */
import { codeOf, findWallet, post, show } from './library.js';
import { words } from './transfer-words.js';

const say = words(document.documentElement.lang);
const form = document.querySelector('#transfer');
const button = form.querySelector('button');
const done = document.querySelector('#done');

async function run() {
  const wallet = await findWallet();
  const { account, receiver, amount, terms } = form.elements;
  const order = { account: account.value, receiver: receiver.value, amount: amount.value, terms: terms.checked };
  const { documents } = await post('/api/transfer/write', order);
  show(say.waiting, 'waiting');
  const { signatures } = await wallet.sign({ documents });
  show(say.checking, 'checking');
  const { holder, count, checks } = await post('/api/transfer/sign', { signatures });
  show(say.done(holder, count), 'done');
  done
    .querySelector('#checks')
    .replaceChildren(...checks.map((check) => Object.assign(document.createElement('li'), { textContent: say.checks[check] ?? check })));
  done.hidden = false;
}

form.addEventListener('submit', async (event) => {
  event.preventDefault();
  button.disabled = true;
  done.hidden = true;
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
