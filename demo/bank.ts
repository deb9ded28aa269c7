/** The demo bank: a real HTTP server on this computer alone, which people sign in to with a joint certificate. */
import type { IncomingMessage } from 'node:http';
import { WalletError } from '../lib/errors.ts';
import { testAuthorityId } from '../lib/cmp/directory/test-authority.ts';
import { certificateFingerprint, readCertificate } from '../lib/npki/certificate.ts';
import { memoryNonces } from '../lib/verify/nonces.ts';
import type { SignIn } from '../lib/verify/result.ts';
import { createVerifier, type Verifier } from '../lib/verify/verifier.ts';
import { htmlAnswer, jsonAnswer, redirect, type Answer } from './answer.ts';
import { assetAnswer } from './assets.ts';
import { openAuthority, type DemoAuthority } from './authority.ts';
import { CertificateCentre } from './centre.ts';
import { CENTRE_PATH } from './centre-pages.ts';
import { IdentityDesk } from './identity-desk.ts';
import { addressOf, openLoopback } from './loopback.ts';
import { OfficeClient, type OfficeAddress } from './office-client.ts';
import { giveInvoices, INVOICES_API, INVOICES_PATH, invoicesPage, takeInvoices } from './invoices.ts';
import { accountPage, homePage, notFoundPage } from './pages.ts';
import { isLanguage, readCookies, readJson, readLanguage } from './request.ts';
import { Sessions, type Session } from './sessions.ts';
import { takeTransfer, TRANSFER_PATH, TRANSFER_SIGN, TRANSFER_WRITE, transferPage, writeTransfer } from './transfers.ts';
import { OPEN_TO_SANDBOX, testPage } from './test-pages.ts';
import type { Language } from './texts.ts';

export interface BankOptions {
  /** 0 takes a free one. */
  readonly port: number;
  /** `127.0.0.1` or `localhost`: how the address is written. The server listens on 127.0.0.1 in either case. */
  readonly host: string;
  /** Folder of the demo authority; made at the first start. */
  readonly dataFolder: string;
  /** Milliseconds since 1970 UTC; the system's clock unless told otherwise. */
  readonly clock?: () => number;
  /** Origin that statements must name, where it is not the address of the server. */
  readonly verifierOrigin?: string;
  /** The registration office, for the certificate centre and for the status of certificates; without it there is neither. */
  readonly office?: OfficeAddress;
  /** Serves the pages under /test/ for the browser tests. */
  readonly testRoutes?: boolean;
}

export interface Bank {
  /** `http://127.0.0.1:4080`, without a slash at the end. */
  readonly url: string;
  readonly authority: DemoAuthority;
  close(): Promise<void>;
}

/** One request, and what is known of who sent it. */
interface Visit {
  readonly request: IncomingMessage;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly language: Language;
  readonly session: Session | null;
}

class DemoBank {
  readonly #url: string;
  readonly #authority: DemoAuthority;
  readonly #verifier: Verifier;
  readonly #identity: IdentityDesk;
  readonly #nonces: ReturnType<typeof memoryNonces>;
  readonly #sessions: Sessions;
  readonly #centre: CertificateCentre | null;
  readonly #testRoutes: boolean;
  readonly #clock: () => number;
  /** Cookies do not tell ports apart, so the port is in the name. */
  readonly #cookie: string;

