/** Signing that is held open (서명 열어 두기): what it spares the owner, what it does not, and when it ends. */
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { fromBase64 } from '../../../lib/bytes/base64.ts';
import { equal, type Bytes } from '../../../lib/bytes/bytes.ts';
import { readCertificate } from '../../../lib/npki/certificate.ts';
import { passwordBytes } from '../../../lib/vault/password.ts';
import { openSealedKey, recordKey, type KeyRole } from '../../../lib/vault/sealed-key.ts';
import { openWithPassword } from '../../../lib/vault/unlock.ts';
import { openItems } from '../../../lib/vault/vault.ts';
import type { Approval } from '../../../lib/wallet/approval.ts';
import { watchDeadline } from '../../../lib/wallet/background.ts';
import type { Wallet } from '../../../lib/wallet/wallet.ts';
import { codeOf, fixture } from '../../support/npki-fixtures.ts';
import { fastKdf, reread } from '../vault/support.ts';
import { folderOf, PASSWORD, Profile, quietly, walletWith, WRONG } from './profile.ts';
import { ask, asker, NOW } from './support.ts';

const IDS = ['personal-bank-sha1seed', 'vid-sha1'] as const;
const PERSON = fixture(IDS[0]);
const MINUTE = 60_000;
const FILE_PASSWORD = '바다를 건너는 노란 우산 셋';
const HELD = 'djw1.sk';

let profile: Profile;
let wallet: Wallet;

async function begin(): Promise<void> {
  profile = new Profile();
  wallet = await walletWith(profile, ...IDS);
}

let documents = 0;

/** A page asks, and our window shows it. */
async function shown(): Promise<Approval> {
  const pageId = await ask(profile, profile.background, asker(`document ${++documents}`));
  const request = (await profile.background.requests.list()).find((one) => one.pageId === pageId);
  const approval = profile.approval(request?.id ?? '');
  await approval.request();
  await approval.status();
  return approval;
}

async function approveWithoutSecret(): Promise<string> {
  const approval = await shown();
  const code = await codeOf(async () => approval.approve((await approval.offers())[0]?.row.id ?? ''));
  if (code !== 'none') await approval.cancel();
  expect(approval.opened).toBe(false);
  return code;
}

/** What the alarm of the deadline does. */
const ring = (): Promise<void> => watchDeadline(profile.background.ports);
const holds = async (): Promise<boolean> => (await wallet.status()).signingUntil !== null;
const answers = (): readonly string[] => profile.delivered.map(({ error }) => error?.code ?? 'signed');

/** What a password change needs besides the current one. */
const newPassword = { password: '눈 내린 산길을 걷다 2027', keep: [], onTouch: () => undefined };

