import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startBank, type Bank } from '../../../demo/bank.ts';
import type { BankDocument } from '../../../demo/transfers.ts';
import { utf8 } from '../../../lib/bytes/text.ts';
import { signAs, signInAs } from '../../support/demo-sign-in.ts';

const folder = mkdtempSync(join(tmpdir(), 'dojang-transfers-'));
const NOW = Date.parse('2026-11-24T03:00:00Z');
const ORDER = { account: '110-123-456789', receiver: '김철수', amount: '1000000', terms: true };

let bank: Bank;
let cookie = '';

beforeAll(async () => {
  bank = await startBank({ port: 0, host: '127.0.0.1', dataFolder: join(folder, 'demo'), clock: () => NOW });
});
afterAll(async () => {
  await bank.close();
  rmSync(folder, { recursive: true });
});

async function post(path: string, body: unknown): Promise<{ status: number; answer: Record<string, unknown> }> {
  const headers = { 'content-type': 'application/json', cookie };
  const response = await fetch(bank.url + path, { method: 'POST', headers, body: JSON.stringify(body) });
  cookie = response.headers.getSetCookie()[0]?.split(';')[0] ?? cookie;
  return { status: response.status, answer: (await response.json()) as Record<string, unknown> };
}

const write = async (order: object = ORDER): Promise<readonly BankDocument[]> =>
  (await post('/api/transfer/write', order)).answer['documents'] as readonly BankDocument[];

/** What the wallet would send for the documents. */
function sign(documents: readonly BankDocument[], change: { person?: number; origin?: string } = {}): Promise<string[]> {
  const { person = 0, origin = bank.url } = change;
  return Promise.all(documents.map(({ content }) => signAs({ authority: bank.authority, person, now: NOW, content: utf8(content), origin })));
}

const send = (signatures: unknown): ReturnType<typeof post> => post('/api/transfer/sign', { signatures });

beforeEach(async () => {
  cookie = '';
  const { answer } = await post('/api/nonce', {});
  const cms = await signInAs({ authority: bank.authority, person: 0, nonce: String(answer['nonce']), origin: bank.url, now: NOW });
  await post('/api/sign-in', { cms });
});

describe('a transfer at the demo bank', () => {
  it('is taken once, as the bank wrote it', async () => {
    const documents = await write();
    expect(documents[0]?.content).toContain('받는 계좌: 110-123-456789\n받는 사람: 김철수\n금액: 1,000,000원\n');
    const signatures = await sign(documents);
    const { status, answer } = await send(signatures);
    expect({ status, answer }).toMatchObject({ status: 200, answer: { holder: '홍길동', count: 2 } });
    expect(answer['checks']).toEqual(['content', 'origin', 'time', 'certificate-binding', 'signature', 'path', 'key-usage']);
    expect((await send(signatures)).answer).toEqual({ code: 'request.malformed' });
    await write();
    expect((await send(signatures)).answer).toEqual({ code: 'verify.document' });
  });

  it.each([
    ['another amount', (one: BankDocument) => ({ ...one, content: one.content.replace('1,000,000', '9,000,000') }), {}, 'verify.document'],
    ['the origin of another site', (one: BankDocument) => one, { origin: 'https://evil.example' }, 'verify.origin'],
    ['the certificate of somebody else', (one: BankDocument) => one, { person: 1 }, 'certificate.not-accepted'],
  ])('is refused with %s', async (_, change, by, code) => {
    expect((await send(await sign((await write()).map(change), by))).answer).toEqual({ code });
  });

  it('is refused with fewer signatures, none at all, or documents that nobody wrote', async () => {
    const signatures = await sign(await write());
    expect((await send(signatures.slice(1))).answer).toEqual({ code: 'request.malformed' });
    await write();
    expect((await send([null, null])).answer).toEqual({ code: 'request.malformed' });
    expect((await post('/api/transfer/write', { ...ORDER, amount: '-1' })).answer).toEqual({ code: 'request.malformed' });
    expect((await post('/api/transfer/write', { ...ORDER, receiver: '김\n금액: 1원' })).answer).toEqual({ code: 'request.malformed' });
  });

  it('is for those who are signed in', async () => {
    cookie = '';
    expect(await post('/api/transfer/write', ORDER)).toMatchObject({ status: 403, answer: { code: 'request.forbidden' } });
    expect((await fetch(`${bank.url}/transfer`, { redirect: 'manual' })).headers.get('location')).toBe('/');
  });
});
