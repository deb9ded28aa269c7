import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { utf8 } from '../../../lib/bytes/text.ts';
import { openJournal } from '../../../lib/vault/journal.ts';
import { WalletError } from '../../../lib/errors.ts';
import { readHead } from '../../../lib/vault/head.ts';
import type { LifecycleRun } from '../../../lib/wallet/lifecycle-api.ts';
import { offersFor } from '../../../lib/wallet/offers.ts';
import type { Wallet } from '../../../lib/wallet/wallet.ts';
import type { ActSecret } from '../../../lib/wallet/ways-api.ts';
import { TestCa } from '../../support/demo-ca.ts';
import { BY_PASSWORD, BY_TOUCH, LifecycleDesk } from '../../support/lifecycle-desk.ts';
import { codeOf } from '../../support/npki-fixtures.ts';
import { PASSWORD, Profile, WRONG } from './profile.ts';

const CODE = 'CODE1001ABCDEFGHIJKL';

let ca: TestCa;
let desk: LifecycleDesk;
let wallet: Wallet;

beforeAll(async () => {
  ca = await TestCa.start();
});
afterAll(async () => ca.close());
beforeEach(async () => {
  await ca.post('/test/faults', { faults: [] });
  desk = await LifecycleDesk.open(ca);
  wallet = desk.profile.wallet();
});

/** States of the authority's certificates, by the office's own table. */
async function atAuthority(): Promise<readonly string[]> {
  return (await ca.rows('certificates')).map(({ state }) => String(state));
}

async function journal(): Promise<{ texts: string; states: readonly string[]; keys: readonly (readonly string[])[] }> {
  const store = desk.profile.store();
  const session = await desk.profile.sessions().require();
  const head = await readHead((await store.heads())[0]);
  const { entries } = await openJournal(store, head, session.listKey);
  return {
    texts: entries.map(({ course }) => new TextDecoder().decode(course)).join(),
    states: entries.map(({ state }) => state),
    keys: entries.map(({ keys }) => keys.map(({ role }) => role)),
  };
}

const base64Url = (text: string): string => Buffer.from(utf8(text)).toString('base64url');

describe('issue', () => {
  it('makes both certificates, saves them before it confirms them, and leaves no code behind', async () => {
    const before = (await atAuthority()).length;
    const run = await wallet.lifecycle.issue(await desk.numbers(), desk.running);
    expect(run).toMatchObject({ act: 'issue', state: 'CONFIRMED', refusal: null, unanswered: false, authority: { id: 'demo', test: true } });
    expect(desk.steps).toEqual(['keys', 'asking', 'saving', 'confirming']);
    const rows = await wallet.rows();
    expect(rows).toEqual([
      expect.objectContaining({ id: run.item, holder: '홍길순', hasRandom: true, hasKm: true, canSign: true, unconfirmed: false }),
    ]);
    expect((await atAuthority()).slice(before)).toEqual(['active', 'active']);
    const { texts, states } = await journal();
    expect(states).toEqual(['CONFIRMED']);
    expect(texts).not.toContain(base64Url(CODE));
    expect(await desk.profile.store().heads()).toHaveLength(1);
    await wallet.lifecycle.forget(run.id);
    expect(await wallet.lifecycle.runs()).toEqual([]);
  });

  it('[D27] sends the confirmation only once both copies hold certificates and keys', async () => {
    const seen: (readonly string[])[] = [];
    desk.beforePost = async () => {
      const { primary, mirror } = desk.profile.store();
      const heads = await Promise.all([primary, mirror].map(async (engine) => readHead((await engine.heads())[0])));
      seen.push(heads.flatMap(({ items }) => items.map(({ k, st }) => st ?? k)));
    };
    await wallet.lifecycle.issue(await desk.numbers(), desk.running);
    expect(seen).toEqual([
      ['SENT', 'SENT'],
      ['SAVED', 'I', 'SAVED', 'I'],
    ]);
  });

  it('gives the authority an identifier that only it can open, where it wants one', async () => {
    desk = await LifecycleDesk.open(ca, { vid: 'required' });
    wallet = desk.profile.wallet();
    const number = '8001011234567';
    const run = await wallet.lifecycle.issue(await desk.numbers({ number, vid: true }), desk.running);
    expect(run.warnings).toEqual([]);
    expect(await wallet.checkIdentity(run.item!, number, PASSWORD)).toBe(true);
  });

  it.each([
    ['a wrong wallet password', { secret: { kind: 'password', text: WRONG } as const }, 'password.wrong'],
    ['a code in Hangul', { code: 'ㅊㅐㄷㄷ가나다라마' }, 'request.malformed'],
    ['no number', { reference: ' ' }, 'request.malformed'],
    ['an authority by address', { authority: 'http://127.0.0.1/' }, 'ca.unreachable'],
  ])('sends nothing for %s', async (_what, change, code) => {
    const order = { ...(await desk.numbers()), ...change };
    expect(await codeOf(() => wallet.lifecycle.issue(order, desk.running))).toBe(code);
    expect([desk.posts, await wallet.lifecycle.runs()]).toEqual([0, []]);
  });

  it('can be stopped until something is sent, and then nothing of it is left', async () => {
    const stop = new AbortController();
    const order = await desk.numbers();
    desk.profile.whileSaving = (call) => {
      if (call === 'commit') stop.abort();
    };
    expect(await codeOf(() => wallet.lifecycle.issue(order, { ...desk.running, signal: stop.signal }))).toBe('user.cancelled');
    expect([desk.posts, await wallet.lifecycle.runs(), await wallet.rows()]).toEqual([0, [], []]);
    expect((await wallet.lifecycle.issue(order, desk.running)).state).toBe('CONFIRMED');
  });

  it('tells that the code is wrong, and the number is still good', async () => {
    const order = await desk.numbers();
    const run = await wallet.lifecycle.issue({ ...order, code: 'CODE9999ABCDEFGHIJKL' }, desk.running);
    expect(run).toMatchObject({ state: 'FAILED', item: null, refusal: { word: 'code-wrong' } });
    expect((await wallet.lifecycle.issue(order, desk.running)).state).toBe('CONFIRMED');
  });
});