  constructor(url: string, authority: DemoAuthority, caId: string, options: BankOptions) {
    const clock = options.clock ?? Date.now;
    this.#url = url;
    this.#clock = clock;
    this.#authority = authority;
    this.#nonces = memoryNonces({ clock });
    this.#sessions = new Sessions(clock);
    this.#testRoutes = options.testRoutes ?? false;
    const office = options.office === undefined ? null : new OfficeClient(options.office);
    this.#centre = office === null ? null : new CertificateCentre(office, { id: caId, url: options.office?.url ?? '' }, clock);
    this.#cookie = `session-${new URL(url).port}`;
    this.#verifier = createVerifier({
      origin: options.verifierOrigin ?? url,
      roots: [authority.root],
      intermediates: [authority.issuing],
      nonces: this.#nonces,
      clock,
      ...(office === null ? {} : { status: (certificate) => office.status(readCertificate(certificate).serialHex) }),
    });
    this.#identity = new IdentityDesk(authority, this.#verifier, clock);
  }

  async answer(request: IncomingMessage): Promise<Answer> {
    const { pathname: path, searchParams: query } = addressOf(request.url, this.#url);
    const cookies = readCookies(request);
    const language = readLanguage(request, query, cookies.get('lang'));
    const visit: Visit = { request, path, query, language, session: this.#sessions.find(cookies.get(this.#cookie)) };
    switch (request.method) {
      case 'GET':
      case 'HEAD':
        return this.#show(visit);
      case 'POST':
        return this.#act(visit);
      default:
        return jsonAnswer({ code: 'request.forbidden' }, 405, { allow: 'GET, HEAD, POST' });
    }
  }

  async #show(visit: Visit): Promise<Answer> {
    const { path, query, language, session } = visit;
    // Back to a page of ours by name: a path from outside could lead elsewhere.
    const here = [CENTRE_PATH, INVOICES_PATH, TRANSFER_PATH, '/account'].find((known) => path === known) ?? '/';
    if (isLanguage(query.get('lang'))) return redirect(here, { 'set-cookie': `lang=${language}; Path=/; SameSite=Strict; Max-Age=31536000` });
    if (path === '/') return htmlAnswer(homePage(language, this.#authority, this.#centre === null ? null : CENTRE_PATH));
    if (path === CENTRE_PATH && this.#centre !== null) return this.#centre.show({ ...visit, customer: session?.customer ?? null });
    if (path === INVOICES_PATH) return htmlAnswer(invoicesPage(language));
    if (path === INVOICES_API) return giveInvoices();
    if (path === TRANSFER_PATH) return session?.signIn ? htmlAnswer(transferPage(language)) : redirect('/');
    if (path === '/account') return session?.signIn ? htmlAnswer(accountPage(language, session.signIn, session.identified)) : redirect('/');
    const test = this.#testRoutes ? testPage(path, query, language, this.#authority) : null;
    const found = test ?? (this.#testRoutes || !path.startsWith('/test/') ? await assetAnswer(path) : null);
    if (found === null) return htmlAnswer(notFoundPage(language), 404);
    return this.#testRoutes && test === null ? { ...found, headers: OPEN_TO_SANDBOX } : found;
  }

  async #act(visit: Visit): Promise<Answer> {
    const { origin } = visit.request.headers;
    if (origin !== undefined && origin !== this.#url) return jsonAnswer({ code: 'request.forbidden' }, 403);
    if (this.#centre !== null && visit.path === `${CENTRE_PATH}/register`) return this.#register(this.#centre, visit);
    if (this.#centre !== null && visit.path.startsWith(`${CENTRE_PATH}/`)) return this.#actInCentre(this.#centre, visit);
    switch (visit.path) {
      case '/api/nonce':
        return this.#giveNonce(visit);
      case '/api/sign-in':
        return this.#signIn(visit);
      case INVOICES_API:
        return takeInvoices(visit.request, this.#verifier);
      case TRANSFER_WRITE:
      case TRANSFER_SIGN:
        return this.#transfer(visit);
      case '/sign-out':
        this.#sessions.end(visit.session);
        return redirect('/', { 'set-cookie': `${this.#cookie}=; Path=/; HttpOnly; SameSite=Strict; Max-Age=0` });
      default:
        return jsonAnswer({ code: 'request.malformed' }, 404);
    }
  }

  async #transfer({ path, request, session }: Visit): Promise<Answer> {
    const signIn = session?.signIn ?? null;
    if (session === null || signIn === null) return jsonAnswer({ code: 'request.forbidden' }, 403);
    return path === TRANSFER_WRITE ? writeTransfer(request, session, signIn, this.#clock()) : takeTransfer(request, session, signIn, this.#verifier);
  }

  /** Whoever proves who he is goes on in a new session, and so does whoever leaves. */
  async #actInCentre(centre: CertificateCentre, visit: Visit): Promise<Answer> {
    const { answer, customer } = await centre.act({ ...visit, customer: visit.session?.customer ?? null });
    if (customer === undefined) return answer;
    const { signIn = null, identified = false } = visit.session ?? {};
    this.#sessions.end(visit.session);
    return { ...answer, headers: { ...answer.headers, ...this.#cookieOf(this.#sessions.start(signIn, { customer, identified })) } };
  }

  #cookieOf({ id }: Session): Record<string, string> {
    return { 'set-cookie': `${this.#cookie}=${id}; Path=/; HttpOnly; SameSite=Strict` };
  }

  /** A nonce, and where the page wants the identity value too, whom it is to be encrypted to. */
  async #giveNonce({ request, session }: Visit): Promise<Answer> {
    const wantsIdentity = fieldOf(await readJson(request), 'identity') === true;
    const given = session ?? this.#sessions.start(null);
    given.nonce = await this.#nonces.issue();
    given.wantsIdentity = wantsIdentity;
    const recipient = wantsIdentity ? { recipient: await this.#identity.recipient() } : {};
    return jsonAnswer({ nonce: given.nonce, ...recipient }, 200, this.#cookieOf(given));
  }

  async #signIn(visit: Visit): Promise<Answer> {
    const { session } = visit;
    const identified = session?.wantsIdentity === true;
    const { signIn, identity, nonce } = await this.#verify(visit);
    if (identified && typeof identity !== 'string') return jsonAnswer({ code: 'identity.missing' }, 403);
    if (identified) await this.#identity.check(signIn, String(identity), nonce);
    this.#sessions.end(session);
    const customer = session?.customer?.realName === signIn.holder ? session.customer : null;
    return jsonAnswer({ next: '/account' }, 200, this.#cookieOf(this.#sessions.start(signIn, { identified, customer })));
  }

  async #register(centre: CertificateCentre, visit: Visit): Promise<Answer> {
    const customer = visit.session?.customer ?? null;
    if (customer === null) throw new WalletError('request.forbidden', { detail: 'customer' });
    centre.register(customer, (await this.#verify(visit)).signIn);
    return jsonAnswer({});
  }

  /** Whose statement was posted. @throws `request.malformed`, `verify.*`, `certificate.*` */
  async #verify({ request, session }: Visit): Promise<{ signIn: SignIn; identity: unknown; nonce: string }> {
    const body = await readJson(request);
    const cms = fieldOf(body, 'cms');
    const identity = fieldOf(body, 'identity');
    if (typeof cms !== 'string') throw new WalletError('request.malformed', { detail: 'cms' });
    // A browser without a nonce of its own signs nobody in: an empty text is no nonce.
    const nonce = session?.nonce ?? '';
    if (session !== null) session.nonce = null;
    return { signIn: await this.#verifier.verifySignIn(cms, { nonce }), identity, nonce };
  }
}

/** A field of a JSON body of whatever shape. */
function fieldOf(body: unknown, name: string): unknown {
  return typeof body === 'object' && body !== null && Object.hasOwn(body, name) ? (body as Record<string, unknown>)[name] : undefined;
}

/**
 * Starts the bank. It may be started more than once, on other ports.
 * @throws where the host is not this computer, the port is taken, or the data folder is not of this demo
 */
export async function startBank(options: BankOptions): Promise<Bank> {
  const authority = await openAuthority(options.dataFolder, options.clock);
  const server = await openLoopback(options.host, options.port);
  const caId = testAuthorityId(await certificateFingerprint(readCertificate(authority.issuing)));
  const bank = new DemoBank(server.url, authority, caId, options);
  server.serve((request) => bank.answer(request));
  return { url: server.url, authority, close: () => server.close() };
}