describe('C20: while signing is held open', () => {
  beforeEach(async () => {
    await begin();
    await wallet.signing.hold(15, PASSWORD);
  });

  it('each request still has a window of its own and is approved in it, without a secret', async () => {
    for (let times = 0; times < 3; times++) {
      const windows = profile.open.size;
      const approval = await shown();
      expect(profile.open.size).toBe(windows + 1);
      expect(profile.delivered).toHaveLength(times);
      await approval.approve((await approval.offers())[0]?.row.id ?? '');
      expect(profile.open.size).toBe(windows);
    }
    expect(answers()).toEqual(['signed', 'signed', 'signed']);
  });

  it('a wrong password that is typed all the same is wrong', async () => {
    const approval = await shown();
    const id = (await approval.offers())[0]?.row.id ?? '';
    expect(await codeOf(() => approval.approve(id, WRONG))).toBe('password.wrong');
    expect(profile.delivered).toEqual([]);
  });

  it('E7: the window makes one record’s key of it, hands out that alone, and wipes the rest', async () => {
    const approval = await shown();
    const id = (await approval.offers())[0]?.row.id ?? '';
    const before = profile.messages.length;
    await approval.approve(id);
    expect(approval.opened).toBe(false);
    const [message, ...more] = profile.messages.slice(before);
    expect(more).toEqual([]);
    expect(message).toMatchObject({ verb: 'wallet.approve', content: { item: id } });
    const { opens } = await attacker(profile);
    const key = fromBase64(String(Reflect.get(message?.content as object, 'key')));
    expect(await opens([key])).toEqual([`${id} sign`]);
    expect(key).not.toEqual(fromBase64(heldIn(profile)));
  });

  it('the toolbar says for how long, minute by minute', async () => {
    expect(profile.badge).toEqual({ about: 'signing', n: 15 });
    expect(profile.alarms.get('lock')).toBe(NOW + MINUTE);
    for (let left = 14; left > 0; left--) {
      profile.now += MINUTE;
      await profile.sessions().touch();
      await ring();
      expect(profile.badge).toEqual({ about: 'signing', n: left });
    }
    profile.now += MINUTE - 1;
    await ring();
    expect(profile.badge).toEqual({ about: 'signing', n: 1 });
    profile.now += 1;
    await ring();
    expect(profile.badge.about).not.toBe('signing');
    expect(profile.alarms.get('lock')).toBe(NOW + 14 * MINUTE + 5 * MINUTE);
    expect(await wallet.status()).toMatchObject({ state: 'open', signingUntil: null });
  });

  it('it goes on over other acts that open the wallet with its password', async () => {
    await wallet.ways.makeCode(PASSWORD);
    await wallet.unlock(PASSWORD);
    expect(await wallet.status()).toMatchObject({ signingUntil: NOW + 15 * MINUTE });
    expect(await approveWithoutSecret()).toBe('none');
  });

  it.each<[string, () => unknown]>([
    [
      'its deadline',
      async () => {
        for (let minutes = 0; minutes < 15; minutes++) {
          profile.now += MINUTE;
          await profile.sessions().touch();
        }
      },
    ],
    ['one click', () => wallet.signing.release()],
    [
      'a lock by hand, and the wallet opened again',
      async () => {
        await wallet.lock();
        await wallet.unlock(PASSWORD);
      },
    ],
    [
      'auto-lock, though its own deadline is later',
      async () => {
        profile.now += 5 * MINUTE;
        await wallet.unlock(PASSWORD);
      },
    ],
    [
      'a changed password',
      async () => {
        await wallet.ways.changePassword({ ...newPassword, current: { kind: 'password', text: PASSWORD } });
        await wallet.unlock(newPassword.password);
      },
    ],
    [
      'a restart of the browser, which empties the session store',
      async () => {
        profile.session.texts.clear();
        profile.restart();
        await wallet.unlock(PASSWORD);
      },
    ],
  ])('it is ended by %s', async (_, end) => {
    await end();
    expect(await holds()).toBe(false);
    expect(profile.session.texts.has(HELD)).toBe(false);
    expect(await approveWithoutSecret()).toBe('password.wrong');
    await ring();
    expect(profile.badge.about).not.toBe('signing');
  });

  it('a lock of the screen ends it at once, and what waits', async () => {
    await shown();
    await profile.call('wallet.lock');
    for (const key of ['djw1.u', 'djw1.rows', HELD]) expect(profile.session.texts.has(key)).toBe(false);
    expect(profile.badge.about).not.toBe('signing');
    expect(answers()).toEqual(['user.cancelled']);
  });

  it('E9: a worker that died, a computer asleep past the deadline and an alarm ten minutes late do not keep it', async () => {
    await profile.sessions().lockAfter(60);
    profile.restart();
    profile.now += 25 * MINUTE;
    expect(await approveWithoutSecret()).toBe('password.wrong');
    expect(profile.session.texts.has(HELD)).toBe(false);
    profile.now += 40 * MINUTE;
    const approval = await shown();
    expect(await approval.status()).toMatchObject({ state: 'locked' });
    expect(await codeOf(() => approval.approve('any'))).toBe('password.wrong');
  });

  it('it is taken up to its end by a window that stands open', async () => {
    const approval = await shown();
    const id = (await approval.offers())[0]?.row.id ?? '';
    await wallet.signing.release();
    expect(await approval.status()).toMatchObject({ state: 'open', signingUntil: null });
    expect(await codeOf(() => approval.approve(id))).toBe('password.wrong');
    await approval.approve(id, PASSWORD);
    expect(answers()).toEqual(['signed']);
  });
});

describe('turning it on', () => {
  beforeEach(begin);

  it.each([
    ['nothing', ''],
    ['a wrong password', WRONG],
  ])('takes the wallet password, also of the open wallet, and not %s', async (_, password) => {
    expect(await codeOf(() => wallet.signing.hold(5, password))).toBe('password.wrong');
    expect(await holds()).toBe(false);
    expect(profile.session.history.some((text) => text.includes('"sk"'))).toBe(false);
  });

  it('or the touch of a passkey', async () => {
    await wallet.ways.addPasskey('사무실', PASSWORD);
    await wallet.signing.holdByTouch(60);
    expect(await wallet.status()).toMatchObject({ signingUntil: NOW + 60 * MINUTE });
    expect(await approveWithoutSecret()).toBe('none');
  });

  it('leaves no copy of the keys behind in the page', async () => {
    await wallet.signing.hold(5, PASSWORD);
    const { signingKey, listKey } = await attacker(profile);
    expect(profile.handedOut.filter((octets) => equal(octets, signingKey) || equal(octets, listKey))).toEqual([]);
  });

  it('is forgotten by no store but the session’s', async () => {
    await wallet.signing.hold(5, PASSWORD);
    const secret = heldIn(profile);
    expect([...profile.session.texts].filter(([, text]) => text.includes(secret)).map(([key]) => key)).toEqual([HELD]);
    expect(JSON.stringify([...profile.local.texts])).not.toContain(secret);
    expect(JSON.stringify(profile.messages)).not.toContain(secret);
  });
});

