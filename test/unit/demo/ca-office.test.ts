import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TestCa } from '../../support/demo-ca.ts';

/** 홍길동 and 정만료 of the people that the demo starts with. */
const HONG = { serial: '20260002', number: '9000011000000' };
const EXPIRED = { serial: '20260006' };

let ca: TestCa;

beforeAll(async () => {
  ca = await TestCa.start();
});
afterAll(async () => {
  await ca.close();
});

describe('the registration office of the demo authority', () => {
  it('gives a reference number of eight digits and a code of a hundred bits, good for fourteen days', async () => {
    const { status, body } = await ca.post('/ra/registrations', { name: '박신규', number: '9100022000000' });
    expect(status).toBe(200);
    expect(body['referenceNumber']).toMatch(/^[1-9]\d{7}$/);
    expect(body['authorizationCode']).toMatch(/^([A-Z2-7]{5}-){3}[A-Z2-7]{5}$/);
    expect(Math.round(((body['expires'] as number) - Date.now()) / 86_400_000)).toBe(14);
    expect(body['replaces']).toEqual([]);
  });

  it('says which certificates of the person and class would fall', async () => {
    const same = await ca.post('/ra/registrations', { name: '홍길동', number: HONG.number });
    expect(same.body['replaces']).toEqual([HONG.serial, '20260003']);
    const other = await ca.post('/ra/registrations', { name: '홍길동', number: HONG.number, policy: '1.2.410.200005.1.1.1' });
    expect(other.body['replaces']).toEqual([]);
  });

  it('lists the certificates of a person', async () => {
    const { body } = await ca.post('/ra/certificates', { number: HONG.number });
    expect(body['certificates']).toMatchObject([
      { serial: HONG.serial, name: '홍길동', policy: '1.2.410.200005.1.1.4', state: 'active', reason: null },
    ]);
  });

  it('binds a reissue to the old certificates, and refuses it after they ended', async () => {
    expect((await ca.post('/ra/reissues', { serial: HONG.serial })).body['replaces']).toEqual([HONG.serial, '20260003']);
    expect(await ca.post('/ra/reissues', EXPIRED)).toEqual({ status: 403, body: { code: 'certificate.expired' } });
  });

  it('holds, releases and revokes both certificates of a pair, and never takes a revocation back', async () => {
    const states = async (): Promise<unknown> =>
      (await ca.rows('certificates'))
        .filter(({ serial }) => serial === '20260004' || serial === '20260005')
        .map(({ state, reason }) => [state, reason]);
    const act = async (path: string, more: object = {}): Promise<unknown> =>
      (await ca.post(`/ra/${path}`, { serial: '20260004', ...more })).body['change'];
    expect([await act('holds'), await act('holds')]).toEqual(['done', 'already']);
    expect(await states()).toEqual([
      ['held', 6],
      ['held', 6],
    ]);
    expect([await act('releases'), await act('releases')]).toEqual(['done', 'already']);
    expect(await states()).toEqual([
      ['active', null],
      ['active', null],
    ]);
    expect(await act('revocations', { reason: 3 })).toBe('done');
    expect(await act('releases')).toBe('refused');
    expect(await states()).toEqual([
      ['revoked', 3],
      ['revoked', 3],
    ]);
    expect((await ca.rows('journal')).map(({ act: what }) => what)).toEqual(expect.arrayContaining(['held', 'released', 'revoked']));
  });

  it('revokes what was held for half a year', async () => {
    const state = async (): Promise<unknown> => (await ca.rows('certificates')).find(({ serial }) => serial === '20260008')?.['state'];
    await ca.post('/ra/holds', { serial: '20260008' });
    ca.ahead = 179 * 86_400_000;
    await ca.get('/crl/ca.crl');
    expect(await state()).toBe('held');
    ca.ahead = 180 * 86_400_000;
    await ca.get('/crl/ca.crl');
    expect(await state()).toBe('revoked');
    ca.ahead = 0;
  });

  it('keeps everything over a restart', async () => {
    const before = [await ca.rows('certificates'), await ca.rows('registrations'), await ca.rows('journal')];
    const list = await ca.get('/crl/ca.crl');
    await ca.restart();
    expect([await ca.rows('certificates'), await ca.rows('registrations'), await ca.rows('journal')]).toEqual(before);
    expect(await ca.get('/crl/ca.crl')).toEqual(list);
  });

  it.each<[string, string, unknown]>([
    ['no name', 'registrations', { number: HONG.number }],
    ['a name with brackets', 'registrations', { name: '홍()', number: HONG.number }],
    ['a number that is none', 'registrations', { name: '홍길동', number: '900001' }],
    ['a foreign policy', 'registrations', { name: '홍길동', number: HONG.number, policy: '1.3.6.1' }],
    ['an endless certificate', 'registrations', { name: '홍길동', number: HONG.number, days: 100_000 }],
    ['a list', 'registrations', []],
    ['null', 'holds', null],
    ['a serial that is no hex', 'holds', { serial: '../' }],
  ])('refuses %s', async (_, path, body) => {
    expect(await ca.post(`/ra/${path}`, body)).toEqual({ status: 400, body: { code: 'request.malformed' } });
  });

  it('knows nobody without its token, and no serial that it did not give', async () => {
    for (const token of ['', 'tesT', 'tes']) expect((await ca.post('/ra/holds', HONG, token)).status).toBe(401);
    expect((await ca.post('/ra/holds', { serial: '7fffffff' })).status).toBe(404);
    expect((await ca.post('/ra/holds', { serial: '20260003' })).status).toBe(404); // a km certificate goes with its sign certificate
  });

  it('answers each address by its own method alone', async () => {
    const status = async (path: string, method: string): Promise<number> => (await fetch(ca.url + path, { method })).status;
    expect(await status('/ra/registrations', 'GET')).toBe(405);
    expect(await status('/crl/ca.crl', 'POST')).toBe(405);
    expect(await status('/nothing', 'GET')).toBe(404);
    expect(await status('/__proto__', 'GET')).toBe(404);
  });
});