describe('the touch of a passkey', () => {
  beforeEach(async () => {
    expect(await wallet.lifecycle.canTouch()).toBe(false);
    await wallet.ways.addPasskey('노트북', PASSWORD);
    expect(await wallet.lifecycle.canTouch()).toBe(true);
  });

  it('stands for the password in every act, and in going on with one', async () => {
    const { item } = await wallet.lifecycle.issue({ ...(await desk.numbers()), secret: BY_TOUCH }, desk.running);
    ca.ahead += 1000;
    const renewed = await wallet.lifecycle.renew({ id: item!, idNumber: null, secret: BY_TOUCH }, desk.running);
    expect(renewed.state).toBe('CONFIRMED');
    await desk.faults('answer-lost');
    const asked = await wallet.lifecycle.revoke(
      { certificate: { id: renewed.item! }, reason: 'keyCompromise', numbers: null, secret: BY_TOUCH },
      desk.running,
    );
    expect(asked).toMatchObject({ state: 'SENT', needsSecret: true });
    expect(await wallet.lifecycle.resume(asked.id, BY_TOUCH, desk.running)).toMatchObject({ state: 'CONFIRMED', act: 'revoke' });
  });

  it('that is cancelled sends nothing, keeps nothing, and counts as no wrong try', async () => {
    desk.profile.authenticator.flaws = { cancelled: true };
    const order = { ...(await desk.numbers()), secret: BY_TOUCH };
    for (let tries = 0; tries < 6; tries++) expect(await codeOf(() => wallet.lifecycle.issue(order, desk.running))).toBe('user.cancelled');
    expect([desk.posts, desk.steps, await wallet.lifecycle.runs()]).toEqual([0, [], []]);
    expect((await wallet.lifecycle.issue({ ...order, secret: BY_PASSWORD }, desk.running)).state).toBe('CONFIRMED');
  });

  it('is not asked for while another run goes on', async () => {
    const before = desk.profile.authenticator.touches;
    const { promise, resolve } = Promise.withResolvers<undefined>();
    desk.beforePost = () => promise;
    const first = wallet.lifecycle.issue(await desk.numbers(), desk.running);
    const second = { ...(await desk.numbers()), secret: BY_TOUCH };
    expect(await codeOf(() => desk.profile.wallet().lifecycle.issue(second, desk.running))).toBe('ca.busy');
    expect(desk.profile.authenticator.touches).toBe(before);
    resolve(undefined);
    expect((await first).state).toBe('CONFIRMED');
  });
});

