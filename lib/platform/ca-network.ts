/**
 * The one way to a network, and it leads to authorities of the directory alone: an address that is not theirs is refused
 * before anything is sent. Nothing of the person's goes along: no cookies, no referrer, no cache.
 */
import type { Bytes } from '../bytes/bytes.ts';
import { WalletError } from '../errors.ts';
import type { CaPlaces } from './ca-hosts.ts';

export interface CaAnswer {
  /** HTTP status. */
  readonly status: number;
  /** Media type as told; empty where none was. */
  readonly type: string;
  readonly bytes: Bytes;
}

/** A question about the state of certificates, to an address that a certificate names. */
export interface StateQuestion {
  readonly caId: string;
  readonly kind: 'ocsp' | 'crl';
  readonly url: string;
  /** An OCSP request to be posted; null for a GET. */
  readonly body: Bytes | null;
}

type Fetch = (url: string, init: RequestInit) => Promise<Response>;

/** Under the 30 s after which Chromium ends a background that waits for an answer. */
const PATIENCE_MS = 20_000;
/** Octets that are read of each kind of answer; what is longer is none. */
const MOST = { cmp: 256 * 1024, ocsp: 64 * 1024, crl: 8 * 1024 * 1024 } as const;
type Kind = keyof typeof MOST;

const LOOPBACK: readonly string[] = ['127.0.0.1', 'localhost'];

function unreachable(detail: string, cause?: unknown): WalletError {
  return new WalletError('ca.unreachable', { detail, cause });
}

/** Reads as much as may be read, and no more. */
async function readBody({ body }: Response, most: number): Promise<Bytes> {
  if (body === null) return new Uint8Array();
  const chunks: Uint8Array[] = [];
  let size = 0;
  const reader = body.getReader();
  for (let part = await reader.read(); !part.done; part = await reader.read()) {
    size += part.value.length;
    if (size > most) {
      await reader.cancel();
      throw unreachable('size');
    }
    chunks.push(part.value);
  }
  const all = new Uint8Array(size);
  let at = 0;
  for (const chunk of chunks) {
    all.set(chunk, at);
    at += chunk.length;
  }
  return all;
}

/** An address without name, password or fragment, over https; over http only where `plain` allows it. */
function readAddress(text: string, plain: (url: URL) => boolean): URL {
  const url = URL.parse(text);
  if (url === null || url.username !== '' || url.password !== '' || url.hash !== '') throw unreachable('address');
  if (url.protocol !== 'https:' && !(url.protocol === 'http:' && plain(url))) throw unreachable('address');
  return url;
}

export class CaNetwork {
  readonly #directory: () => Promise<readonly CaPlaces[]>;
  readonly #fetch: Fetch;

  /** @param directory the authorities that may be spoken to now */
  constructor(directory: () => Promise<readonly CaPlaces[]>, fetcher: Fetch = (url, init) => fetch(url, init)) {
    this.#directory = directory;
    this.#fetch = fetcher;
  }

  /**
   * Posts a CMP message (RFC 9811) to the authority of an id. @throws `ca.unreachable`: no answer came, or none that may be read
   */
  async post(caId: string, message: Bytes): Promise<CaAnswer> {
    const { cmp } = await this.#authority(caId);
    if (cmp === null) throw unreachable('no CMP');
    // Protected by itself; still, plain http is for a test authority on this computer alone.
    const url = readAddress(cmp.url, ({ hostname }) => LOOPBACK.includes(hostname));
    return this.#exchange(url, 'cmp', { method: 'POST', headers: { 'content-type': 'application/pkixcmp' }, body: message });
  }

  /**
   * Asks a responder or fetches a list, over http as these are signed by themselves, and only where the directory has the host
   * (with its port, where it is not the usual one) for that authority. @throws `ca.unreachable`
   */
  async ask({ caId, kind, url: text, body }: StateQuestion): Promise<CaAnswer> {
    const { ocspHosts, crlHosts } = await this.#authority(caId);
    const url = readAddress(text, () => true);
    if (!(kind === 'ocsp' ? ocspHosts : crlHosts).includes(url.host)) throw unreachable('host');
    if (body === null) return this.#exchange(url, kind, { method: 'GET' });
    return this.#exchange(url, kind, { method: 'POST', headers: { 'content-type': 'application/ocsp-request' }, body });
  }

  async #authority(caId: string): Promise<CaPlaces> {
    const found = (await this.#directory()).find(({ id }) => id === caId);
    if (!found) throw unreachable('authority');
    return found;
  }

  async #exchange(url: URL, kind: Kind, init: RequestInit): Promise<CaAnswer> {
    try {
      const response = await this.#fetch(url.href, {
        ...init,
        redirect: 'error',
        credentials: 'omit',
        cache: 'no-store',
        referrerPolicy: 'no-referrer',
        signal: AbortSignal.timeout(PATIENCE_MS),
      });
      return { status: response.status, type: response.headers.get('content-type') ?? '', bytes: await readBody(response, MOST[kind]) };
    } catch (thrown) {
      if (thrown instanceof WalletError) throw thrown;
      throw unreachable(thrown instanceof DOMException && thrown.name === 'TimeoutError' ? 'time' : 'network', thrown);
    }
  }
}
