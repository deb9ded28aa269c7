/**
 * The status of certificates for a bank's server: asks the responder, then the list, that a certificate names, as far as the
 * bank lists their hosts. The certificate held up to a root before it comes here, so its addresses are its authority's; the list
 * of hosts keeps a server that reaches its own network from being sent anywhere else.
 */
import { copy, type Bytes } from '../bytes/bytes.ts';
import { WalletError } from '../errors.ts';
import { readCertificate } from '../npki/certificate.ts';
import { statusAddresses } from '../trust/status/addresses.ts';
import { askStatus, type AskStatusHost } from '../trust/status/ask.ts';
import { STATUS_LIMITS } from '../trust/status/limits.ts';
import type { CertificateState } from '../trust/status/state.ts';
import type { CertificateStatus, StatusCheck } from './signer.ts';

export interface OnlineStatusOptions {
  /** Hosts that may be asked, with the port where it is not the usual one: `ocsp.example.kr:4612`. No other is ever asked. */
  readonly hosts: readonly string[];
  /**
   * Authorities in DER whose OCSP delegates answer for others of the same organization: the root, where responders are certified
   * by it, as in Korea. Only delegates of the issuer itself unless told otherwise.
   */
  readonly appointing?: readonly Uint8Array[];
  /** Milliseconds to wait for one answer; five seconds unless told otherwise. */
  readonly patienceMs?: number;
  /** Milliseconds since 1970 UTC; the system's clock unless told otherwise. */
  readonly clock?: () => number;
  /** Hears what was found, with the reason, for the bank's log. */
  readonly onState?: (state: CertificateState) => void;
}

async function readBounded({ body }: Response, most: number): Promise<Bytes> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of body ?? []) {
    size += chunk.length;
    if (size > most) throw new WalletError('file.too-large', { detail: 'status' });
    chunks.push(chunk);
  }
  return copy(Buffer.concat(chunks));
}

function askingOf({ hosts, patienceMs = 5_000 }: OnlineStatusOptions): AskStatusHost {
  return async ({ kind, url, body }) => {
    if (!hosts.includes(new URL(url).host)) throw new WalletError('ca.unreachable', { detail: 'host' });
    const sent = body === null ? {} : { method: 'POST', headers: { 'content-type': 'application/ocsp-request' }, body };
    try {
      const response = await globalThis.fetch(url, { ...sent, redirect: 'error', signal: AbortSignal.timeout(patienceMs) });
      const bytes = await readBounded(response, kind === 'ocsp' ? STATUS_LIMITS.ocspBytes : STATUS_LIMITS.listBytes);
      return { status: response.status, type: response.headers.get('content-type') ?? '', bytes };
    } catch (cause) {
      throw cause instanceof WalletError ? cause : new WalletError('ca.unreachable', { detail: 'network', cause });
    }
  };
}

/**
 * A `status` for `createVerifier`. OCSP with a nonce first, then the revocation list; every answer is checked (signer, certificate,
 * nonce, times, scope, critical extensions), and what fails is `unknown`. A certificate on hold (효력정지) is `revoked`.
 *
 * @throws `file.*` where a certificate of `appointing` does not read
 */
export function onlineStatus(options: OnlineStatusOptions): StatusCheck {
  const { clock = Date.now, onState } = options;
  const appointing = (options.appointing ?? []).map((der) => readCertificate(copy(der)));
  const ports = { ask: askingOf(options), clock, random: (length: number) => crypto.getRandomValues(new Uint8Array(length)) };
  const seen = new Map<string, Bytes>();
  return async (certificateDer, issuerDer): Promise<CertificateStatus> => {
    const certificate = readCertificate(certificateDer);
    const authority = { issuer: readCertificate(issuerDer), appointing };
    const { state, list } = await askStatus({ certificate, authority, addresses: statusAddresses(certificate), seen }, ports);
    if (list !== null) seen.set(list.url, list.number);
    onState?.(state);
    return state.state;
  };
}
