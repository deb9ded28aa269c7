import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { authorityInfoAccess, crlDistributionPoints } from '../../../demo/extensions.ts';
import type { Bytes } from '../../../lib/bytes/bytes.ts';
import { certIdOf } from '../../../lib/trust/status/ocsp-request.ts';
import { onlineStatus, type OnlineStatusOptions } from '../../../lib/verify/online-status.ts';
import { STATUS, writeAnswer, writeEntry, writeList, writeSingle } from '../../support/status-messages.ts';
import { holderExtensions, issue, makeChain, NOW, type Issued, type TestChain } from '../../support/test-authority.ts';

let server: Server;
let host: string;
let chain: TestChain;
let holder: Issued;
/** What the authority does about the next questions, and what it was asked. */
let behaviour: 'answers' | 'redirects' | 'is too long' | 'is silent';
let revoked: boolean;
let number: number;
let asked: string[];

async function answerTo(request: Buffer): Promise<Bytes> {
  const certId = await certIdOf(holder.certificate, chain.authority.certificate);
  const single = writeSingle({ certId, status: revoked ? STATUS.revoked(6) : STATUS.good });
  return writeAnswer({ singles: [single], signer: chain.authority, nonce: new Uint8Array(request.subarray(-32)) });
}

function list(): Promise<Bytes> {
  return writeList({ signer: chain.authority, number, entries: revoked ? [writeEntry({ serial: holder.certificate.serial })] : [] });
}

beforeAll(async () => {
  server = createServer((request, response) => {
    void (async () => {
      const pieces: Buffer[] = [];
      for await (const piece of request) pieces.push(piece as Buffer);
      asked.push(`${request.method ?? ''} ${request.url ?? ''}`);
      if (request.url === '/crl') response.writeHead(200).end(await list());
      else if (behaviour === 'redirects') response.writeHead(302, { location: '/crl' }).end();
      else if (behaviour === 'is too long') response.writeHead(200, { 'content-type': 'application/ocsp-response' }).end(Buffer.alloc(70_000));
      else if (behaviour === 'answers')
        response.writeHead(200, { 'content-type': 'application/ocsp-response' }).end(await answerTo(Buffer.concat(pieces)));
    })();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  host = `127.0.0.1:${String((server.address() as AddressInfo).port)}`;
  chain = await makeChain();
  const places = [authorityInfoAccess(`http://${host}/ocsp`), crlDistributionPoints(`http://${host}/crl`)];
  holder = await issue({ name: '홍길동()0099', keys: chain.holderKeys, issuer: chain.authority, extensions: [...holderExtensions(), ...places] });
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});
beforeEach(() => {
  behaviour = 'answers';
  revoked = false;
  number = 5;
  asked = [];
});

function statusOf(options: Partial<OnlineStatusOptions> = {}): Promise<string> {
  const status = onlineStatus({ hosts: [host], clock: () => NOW, ...options });
  return status(holder.certificate.der, chain.authority.certificate.der);
}

describe('the status that a bank asks for', () => {
  it('is what the responder says, without the list', async () => {
    expect(await statusOf()).toBe('good');
    revoked = true;
    expect(await statusOf()).toBe('revoked');
    expect(asked).toEqual(['POST /ocsp', 'POST /ocsp']);
  });

  it.each(['redirects', 'is too long', 'is silent'] as const)('is what the list says where the responder %s', async (what) => {
    behaviour = what;
    expect(await statusOf({ patienceMs: 200 })).toBe('good');
    revoked = true;
    expect(await statusOf({ patienceMs: 200 })).toBe('revoked');
  });

  it('is unknown, and nobody is asked, where the host is not listed', async () => {
    expect(await statusOf({ hosts: ['127.0.0.1:1', 'ocsp.example'] })).toBe('unknown');
    expect(asked).toEqual([]);
  });

  it('is unknown by a list that is older than one seen before, and the bank hears why', async () => {
    behaviour = 'redirects';
    const states: unknown[] = [];
    const status = onlineStatus({
      hosts: [host],
      clock: () => NOW,
      onState: (state) => states.push(state.state === 'unknown' ? state.why : state.state),
    });
    for (number of [5, 4, 6]) await status(holder.certificate.der, chain.authority.certificate.der);
    expect(states).toEqual(['good', 'older', 'good']);
  });
});
