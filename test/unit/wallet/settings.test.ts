/** Settings of no other part: the wallet picture, and the diagnosis that a report of a fault needs. */
import { describe, expect, test } from 'vitest';
import { revocationDatabase } from '../../../lib/platform/revocation-store.ts';
import { UNKNOWN_REASONS } from '../../../lib/trust/status/state.ts';
import { writeRevocationNotes } from '../../../lib/wallet/revocation-notes.ts';
import type { Wallet } from '../../../lib/wallet/wallet.ts';
import { fixture } from '../../support/npki-fixtures.ts';
import { codeOf } from '../vault/support.ts';
import { PASSWORD, Profile, walletWith } from './profile.ts';

const IDENTITY = 'personal-bank-sha1seed';

describe('the wallet picture', () => {
  test('is another in every window once it was changed', async () => {
    const profile = new Profile();
    const wallet = await walletWith(profile);
    await wallet.settings.setMark('carp');
    expect([(await wallet.status()).mark, (await profile.wallet().status()).mark]).toEqual(['carp', 'carp']);
  });

  test('stays while the wallet is locked', async () => {
    const profile = new Profile();
    const wallet = await walletWith(profile);
    await wallet.lock();
    expect(await codeOf(wallet.settings.setMark('carp'))).toBe('vault.locked');
    expect((await wallet.status()).mark).toBe('tiger');
  });
});

describe('erasing', () => {
  test.each([
    ['open', async (): Promise<void> => Promise.resolve()],
    ['locked, as for who forgot the password', (wallet: Wallet) => wallet.lock()],
  ])('leaves nothing of a wallet that is %s, and takes the sync copy only at the owner\u2019s word', async (_, before) => {
    const profile = new Profile();
    const wallet = await rich(profile);
    await before(wallet);
    await wallet.settings.erase({ syncCopy: false });
    expect((await profile.wallet().status()).state).toBe('none');
    expect(await profile.wallet().sync.copies()).toHaveLength(1);
    expect(await codeOf(wallet.rows())).toBe('vault.absent');
    const next = await rich(profile);
    expect(await next.settings.syncLeft()).toBe('some');
    await next.settings.erase({ syncCopy: true });
    expect(await profile.wallet().sync.copies()).toHaveLength(1);
  });

  test('forgets what authorities said of its certificates', async () => {
    const profile = new Profile();
    const wallet = await rich(profile);
    const [row] = await wallet.rows();
    const said = revocationDatabase(profile.indexedDb);
    await said.write(
      writeRevocationNotes({
        notes: new Map([[row!.id, { word: null, failed: { at: profile.now, why: UNKNOWN_REASONS[0] } }]]),
        lists: new Map(),
        lastDay: null,
        told: null,
      }),
    );
    await wallet.settings.erase({ syncCopy: false });
    expect(await said.read()).not.toContain(row!.id);
  });

  test('asks the background to lock, which ends what waits for the person', async () => {
    const profile = new Profile();
    const wallet = await walletWith(profile);
    await wallet.settings.erase({ syncCopy: false });
    expect(profile.messages.at(-1)?.verb).toBe('wallet.lock');
  });

  test('is refused where the wallet does not start, which is for the recovery screen', async () => {
    const profile = await damaged();
    const before = new Map(profile.local.texts);
    expect(await codeOf(profile.wallet().settings.erase({ syncCopy: false }))).toBe('vault.conflict');
    expect(profile.local.texts).toEqual(before);
  });
});

/** A wallet with all that could be told: a certificate with labels, a passkey with a name, a recovery code, a sync copy. */
async function rich(profile: Profile): Promise<Wallet> {
  const wallet = await walletWith(profile, IDENTITY);
  const [row] = await wallet.rows();
  await wallet.label([{ id: row!.id, seen: row!.labels, labels: { nickname: 'MyNickname', group: 'MyClient', note: 'MyNote' } }]);
  await wallet.ways.addPasskey('MyPasskey', PASSWORD);
  await wallet.ways.makeCode(PASSWORD);
  await wallet.sync.turnOn([row!.id], PASSWORD);
  return wallet;
}

describe('the diagnosis', () => {
  test('names versions, states and counts', async () => {
    const wallet = await rich(new Profile());
    expect((await wallet.settings.diagnosis()).split('\n')).toEqual([
      'Dojang: 0.1.0',
      'browser: Browser/1.0',
      'wallet: state open, certificates 1, notice none',
      'primary: trace some, code none, states 2, unread 0, certificates 1, missing 0',
      'mirror: trace some, code none, states 2, unread 0, certificates 1, missing 0',
      'ways in: passkeys 1, support ready, code true, locks after minutes 5',
      'notices: on true, first 30',
      'backup: rule change, days ago none, changes 1, due true',
      'sync copy: on true, certificates 1, current true, trouble none',
      '',
    ]);
  });

  test('holds no name, serial, id, secret or word of the owner, open or locked', async () => {
    const profile = new Profile();
    const wallet = await rich(profile);
    const [row] = await wallet.rows();
    const { subject, fingerprintSha1 } = await wallet.details(row!.id);
    const { vid, slots } = await headOf(profile);
    const told = await wallet.settings.diagnosis();
    await wallet.lock();
    const text = `${told}${await wallet.settings.diagnosis()}`;
    const { realName, serialHex } = fixture(IDENTITY);
    const never = [
      realName,
      serialHex,
      row!.holder,
      row!.issuerName,
      row!.id,
      row!.fingerprint,
      subject,
      fingerprintSha1,
      vid,
      PASSWORD,
      ...slots.map(({ sid }) => sid),
    ];
    expect(never.filter((word) => word === '' || text.toLowerCase().includes(word.toLowerCase()))).toEqual([]);
    expect(text).not.toMatch(/My(Nickname|Client|Note|Passkey)|https?:|[\w-]{22}/);
  });

  test.each([
    ['no wallet', async (): Promise<Profile> => Promise.resolve(new Profile()), 'wallet: state none'],
    ['damage', damaged, 'wallet: state recovery'],
  ])('works where there is %s, and says so', async (_, make, line) => {
    const text = await (await make()).wallet().settings.diagnosis();
    expect(text).toContain(line);
    expect(text).toMatch(/^ways in: vault\.(absent|damaged)$/m);
  });
});

async function headOf(profile: Profile): Promise<{ vid: string; slots: readonly { sid: string }[] }> {
  const choice = await profile.store().choice();
  if (choice.state !== 'ready') throw new Error(choice.state);
  return choice.head;
}

/** Neither copy has a head that reads. */
async function damaged(): Promise<Profile> {
  const profile = new Profile();
  await walletWith(profile, IDENTITY);
  for (const [key, value] of profile.local.texts) profile.local.texts.set(key, `${String(value)}x`);
  await profile.store().primary.erase();
  return profile;
}
