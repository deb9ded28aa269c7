import { mkdtempSync, rmSync } from 'node:fs';
import { request as httpRequest } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startBank, type Bank } from '../../../demo/bank.ts';
import { identityOf, signInAs, type DemoSignIn } from '../../support/demo-sign-in.ts';

const folder = mkdtempSync(join(tmpdir(), 'dojang-bank-'));
const DAY = 86_400_000;
let now = Date.parse('2026-11-24T03:00:00Z');
let bank: Bank;
let other: Bank;

beforeAll(async () => {
  const options = { port: 0, dataFolder: join(folder, 'demo'), clock: () => now };
  bank = await startBank({ ...options, host: '127.0.0.1' });
  other = await startBank({ ...options, host: 'localhost', testRoutes: true });
});
afterAll(async () => {
  await Promise.all([bank.close(), other.close()]);
  rmSync(folder, { recursive: true });
});

interface Answered {
  code?: string;
  nonce?: string;
  recipient?: string;
  next?: string;
}

/** A browser, as far as cookies go. */
class Visitor {
  readonly #base: string;
  readonly cookies = new Map<string, string>();

  constructor(base: string) {
    this.#base = base;
  }

  async fetch(path: string, init: RequestInit = {}): Promise<Response> {
    const cookie = [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const response = await fetch(this.#base + path, {
      redirect: 'manual',
      ...init,
      headers: { cookie, ...(init.headers as Record<string, string> | undefined) },
    });
    for (const line of response.headers.getSetCookie()) {
      const [name = '', value = ''] = (line.split(';')[0] ?? '').split('=');
      if (line.includes('Max-Age=0')) this.cookies.delete(name);
      else this.cookies.set(name, value);
    }
    return response;
  }

  async post(path: string, body: unknown): Promise<{ status: number; answer: Answered }> {
    const response = await this.fetch(path, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });
    return { status: response.status, answer: (await response.json()) as Answered };
  }

  async nonce(): Promise<string> {
    const { answer } = await this.post('/api/nonce', {});
    return answer.nonce ?? '';
  }
}

/** What the wallet of the person would sign on that site. */
async function sign(person: number, nonce: string, origin: string, pair: 'sign' | 'km' = 'sign'): Promise<string> {
  return signInAs({ authority: bank.authority, person, nonce, origin, now, pair });
}

describe('signing in at the demo bank', () => {
  it('shows who it was and what the server checked, in both languages', async () => {
    const visitor = new Visitor(bank.url);
    const before = await visitor.nonce();
    const sessionBefore = [...visitor.cookies.values()];
    const { status, answer } = await visitor.post('/api/sign-in', { cms: await sign(0, before, bank.url) });
    expect({ status, answer }).toEqual({ status: 200, answer: { next: '/account' } });
    expect([...visitor.cookies.values()]).not.toEqual(sessionBefore);

    const korean = await (await visitor.fetch('/account', { headers: { 'accept-language': 'ko-KR,ko;q=0.9' } })).text();
    for (const text of ['홍길동 님, 반갑습니다.', '개인 은행/신용카드/보험용', '2027년 11월 23일', '20260002', 'CN=Dojang Demo CA 1'])
      expect(korean).toContain(text);
    const english = await (await visitor.fetch('/account', { headers: { 'accept-language': 'en' } })).text();
    for (const text of ['Welcome, 홍길동.', 'personal, bank/card/insurance', '23 November 2027']) expect(english).toContain(text);
    expect([...english.matchAll(/data-check="([a-z-]+)"/g)].map(([, check]) => check)).toEqual([
      'statement',
      'origin',
      'nonce',
      'time',
      'certificate-binding',
      'signature',
      'path',
      'key-usage',
    ]);
  });

  it('ends with signing out', async () => {
    const visitor = new Visitor(bank.url);
    await visitor.post('/api/sign-in', { cms: await sign(3, await visitor.nonce(), bank.url) });
    expect((await visitor.fetch('/account')).status).toBe(200);
    const cookie = new Map(visitor.cookies);
    expect((await visitor.fetch('/sign-out', { method: 'POST' })).headers.get('location')).toBe('/');
    for (const [name, value] of cookie) visitor.cookies.set(name, value); // a copy of the old cookie is worth nothing
    expect((await visitor.fetch('/account')).headers.get('location')).toBe('/');
  });

  it('needs a sign-in first', async () => {
    const response = await new Visitor(bank.url).fetch('/account');
    expect([response.status, response.headers.get('location')]).toEqual([303, '/']);
  });
});

