/**
 * Asks about one certificate: OCSP first, since its answer is of this moment, then the revocation list. The network is an
 * argument, and so is what may be asked: the addresses in a certificate are only wishes.
 */
import type { Bytes } from '../../bytes/bytes.ts';
import { WalletError } from '../../errors.ts';
import type { Certificate } from '../../npki/certificate.ts';
import { checkRevocationList } from './check-list.ts';
import { checkOcspAnswer, timeOfAnswer } from './check-ocsp.ts';
import { STATUS_LIMITS } from './limits.ts';
import { certIdOf, writeOcspRequest } from './ocsp-request.ts';
import type { StatusAddresses } from './addresses.ts';
import type { AnsweringAuthority } from './responder.ts';
import { unknown, type CertificateState, type Unknown } from './state.ts';

/** One exchange over HTTP. */
export interface StatusExchange {
  readonly kind: 'ocsp' | 'crl';
  readonly url: string;
  /** An OCSP request to be posted; null for a GET. */
  readonly body: Bytes | null;
}

export interface StatusAnswer {
  /** HTTP status. */
  readonly status: number;
  /** Media type as told; empty where none was. */
  readonly type: string;
  readonly bytes: Bytes;
}

/** Throws a `WalletError` where no answer came, or one of more octets than `STATUS_LIMITS` has. */
export type AskStatusHost = (exchange: StatusExchange) => Promise<StatusAnswer>;

export interface StatusPorts {
  readonly ask: AskStatusHost;
  readonly clock: () => number;
  readonly random: (length: number) => Bytes;
}

export interface StatusQuestion {
  readonly certificate: Certificate;
  readonly authority: AnsweringAuthority;
  /** Where it may be asked, the caller having chosen. */
  readonly addresses: StatusAddresses;
  /** Numbers of the newest lists seen before, by address. */
  readonly seen: ReadonlyMap<string, Bytes>;
}

export interface StatusResult {
  readonly state: CertificateState;
  /** Who said so; null where nobody did. */
  readonly source: 'ocsp' | 'crl' | null;
  /** The list that was believed, and its number. */
  readonly list: { readonly url: string; readonly number: Bytes } | null;
  /** What time a responder's clock showed that answered this very question, milliseconds since 1970; null without one. */
  readonly toldTime: number | null;
}

const OCSP_ANSWER = 'application/ocsp-response';

/** The octets, or null where none came that may be read. Lists are served under many types, and are signed whatever theirs. */
async function fetched(ask: AskStatusHost, exchange: StatusExchange): Promise<Bytes | null> {
  try {
    const { status, type, bytes } = await ask(exchange);
    const isWanted = exchange.kind === 'crl' || type.split(';')[0]?.trim().toLowerCase() === OCSP_ANSWER;
    return status === 200 && isWanted ? bytes : null;
  } catch (thrown) {
    if (thrown instanceof WalletError) return null;
    throw thrown;
  }
}

interface Answered {
  readonly state: CertificateState;
  readonly toldTime: number | null;
}

async function askResponder(url: string, { certificate, authority }: StatusQuestion, ports: StatusPorts): Promise<Answered> {
  const certId = await certIdOf(certificate, authority.issuer);
  const nonce = ports.random(STATUS_LIMITS.nonceBytes);
  const body = writeOcspRequest(certId, nonce);
  const bytes = await fetched(ports.ask, { kind: 'ocsp', url, body });
  if (bytes === null) return { state: unknown('unreachable'), toldTime: null };
  const question = { certId, nonce, authority, now: ports.clock() };
  const [state, toldTime] = await Promise.all([checkOcspAnswer(bytes, question), timeOfAnswer(bytes, question)]);
  return { state, toldTime };
}

async function askList(url: string, { certificate, authority, seen }: StatusQuestion, ports: StatusPorts): Promise<Omit<StatusResult, 'toldTime'>> {
  const bytes = await fetched(ports.ask, { kind: 'crl', url, body: null });
  if (bytes === null) return { state: unknown('unreachable'), source: null, list: null };
  const question = { certificate, issuer: authority.issuer, now: ports.clock(), seen: seen.get(url) ?? null };
  const { state, number } = await checkRevocationList(bytes, question);
  return { state, source: 'crl', list: number === null ? null : { url, number } };
}

/**
 * A responder that does not know a certificate speaks for its authority: no list makes it good, for lists are silent about what
 * was never issued. They may still have it revoked.
 */
function settle(said: Unknown | null, result: Omit<StatusResult, 'toldTime'>): Omit<StatusResult, 'toldTime'> {
  return said?.why === 'not-known' && result.state.state === 'good' ? { ...result, state: said, source: 'ocsp' } : result;
}

/** The reason that tells more: a responder's word before all, then what was wrong with the first answer that came. */
function rather(a: Unknown | null, b: Unknown): Unknown {
  return a === null || (a.why !== 'not-known' && (a.why === 'unreachable' || b.why === 'not-known')) ? b : a;
}

/** Never throws for what the network or an answer does; whatever fails is `unknown`. */
export async function askStatus(question: StatusQuestion, ports: StatusPorts): Promise<StatusResult> {
  let said: Unknown | null = null;
  let toldTime: number | null = null;
  for (const url of question.addresses.ocsp) {
    const answered = await askResponder(url, question, ports);
    const { state } = answered;
    toldTime = answered.toldTime ?? toldTime;
    if (state.state !== 'unknown') return { state, source: 'ocsp', list: null, toldTime };
    said = rather(said, state);
  }
  for (const url of question.addresses.crl) {
    const result = await askList(url, question, ports);
    if (result.state.state !== 'unknown') return { ...settle(said, result), toldTime };
    said = rather(said, result.state);
  }
  return { state: said ?? unknown('no-address'), source: said?.why === 'not-known' ? 'ocsp' : null, list: null, toldTime };
}
