/**
 * The page script of the demo bank, and an example of how a bank's page talks to the wallet: find it, get a nonce from the
 * server, let the person approve, send the result to the server, which verifies it.
 */
import { codeOf, findWallet, post, show } from './library.js';
import { words } from './words.js';

const WAIT_MS = 120_000;

const say = words(document.documentElement.lang);
const signIn = document.querySelector('#sign-in');
const withIdentity = document.querySelector('#sign-in-identity');
const cancel = document.querySelector('#cancel');

let attempt = null;

/** @param wantsIdentity also asks for the identity value, which the wallet encrypts to the certificate that the server names */
async function run(wantsIdentity, signal) {
  const wallet = await findWallet();
  const { nonce, recipient } = await post('/api/nonce', { identity: wantsIdentity }, signal);
  show(say.waiting, 'waiting');
  const asked = wantsIdentity ? { nonce, identity: { recipient } } : { nonce };
  const { cms, identity } = await wallet.signIn(asked, { signal, timeoutMs: WAIT_MS });
  show(say.checking, 'checking');
  const { next } = await post('/api/sign-in', { cms, identity }, signal);
  location.assign(next);
}

function setBusy(busy) {
  signIn.disabled = busy;
  withIdentity.disabled = busy;
  cancel.hidden = !busy;
}

async function start(button) {
  const current = new AbortController();
  attempt = current;
  setBusy(true);
  cancel.focus();
  show(say.connecting, 'connecting');
  try {
    await run(button === withIdentity, current.signal);
  } catch (error) {
    const code = codeOf(error);
    show(say.refusal(code), 'failed', code);
    const wasOnCancel = document.activeElement === cancel;
    setBusy(false);
    if (wasOnCancel || document.activeElement === document.body) button.focus();
  }
}

for (const button of [signIn, withIdentity]) button.addEventListener('click', () => start(button));
cancel.addEventListener('click', () => attempt?.abort());
document.addEventListener('keydown', ({ key }) => {
  if (key === 'Escape' && !cancel.hidden) attempt?.abort();
});
// A page that comes back from the history cache starts afresh.
addEventListener('pageshow', ({ persisted }) => {
  if (!persisted) return;
  setBusy(false);
  show('', '');
});