/** The signing key as it lies in the session store. */
function heldIn({ session }: Profile): string {
  return String(Reflect.get(JSON.parse(session.texts.get(HELD) ?? '{}') as object, 'sk'));
}

/** Whoever has every store: tries keys on every private key, as they are and as the key that records' keys are made of. */
async function attacker(of: Profile): Promise<{ opens: (keys: readonly Bytes[]) => Promise<readonly string[]>; signingKey: Bytes; listKey: Bytes }> {
  const head = await reread(of.store());
  const { listKey, signingKey } = await openWithPassword(head, passwordBytes(PASSWORD), fastKdf);
  const { items } = await openItems(of.store(), head, listKey);
  const pairs = items.flatMap((item) =>
    (['sign', 'km'] as const).flatMap((role: KeyRole) => {
      const [sealed, certificate] = role === 'sign' ? [item.sealedSignKey, item.signCertificate] : [item.sealedKmKey, item.kmCertificate];
      return sealed && certificate ? [{ id: item.id, role, sealed, spki: readCertificate(certificate).spki }] : [];
    }),
  );
  const opens = async (keys: readonly Bytes[]): Promise<readonly string[]> => {
    const found: string[] = [];
    for (const pair of pairs)
      for (const key of keys)
        for (const made of [key, await recordKey(key, head.vid, pair.id, pair.role, pair.sealed)])
          if ((await codeOf(() => openSealedKey({ ...pair, key: made, vid: head.vid }))) === 'none') found.push(`${pair.id} ${pair.role}`);
    return found;
  };
  return { opens, signingKey, listKey };
}

/** Everything of a key's size that a text carries. */
function keysIn(texts: Iterable<string>): Bytes[] {
  const runs = [...texts].flatMap((text) => text.match(/[A-Za-z0-9+/]{43}=/g) ?? []);
  return runs.map((run) => fromBase64(run));
}

describe('E17: whoever holds everything the session holds, and every store', () => {
  beforeAll(begin);

  it('opens no private key while signing is not held open', async () => {
    await wallet.unlock(PASSWORD);
    await approveWithSecret();
    const keys = keysIn(profile.session.texts.values());
    expect(keys).toHaveLength(1);
    expect(await (await attacker(profile)).opens(keys)).toEqual([]);
  });

  it('opens them all while it is, which is the price', async () => {
    await wallet.signing.hold(5, PASSWORD);
    const keys = keysIn(profile.session.texts.values());
    expect(keys).toHaveLength(2);
    expect(await (await attacker(profile)).opens(keys)).toHaveLength(4);
  });

  it.each<[string, () => Promise<void>]>([
    ['its end', () => wallet.signing.release()],
    ['a lock', () => wallet.lock()],
  ])('opens none after %s', async (_, end) => {
    await wallet.signing.hold(5, PASSWORD);
    await end();
    expect(await (await attacker(profile)).opens(keysIn(profile.session.texts.values()))).toEqual([]);
  });
});

async function approveWithSecret(): Promise<void> {
  const approval = await shown();
  await approval.approve((await approval.offers())[0]?.row.id ?? '', PASSWORD);
}

/** The acts that always ask, with what is given as the secret. */
const ASKING: readonly [string, string, (secret: string) => Promise<unknown>][] = [
  [
    'saving an import',
    'password.wrong',
    async (secret) => {
      const session = await wallet.inspect(folderOf(fixture('renewal-old')), quietly());
      await session.tryPassword(fixture('renewal-old').password);
      await session.store(['0'], secret);
    },
  ],
  [
    'an export',
    'password.wrong',
    async (secret) => {
      const ids = (await wallet.rows()).map(({ id }) => id);
      await wallet.exportFiles({ ids, form: 'npki', withKm: true, filePassword: 'Grape#Wind7204', walletPassword: secret }, quietly());
    },
  ],
  ['a purge', 'password.wrong', async (secret) => wallet.basket.purge([deleted], secret)],
  ['a new passkey', 'password.wrong', (secret) => wallet.ways.addPasskey('새 키', secret)],
  ['a passkey that goes', 'password.wrong', async (secret) => wallet.ways.remove((await wallet.ways.list()).passkeys[0]?.sid ?? '', secret)],
  ['a recovery code', 'password.wrong', (secret) => wallet.ways.makeCode(secret)],
  ['a recovery code that goes', 'password.wrong', (secret) => wallet.ways.removeCode(secret)],
  ['a changed password', 'password.wrong', (text) => wallet.ways.changePassword({ ...newPassword, current: { kind: 'password', text } })],
  ['a backup under another password', 'password.wrong', (secret) => wallet.backup.makeWithPassword(FILE_PASSWORD, secret)],
  ['a check of a backup', 'backup.secret', (secret) => wallet.backup.check(file, secret)],
  ['opening a backup', 'backup.secret', (secret) => wallet.restore.open(file, secret)],
  [
    'restoring from it',
    'password.wrong',
    async (secret) => {
      const session = await wallet.restore.open(file, PASSWORD);
      await session.restore(
        session.rows.map(({ id }) => id),
        secret,
      );
    },
  ],
  ['an identity check', 'password.wrong', async (secret) => wallet.checkIdentity((await wallet.rows())[0]?.id ?? '', PERSON.idn, secret)],
  ['making the copies one', 'password.wrong', (secret) => wallet.recovery.mend(secret)],
  ['holding signing open', 'password.wrong', (secret) => wallet.signing.hold(60, secret)],
];

