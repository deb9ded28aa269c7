import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startBank, type Bank } from '../../../demo/bank.ts';
import { UNSIGNED_INVOICES } from '../../../demo/invoice-samples.ts';

const folder = mkdtempSync(join(tmpdir(), 'dojang-invoices-'));
let bank: Bank;

beforeAll(async () => {
  bank = await startBank({ port: 0, host: '127.0.0.1', dataFolder: join(folder, 'demo') });
});
afterAll(async () => {
  await bank.close();
  rmSync(folder, { recursive: true });
});

async function send(invoices: unknown): Promise<unknown> {
  const headers = { 'content-type': 'application/json' };
  const response = await fetch(`${bank.url}/api/invoices`, { method: 'POST', headers, body: JSON.stringify({ invoices }) });
  return ((await response.json()) as { code?: string }).code;
}

describe('the invoice desk of the demo', () => {
  it.each(['ko', 'en'])('shows in %s what is to be signed, and gives it out unsigned', async (language) => {
    const text = await (await fetch(`${bank.url}/invoices`, { headers: { 'accept-language': language } })).text();
    for (const part of ['(주)가나다 &amp; 친구들', '1,100,000', '2026-11-30']) expect(text).toContain(part);
    expect(await (await fetch(`${bank.url}/api/invoices`)).json()).toEqual({ invoices: UNSIGNED_INVOICES });
  });

  it.each([
    ['nothing', undefined],
    ['too few', UNSIGNED_INVOICES.slice(1)],
    ['no texts', [1, 2]],
    ['unsigned ones', UNSIGNED_INVOICES],
  ])('refuses %s', async (_, invoices) => {
    expect(await send(invoices)).toBe('request.malformed');
  });
});
