import { beforeEach, describe, expect, it } from 'vitest';
import type { Bytes } from '../../../lib/bytes/bytes.ts';
import { errorCode, WalletError } from '../../../lib/errors.ts';
import { readHead } from '../../../lib/vault/head.ts';
import { removeWayIn } from '../../../lib/vault/ways-in.ts';
import type { Approval } from '../../../lib/wallet/approval.ts';
import type { PasswordChange } from '../../../lib/wallet/ways-api.ts';
import type { Wallet } from '../../../lib/wallet/wallet.ts';
import { SoftAuthenticator, type Flaws } from '../vault/authenticator.ts';
import { codeOf } from '../../support/npki-fixtures.ts';
import { PASSWORD, Profile, walletWith, WRONG } from './profile.ts';
import { asker } from './support.ts';

const ID = 'personal-bank-sha1seed';
const NEW_PASSWORD = '눈 내린 산길을 걷다 2027';
const MINUTE = 60_000;

let profile: Profile;
let wallet: Wallet;

beforeEach(async () => {
  profile = new Profile();
  wallet = await walletWith(profile, ID);
});

const state = async (): Promise<string> => (await wallet.status()).state;

function change(changes: Partial<PasswordChange> = {}): PasswordChange {
  return { current: { kind: 'password', text: PASSWORD }, password: NEW_PASSWORD, keep: [], onTouch: () => undefined, ...changes };
}

const byCode = (text: string): Partial<PasswordChange> => ({ current: { kind: 'code', text } });

async function sids(): Promise<readonly string[]> {
  return (await wallet.ways.list()).passkeys.map(({ sid }) => sid);
}

/** Guesses until the next one has to wait. */
async function useUpTries(): Promise<void> {
  for (let tries = 0; tries < 5; tries++) expect(await codeOf(() => wallet.unlock(WRONG))).toBe('password.wrong');
}

async function ask(): Promise<Approval> {
  const from = asker('bank document');
  const pageId = crypto.randomUUID();
  profile.documents.set(from.documentId, new Set([pageId]));
  await profile.background.page['page.open'](from, { id: pageId, action: 'signIn', payload: { nonce: 'n'.repeat(43) } });
  const request = (await profile.background.requests.list()).find((one) => one.pageId === pageId);
  const approval = profile.approval(request?.id ?? '');
  await approval.request();
  return approval;
}

const results = (): number => profile.delivered.filter(({ result }) => result !== undefined).length;

describe('a passkey', () => {
  beforeEach(async () => {
    await wallet.ways.addPasskey('  사무실 노트북 ', PASSWORD);
  });

  it('is listed by its name while the wallet is open, and without it while it is locked', async () => {
    const listed = await wallet.ways.list();
    expect(listed).toMatchObject({ passkeys: [{ name: '사무실 노트북', synced: true }], sheet: null, lockMinutes: 5, support: 'ready' });
    await wallet.lock();
    expect(await wallet.ways.list()).toMatchObject({ passkeys: [{ name: '' }], lockMinutes: null });
  });

  it('opens the wallet by a touch, and its certificates are there', async () => {
    await wallet.lock();
    await wallet.ways.unlockByTouch();
    expect(await state()).toBe('open');
    expect(await wallet.rows()).toHaveLength(1);
  });

  it('approves a signature by a touch, locked or open', async () => {
    for (const locked of [true, false]) {
      if (locked) await wallet.lock();
      const approval = await ask();
      expect(await approval.canTouch()).toBe(true);
      await approval.openByTouch();
      expect(approval.opened).toBe(true);
      await approval.approve((await approval.offers())[0]?.row.id ?? '');
    }
    expect(results()).toBe(2);
  });

  it('gets another name, which is one line, and none that is empty', async () => {
    const [sid = ''] = await sids();
    await wallet.ways.renamePasskey(sid, '집 PC');
    expect((await wallet.ways.list()).passkeys).toMatchObject([{ name: '집 PC' }]);
    for (const name of ['', '  ', 'a\nb', 'x'.repeat(65)]) expect(await codeOf(() => wallet.ways.renamePasskey(sid, name))).toBe('request.malformed');
  });

  it('that was removed opens nothing any more, and its name is gone', async () => {
    const [sid = ''] = await sids();
    expect(await codeOf(() => wallet.ways.remove(sid, WRONG))).toBe('password.wrong');
    expect(await sids()).toEqual([sid]);
    await wallet.ways.remove(sid, PASSWORD);
    expect(await sids()).toEqual([]);
    await wallet.lock();
    expect(await codeOf(() => wallet.ways.unlockByTouch())).toBe('passkey.wrong');
    const approval = await ask();
    expect(await approval.canTouch()).toBe(false);
  });

  const REFUSALS: readonly [string, Flaws, string][] = [
    ['user verification missing', { flags: 0x09 }, 'passkey.refused'],
    ['another relying party', { rp: 'https://elsewhere.example' }, 'passkey.refused'],
    ['another origin', { origin: 'https://elsewhere.example' }, 'passkey.refused'],
    ['an old challenge', { challenge: new Uint8Array(32) }, 'passkey.refused'],
    ['an output of 31 octets', { first: new Uint8Array(31).fill(1) }, 'passkey.refused'],
    ['an output of zeros', { second: new Uint8Array(32) }, 'passkey.refused'],
    ['no PRF', { first: null, second: null }, 'passkey.unsupported'],
    ['cancelled', { cancelled: true }, 'user.cancelled'],
  ];

  it.each(REFUSALS)('E14: %s is refused, counts as no try, and the password still works', async (_, flaws, code) => {
    await wallet.lock();
    profile.authenticator.flaws = flaws;
    for (let touches = 0; touches < 7; touches++) expect(await codeOf(() => wallet.ways.unlockByTouch())).toBe(code);
    expect(await state()).toBe('locked');
    const approval = await ask();
    expect(await codeOf(() => approval.openByTouch())).toBe(code);
    expect(approval.opened).toBe(false);
    await wallet.unlock(PASSWORD);
    expect(await state()).toBe('open');
  });

  it('E14: one that was not made right adds nothing', async () => {
    profile.authenticator.flaws = { prf: false };
    const second = new Profile();
    second.authenticator.flaws = { prf: false };
    const other = await walletWith(second, ID);
    expect(await codeOf(() => other.ways.addPasskey('키', PASSWORD))).toBe('passkey.unsupported');
    expect((await other.ways.list()).passkeys).toEqual([]);
  });

  it('is not asked for in a browser that has none', async () => {
    profile.passkeySupport = 'browser';
    expect(await wallet.ways.list()).toMatchObject({ support: 'browser' });
    expect(await (await ask()).canTouch()).toBe(false);
  });
});

