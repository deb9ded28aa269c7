import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { errorCode, WalletError } from '../../../lib/errors.ts';
import type { CaPlaces } from '../../../lib/platform/ca-hosts.ts';
import { CaNetwork } from '../../../lib/platform/ca-network.ts';
import { ADAPTER } from '../../support/cmp-authority.ts';

let server: Server;
let host: string;
/** What the server was asked, as `METHOD path content-type cookie referer`. */
const asked: string[] = [];

beforeAll(async () => {
  server = createServer((request, response) => {
    const { method, url = '', headers } = request;
    asked.push([method, url, headers['content-type'], headers.cookie, headers.referer].join(' '));
    if (url === '/redirect') response.writeHead(302, { location: '/other' }).end();
    else if (url === '/cut') response.writeHead(200, { 'content-length': '100' }).write('cut', () => response.destroy());
    else if (url === '/large') response.writeHead(200).end(Buffer.alloc(256 * 1024 + 1));
    else if (url === '/refused') response.writeHead(400, { 'content-type': 'application/pkixcmp' }).end('no');
    else response.writeHead(200, { 'content-type': 'application/pkixcmp' }).end('yes');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
});

afterAll(() => new Promise((resolve) => server.close(resolve)));

const MESSAGE = Uint8Array.of(1, 2, 3);

function networkOf(url: string | null, more: Partial<CaPlaces> = {}): CaNetwork {
  const cmp = url === null ? null : { url, adapter: ADAPTER };
  return new CaNetwork(() => Promise.resolve([{ id: 'demo', cmp, ocspHosts: [], crlHosts: [], ...more }]));
}

async function refusalOf(act: Promise<unknown>): Promise<string> {
  const thrown: unknown = await act.catch((error: unknown) => error);
  return `${errorCode(thrown)} ${thrown instanceof WalletError ? (thrown.detail ?? '') : ''}`;
}

describe('the way to an authority', () => {
  it('carries a message and its answer, with nothing of the person beside it', async () => {
    asked.length = 0;
    const answer = await networkOf(`http://${host}/cmp`).post('demo', MESSAGE);
    expect([answer.status, answer.type, new TextDecoder().decode(answer.bytes)]).toEqual([200, 'application/pkixcmp', 'yes']);
    expect(asked).toEqual(['POST /cmp application/pkixcmp  ']);
  });

  it('gives an answer of any status: a refusal is a message, too', async () => {
    expect(await networkOf(`http://${host}/refused`).post('demo', MESSAGE)).toMatchObject({ status: 400, type: 'application/pkixcmp' });
  });

  it.each([
    ['redirect', 'network'],
    ['cut', 'network'],
    ['large', 'size'],
  ])('takes no answer that is %s', async (path, detail) => {
    expect(await refusalOf(networkOf(`http://${host}/${path}`).post('demo', MESSAGE))).toBe(`ca.unreachable ${detail}`);
  });

  it.each([
    ['an authority without CMP', null, 'demo', 'no CMP'],
    ['an id that the directory has not', 'https://ca.example/cmp', 'other', 'authority'],
    ['an address for an id', 'https://ca.example/cmp', 'https://evil.example/cmp', 'authority'],
    ['plain http elsewhere than on this computer', 'http://ca.example/cmp', 'demo', 'address'],
    ['another scheme', 'ftp://ca.example/cmp', 'demo', 'address'],
    ['a name and password in the address', 'https://a:b@ca.example/cmp', 'demo', 'address'],
  ])('[B26] sends nothing to %s', async (_what, url, id, detail) => {
    asked.length = 0;
    expect(await refusalOf(networkOf(url).post(id, MESSAGE))).toBe(`ca.unreachable ${detail}`);
    expect(asked).toEqual([]);
  });

  it('asks a responder that the directory has, and fetches its list', async () => {
    asked.length = 0;
    const network = networkOf(null, { ocspHosts: [host], crlHosts: [host] });
    await network.ask({ caId: 'demo', kind: 'ocsp', url: `http://${host}/ocsp`, body: MESSAGE });
    await network.ask({ caId: 'demo', kind: 'crl', url: `http://${host}/ca.crl`, body: null });
    expect(asked).toEqual(['POST /ocsp application/ocsp-request  ', 'GET /ca.crl   ']);
  });

  it.each([
    ['a host that only the certificate names', 'http://router.example/ocsp'],
    ['another port of a known host', 'http://127.0.0.1:1/ocsp'],
    ['a directory service', 'ldap://ca.example/ocsp'],
    ['no address at all', 'ocsp'],
  ])('never asks %s', async (_what, url) => {
    asked.length = 0;
    const network = networkOf(null, { ocspHosts: [host], crlHosts: [] });
    expect(await refusalOf(network.ask({ caId: 'demo', kind: 'ocsp', url, body: MESSAGE }))).toMatch(/^ca\.unreachable (host|address)$/);
    expect(await refusalOf(network.ask({ caId: 'demo', kind: 'crl', url: `http://${host}/ca.crl`, body: null }))).toBe('ca.unreachable host');
    expect(asked).toEqual([]);
  });

  it('waits no longer than twenty seconds', async () => {
    let signal: AbortSignal | null = null;
    const places: CaPlaces = { id: 'demo', cmp: { url: 'https://ca.example/cmp', adapter: ADAPTER }, ocspHosts: [], crlHosts: [] };
    const network = new CaNetwork(
      () => Promise.resolve([places]),
      (_url, init) => {
        signal = init.signal ?? null;
        return Promise.reject(new DOMException('late', 'TimeoutError'));
      },
    );
    expect(await refusalOf(network.post('demo', MESSAGE))).toBe('ca.unreachable time');
    expect(signal).toBeInstanceOf(AbortSignal);
  });
});
