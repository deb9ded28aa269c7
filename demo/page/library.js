/** What the page scripts of the demo share: the wallet's library, our server, errors with a code, and the line that tells of them. */

/** An error with a code, as both the wallet's library and our server name what went wrong. */
export function failure(code) {
  return Object.assign(new Error(code), { code });
}

export function codeOf(error) {
  return typeof error?.code === 'string' ? error.code : 'internal';
}

async function ask(path, request, signal) {
  let response;
  try {
    response = await fetch(path, { ...request, signal });
  } catch {
    throw failure(signal?.aborted ? 'user.cancelled' : 'network');
  }
  const answer = await response.json().catch(() => ({}));
  if (!response.ok) throw failure(answer.code ?? 'internal');
  return answer;
}

export function get(path) {
  return ask(path, {});
}

export function post(path, body, signal) {
  return ask(path, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }, signal);
}

/** Loaded when it is needed, so that a missing file is told like any other trouble. */
export async function findWallet() {
  let library;
  try {
    library = await import('/dojang.js');
  } catch {
    throw failure('library');
  }
  return library.connectWallet();
}

/** Says how far it has come, in the line that every page has for it. */
export function show(text, state, code = '') {
  const message = document.querySelector('#message');
  message.textContent = text;
  message.dataset.state = state;
  message.dataset.code = code;
}