describe('a certificate that is saved and not confirmed yet', () => {
  it('is listed, signs nothing, replaces nobody, and is said to wait', async () => {
    const old = await desk.issued(wallet);
    ca.ahead += 1000;
    await desk.faults('confirm-answer-lost');
    const run = await wallet.lifecycle.renew({ id: old, idNumber: null, secret: BY_PASSWORD }, desk.running);
    expect(run).toMatchObject({ state: 'SAVED', needsSecret: false, canResume: true, unanswered: true });
    const rows = await wallet.rows();
    expect(rows.find(({ id }) => id === run.item)).toMatchObject({ unconfirmed: true });
    expect(rows.find(({ id }) => id === old)).toMatchObject({ replacedBy: null });
    expect(offersFor(rows, undefined, Date.now() + 5000).map(({ row, reason }) => [row.id, reason])).toEqual([
      [old, null],
      [run.item, 'ca.unconfirmed'],
    ]);
  });

  it('comes out of a backup as one that nobody waits for', async () => {
    await desk.faults('confirm-answer-lost');
    await wallet.lifecycle.issue(await desk.numbers(), desk.running);
    const { bytes } = await wallet.backup.make();
    const other = new Profile();
    other.now = desk.profile.now;
    const next = other.wallet();
    await next.create(PASSWORD, 'moon');
    const session = await next.restore.open(new Blob([bytes]), PASSWORD);
    await session.restore(
      session.rows.map(({ id }) => id),
      PASSWORD,
    );
    session.discard();
    expect((await next.rows()).map(({ unconfirmed }) => unconfirmed)).toEqual([false]);
    expect(await next.lifecycle.runs()).toEqual([]);
  });
});

describe('a confirmation that the authority answers with something unclear', () => {
  /** A renewal whose confirmation never left, and whose certificate the authority took back meanwhile. */
  async function takenBack(): Promise<{ old: string; next: Wallet }> {
    const old = await desk.issued(wallet);
    ca.ahead += 1000;
    desk.posts = 0;
    desk.beforePost = (nth) => {
      if (nth > 0) throw new Error('killed');
    };
    const run = await wallet.lifecycle.renew({ id: old, idNumber: null, secret: BY_PASSWORD }, desk.running);
    expect(run).toMatchObject({ state: 'SAVED', unanswered: true });
    const next = await desk.revive();
    ca.ahead += 11 * 60_000;
    desk.profile.now += 11 * 60_000;
    await next.unlock(PASSWORD);
    return { old, next };
  }

  afterEach(() => {
    ca.ahead = 0;
  });

  it('fails where the new certificate is revoked: it signs nothing, the old one stays good, and another run may begin', async () => {
    const { old, next } = await takenBack();
    const [run] = await next.lifecycle.runs();
    expect(await next.lifecycle.resume(run!.id, null, desk.running)).toMatchObject({ state: 'FAILED', refusal: { word: 'revoked' } });
    const offers = offersFor(await next.rows(), undefined, Date.now() + ca.ahead);
    expect(offers.map(({ row, reason }) => [row.id === old, row.revocation?.word?.state ?? null, row.replacedBy, reason])).toEqual([
      [true, null, null, null],
      [false, 'revoked', null, 'certificate.revoked'],
    ]);
    await next.lifecycle.forget(run!.id);
    const again = await next.lifecycle.renew({ id: old, idNumber: null, secret: BY_PASSWORD }, desk.running);
    expect(again.state).toBe('CONFIRMED');
  });

  it('goes on waiting where nobody says what became of it', async () => {
    const { next } = await takenBack();
    desk.profile.ask = () => Promise.reject(new WalletError('ca.unreachable'));
    const [run] = await next.lifecycle.runs();
    expect(await next.lifecycle.resume(run!.id, null, desk.running)).toMatchObject({ state: 'SAVED' });
    expect((await next.rows()).filter(({ unconfirmed }) => unconfirmed)).toHaveLength(1);
  });
});