let deleted = '';
let file: Blob;

describe.each([
  ['off', false],
  ['on', true],
])('E12: in an open wallet, with signing held open %s,', (_, on) => {
  beforeAll(async () => {
    profile = new Profile();
    wallet = await walletWith(profile, ...IDS, 'business-etax');
    file = new Blob([(await wallet.backup.make()).bytes]);
    await wallet.ways.addPasskey('사무실', PASSWORD);
    await wallet.ways.makeCode(PASSWORD);
    deleted = (await wallet.rows()).at(-1)?.id ?? '';
    await wallet.basket.move([deleted]);
    if (on) await wallet.signing.hold(15, PASSWORD);
  });

  it.each(ASKING)('%s asks', async (_name, code, act) => {
    const [before] = await profile.store().heads();
    const reads = profile.session.asked.length;
    expect(await codeOf(() => act(''))).toBe(code);
    expect(await codeOf(() => act(WRONG))).toBe(code);
    expect((await profile.store().heads())[0]).toBe(before);
    expect(profile.session.asked.slice(reads)).not.toContain(HELD);
    await wallet.unlock(PASSWORD);
    expect(await holds()).toBe(on);
  });

  it.each<[string, () => Promise<unknown>]>([
    ['viewing', async () => wallet.details((await wallet.rows())[0]?.id ?? '')],
    ['naming', async () => wallet.ways.renamePasskey((await wallet.ways.list()).passkeys[0]?.sid ?? '', '집')],
    ['the wastebasket and back', async () => wallet.basket.putBack([deleted]).then(() => wallet.basket.move([deleted]))],
    ['a backup', () => wallet.backup.make()],
    ['when it locks', () => wallet.ways.lockAfter(5)],
  ])('%s does not', async (_name, act) => {
    expect(await codeOf(act)).toBe('none');
    expect(await holds()).toBe(on);
  });

  it(`a sign-in ${on ? 'does not' : 'asks'}`, async () => {
    expect(await approveWithoutSecret()).toBe(on ? 'none' : 'password.wrong');
  });
});

describe('E10: a lock while a request stands open', () => {
  beforeEach(begin);

  it.each<[string, () => Promise<unknown>]>([
    ['by hand', () => wallet.lock()],
    ['by a changed password', () => wallet.ways.changePassword({ ...newPassword, current: { kind: 'password', text: PASSWORD } })],
  ])('%s ends it', async (_, end) => {
    const approval = await shown();
    await end();
    expect(answers()).toEqual(['user.cancelled']);
    expect(profile.open.size).toBe(0);
    expect(await codeOf(() => approval.request())).toBe('request.gone');
  });

  it('by itself ends it as soon as its window sees that, also with a key in hand', async () => {
    const approval = await shown();
    await approval.open(PASSWORD);
    profile.now += 5 * MINUTE;
    await ring();
    expect(await codeOf(() => approval.status())).toBe('user.cancelled');
    expect(approval.opened).toBe(false);
    expect(answers()).toEqual(['user.cancelled']);
    expect(profile.open.size).toBe(0);
  });

  it('leaves alone what was asked of a locked wallet', async () => {
    profile.now += 5 * MINUTE;
    const approval = await shown();
    await ring();
    expect(await approval.status()).toMatchObject({ state: 'locked' });
    await approval.open(PASSWORD);
    await approval.approve((await approval.offers())[0]?.row.id ?? '');
    expect(answers()).toEqual(['signed']);
  });

  it('is put off by typing and clicking in the window itself', async () => {
    const approval = await shown();
    profile.now += 4 * MINUTE;
    approval.touch();
    await expect.poll(async () => (await wallet.status()).locksAt).toBe(NOW + 9 * MINUTE);
  });
});
