/**
 * The page script of a transfer, and an example of how a bank has documents signed: the server writes them, the wallet shows and signs
 * them, the server verifies that they are what it wrote.
 */
import { words } from './transfer-words.js';

const say = words(document.documentElement.lang);
const form = document.querySelector('#transfer');
const button = form.querySelector('button');
const message = document.querySelector('#message');
const done = document.querySelector('#done');

function show(text, state, code = '') {
  message.textContent = text;
  message.dataset.state = state;
  message.dataset.code = code;
}

async function post(path, body) {
  const response = await fetch(path, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });
  const answer = await response.json().catch(() => ({}));
  if (!response.ok) throw Object.assign(new Error('refused'), { code: answer.code ?? 'internal' });
  return answer;
}

async function run() {
  const { connectWallet } = await import('/dojang.js');
  const wallet = await connectWallet();
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
    const code = typeof error?.code === 'string' ? error.code : 'internal';
    show(say.refusal(code), 'failed', code);
  } finally {
    button.disabled = false;
    if (document.activeElement === document.body) button.focus();
  }
});