describe('signing in with an identity check', () => {
  /** Asks as the page does, and sends what the person's wallet makes of it. */
  const attempt = async (person: number, make: (who: DemoSignIn, recipient: string) => Promise<string | undefined>): Promise<unknown> => {
    const visitor = new Visitor(bank.url);
    const { nonce = '', recipient = '' } = (await visitor.post('/api/nonce', { identity: true })).answer;
    const who = { authority: bank.authority, person, nonce, origin: bank.url, now };
    const { answer } = await visitor.post('/api/sign-in', { cms: await signInAs(who), identity: await make(who, recipient) });
    const account = await visitor.fetch('/account');
    return answer.code ?? [...(await account.text()).matchAll(/data-check="([a-z-]+)"/g)].at(-1)?.[1];
  };

  it('tells that the number on file is that of the holder', async () => {
    expect(await attempt(0, identityOf)).toBe('identity');
    expect(await attempt(1, identityOf)).toBe('identity');
  });

  it.each<[string, (who: DemoSignIn, recipient: string) => Promise<string | undefined>, string]>([
    ['comes without the value', () => Promise.resolve(undefined), 'identity.missing'],
    ['comes with R of another key', (who, to) => identityOf({ ...who, person: 1 }, to), 'verify.identity'],
    ['comes with any R', (who, to) => identityOf(who, to, new Uint8Array(20)), 'verify.identity'],
    ['comes with the value of another sign-in', (who, to) => identityOf({ ...who, nonce: 'A'.repeat(43) }, to), 'verify.nonce'],
    ['comes with a value that another site collected', (who, to) => identityOf({ ...who, origin: other.url }, to), 'verify.origin'],
    ['comes with something else', () => Promise.resolve('AAAA'), 'request.malformed'],
  ])('signs nobody in where it %s', async (_, make, code) => {
    expect(await attempt(0, make)).toBe(code);
  });

  it('names no server where no identity value is wanted, and looks at none', async () => {
    const visitor = new Visitor(bank.url);
    expect(Object.keys((await visitor.post('/api/nonce', {})).answer)).toEqual(['nonce']);
    const nonce = await visitor.nonce();
    expect((await visitor.post('/api/sign-in', { cms: await sign(0, nonce, bank.url), identity: 'AAAA' })).answer).toEqual({ next: '/account' });
    expect(await (await visitor.fetch('/account')).text()).not.toContain('data-check="identity"');
  });
});