describe('one run at a time', () => {
  it('holds between windows, and after a window died', async () => {
    let other = '';
    desk.beforePost = async (nth) => {
      if (nth === 0) other = await codeOf(async () => desk.profile.wallet().lifecycle.issue(await desk.numbers(), desk.running));
    };
    await desk.faults('answer-lost');
    const run = await wallet.lifecycle.issue(await desk.numbers(), desk.running);
    expect([other, run.state, run.unanswered]).toEqual(['ca.busy', 'SENT', true]);
    expect(await codeOf(async () => wallet.lifecycle.issue(await desk.numbers(), desk.running))).toBe('ca.busy');
    expect(await wallet.lifecycle.resume(run.id, null, desk.running)).toMatchObject({ state: 'CONFIRMED' });
  });
});

/** Where a window dies: before the nth commit of either copy, or after the answer to the nth message. */
type Death = { readonly commit: number } | { readonly answer: number };

function dieAt(death: Death): void {
  let commits = 0;
  desk.profile.whileSaving = (call) => {
    if (call === 'commit' && 'commit' in death && ++commits === death.commit) {
      desk.die();
      throw new Error('killed');
    }
  };
  desk.afterPost = (nth) => {
    if ('answer' in death && nth === death.answer) {
      desk.die();
      throw new Error('killed');
    }
  };
}

interface Found {
  /** What the next window finds in the journal. */
  readonly state: LifecycleRun['state'] | 'nothing';
  /** What going on makes of it. */
  readonly then: LifecycleRun['state'] | 'nothing';
}

const DEATHS: readonly (readonly [string, Death, Found])[] = [
  ['before PREPARED is written', { commit: 1 }, { state: 'nothing', then: 'nothing' }],
  ['while PREPARED is in one copy', { commit: 2 }, { state: 'PREPARED', then: 'FAILED' }],
  ['in PREPARED', { commit: 3 }, { state: 'PREPARED', then: 'FAILED' }],
  ['while SENT is in one copy', { commit: 4 }, { state: 'SENT', then: 'CONFIRMED' }],
  ['in SENT, the request having arrived', { answer: 0 }, { state: 'SENT', then: 'CONFIRMED' }],
  ['between RECEIVED and SAVED', { commit: 5 }, { state: 'SENT', then: 'CONFIRMED' }],
  ['while SAVED is in one copy', { commit: 6 }, { state: 'SAVED', then: 'CONFIRMED' }],
  ['between SAVED and CONFIRMED, the authority knowing', { answer: 1 }, { state: 'SAVED', then: 'CONFIRMED' }],
  ['before CONFIRMED is written', { commit: 7 }, { state: 'SAVED', then: 'CONFIRMED' }],
  ['while CONFIRMED is in one copy', { commit: 8 }, { state: 'CONFIRMED', then: 'CONFIRMED' }],
];

async function goOn(next: Wallet, secret: ActSecret | null): Promise<string> {
  const [run] = await next.lifecycle.runs();
  return run ? (await next.lifecycle.resume(run.id, secret, desk.running)).state : 'nothing';
}

describe('[D27] a browser that is killed', () => {
  it.each(DEATHS)('%s of an issue: the next window knows, and goes on to the truth', async (_when, death, { state, then }) => {
    const before = (await atAuthority()).length;
    const order = await desk.numbers();
    dieAt(death);
    await wallet.lifecycle.issue(order, desk.running).catch(() => undefined);
    const next = await desk.revive();
    expect((await next.lifecycle.runs()).map((run) => run.state)).toEqual(state === 'nothing' ? [] : [state]);
    expect(await goOn(next, null)).toBe(then);
    const issued = then === 'CONFIRMED' ? 1 : 0;
    expect((await next.rows()).map(({ unconfirmed }) => unconfirmed)).toEqual(Array(issued).fill(false));
    expect((await atAuthority()).slice(before)).toEqual(Array(2 * issued).fill('active'));
    if (issued === 0) expect((await next.lifecycle.issue(order, desk.running)).state).toBe('CONFIRMED');
  });

  it.each(DEATHS)('[D28] %s of a renewal: the old one stays good until the new one is confirmed', async (_when, death, { state, then }) => {
    const old = await desk.issued(wallet);
    ca.ahead += 1000; // certificates have whole seconds
    desk.posts = 0;
    dieAt(death);
    await wallet.lifecycle.renew({ id: old, idNumber: null, secret: BY_PASSWORD }, desk.running).catch(() => undefined);
    const next = await desk.revive();
    const rows = await next.rows();
    expect(rows.find(({ id }) => id === old)).toMatchObject({ canSign: true, replacedBy: state === 'CONFIRMED' ? expect.any(String) : null });
    expect(await goOn(next, BY_PASSWORD)).toBe(then);
    const after = await next.rows();
    expect(after.map(({ id, replacedBy, unconfirmed }) => [id === old, replacedBy !== null, unconfirmed])).toEqual(
      then === 'CONFIRMED'
        ? [
            [true, true, false],
            [false, false, false],
          ]
        : [[true, false, false]],
    );
  });
});

