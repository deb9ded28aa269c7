/** A page of a bank, served on this computer: it loads the page library and signs in when told to. */
import { readFileSync } from 'node:fs';
import { createServer, type RequestListener, type Server } from 'node:http';
import { join } from 'node:path';
import { DEMO } from './build.ts';

const PAGE = `<!doctype html><meta charset="utf-8"><title>bank</title><script type="module">
import { connectWallet } from '/dojang.js';
const wallet = connectWallet({ timeoutMs: 5000 });
wallet.catch(() => undefined);
let running = null;
globalThis.connected = async () => (await wallet).features.length > 0;
globalThis.beginSignIn = async (nonce) => {
  const { signIn } = await wallet;
  running = signIn({ nonce }).then(({ cms }) => ({ end: performance.timeOrigin + performance.now(), cms }), ({ code }) => ({ code }));
};
globalThis.signInEnded = () => running;
globalThis.evaluateInFreshWorker = (script) => new Promise((resolve, reject) => {
  const worker = new Worker('/probe.js');
  worker.onerror = ({ message }) => reject(new Error(message));
  worker.onmessage = ({ data }) => { worker.terminate(); resolve(data); };
  worker.postMessage(script);
});
</script>`;

/** A page with nothing to do, to see what a content script adds. */
const PLAIN = `<!doctype html><meta charset="utf-8"><title>plain</title>${'<p>Nothing to see here.</p>'.repeat(200)}`;

/** Evaluates a background in a fresh engine, before an extension API that takes everything and does nothing. Milliseconds. */
const PROBE = `
const api = new Proxy(() => undefined, {
  get: (target, key) => (key === 'id' ? 'probe' : key === 'then' || typeof key === 'symbol' ? undefined : api),
  has: () => true,
  apply: () => api,
});
self.chrome = api;
self.onmessage = ({ data }) => {
  const start = performance.now();
  importScripts(data);
  postMessage(performance.now() - start);
};
`;

/** The scripts that are evaluated in fresh workers. */
export function probes(): ReadonlyMap<string, string> {
  return new Map([
    ['/probe.js', PROBE],
    ['/empty.js', ''],
    ['/background.js', readFileSync(join(DEMO, 'background.js'), 'utf8')],
  ]);
}

export interface BankPage {
  /** `http://127.0.0.1:port`. */
  readonly origin: string;
  /** The same server under an address where the content script does not run. */
  readonly originWithout: string;
  close(): void;
}

/** Isolated from other origins, which gives its clocks their full resolution. */
const HEADERS = { 'cross-origin-opener-policy': 'same-origin', 'cross-origin-embedder-policy': 'require-corp', 'cache-control': 'no-store' };

async function listenOn(server: Server, host: string): Promise<number> {
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(0, host, resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}

/** @param library the script of the page library */
export async function serveBankPage(library: string, scripts: ReadonlyMap<string, string>): Promise<BankPage> {
  const all = new Map([...scripts, ['/dojang.js', library]]);
  const serve: RequestListener = ({ url = '' }, response) => {
    const script = all.get(url);
    const type = script === undefined ? 'text/html; charset=utf-8' : 'text/javascript; charset=utf-8';
    // An isolated page is loaded into a new process each time, which would hide what a content script costs.
    response.writeHead(200, { ...(url === '/plain' ? {} : HEADERS), 'content-type': type });
    response.end(script ?? (url === '/plain' ? PLAIN : PAGE));
  };
  const servers = [createServer(serve), createServer(serve)] as const;
  const [port, portWithout] = [await listenOn(servers[0], '127.0.0.1'), await listenOn(servers[1], '127.0.0.2')];
  return {
    origin: `http://127.0.0.1:${port}`,
    originWithout: `http://127.0.0.2:${portWithout}`,
    close: () => {
      for (const server of servers) {
        server.closeAllConnections();
        server.close();
      }
    },
  };
}
