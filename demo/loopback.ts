/** An HTTP server of this computer alone: what the demo bank and the demo authority stand on. */
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { errorCode, WalletError } from '../lib/errors.ts';
import { jsonAnswer, send, type Answer } from './answer.ts';

export interface LoopbackServer {
  /** `http://127.0.0.1:4080`, without a slash at the end. */
  readonly url: string;
  /** Begins to answer; null ends the connection without an answer, or after what was written to it. */
  serve(answer: (request: IncomingMessage) => Promise<Answer | null>): void;
  close(): Promise<void>;
}

const LOOPBACK = '127.0.0.1';
const REQUEST_MS = 10_000;

const STATUS: ReadonlyMap<string, number> = new Map([
  ['request.malformed', 400],
  ['certificate.not-found', 404],
  ['request.too-large', 413],
  ['internal', 500],
]);

function failure(thrown: unknown): Answer {
  const code = errorCode(thrown);
  // After too large a body the rest of it is not waited for.
  return jsonAnswer({ code }, STATUS.get(code) ?? 403, code === 'request.too-large' ? { connection: 'close' } : {});
}

async function listen(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, LOOPBACK, () => {
      resolve((server.address() as AddressInfo).port);
    });
  });
}

/** A foreign name that resolves to this computer is not us. Browsers always name a host; some status clients leave it or the port out. */
function isForUs({ headers }: IncomingMessage, host: string): boolean {
  return headers.host === undefined || headers.host.replace(/:\d+$/, '') === host;
}

/** The address that was asked for; what is none (`//`) is malformed. */
export function addressOf(path: string | undefined, base: string): URL {
  const address = URL.parse(path ?? '/', base);
  if (address === null) throw new WalletError('request.malformed', { detail: 'address' });
  return address;
}

/**
 * @param host `127.0.0.1` or `localhost`: how the address is written; it listens on 127.0.0.1 in either case
 * @param port 0 takes a free one
 * @throws where the host is not this computer, or the port is taken
 */
export async function openLoopback(host: string, port: number): Promise<LoopbackServer> {
  if (host !== LOOPBACK && host !== 'localhost') throw new Error('The demo listens on 127.0.0.1 or localhost only.');
  const server = createServer({ requestTimeout: REQUEST_MS, headersTimeout: REQUEST_MS });
  const url = `http://${host}:${String(await listen(server, port))}`;
  return {
    url,
    serve(answer) {
      server.on('request', (request, response) => {
        const refused = jsonAnswer({ code: 'request.forbidden' }, 421);
        void (isForUs(request, host) ? answer(request) : Promise.resolve(refused)).catch(failure).then((answered) => {
          if (answered === null) request.socket.destroySoon();
          else send(response, answered);
        });
      });
    },
    close: async () =>
      new Promise((resolve) => {
        server.close(() => {
          resolve();
        });
        server.closeAllConnections();
      }),
  };
}