describe('renewal', () => {
  it('pairs the new one with the old, whose names, labels and km key stay', async () => {
    const old = await desk.issued(wallet);
    ca.ahead += 1000;
    const [row] = await wallet.rows();
    await wallet.label([{ id: old, seen: row!.labels, labels: { nickname: '월급 통장', group: '', note: '' } }]);
    const run = await wallet.lifecycle.renew({ id: old, idNumber: null, secret: BY_PASSWORD }, desk.running);
    expect(run).toMatchObject({ act: 'renew', state: 'CONFIRMED', old });
    const rows = await wallet.rows();
    expect(rows.find(({ id }) => id === old)).toMatchObject({ replacedBy: run.item, hasKm: true, canSign: true });
    expect(rows.find(({ id }) => id === run.item)).toMatchObject({ replacedBy: null, hasKm: true, labels: { nickname: '월급 통장' } });
    expect((await atAuthority()).slice(-4)).toEqual(['revoked', 'revoked', 'active', 'active']);
  });

  it('brings the authority a new R, so that the identity check goes on to work', async () => {
    desk = await LifecycleDesk.open(ca, { vid: 'required' });
    wallet = desk.profile.wallet();
    const number = '8001011234568';
    const old = await desk.issued(wallet, { number, vid: true });
    const run = await wallet.lifecycle.renew({ id: old, idNumber: null, secret: BY_PASSWORD }, desk.running);
    expect(await wallet.checkIdentity(run.item!, number, PASSWORD)).toBe(true);
  });

  it('[D28] is not confirmed while one copy alone has the new one', async () => {
    const old = await desk.issued(wallet);
    const commits = { nth: 0 };
    desk.profile.whileSaving = (call) => {
      // The mirror fails from the save of the new certificate on.
      if (call === 'commit' && ++commits.nth >= 6 && commits.nth % 2 === 0) throw new Error('disk');
      if (call === 'replace' && commits.nth >= 6) throw new Error('disk');
    };
    expect(await codeOf(() => wallet.lifecycle.renew({ id: old, idNumber: null, secret: BY_PASSWORD }, desk.running))).toBe('vault.single-copy');
    expect((await atAuthority()).slice(-4)).toEqual(['active', 'active', 'pending', 'pending']);
    const next = await desk.revive();
    const [run] = await next.lifecycle.runs();
    expect(run).toMatchObject({ state: 'SAVED', needsSecret: false });
    expect((await next.lifecycle.resume(run!.id, null, desk.running)).state).toBe('CONFIRMED');
  });

  it('that comes too early is the authority\u2019s to refuse, in its words; the old certificate stays', async () => {
    const id = await desk.issued(wallet, { days: 200 });
    const run = await wallet.lifecycle.renew({ id, idNumber: null, secret: BY_PASSWORD }, desk.running);
    expect(run).toMatchObject({ state: 'FAILED', refusal: { word: 'not-allowed', text: expect.stringContaining('30일') as string } });
    expect(await wallet.rows()).toMatchObject([{ id, replacedBy: null, canSign: true }]);
  });

  it('takes a certificate of a known authority only', async () => {
    const old = await desk.issued(wallet);
    desk.profile.directory = { entries: [], certificates: [] };
    expect(await codeOf(() => wallet.lifecycle.renew({ id: old, idNumber: null, secret: BY_PASSWORD }, desk.running))).toBe('ca.unreachable');
  });
});