describe('the last way in', () => {
  it('cannot be removed: the password only changes', async () => {
    const [text = ''] = await profile.store().heads();
    const head = await readHead(text);
    const password = head.slots.find(({ kind }) => kind === 'pw')?.sid ?? '';
    expect(await codeOf(() => wallet.ways.remove(password, PASSWORD))).toBe('request.forbidden');
    const base = { store: profile.store(), head, listKey: new Uint8Array(32), now: profile.now, app: '0.1.0', random: () => new Uint8Array(16) };
    expect(await codeOf(() => removeWayIn(base, password))).not.toBe('fulfilled');
    await wallet.unlock(PASSWORD);
  });
});

describe('E13: the recovery code', () => {
  it('sets a new password, and comes anew with it', async () => {
    const sheet = await wallet.ways.makeCode(PASSWORD);
    expect(sheet.code).toMatch(/^([0-9A-HJKMNP-TV-Z]{4}-){6}[0-9A-HJKMNP-TV-Z]{4}$/);
    expect((await wallet.ways.list()).sheet).toBe(sheet.mark);
    await wallet.lock();
    const typed = sheet.code.toLowerCase().replaceAll('-', ' ').replaceAll('0', 'o').replaceAll('1', 'l');
    const changed = await wallet.ways.changePassword(change(byCode(typed)));
    expect(changed.sheet?.code).not.toBe(sheet.code);
    expect(changed.sheet?.mark).toBe((await wallet.ways.list()).sheet);
    expect(await codeOf(() => wallet.unlock(PASSWORD))).toBe('password.wrong');
    await wallet.unlock(NEW_PASSWORD);
    expect(await codeOf(() => wallet.ways.changePassword(change(byCode(sheet.code))))).toBe('recovery.wrong');
  });

  it('with a typing error is told before anything is counted', async () => {
    const { code } = await wallet.ways.makeCode(PASSWORD);
    const wrong = code.slice(0, -1) + (code.endsWith('A') ? 'B' : 'A');
    for (let tries = 0; tries < 7; tries++) expect(await codeOf(() => wallet.ways.changePassword(change(byCode(wrong))))).toBe('recovery.mistyped');
    expect(await wallet.ways.waitSeconds()).toBe(0);
    await wallet.ways.changePassword(change(byCode(code)));
  });

  it('that was replaced opens nothing, and neither does one that was removed', async () => {
    const first = await wallet.ways.makeCode(PASSWORD);
    const second = await wallet.ways.makeCode(PASSWORD);
    expect(await codeOf(() => wallet.ways.changePassword(change(byCode(first.code))))).toBe('recovery.wrong');
    await wallet.ways.removeCode(PASSWORD);
    expect((await wallet.ways.list()).sheet).toBeNull();
    expect(await codeOf(() => wallet.ways.changePassword(change(byCode(second.code))))).toBe('recovery.wrong');
  });

  it('is proven to be on paper by its groups', async () => {
    const { code } = await wallet.ways.makeCode(PASSWORD);
    const groups = code.split('-');
    expect(await wallet.ways.isGroupTyped(code, 2, ` ${groups[2]?.toLowerCase() ?? ''}`)).toBe(true);
    expect(await wallet.ways.isGroupTyped(code, 2, groups[3] ?? '')).toBe(groups[3] === groups[2]);
    expect(await wallet.ways.isGroupTyped(code, 2, '')).toBe(false);
  });
});

