import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CENTRE_TEXTS } from '../../../demo/centre-texts.ts';
import { CUSTOMERS, SHOW_CODE } from '../../../demo/customers.ts';
import { startDemo, type Demo } from '../../../demo/demo.ts';
import { readIssueRequest } from '../../../lib/protocol/lifecycle.ts';
import { Applicant, given, outcome, pair, twoKeys } from '../../support/applicant.ts';
import { signInAs } from '../../support/demo-sign-in.ts';

const folder = mkdtempSync(join(tmpdir(), 'dojang-centre-'));
const HONG = '0';
const NEWCOMER = String(CUSTOMERS.length - 1);
let demo: Demo;

beforeAll(async () => {
  demo = await startDemo({ port: 0, caPort: 0, host: '127.0.0.1', dataFolder: join(folder, 'demo') });
});
afterAll(async () => {
  await demo.close();
  rmSync(folder, { recursive: true });
});

/** A browser at the centre, as far as forms and cookies go. */
class Visitor {
  #cookie = '';

  get cookie(): string {
    return this.#cookie;
  }

  async #send(path: string, init: RequestInit): Promise<{ status: number; text: string; location: string | null }> {
    const response = await fetch(demo.url + path, {
      redirect: 'manual',
      ...init,
      headers: { ...(init.headers as Record<string, string> | undefined), cookie: this.#cookie, 'accept-language': 'ko' },
    });
    for (const line of response.headers.getSetCookie()) this.#cookie = line.split(';')[0] ?? '';
    return { status: response.status, text: await response.text(), location: response.headers.get('location') };
  }

  get(path: string): ReturnType<Visitor['post']> {
    return this.#send(path, {});
  }

  post(path: string, fields: Record<string, string>): Promise<{ status: number; text: string; location: string | null }> {
    return this.#send(path, { method: 'POST', body: new URLSearchParams(fields) });
  }

  json(path: string, body: object): ReturnType<Visitor['post']> {
    return this.#send(path, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });
  }

  identify(customer: string, code = SHOW_CODE): ReturnType<Visitor['post']> {
    return this.post('/certificates/identify', { customer, code });
  }
}

const numbersIn = (text: string): { reference: string; code: string } => ({
  reference: /id="reference">(\d{8})</.exec(text)?.[1] ?? '',
  code: (/id="code">([A-Z2-7-]+)</.exec(text)?.[1] ?? '').replaceAll('-', ''),
});