describe('an authority that needs time', () => {
  it('lets wait, is asked again when it said, and by any window', async () => {
    await desk.faults('wait:2');
    const run = await wallet.lifecycle.issue(await desk.numbers(), desk.running);
    expect([run.state, desk.steps.at(-1)]).toEqual(['WAITING', 'waiting']);
    const next = await desk.revive();
    for (let asked = 0; asked < 3 && (await next.lifecycle.runs())[0]?.state === 'WAITING'; asked++) {
      desk.profile.now = (await next.lifecycle.runs())[0]!.dueAt! + 1;
      await next.lifecycle.resume(run.id, null, desk.running);
    }
    expect((await next.lifecycle.runs())[0]?.state).toBe('CONFIRMED');
  });
});

describe('a wallet that locks while the authority lets wait', () => {
  it('keeps both keys, asks nobody, and goes on when it is open', async () => {
    await desk.faults('wait:1');
    const run = await wallet.lifecycle.issue(await desk.numbers(), desk.running);
    expect([run.state, (await journal()).keys]).toEqual(['WAITING', [['sign', 'km']]]);
    await desk.profile.call('wallet.lock');
    desk.profile.now = run.dueAt!;
    const sent = desk.posts;
    expect(await codeOf(() => wallet.lifecycle.resume(run.id, null, desk.running))).toBe('vault.locked');
    expect(desk.posts).toBe(sent);
    await wallet.unlock(PASSWORD);
    expect((await wallet.lifecycle.resume(run.id, null, desk.running)).state).toBe('CONFIRMED');
  });
});

describe('a request that never arrived', () => {
  afterEach(() => {
    ca.ahead = 0;
  });

  it('is too old an hour later: its owner is told, its keys go, and the number is still good', async () => {
    const order = await desk.numbers();
    desk.beforePost = () => Promise.reject(new Error('offline'));
    const run = await wallet.lifecycle.issue(order, desk.running);
    expect([run.state, run.unanswered]).toEqual(['SENT', true]);
    desk.beforePost = () => undefined;
    ca.ahead = 3_600_000;
    desk.profile.now += 3_600_000;
    await wallet.unlock(PASSWORD);
    const over = await wallet.lifecycle.resume(run.id, null, desk.running);
    expect(over).toMatchObject({ state: 'FAILED', refusal: { flaw: 'not-arrived' } });
    expect((await journal()).keys).toEqual([[]]);
    expect((await wallet.lifecycle.issue(order, desk.running)).state).toBe('CONFIRMED');
  });
});

describe('a run whose answer never comes', () => {
  it('is given up by the person, and its keys are kept as long as the authority might still issue', async () => {
    desk = await LifecycleDesk.open(ca, { resend: false });
    wallet = desk.profile.wallet();
    await desk.faults('answer-lost');
    const run = await wallet.lifecycle.issue(await desk.numbers(), desk.running);
    expect(run).toMatchObject({ state: 'SENT', canResume: false });
    const given = await wallet.lifecycle.abandon(run.id);
    expect(given.state).toBe('UNKNOWN');
    expect((await journal()).texts).not.toContain(base64Url(CODE));
    expect(await codeOf(() => wallet.lifecycle.forget(run.id))).toBe('ca.waiting');
    expect((await wallet.lifecycle.issue(await desk.numbers(), desk.running)).state).toBe('CONFIRMED');
    desk.profile.now = given.dueAt!;
    await wallet.unlock(PASSWORD);
    await wallet.lifecycle.forget(run.id);
    expect((await wallet.lifecycle.runs()).map(({ id }) => id)).not.toContain(run.id);
  });
});

describe('a password change while an answer is outstanding', () => {
  it('takes the keys along: what comes afterwards is saved and can be used', async () => {
    await desk.faults('answer-lost');
    const run = await wallet.lifecycle.issue(await desk.numbers(), desk.running);
    const password = '눈 내린 산길을 걷다 2027';
    await wallet.ways.changePassword({ current: { kind: 'password', text: PASSWORD }, password, keep: [], onTouch: () => undefined });
    await wallet.unlock(password);
    const done = await wallet.lifecycle.resume(run.id, null, desk.running);
    expect(done.state).toBe('CONFIRMED');
    const reason = 'cessationOfOperation';
    const revoked = await wallet.lifecycle.revoke(
      { certificate: { id: done.item! }, reason, numbers: null, secret: { kind: 'password', text: password } },
      desk.running,
    );
    expect(revoked.state).toBe('CONFIRMED');
  });
});

