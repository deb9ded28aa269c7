import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { copy } from '../../../lib/bytes/bytes.ts';
import type { CaEntry } from '../../../lib/cmp/directory/entry.ts';
import { errorCode, WalletError } from '../../../lib/errors.ts';
import { certificateFingerprint, readCertificate } from '../../../lib/npki/certificate.ts';
import type { CertificateRow } from '../../../lib/wallet/model.ts';
import { readRevocationNotes, writeRevocationNotes, NO_NOTES } from '../../../lib/wallet/revocation-notes.ts';
import { readRows, writeRows } from '../../../lib/wallet/rows.ts';
import type { Directory } from '../../../lib/wallet/lifecycle/directory.ts';
import { offersFor } from '../../../lib/wallet/offers.ts';
import type { RevocationPorts } from '../../../lib/wallet/revocation.ts';
import type { Wallet } from '../../../lib/wallet/wallet.ts';
import { TestCa } from '../../support/demo-ca.ts';
import { PASSWORD, picked, Profile, quietly, walletWith } from './profile.ts';

const DAY = 86_400_000;
/** What the certificates of the demo's people name. */
const HOST = '127.0.0.1:4081';
const SERIAL = '20260002';

let ca: TestCa;
let directory: Directory;
let asked: string[];
let dead: readonly string[];
let profile: Profile;
let wallet: Wallet;

/** The way to the authority, whatever port it has here. */
const ask: RevocationPorts['ask'] = async ({ caId, kind, url, body }) => {
  asked.push(`${caId} ${kind} ${new URL(url).host}`);
  if (dead.includes(kind)) throw new WalletError('ca.unreachable');
  const init = body === null ? {} : { method: 'POST', headers: { 'content-type': 'application/ocsp-request' }, body };
  const response = await fetch(url.replace(`http://${HOST}`, ca.url), init);
  return { status: response.status, type: response.headers.get('content-type') ?? '', bytes: new Uint8Array(await response.arrayBuffer()) };
};

beforeAll(async () => {
  ca = await TestCa.start();
  const [issuing, root] = [readCertificate(ca.authority.issuing), readCertificate(ca.authority.root)];
  const name = { ko: '도장 시험 인증기관', en: 'Dojang test authority' };
  const [issuer, anchor] = await Promise.all([issuing, root].map(certificateFingerprint));
  const entry: CaEntry = {
    id: 'demo',
    name,
    test: true,
    cmp: null,
    issuers: [issuer!],
    roots: [anchor!],
    ocspHosts: [HOST],
    crlHosts: [HOST],
    renewalDays: 30,
    holdMonths: null,
    guides: { issue: null, reissue: null, renew: null, revoke: null },
    source: 'a test',
    date: '2026-11-30',
  };
  directory = { entries: [entry], certificates: [issuing, root] };
});
afterAll(async () => {
  await ca.close();
});

beforeEach(async () => {
  asked = [];
  dead = [];
  profile = new Profile();
  profile.now = Date.now();
  profile.ask = ask;
  profile.directory = directory;
  wallet = await walletWith(profile);
  const { folder, password } = ca.authority.people[0]!;
  const session = await wallet.inspect(
    picked(readdirSync(folder).map((name) => ({ path: `hong/${name}`, bytes: copy(readFileSync(join(folder, name))) }))),
    quietly(),
  );
  await session.tryPassword(password);
  await session.store([session.candidates[0]!.key], PASSWORD);
});

async function row(): Promise<CertificateRow> {
  return (await wallet.rows())[0]!;
}

async function checked(): Promise<CertificateRow['revocation']> {
  await wallet.revocation.check([(await row()).id]);
  return (await row()).revocation;
}