describe('the demo bank refuses', () => {
  const attempt = async (make: (nonce: string) => Promise<string>): Promise<unknown> => {
    const visitor = new Visitor(bank.url);
    const { status, answer } = await visitor.post('/api/sign-in', { cms: await make(await visitor.nonce()) });
    expect((await visitor.fetch('/account')).status).toBe(303);
    return [status, answer];
  };

  it('an expired certificate', async () => {
    expect(await attempt(async (nonce) => sign(2, nonce, bank.url))).toEqual([403, { code: 'certificate.expired' }]);
  });

  it('a certificate for encryption', async () => {
    expect(await attempt(async (nonce) => sign(0, nonce, bank.url, 'km'))).toEqual([403, { code: 'certificate.wrong-use' }]);
  });

  it('a sign-in that another site collected with its nonce', async () => {
    expect(await attempt(async (nonce) => sign(0, nonce, other.url))).toEqual([403, { code: 'verify.origin' }]);
    expect(await attempt(async (nonce) => sign(0, nonce, bank.url.replace('127.0.0.1', 'localhost')))).toEqual([403, { code: 'verify.origin' }]);
  });

  it('a sign-in with a nonce that it never gave', async () => {
    expect(await attempt(async () => sign(0, 'A'.repeat(43), bank.url))).toEqual([403, { code: 'verify.nonce' }]);
  });

  it('a sign-in of another browser, and one of a browser without a nonce', async () => {
    const [one, two] = [new Visitor(bank.url), new Visitor(bank.url)];
    const cms = await sign(0, await one.nonce(), bank.url);
    await two.nonce();
    expect((await two.post('/api/sign-in', { cms })).answer).toEqual({ code: 'verify.nonce' });
    expect((await new Visitor(bank.url).post('/api/sign-in', { cms })).answer).toEqual({ code: 'verify.nonce' });
    expect((await one.post('/api/sign-in', { cms })).answer).toEqual({ next: '/account' });
  });

  it('the same sign-in twice, also from the same browser', async () => {
    const visitor = new Visitor(bank.url);
    const cms = await sign(0, await visitor.nonce(), bank.url);
    expect((await visitor.post('/api/sign-in', { cms })).answer).toEqual({ next: '/account' });
    expect((await visitor.post('/api/sign-in', { cms })).answer).toEqual({ code: 'verify.nonce' });
  });

  it('a sign-in that comes six minutes late, and a nonce after its life', async () => {
    const visitor = new Visitor(bank.url);
    const cms = await sign(0, await visitor.nonce(), bank.url);
    const start = now;
    now = start + 6 * 60_000;
    expect((await visitor.post('/api/sign-in', { cms })).answer).toEqual({ code: 'verify.time' });
    const old = await visitor.nonce();
    now += 16 * 60_000;
    expect((await visitor.post('/api/sign-in', { cms: await sign(0, old, bank.url) })).answer).toEqual({ code: 'verify.nonce' });
    now = start;
  });

  it('everybody when the certificates of the demo have run out', async () => {
    const start = now;
    now = start + 400 * DAY;
    expect(await attempt(async (nonce) => sign(0, nonce, bank.url))).toEqual([403, { code: 'certificate.expired' }]);
    now = start;
  });

  it.each<[string, unknown]>([
    ['nothing', {}],
    ['a number', { cms: 1 }],
    ['a list', []],
    ['null', null],
    ['no base64', { cms: '%%%' }],
    ['base64 of something else', { cms: 'AAAA' }],
    ['an inherited field', JSON.parse('{"__proto__":{"cms":"AAAA"}}')],
  ])('%s for a sign-in', async (_, body) => {
    const visitor = new Visitor(bank.url);
    await visitor.nonce();
    expect(await visitor.post('/api/sign-in', body)).toEqual({ status: 400, answer: { code: 'request.malformed' } });
  });

  it('a body over the limit, another type, and no JSON', async () => {
    const visitor = new Visitor(bank.url);
    expect(await visitor.post('/api/sign-in', { cms: 'A'.repeat(400_000) })).toEqual({ status: 413, answer: { code: 'request.too-large' } });
    const send = async (type: string, body: string): Promise<number> =>
      (await visitor.fetch('/api/nonce', { method: 'POST', headers: { 'content-type': type }, body })).status;
    expect(await send('text/plain', '{}')).toBe(400);
    expect(await send('application/json', '{')).toBe(400);
  });

  it('requests of pages of other sites', async () => {
    for (const origin of ['https://evil.example', 'null', other.url]) {
      for (const path of ['/api/nonce', '/api/sign-in', '/sign-out']) {
        const response = await new Visitor(bank.url).fetch(path, {
          method: 'POST',
          headers: { origin, 'content-type': 'application/json' },
          body: '{}',
        });
        expect([origin, path, response.status]).toEqual([origin, path, 403]);
      }
    }
  });

  it('a foreign name that leads to this computer', async () => {
    const status = await new Promise((resolve, reject) => {
      const request = httpRequest(bank.url, { headers: { host: 'rebind.example' } }, (response) => {
        response.resume();
        resolve(response.statusCode);
      });
      request.on('error', reject);
      request.end();
    });
    expect(status).toBe(421);
  });

  it('other methods', async () => {
    expect((await fetch(bank.url, { method: 'DELETE' })).status).toBe(405);
  });

  it('to listen on anything but this computer', async () => {
    await expect(startBank({ port: 0, host: '0.0.0.0', dataFolder: join(folder, 'demo') })).rejects.toThrow('127.0.0.1 or localhost only');
  });
});