describe('revocation', () => {
  it('ends sign and km certificate at the authority, and deletes nothing here', async () => {
    const id = await desk.issued(wallet);
    const run = await wallet.lifecycle.revoke({ certificate: { id }, reason: 'keyCompromise', numbers: null, secret: BY_PASSWORD }, desk.running);
    expect(run).toMatchObject({ act: 'revoke', state: 'CONFIRMED', old: id, item: null });
    expect((await ca.rows('certificates')).slice(-2)).toEqual([
      expect.objectContaining({ state: 'revoked', reason: 1 }),
      expect.objectContaining({ state: 'revoked', reason: 1 }),
    ]);
    const at = desk.profile.now;
    const word = { state: 'revoked', at, source: 'cmp', since: at, reason: null };
    expect(await wallet.rows()).toMatchObject([{ id, revocation: { word, failed: null } }]);
  });

  it('is known in every window at once, so that the certificate is not offered any more', async () => {
    const id = await desk.issued(wallet);
    const other = desk.profile.wallet();
    await other.rows();
    await wallet.lifecycle.revoke({ certificate: { id }, reason: 'keyCompromise', numbers: null, secret: BY_PASSWORD }, desk.running);
    for (const window of [other, await desk.revive()]) {
      expect(offersFor(await window.rows(), undefined, desk.profile.now + 5000).map(({ reason }) => reason)).toEqual(['certificate.revoked']);
    }
  });

  it('is not taken back by a list that was made before it, and a later answer tells the reason', async () => {
    const id = await desk.issued(wallet);
    const { ask } = desk.profile;
    let list: ReturnType<typeof ask> | null = null;
    desk.profile.ask = (exchange) => {
      if (exchange.kind === 'ocsp') return Promise.reject(new WalletError('ca.unreachable'));
      return (list ??= ask(exchange));
    };
    const checked = async (): Promise<unknown> => {
      await wallet.revocation.check([id]);
      return (await wallet.rows())[0]?.revocation?.word;
    };
    expect(await checked()).toMatchObject({ state: 'good', source: 'crl' });
    await wallet.lifecycle.revoke({ certificate: { id }, reason: 'keyCompromise', numbers: null, secret: BY_PASSWORD }, desk.running);
    expect(await checked()).toMatchObject({ state: 'revoked', source: 'cmp', reason: null });
    desk.profile.ask = ask;
    expect(await checked()).toMatchObject({ state: 'revoked', source: 'ocsp', reason: 'keyCompromise' });
  });

  it('of a certificate that the authority has revoked already is done, and known at once like any other', async () => {
    const id = await desk.issued(wallet);
    const serial = (await ca.rows('certificates')).at(-2)?.['serial'];
    expect((await ca.post('/ra/revocations', { serial, reason: 1 })).status).toBe(200);
    expect(await wallet.rows()).toMatchObject([{ id, revocation: null }]);
    const run = await wallet.lifecycle.revoke({ certificate: { id }, reason: 'keyCompromise', numbers: null, secret: BY_PASSWORD }, desk.running);
    expect(run).toMatchObject({ state: 'CONFIRMED', refusal: null });
    expect(await wallet.rows()).toMatchObject([{ id, revocation: { word: { state: 'revoked', source: 'cmp' }, failed: null } }]);
    expect(offersFor(await wallet.rows(), undefined, desk.profile.now + 5000).map(({ reason }) => reason)).toEqual(['certificate.revoked']);
  });

  it.each([
    ['arrived', 'nonce-wrong', 'CONFIRMED', 'revoked'],
    ['never left', null, 'UNKNOWN', 'good'],
  ] as const)('that %s and cannot be sent again is given up only where the certificate is not revoked', async (_what, fault, state, word) => {
    desk = await LifecycleDesk.open(ca, { resend: false });
    wallet = desk.profile.wallet();
    const id = await desk.issued(wallet);
    if (fault === null) desk.beforePost = () => Promise.reject(new Error('offline'));
    else await desk.faults(fault);
    const run = await wallet.lifecycle.revoke({ certificate: { id }, reason: 'keyCompromise', numbers: null, secret: BY_PASSWORD }, desk.running);
    expect(run).toMatchObject({ state: 'SENT', canResume: false });
    expect(await wallet.lifecycle.abandon(run.id)).toMatchObject({ state, dueAt: null });
    expect(await wallet.rows()).toMatchObject([{ id, revocation: { word: { state: word } } }]);
    // No key is kept for it, so that nothing has to be waited for.
    await wallet.lifecycle.forget(run.id);
    expect(await wallet.lifecycle.runs()).toEqual([]);
  });

  it('whose answer was lost is asked again with the password, and was done', async () => {
    const id = await desk.issued(wallet);
    await desk.faults('answer-lost');
    const run = await wallet.lifecycle.revoke({ certificate: { id }, reason: 'keyCompromise', numbers: null, secret: BY_PASSWORD }, desk.running);
    expect(run).toMatchObject({ state: 'SENT', needsSecret: true });
    expect(await codeOf(() => wallet.lifecycle.resume(run.id, null, desk.running))).toBe('vault.locked');
    expect(await wallet.rows()).toMatchObject([{ id, revocation: null }]);
    expect((await wallet.lifecycle.resume(run.id, BY_PASSWORD, desk.running)).state).toBe('CONFIRMED');
    expect(await wallet.rows()).toMatchObject([{ id, revocation: { word: { state: 'revoked' } } }]);
  });
});

