/** What the authority answers at which address. */
import { timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { fromBase64 } from '../../lib/bytes/base64.ts';
import type { Bytes } from '../../lib/bytes/bytes.ts';
import { utf8 } from '../../lib/bytes/text.ts';
import { WalletError } from '../../lib/errors.ts';
import { jsonAnswer, type Answer } from '../answer.ts';
import { readBytes, readJson } from '../request.ts';
import type { CaContext } from './context.ts';
import { currentList } from './crl.ts';
import { answerHttpCmp } from './http-cmp.ts';
import { Office } from './office.ts';
import { readChangeRequest, readIdNumber, readRegisterRequest } from './office-requests.ts';
import { answerOcsp } from './ocsp.ts';
import { setFaults, stateOf } from './test-routes.ts';
import type { Turns } from './turns.ts';

const OCSP_LIMIT = 16 * 1024;
const OCSP_REQUEST = 'application/ocsp-request';

export interface RouteOptions {
  /** What the bank's server shows to the registration office. */
  readonly token: string;
  /** Serves /test/ and takes fixed numbers. */
  readonly test: boolean;
  readonly turns: Turns;
}

function bytesAnswer(type: string, body: Bytes): Answer {
  return { status: 200, type, body };
}

/** The path and the method of a route, and what it answers. */
type Route = (request: IncomingMessage) => Promise<Answer | null>;

function notAllowed(allow: string): Answer {
  return jsonAnswer({ code: 'request.forbidden' }, 405, { allow });
}

export class Routes {
  readonly #ca: CaContext;
  readonly #office: Office;
  readonly #options: RouteOptions;

  constructor(ca: CaContext, options: RouteOptions) {
    this.#ca = ca;
    this.#office = new Office(ca);
    this.#options = options;
  }

  async answer(request: IncomingMessage, path: string): Promise<Answer | null> {
    if (path.startsWith('/ocsp/')) return request.method === 'GET' ? this.#ocspGet(path) : notAllowed('GET');
    const [method, route] = this.#routes[path] ?? [];
    if (route === undefined) return jsonAnswer({ code: 'request.malformed' }, 404);
    return request.method === method ? route(request) : notAllowed(String(method));
  }

  readonly #routes: Readonly<Record<string, readonly ['GET' | 'POST', Route]>> = {
    '/ca/root.cer': ['GET', () => Promise.resolve(bytesAnswer('application/pkix-cert', this.#ca.keys.root.der))],
    '/ca/ca.cer': ['GET', () => Promise.resolve(bytesAnswer('application/pkix-cert', this.#ca.keys.issuing.certificate.der))],
    '/crl/ca.crl': ['GET', async () => bytesAnswer('application/pkix-crl', await this.#options.turns.take(() => currentList(this.#ca)))],
    '/.well-known/cmp': ['POST', (request) => answerHttpCmp(this.#ca, this.#options.turns, request)],
    '/pkix/': ['POST', (request) => answerHttpCmp(this.#ca, this.#options.turns, request)],
    '/ocsp': ['POST', (request) => this.#ocspPost(request)],
    '/ra/registrations': ['POST', (request) => this.#counter(request, (body) => this.#register(body))],
    '/ra/reissues': ['POST', (request) => this.#counter(request, (body) => this.#office.reissue(readChangeRequest(body)))],
    '/ra/revocations': ['POST', (request) => this.#counter(request, (body) => this.#revoke(body))],
    '/ra/holds': ['POST', (request) => this.#counter(request, (body) => ({ change: this.#office.hold(readChangeRequest(body)) }))],
    '/ra/releases': ['POST', (request) => this.#counter(request, (body) => ({ change: this.#office.release(readChangeRequest(body)) }))],
    '/ra/status': ['POST', (request) => this.#counter(request, (body) => ({ status: this.#office.status(readChangeRequest(body)) }))],
    '/ra/certificates': ['POST', (request) => this.#counter(request, (body) => ({ certificates: this.#office.list(readIdNumber(body)) }))],
    '/test/faults': ['POST', (request) => this.#test(async () => setFaults(this.#ca, await readJson(request)))],
    '/test/state': ['GET', () => this.#test(() => Promise.resolve(jsonAnswer(stateOf(this.#ca))))],
  };

  async #ocspPost(request: IncomingMessage): Promise<Answer> {
    const body = await readBytes(request, OCSP_REQUEST, OCSP_LIMIT);
    return this.#ocsp(body);
  }

  async #ocspGet(path: string): Promise<Answer> {
    // RFC 6960 appendix A.1: base64, then URL-encoded; some clients leave the encoding out, so slashes may stand in it.
    const asked = path.slice('/ocsp/'.length).replace(/%(2B|2F|3D)/gi, decodeURIComponent);
    return this.#ocsp(fromBase64(asked));
  }

  async #ocsp(request: Bytes): Promise<Answer> {
    return bytesAnswer('application/ocsp-response', await this.#options.turns.take(() => answerOcsp(this.#ca, request)));
  }

  async #counter(request: IncomingMessage, act: (body: unknown) => object): Promise<Answer> {
    const [shown, wanted] = [utf8(request.headers.authorization ?? ''), utf8(`Bearer ${this.#options.token}`)];
    if (shown.length !== wanted.length || !timingSafeEqual(shown, wanted)) return jsonAnswer({ code: 'request.forbidden' }, 401);
    const body = await readJson(request);
    return this.#options.turns.take(() => Promise.resolve(jsonAnswer(act(body))));
  }

  #register(body: unknown): object {
    const asked = readRegisterRequest(body);
    if (asked.fixed !== null && !this.#options.test) throw new WalletError('request.malformed', { detail: 'ref' });
    return this.#office.register(asked);
  }

  #revoke(body: unknown): object {
    const asked = readChangeRequest(body);
    return asked.byHolder ? this.#office.revokeByHolder(asked) : { change: this.#office.revoke(asked) };
  }

  async #test(act: () => Promise<Answer>): Promise<Answer> {
    return this.#options.test ? act() : jsonAnswer({ code: 'request.malformed' }, 404);
  }
}
