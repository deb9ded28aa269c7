/**
 * The certificate centre's page script: each button that names an act of the wallet asks for it, with what the server wrote beside
 * it, and goes where the outcome is shown.
 */
import { codeOf, findWallet, post, show } from './library.js';
import { words } from './words.js';

/** Issuing waits for the authority too; the person may stretch it in the wallet's window. */
const WAIT_MS = 300_000;
const ACTS = ['issue', 'renew', 'revoke', 'register'];

const say = words(document.documentElement.lang);
const buttons = [...document.querySelectorAll('button[data-wallet]')];
const cancel = document.querySelector('#cancel');

let attempt = null;

function setBusy(busy) {
  for (const button of buttons) button.disabled = busy;
  cancel.hidden = !busy;
}

async function register(wallet, options) {
  const { nonce } = await post('/api/nonce', {}, options.signal);
  const { cms } = await wallet.signIn({ nonce }, options);
  await post('/certificates/register', { cms }, options.signal);
}

async function perform({ wallet: act, request }, options) {
  const wallet = await findWallet();
  show(say.waiting, 'waiting');
  if (act === 'register') await register(wallet, options);
  else await wallet[act](JSON.parse(request), options);
}

async function start(button) {
  const current = new AbortController();
  attempt = current;
  setBusy(true);
  cancel.focus();
  show(say.connecting, 'connecting');
  try {
    await perform(button.dataset, { signal: current.signal, timeoutMs: WAIT_MS });
    location.assign(`/certificates?done=${button.dataset.wallet}`);
  } catch (error) {
    show(say.refusal(codeOf(error)), 'failed', codeOf(error));
    setBusy(false);
    button.focus();
  }
}

for (const button of buttons) if (ACTS.includes(button.dataset.wallet)) button.addEventListener('click', () => start(button));
cancel.addEventListener('click', () => attempt?.abort());
document.addEventListener('keydown', ({ key }) => {
  if (key === 'Escape' && !cancel.hidden) attempt?.abort();
});