describe('E18: changing the password', () => {
  it('locks every window, ends requests, and leaves nothing for the former one', async () => {
    await wallet.ways.addPasskey('가는 것', PASSWORD);
    const approval = await ask();
    const changed = await wallet.ways.changePassword(change());
    expect(changed).toMatchObject({ sheet: null, dropped: [{ name: '가는 것' }], formerGone: true });
    expect(await state()).toBe('locked');
    expect(profile.session.texts.has('djw1.u')).toBe(false);
    expect(await codeOf(() => approval.request())).toBe('request.gone');
    expect(await codeOf(() => wallet.unlock(PASSWORD))).toBe('password.wrong');
    await wallet.unlock(NEW_PASSWORD);
    expect(await wallet.rows()).toHaveLength(1);
    expect(await sids()).toEqual([]);
  });

  it('keeps a passkey that is touched for it, in its place and with its name', async () => {
    await wallet.ways.addPasskey('남는 것', PASSWORD);
    const [sid = ''] = await sids();
    const touched: number[] = [];
    const changed = await wallet.ways.changePassword(change({ keep: [sid], onTouch: (nth) => touched.push(nth) }));
    expect(touched).toEqual([0]);
    expect(changed.dropped).toEqual([]);
    await wallet.ways.unlockByTouch();
    expect((await wallet.ways.list()).passkeys).toMatchObject([{ sid, name: '남는 것' }]);
    const approval = await ask();
    await approval.openByTouch();
    await approval.approve((await approval.offers())[0]?.row.id ?? '');
    expect(results()).toBe(1);
  });

  it.each([
    ['a wrong password', { current: { kind: 'password', text: WRONG } }, 'password.wrong'],
    ['a short new one', { password: '짧다' }, 'password.weak'],
    ['a common new one', { password: 'password1234' }, 'password.common'],
    ['something that is no code', byCode('어제의 복구 코드'), 'recovery.mistyped'],
  ] as const)('changes nothing with %s, and asks for no touch', async (_, wrong, code) => {
    await wallet.ways.addPasskey('키', PASSWORD);
    const { touches } = profile.authenticator;
    expect(await codeOf(() => wallet.ways.changePassword(change({ ...wrong, keep: ['any'] })))).toBe(code);
    expect(profile.authenticator.touches).toBe(touches);
    expect(await state()).toBe('open');
    await wallet.unlock(PASSWORD);
  });

  it('changes nothing where a touch is cancelled', async () => {
    await wallet.ways.addPasskey('키', PASSWORD);
    profile.authenticator.flaws = { cancelled: true };
    expect(await codeOf(() => sids().then((keep) => wallet.ways.changePassword(change({ keep }))))).toBe('user.cancelled');
    await wallet.unlock(PASSWORD);
    expect(await sids()).toHaveLength(1);
  });

  it('wipes every password and what was derived from it', async () => {
    const secrets: Bytes[] = [];
    const derive = profile.kdf;
    profile.kdf = async (params, password) => {
      const derived = await derive(params, password);
      secrets.push(password, derived);
      return derived;
    };
    await wallet.ways.changePassword(change());
    // Proven, opened from the store, sealed anew.
    expect(secrets).toHaveLength(6);
    expect(secrets.filter((octets) => octets.some((octet) => octet !== 0))).toEqual([]);
  });
});

describe('D20: after a change of the password', () => {
  /** Every value of both copies, by place. */
  const values = async (): Promise<ReadonlyMap<string, string>> => {
    const { primary, mirror } = profile.store();
    const all = [...(await primary.raw()).map((one) => ['primary', one] as const), ...(await mirror.raw()).map((one) => ['mirror', one] as const)];
    return new Map(all.map(([copy, { place, value }]) => [`${copy} ${place}`, String(value)]));
  };

  it('no copy lists an older generation, a former slot, or a record under the former keys', async () => {
    await wallet.ways.makeCode(PASSWORD);
    const before = await values();
    const [newest = ''] = await profile.store().heads();
    const former = await readHead(newest);
    expect([...before.values()].filter((text) => text.startsWith('DJW1.H.'))).toHaveLength(4);
    await wallet.ways.changePassword(change());
    const after = await values();
    const sealed = (texts: ReadonlyMap<string, string>): string[] => [...texts.values()].filter((text) => /^DJW1\.[HIGL]\./.test(text));
    expect(sealed(after).filter((text) => sealed(before).includes(text))).toEqual([]);
    for (const { text } of former.slots) expect([...after].filter(([, value]) => value.includes(text)).map(([place]) => place)).toEqual([]);
    const heads = await Promise.all([...after.values()].filter((text) => text.startsWith('DJW1.H.')).map((text) => readHead(text)));
    expect(heads.map(({ gen }) => gen)).toEqual([former.gen + 1, former.gen + 1]);
  });
});

