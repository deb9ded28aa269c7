/** A page of a bank, served on this computer: it loads the page library and signs in when told to. */
import { createServer } from 'node:http';

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
</script>`;

export interface BankPage {
  /** `http://127.0.0.1:port`. */
  readonly origin: string;
  close(): void;
}

/** @param library the script of the page library */
export async function serveBankPage(library: string): Promise<BankPage> {
  const server = createServer(({ url }, response) => {
    const isLibrary = url === '/dojang.js';
    response.writeHead(200, { 'content-type': isLibrary ? 'text/javascript' : 'text/html; charset=utf-8' });
    response.end(isLibrary ? library : PAGE);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return {
    origin: `http://127.0.0.1:${address.port}`,
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}
