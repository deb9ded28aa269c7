/** What the page scripts of the demo bank share: the wallet's library, our server, and errors with a code. */

/** An error with a code, as both the wallet's library and our server name what went wrong. */
export function failure(code) {
  return Object.assign(new Error(code), { code });
}

export function codeOf(error) {
  return typeof error?.code === 'string' ? error.code : 'internal';
}

export async function post(path, body, signal) {
  let response;
  try {
    response = await fetch(path, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body), signal });
  } catch {
    throw failure(signal.aborted ? 'user.cancelled' : 'network');
  }
  const answer = await response.json().catch(() => ({}));
  if (!response.ok) throw failure(answer.code ?? 'internal');
  return answer;
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