describe('asking whether a certificate is revoked', () => {
  it('tells before whom it would ask, and asks nobody for that', async () => {
    expect(await wallet.revocation.place((await row()).id)).toEqual({
      authority: { ko: '도장 시험 인증기관', en: 'Dojang test authority' },
      hosts: ['127.0.0.1'],
      patterns: ['http://127.0.0.1/*'],
    });
    expect([(await row()).revocation, asked]).toEqual([null, []]);
  });

  it('is told by the rows, in every window, with who said it and when; and it outlives the browser', async () => {
    const other = profile.wallet();
    await wallet.rows();
    expect(await checked()).toEqual({ word: { state: 'good', at: profile.now, source: 'ocsp', since: null, reason: null }, failed: null });
    expect((await other.rows())[0]!.revocation?.word?.state).toBe('good');
    expect(asked).toEqual([`demo ocsp ${HOST}`]);
    await wallet.lock();
    await profile.wallet().unlock(PASSWORD);
    expect((await profile.wallet().rows())[0]!.revocation?.word?.state).toBe('good');
  });

  it('saves nothing in the wallet: no backup is due for it', async () => {
    const before = await profile.store().choice();
    await checked();
    expect(await profile.store().choice()).toEqual(before);
  });

  it('falls back to the list, and says so where nobody answers, without forgetting what was known', async () => {
    dead = ['ocsp'];
    expect((await checked())?.word).toMatchObject({ state: 'good', source: 'crl' });
    dead = ['ocsp', 'crl'];
    expect(await checked()).toMatchObject({ word: { state: 'good', source: 'crl' }, failed: { at: profile.now, why: 'unreachable' } });
    dead = ['crl'];
    expect((await checked())?.failed).toBe(null);
  });

  it('never calls good what nobody answered for', async () => {
    dead = ['ocsp', 'crl'];
    expect(await checked()).toEqual({ word: null, failed: { at: profile.now, why: 'unreachable' } });
  });

  it('keeps a certificate on hold or revoked from being offered, says which, and offers it again when it is released', async () => {
    const reason = async (): Promise<string | null> => {
      await checked();
      const { revocation } = await row();
      return revocation?.word?.state === 'on-hold' ? revocation.word.reason : null;
    };
    await ca.post('/ra/holds', { serial: SERIAL });
    expect(await reason()).toBe('certificateHold');
    dead = ['ocsp', 'crl'];
    expect(await reason()).toBe('certificateHold'); // silence makes nothing good again
    dead = [];
    await ca.post('/ra/releases', { serial: SERIAL });
    expect(await reason()).toBe(null);
  });
});

describe('[story 50] a clock that is a year ahead', () => {
  const YEAR = 366 * DAY;

  beforeEach(async () => {
    profile.now += YEAR;
    await wallet.unlock(PASSWORD);
  });

  it('is named once an authority told the time, locked or open, before the end of the certificate is, and no more once it is set', async () => {
    const { notAfter } = await row();
    expect(profile.now).toBeGreaterThan(notAfter);
    expect(await wallet.status()).toMatchObject({ clockAhead: null, clockBehind: null });
    await checked();
    const off = (await wallet.status()).clockAhead ?? 0;
    expect(Math.abs(off - YEAR)).toBeLessThan(10 * 60_000);
    await wallet.lock();
    expect(await wallet.status()).toMatchObject({ state: 'locked', clockAhead: off });
    profile.now -= YEAR;
    expect((await wallet.status()).clockAhead).toBeNull();
  });

  it('and not the certificate is the reason why one is not offered', async () => {
    await checked();
    const [one, { clockAhead }] = await Promise.all([row(), wallet.status()]);
    const reasons = [0, clockAhead ?? 0].map((ahead) => offersFor([{ ...one, revocation: null }], undefined, profile.now, { ahead })[0]?.reason);
    expect(reasons).toEqual(['certificate.expired', 'clock.wrong']);
  });

  it('is not named by an answer that may be an old one: a list, or one that nobody could reach', async () => {
    for (const kinds of [['ocsp'], ['ocsp', 'crl']]) {
      dead = kinds;
      await checked();
      expect((await wallet.status()).clockAhead).toBeNull();
    }
  });
});

describe('[trap 43] an authority that is not in the directory', () => {
  const withEntry = (change: Partial<CaEntry>): Directory => ({
    ...directory,
    entries: directory.entries.map((entry) => ({ ...entry, ...change })),
  });

  it.each<[string, () => Directory]>([
    ['is not there at all', () => ({ entries: [], certificates: directory.certificates })],
    ['has another host', () => withEntry({ ocspHosts: ['ocsp.example'], crlHosts: ['127.0.0.1:80'] })],
    ['has another issuing certificate', () => withEntry({ issuers: ['0'.repeat(64)] })],
    ['has another root', () => withEntry({ roots: ['0'.repeat(64)] })],
  ])('is never asked where it %s', async (_what, make) => {
    profile.directory = make();
    expect(await wallet.revocation.place((await row()).id)).toBe(null);
    expect(await checked()).toEqual({ word: null, failed: { at: profile.now, why: 'no-address' } });
    expect(asked).toEqual([]);
  });
});