/** What the history says of runs, the oldest first. */
async function acts(of: Wallet = wallet): Promise<readonly unknown[]> {
  await vi.waitFor(async () => expect((await of.history.read()).unwritten).toBe(0));
  return (await of.history.read()).rows.map(({ act, origin, certificate, result }) => [act, origin, certificate, result]).reverse();
}

describe('the history', () => {
  beforeEach(() => {
    desk.profile.notesActs = true;
    wallet = desk.profile.wallet();
  });

  it('says of each run that ended what it was, of which certificate, and how it ended', async () => {
    const id = await desk.issued(wallet);
    ca.ahead += 1000;
    desk.profile.now += 1000;
    await wallet.lifecycle.renew({ id, idNumber: null, secret: BY_PASSWORD }, desk.running);
    desk.profile.now += 1000;
    const other = (await wallet.rows()).find((row) => row.id !== id)!.id;
    await wallet.lifecycle.revoke({ certificate: { id: other }, reason: 'keyCompromise', numbers: null, secret: BY_PASSWORD }, desk.running);
    expect(await acts()).toEqual([
      ['issue', null, id, 'done'],
      ['renew', null, id, 'done'],
      ['revoke', null, other, 'done'],
    ]);
  });

  it.each([
    ['refused', async () => desk.faults('refuse:23'), null, 'ca.refused'],
    [
      'cut off before anything was sent',
      () => {
        dieAt({ commit: 3 });
        return Promise.resolve();
      },
      'resume',
      'user.cancelled',
    ],
    ['given up, since no answer came', async () => desk.faults('answer-lost'), 'abandon', 'user.timeout'],
  ] as const)('names no certificate for an issue that was %s', async (_what, prepare, then, result) => {
    const order = await desk.numbers();
    await prepare();
    await wallet.lifecycle.issue(order, desk.running).catch(() => undefined);
    const next = await desk.revive();
    if (then !== null) expect(await acts(next)).toEqual([]);
    const [run] = await next.lifecycle.runs();
    if (then === 'resume') await next.lifecycle.resume(run!.id, null, desk.running);
    if (then === 'abandon') await next.lifecycle.abandon(run!.id);
    expect(await acts(next)).toEqual([['issue', null, null, result]]);
    // What has ended ends once.
    await next.lifecycle.resume(run!.id, null, desk.running);
    expect(await acts(next)).toHaveLength(1);
  });
});

describe('the authorities', () => {
  it('are shown with whether they can be asked from here; a certificate leads to its own', async () => {
    const id = await desk.issued(wallet);
    const hosts = ['http://127.0.0.1/*'];
    expect(await wallet.lifecycle.authorities()).toEqual([
      {
        id: 'demo',
        name: { ko: '시험 인증기관', en: 'Test authority' },
        test: true,
        here: true,
        hosts,
        asksNumber: false,
        holds: true,
        holdMonths: null,
      },
    ]);
    expect((await wallet.lifecycle.authorityOf(id))?.id).toBe('demo');
  });
});