describe('the certificate centre of the demo bank', () => {
  it('asks who somebody is, and says that it is a show', async () => {
    const { text } = await new Visitor().get('/certificates');
    for (const { realName } of CUSTOMERS) expect(text).toContain(realName);
    expect(text).toContain(CENTRE_TEXTS.ko.identify.show);
    expect(text).not.toMatch(/\d{13}/); // nobody's number stands on a page
  });

  it('begins a new session with the identity, and none with a wrong code', async () => {
    const visitor = new Visitor();
    const wrong = await visitor.identify(HONG, '111111');
    expect([wrong.status, wrong.text.includes('role="alert"'), visitor.cookie]).toEqual([403, true, '']);
    expect((await visitor.identify('99')).status).toBe(403);
    expect((await visitor.identify(HONG)).location).toBe('/certificates');
    const before = visitor.cookie;
    expect(before).not.toBe('');
    await visitor.identify(HONG);
    expect(visitor.cookie).not.toBe(before);
    expect((await visitor.get('/certificates')).text).toContain('홍길동 님의 본인확인을 마쳤습니다.');
    await visitor.post('/certificates/leave', {});
    expect((await visitor.get('/certificates')).text).toContain(CENTRE_TEXTS.ko.identify.title);
  });

  it('registers a certificate that its holder signed with, and nobody else’s', async () => {
    const visitor = new Visitor();
    const register = async (person: number): Promise<{ status: number; text: string }> => {
      const { nonce } = JSON.parse((await visitor.json('/api/nonce', {})).text) as { nonce: string };
      return visitor.json('/certificates/register', { cms: await signInAs({ ...demo, person, nonce, origin: demo.url, now: Date.now() }) });
    };
    expect(await register(0)).toMatchObject({ status: 403, text: '{"code":"request.forbidden"}' });
    await visitor.identify(HONG);
    expect((await visitor.get('/certificates')).text).toContain(CENTRE_TEXTS.ko.register.none);
    expect(await register(1)).toMatchObject({ text: '{"code":"verify.identity"}' });
    expect(await register(0)).toMatchObject({ status: 200 });
    const { text } = await visitor.get('/certificates?done=register');
    expect(text).toContain(CENTRE_TEXTS.ko.register.registered);
    expect(text).toContain(CENTRE_TEXTS.ko.done.register);
    expect((await visitor.get('/certificates?done=nonsense')).text).not.toContain('id="told"');
  });

  it('hands its page what the wallet needs, the authority by its id', async () => {
    const visitor = new Visitor();
    await visitor.identify(NEWCOMER);
    const { text } = await visitor.post('/certificates/issue', { policy: 'bank' });
    const request = /data-wallet="issue" data-request="([^"]+)"/.exec(text)?.[1]?.replaceAll('&quot;', '"') ?? '';
    const { reference, code } = numbersIn(text);
    expect(readIssueRequest(JSON.parse(request))).toMatchObject({ referenceNumber: reference, certificates: ['sign'], reissue: false });
    expect((JSON.parse(request) as { authorizationCode: string }).authorizationCode.replaceAll('-', '')).toBe(code);
  });

  it('gives two numbers with which the authority issues at once', async () => {
    const visitor = new Visitor();
    await visitor.identify(NEWCOMER);
    expect((await visitor.get('/certificates')).text).toContain(CENTRE_TEXTS.ko.mine.none);
    const { text } = await visitor.post('/certificates/issue', { policy: 'bank', km: 'yes' });
    const one = new Applicant(demo.caUrl, demo.authority.issuing, numbersIn(text));
    const answer = await one.apply('ir', pair(await twoKeys()));
    expect(outcome(await one.post(await one.writeConfirmation(given(answer))))).toBe('pkiConf');
    const mine = await visitor.get('/certificates');
    expect(mine.text).toContain(CENTRE_TEXTS.ko.mine.states.active);
    expect(mine.text).not.toContain(numbersIn(text).code);
  });

  it('says which certificates fall with the new one', async () => {
    const visitor = new Visitor();
    await visitor.identify(HONG);
    expect((await visitor.post('/certificates/issue', { policy: 'bank' })).text).toContain('20260002, 20260003');
    expect((await visitor.post('/certificates/reissue', { serial: '20260002' })).text).toContain('20260002, 20260003');
  });

  it('suspends, restores and, after asking once more, revokes', async () => {
    const visitor = new Visitor();
    await visitor.identify('1');
    const act = async (name: string): Promise<string> => (await visitor.post(`/certificates/${name}`, { serial: '20260004' })).text;
    expect(await act('holds')).toContain(CENTRE_TEXTS.ko.done.holds);
    expect(await act('releases')).toContain(CENTRE_TEXTS.ko.done.releases);
    expect(await act('confirm')).toContain('되돌릴 수 없습니다.');
    expect((await visitor.get('/certificates')).text).toContain(CENTRE_TEXTS.ko.mine.states.active);
    expect(await act('revocations')).toContain(CENTRE_TEXTS.ko.done.revocations);
    expect(await act('releases')).toContain(CENTRE_TEXTS.ko.refused);
  });

  it('lets nobody sign in with a certificate that is suspended or revoked', async () => {
    const headers = { 'content-type': 'application/json' };
    const signIn = async (person: number): Promise<unknown> => {
      const given = await fetch(`${demo.url}/api/nonce`, { method: 'POST', headers, body: '{}' });
      const { nonce } = (await given.json()) as { nonce: string };
      const cookie = given.headers.getSetCookie()[0]?.split(';')[0] ?? '';
      const cms = await signInAs({ authority: demo.authority, person, nonce, origin: demo.url, now: Date.now() });
      const init = { method: 'POST', headers: { ...headers, cookie }, body: JSON.stringify({ cms }) };
      return (await fetch(`${demo.url}/api/sign-in`, init)).json();
    };
    const visitor = new Visitor();
    await visitor.identify('3');
    expect(await signIn(3)).toEqual({ next: '/account' });
    await visitor.post('/certificates/holds', { serial: '20260008' });
    expect(await signIn(3)).toEqual({ code: 'certificate.revoked' });
    await visitor.post('/certificates/releases', { serial: '20260008' });
    expect(await signIn(3)).toEqual({ next: '/account' });
  });

  it('acts for nobody unknown, and on no certificate of somebody else', async () => {
    const stranger = new Visitor();
    expect((await stranger.post('/certificates/revocations', { serial: '20260002' })).location).toBe('/certificates');
    await stranger.identify(NEWCOMER);
    const other = await stranger.post('/certificates/revocations', { serial: '20260002' });
    expect([other.status, other.text]).toEqual([403, '{"code":"request.forbidden"}']);
    expect((await stranger.post('/certificates/nothing', { serial: '20260002' })).status).toBe(403);
  });

  it('speaks both languages everywhere', () => {
    const paths = (value: unknown, at = ''): string[] =>
      typeof value === 'object' && value !== null ? Object.entries(value).flatMap(([key, inner]) => paths(inner, `${at}.${key}`)) : [at];
    expect(paths(CENTRE_TEXTS.en)).toEqual(paths(CENTRE_TEXTS.ko));
  });
});