describe('the pages of the demo bank', () => {
  it('come with strict headers, all of them', async () => {
    for (const path of ['/', '/account', '/sign-in.js', '/style.css', '/nowhere', '/api/nonce']) {
      const { headers } = await new Visitor(bank.url).fetch(path);
      const policy = headers.get('content-security-policy') ?? '';
      expect(policy).toContain("default-src 'none'");
      expect(policy).toContain("frame-ancestors 'none'");
      expect(policy).not.toContain('unsafe');
      expect(headers.get('x-content-type-options')).toBe('nosniff');
      expect(headers.get('referrer-policy')).toBe('same-origin');
    }
  });

  it('hold nothing inline that the policy would stop', async () => {
    const text = await (await fetch(bank.url)).text();
    expect(text).not.toMatch(/<script(?![^>]*\bsrc=)/);
    expect(text).not.toMatch(/<style|\sstyle=|\son[a-z]+=/);
  });

  it.each([
    ['ko-KR,ko;q=0.9,en;q=0.8', 'ko', '공동인증서 로그인'],
    ['en-US,en;q=0.9', 'en', 'Sign in with a joint certificate'],
    ['fr-FR', 'ko', '공동인증서 로그인'],
    ['', 'ko', '공동인증서 로그인'],
  ])('speak the language of the browser: %j', async (accepted, language, button) => {
    const text = await (await fetch(bank.url, { headers: { 'accept-language': accepted } })).text();
    expect(text).toContain(`<html lang="${language}">`);
    expect(text).toContain(button);
    expect(text).toContain(bank.authority.npkiFolder);
  });

  it('remember the language that was chosen, and go nowhere else by it', async () => {
    const visitor = new Visitor(bank.url);
    expect((await visitor.fetch('/?lang=en')).headers.get('location')).toBe('/');
    expect(await (await visitor.fetch('/')).text()).toContain('<html lang="en">');
    expect((await visitor.fetch('/..//evil.example?lang=ko')).headers.get('location')).toBe('/');
  });

  it('set a session cookie that scripts and other sites cannot use', async () => {
    const response = await new Visitor(bank.url).fetch('/api/nonce', { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{}' });
    expect(response.headers.get('set-cookie')).toMatch(/^session-\d+=[A-Za-z0-9_-]{43}; Path=\/; HttpOnly; SameSite=Strict$/);
  });

  it.each(['/../package.json', '/%2e%2e/package.json', '/page/sign-in.js', '/main.ts', '/NPKI', '/root.der'])(
    'are a closed list: no %s',
    async (path) => {
      expect((await fetch(bank.url + path)).status).toBe(404);
    },
  );

  it('have the pages for browser tests only where they were asked for', async () => {
    const paths = ['/test/sandbox', '/test/framed', '/test/frame', '/test/relay?nonce=x', '/test/relay.js'];
    for (const path of paths) expect((await fetch(bank.url + path)).status).toBe(404);
    const answers = await Promise.all(paths.map(async (path) => new Visitor(other.url).fetch(path)));
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200]);
    const policies = answers.map(({ headers }) => headers.get('content-security-policy') ?? '');
    expect(policies[0]).toContain('sandbox allow-scripts');
    expect(policies[1]).not.toContain('frame-ancestors');
    expect(policies[2]).toContain('frame-src');
  });
});