describe('[H5] asking without a click', () => {
  it('does not happen unless it was chosen', async () => {
    expect(await wallet.revocation.choice()).toEqual({ daily: false, renewal: false });
    expect([await wallet.revocation.checkDaily(), await wallet.revocation.checkForRenewal((await row()).id)]).toEqual([false, false]);
    expect(asked).toEqual([]);
  });

  it('happens once a Korean calendar day, whether or not anybody answers', async () => {
    await wallet.revocation.choose({ daily: true, renewal: false });
    dead = ['ocsp', 'crl'];
    expect(await wallet.revocation.checkDaily()).toBe(true);
    expect(await profile.wallet().revocation.checkDaily()).toBe(false);
    expect(asked).toHaveLength(2);
    profile.now += DAY;
    await profile.wallet().unlock(PASSWORD);
    expect(await wallet.revocation.checkDaily()).toBe(true);
    expect(asked).toHaveLength(4);
  });

  it('leaves certificates alone that have ended', async () => {
    await wallet.revocation.choose({ daily: true, renewal: false });
    profile.now = (await row()).notAfter + DAY;
    await wallet.unlock(PASSWORD);
    expect(await wallet.revocation.checkDaily()).toBe(false);
    expect(asked).toEqual([]);
  });

  it('happens for a renewal where that was chosen', async () => {
    await wallet.revocation.choose({ daily: false, renewal: true });
    expect(await wallet.revocation.checkForRenewal((await row()).id)).toBe(true);
    expect(asked).toEqual([`demo ocsp ${HOST}`]);
  });

  it('needs an open wallet', async () => {
    await wallet.lock();
    const codes = await Promise.all([wallet.revocation.checkDaily(), wallet.revocation.check(['A'.repeat(22)])].map((act) => act.catch(errorCode)));
    expect(codes).toEqual(['vault.locked', 'vault.locked']);
  });
});

describe('the notes of what authorities said', () => {
  const id = 'A'.repeat(22);
  const word = { state: 'revoked', at: 5, source: 'crl', since: 3, reason: null };
  const text = (change: object): string =>
    JSON.stringify({
      v: 1,
      notes: { [id]: { word, failed: null } },
      lists: { 'http://a/': '0105' },
      lastDay: 7,
      told: { theirs: 3, ours: 4 },
      ...change,
    });

  it('come back as they were written', () => {
    const notes = readRevocationNotes(text({}));
    expect(notes.notes.get(id)).toEqual({ word, failed: null });
    expect(writeRevocationNotes(notes)).toBe(text({}));
  });

  it('reads what was written before authorities told the time', () => {
    expect(readRevocationNotes(text({ told: undefined }))).toEqual({ ...readRevocationNotes(text({})), told: null });
  });

  it.each<[string, object | null]>([
    ['none', null],
    ['another version', { v: 2 }],
    ['a note of nothing', { notes: { [id]: { word: null, failed: null } } }],
    ['a good one since a day', { notes: { [id]: { word: { ...word, state: 'good' }, failed: null } } }],
    ['a revoked one since no day', { notes: { [id]: { word: { ...word, since: null }, failed: null } } }],
    ['a good one on hold', { notes: { [id]: { word: { ...word, state: 'on-hold', since: null }, failed: null } } }],
    ['a state that is none', { notes: { [id]: { word: { ...word, state: 'fine' }, failed: null } } }],
    ['a reason that is none', { notes: { [id]: { word: { ...word, reason: '<b>' }, failed: null } } }],
    ['an id that is none', { notes: { ['__proto__x']: { word, failed: null } } }],
    ['a number that is none', { lists: { 'http://a/': 'zz' } }],
    ['a day that is none', { lastDay: '7' }],
    ['a told time that is none', { told: { theirs: 3 } }],
    ['something more', { more: 1 }],
  ])('are none where the text is %s', (_what, change) => {
    expect(readRevocationNotes(change === null ? null : text(change))).toEqual(NO_NOTES);
  });

  it('pass through the rows of the session only as they are', async () => {
    await checked();
    const rows = await wallet.rows();
    expect(readRows(writeRows(rows))).toEqual(rows);
    expect(readRows(writeRows([{ ...rows[0]!, revocation: { word: null, failed: null } }]))).toBe(null);
  });
});
