import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { copy } from '../../../../lib/bytes/bytes.ts';
import { WalletError } from '../../../../lib/errors.ts';
import { readCertificate, type Certificate } from '../../../../lib/npki/certificate.ts';
import { statusAddresses, type StatusAddresses } from '../../../../lib/trust/status/addresses.ts';
import { askStatus, type AskStatusHost, type StatusExchange, type StatusResult } from '../../../../lib/trust/status/ask.ts';
import { TestCa } from '../../../support/demo-ca.ts';

let ca: TestCa;
let issuer: Certificate;
let hong: Certificate;
let addresses: StatusAddresses;
/** What was asked, in order, and kinds that are not reached. */
let asked: string[] = [];
let dead: readonly StatusExchange['kind'][] = [];

beforeAll(async () => {
  ca = await TestCa.start();
  issuer = readCertificate(ca.authority.issuing);
  hong = readCertificate(copy(readFileSync(join(ca.authority.people[0]!.folder, 'signCert.der'))));
  addresses = { ocsp: [`${ca.url}/ocsp`], crl: [`${ca.url}/crl/ca.crl`] };
});
afterAll(async () => {
  await ca.close();
});
beforeEach(() => {
  asked = [];
  dead = [];
});

const ask: AskStatusHost = async ({ kind, url, body }) => {
  asked.push(kind);
  if (dead.includes(kind)) throw new WalletError('ca.unreachable');
  const init = body === null ? {} : { method: 'POST', headers: { 'content-type': 'application/ocsp-request' }, body };
  const response = await fetch(url, init);
  return { status: response.status, type: response.headers.get('content-type') ?? '', bytes: new Uint8Array(await response.arrayBuffer()) };
};

interface Asking {
  readonly certificate?: Certificate;
  readonly places?: StatusAddresses;
  readonly seen?: StatusResult['list'];
  readonly answer?: AskStatusHost;
}

async function statusOf({ certificate = hong, places = addresses, seen = null, answer = ask }: Asking = {}): Promise<StatusResult> {
  const question = {
    certificate,
    authority: { issuer, appointing: [] },
    addresses: places,
    seen: new Map(seen === null ? [] : [[seen.url, seen.number]]),
  };
  return askStatus(question, { ask: answer, clock: Date.now, random: (length) => crypto.getRandomValues(new Uint8Array(length)) });
}

function inShort({ state, source }: StatusResult): string {
  return `${state.state === 'unknown' ? state.why : state.state} by ${source ?? 'nobody'}`;
}

async function under(...faults: readonly string[]): Promise<string> {
  await ca.post('/test/faults', { faults });
  return inShort(await statusOf());
}

describe('the status of a certificate', () => {
  it('is asked where the certificate says', () => {
    expect(statusAddresses(hong)).toEqual({ ocsp: ['http://127.0.0.1:4081/ocsp'], crl: ['http://127.0.0.1:4081/crl/ca.crl'] });
  });

  it('is what the responder says, and nobody else is asked', async () => {
    expect(inShort(await statusOf())).toBe('good by ocsp');
    expect(asked).toEqual(['ocsp']);
  });

  it('is what the list says where the responder is silent, and the number of the list is told', async () => {
    dead = ['ocsp'];
    const result = await statusOf();
    expect(inShort(result)).toBe('good by crl');
    expect(result.list).toEqual({ url: addresses.crl[0], number: Uint8Array.of(1) });
    expect(asked).toEqual(['ocsp', 'crl']);
  });

  it('is unknown where both are silent', async () => {
    dead = ['ocsp', 'crl'];
    expect(inShort(await statusOf())).toBe('unreachable by nobody');
  });

  it('is unknown where there is no place to ask', async () => {
    expect(inShort(await statusOf({ places: { ocsp: [], crl: [] } }))).toBe('no-address by nobody');
    expect(asked).toEqual([]);
  });

  it.each([
    ['an answer under another type', 200, 'text/html'],
    ['an answer of another status', 500, 'application/ocsp-response'],
  ])('is not taken from %s', async (_what, status, type) => {
    const answer: AskStatusHost = async (exchange) => ({ ...(await ask(exchange)), status, type });
    expect(inShort(await statusOf({ answer, places: { ...addresses, crl: [] } }))).toBe('unreachable by nobody');
  });
});

describe('[F28] answers of an authority that lies, each followed by its list', () => {
  it.each([
    ['ocsp-later', 'good by crl'],
    ['ocsp-stale', 'good by crl'],
    ['ocsp-other-nonce', 'good by crl'],
    ['ocsp-other-serial', 'good by crl'],
    ['ocsp-wrong-signer', 'good by crl'],
    ['ocsp-no-nonce', 'good by ocsp'],
  ])('%s: %s', async (fault, expected) => {
    expect(await under(fault)).toBe(expected);
  });

  it.each([
    ['ocsp-later', 'crl-stale', 'try-later by nobody'],
    ['ocsp-stale', 'crl-indirect', 'stale by nobody'],
    ['ocsp-wrong-signer', 'crl-stale', 'untrusted by nobody'],
  ])('%s and %s: %s', async (first, second, expected) => {
    expect(await under(first, second)).toBe(expected);
  });

  it('[trap 42] a list whose number goes back', async () => {
    dead = ['ocsp'];
    const { list } = await statusOf();
    await ca.post('/test/faults', { faults: ['crl-older-number'] });
    expect(inShort(await statusOf({ seen: list }))).toBe('older by nobody');
    expect(inShort(await statusOf({ seen: list }))).toBe('good by crl');
  });
});

describe('a certificate that the responder does not know', () => {
  const never = (): Certificate => ({ ...hong, serial: Uint8Array.of(0x7f, 0xff) });

  it('[trap 13] is not made good by a list that is silent about it', async () => {
    expect(inShort(await statusOf({ certificate: never() }))).toBe('not-known by ocsp');
    expect(asked).toEqual(['ocsp', 'crl']);
  });
});

describe('a certificate on hold, released, and revoked', () => {
  const SERIAL = '20260002';

  it('is told apart, by responder and list alike', async () => {
    const both = async (): Promise<unknown[]> => {
      dead = [];
      const byResponder = await statusOf();
      dead = ['ocsp'];
      return [byResponder, await statusOf()].map(({ state }) => (state.state === 'revoked' ? state.reason : state.state));
    };
    await ca.post('/ra/holds', { serial: SERIAL });
    expect(await both()).toEqual(['certificateHold', 'certificateHold']);
    await ca.post('/ra/releases', { serial: SERIAL });
    expect(await both()).toEqual(['good', 'good']);
    await ca.post('/ra/revocations', { serial: SERIAL, reason: 1 });
    expect(await both()).toEqual(['keyCompromise', 'keyCompromise']);
  });
});