describe('E15: a passkey of another extension id, which this browser does not know here', () => {
  beforeEach(async () => {
    await wallet.ways.addPasskey('옛 설치의 열쇠', PASSWORD);
    profile.authenticator = new SoftAuthenticator();
    await wallet.lock();
  });

  it('opens nothing, is told like one that is not on this device, and the password works', async () => {
    expect(await codeOf(() => wallet.ways.unlockByTouch())).toBe('user.cancelled');
    expect(await wallet.ways.waitSeconds()).toBe(0);
    await wallet.unlock(PASSWORD);
    expect(await wallet.rows()).toHaveLength(1);
  });

  it('gives way to one that is made here', async () => {
    await wallet.unlock(PASSWORD);
    await wallet.ways.remove((await sids())[0] ?? '', PASSWORD);
    await wallet.ways.addPasskey('새 열쇠', PASSWORD);
    await wallet.lock();
    await wallet.ways.unlockByTouch();
    expect((await wallet.ways.list()).passkeys).toMatchObject([{ name: '새 열쇠' }]);
  });

  it('does not come along with a backup file', async () => {
    await wallet.unlock(PASSWORD);
    const file = new Blob([(await wallet.backup.make()).bytes]);
    const other = new Profile();
    const restored = other.wallet();
    const session = await restored.restore.open(file, PASSWORD);
    await restored.create(NEW_PASSWORD, 'moon');
    await session.restore(
      session.rows.map(({ id }) => id),
      NEW_PASSWORD,
    );
    expect(await restored.ways.list()).toMatchObject({ passkeys: [], sheet: null });
    expect(await restored.rows()).toHaveLength(1);
  });
});

describe('E11: the wait after five wrong passwords', () => {
  it('holds for passwords, touches and codes in every window, asks for no touch in vain, and ends', async () => {
    await wallet.ways.addPasskey('키', PASSWORD);
    const { code } = await wallet.ways.makeCode(PASSWORD);
    await wallet.lock();
    await useUpTries();
    const { touches } = profile.authenticator;
    const later = profile.wallet();
    expect(await later.ways.waitSeconds()).toBe(30);
    expect(await codeOf(() => later.unlock(PASSWORD))).toBe('password.wait');
    expect(await codeOf(() => later.ways.unlockByTouch())).toBe('password.wait');
    expect(await codeOf(() => later.ways.changePassword(change(byCode(code))))).toBe('password.wait');
    const approval = await ask();
    expect(await approval.waitSeconds()).toBe(30);
    expect(await codeOf(() => approval.openByTouch())).toBe('password.wait');
    expect(profile.authenticator.touches).toBe(touches);
    profile.now += 30_000;
    expect(await later.ways.waitSeconds()).toBe(0);
    await later.unlock(PASSWORD);
    expect(await state()).toBe('open');
  });

  it('says how long', async () => {
    await useUpTries();
    profile.now += 12_000;
    const thrown = await wallet.unlock(PASSWORD).catch((one: unknown) => one);
    expect(errorCode(thrown)).toBe('password.wait');
    expect(thrown instanceof WalletError && thrown.detail).toBe('18');
  });
});

describe('the time until it locks by itself', () => {
  it.each([1, 15, 30, 60] as const)('of %d minutes holds at once, and after the next unlock', async (minutes) => {
    await wallet.ways.lockAfter(minutes);
    expect((await wallet.status()).locksAt).toBe(profile.now + minutes * MINUTE);
    profile.now += minutes * MINUTE - 1;
    expect(await state()).toBe('open');
    profile.now += 1;
    expect(await state()).toBe('locked');
    await wallet.unlock(PASSWORD);
    expect((await wallet.status()).locksAt).toBe(profile.now + minutes * MINUTE);
    expect((await wallet.ways.list()).lockMinutes).toBe(minutes);
  });

  it('cannot be set while it is locked', async () => {
    await wallet.lock();
    expect(await codeOf(() => wallet.ways.lockAfter(60))).toBe('vault.locked');
  });
});
