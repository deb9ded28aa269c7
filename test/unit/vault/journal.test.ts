import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { concat, copy, type Bytes } from '../../../lib/bytes/bytes.ts';
import { utf8 } from '../../../lib/bytes/text.ts';
import { changeSecrets } from '../../../lib/vault/change-secrets.ts';
import type { VaultHead } from '../../../lib/vault/head.ts';
import { openJournal, readJournal, sealJournal, writeJournal, type JournalEntry, type JournalKey } from '../../../lib/vault/journal.ts';
import { importSecret } from '../../../lib/vault/keys.ts';
import { saveItems } from '../../../lib/vault/save.ts';
import { openSealedKey, recordKey, sealKey } from '../../../lib/vault/sealed-key.ts';
import { APP, codeOf, fastKdf, item, makeWallet, newId, NOW, PASSWORD, random, save, unlock, type Wallet } from './support.ts';

const key = (role: 'sign' | 'km', more: Partial<JournalKey> = {}): JournalKey => ({
  role,
  item: newId(),
  spki: random(294),
  sealed: random(1_300),
  ...more,
});
const COURSE = utf8('a course with number and code');

function entry(more: Partial<JournalEntry> = {}): JournalEntry {
  return { id: newId(), state: 'SENT', deadline: 1_764_000_600, course: copy(COURSE), keys: [key('sign'), key('km')], ...more };
}

async function keep(wallet: Wallet, head: VaultHead, ...entries: readonly JournalEntry[]): Promise<VaultHead> {
  const secret = await importSecret(wallet.listKey);
  const others = await Promise.all(entries.map((one) => sealJournal(secret, head, one, random)));
  return saveItems({ ...wallet, head, now: NOW, app: APP, random, put: [], remove: [], others });
}

const octets = (min: number, max: number): fc.Arbitrary<Bytes> => fc.uint8Array({ minLength: min, maxLength: max }).map((bytes) => copy(bytes));

describe('the body of a journal entry', () => {
  it('reads as it was written, whatever it holds', () => {
    const keys = fc
      .subarray(['sign', 'km'] as const)
      .chain((roles) =>
        fc.tuple(
          ...roles.map((role) => fc.record({ role: fc.constant(role), item: fc.constant(newId()), spki: octets(1, 300), sealed: octets(1, 90) })),
        ),
      );
    fc.assert(
      fc.property(octets(1, 400), keys, (course, all) => {
        expect(readJournal(writeJournal({ course, keys: all }))).toEqual({ course, keys: all });
      }),
    );
  });

  const good = writeJournal({ course: COURSE, keys: [key('sign')] });
  it.each<[string, Bytes]>([
    ['nothing', new Uint8Array()],
    ['another version', concat(Uint8Array.of(2), good.subarray(1))],
    ['no course', good.slice(0, 1)],
    ['an empty course', writeJournal({ course: new Uint8Array(), keys: [] })],
    ['an octet too many', concat(good, Uint8Array.of(0))],
    ['an octet less', good.slice(0, -1_301)],
    ['a third key', writeJournal({ course: COURSE, keys: [key('sign'), key('km'), key('km')] })],
    ['two keys of one role', writeJournal({ course: COURSE, keys: [key('km'), key('km')] })],
    ['a key without public key', writeJournal({ course: COURSE, keys: [key('sign', { spki: new Uint8Array() })] })],
    ['a key that is only public', writeJournal({ course: COURSE, keys: [key('sign', { sealed: new Uint8Array() })] })],
    ['a role that there is not', good.map((octet, at) => (at === 1 + 5 + COURSE.length + 5 ? 3 : octet))],
  ])('is damage with %s', async (_what, bytes) => {
    expect(await codeOf(Promise.resolve().then(() => readJournal(bytes)))).toBe('vault.damaged');
  });

  it('is damage or a body, whatever the octets', () => {
    const hostile = fc.tuple(fc.nat(good.length - 1), fc.nat(255)).map(([at, value]) => good.map((octet, nth) => (nth === at ? value : octet)));
    fc.assert(
      fc.property(fc.oneof(hostile, octets(0, 80)), (bytes) => {
        try {
          expect(writeJournal(readJournal(copy(bytes)))).toEqual(bytes);
        } catch (thrown) {
          expect(thrown).toMatchObject({ code: 'vault.damaged' });
        }
      }),
    );
  });
});

describe('journal entries in the wallet', () => {
  it('are saved, replaced by their id and removed, beside certificates', async () => {
    const wallet = await makeWallet();
    const one = entry();
    let head = await keep(wallet, wallet.head, one);
    expect(head.items).toEqual([expect.objectContaining({ id: one.id, k: 'J', st: 'SENT', dl: 1_764_000_600 })]);
    expect(await openJournal(wallet.store, head, wallet.listKey)).toEqual({ entries: [one], damaged: [] });
    const saved: JournalEntry = { ...one, state: 'SAVED', deadline: null, keys: [] };
    const others = [await sealJournal(await importSecret(wallet.listKey), head, saved, random)];
    head = await saveItems({ ...wallet, head, now: NOW, app: APP, random, put: [item(newId())], remove: [], others });
    expect(head.items.map(({ k, st }) => [k, st])).toEqual([
      ['J', 'SAVED'],
      ['I', undefined],
    ]);
    expect((await openJournal(wallet.store, head, wallet.listKey)).entries).toEqual([saved]);
    head = await save({ ...wallet, head }, [], [one.id]);
    expect(head.items.map(({ k }) => k)).toEqual(['I']);
    expect((await openJournal(wallet.store, head, wallet.listKey)).entries).toEqual([]);
  });

  it('open with the list key alone, and their course stands nowhere in the clear', async () => {
    const wallet = await makeWallet();
    const head = await keep(wallet, wallet.head, entry());
    const [text] = await wallet.store.records(head.items);
    expect(Buffer.from(text!.split('.')[3]!, 'base64url').includes(Buffer.from(COURSE))).toBe(false);
    expect(await codeOf(openJournal(wallet.store, head, random(32)))).toBe('vault.changed');
  });

  it('that do not open cost themselves only', async () => {
    const wallet = await makeWallet();
    const [one, two] = [entry(), entry({ state: 'FAILED', keys: [] })];
    const head = await keep(wallet, wallet.head, one, two);
    const store = {
      ...wallet.store,
      records: async (keys: readonly { id: string; g: number }[]) => (await wallet.store.records(keys)).with(0, null),
    };
    expect(await openJournal(store, head, wallet.listKey)).toEqual({ entries: [two], damaged: [{ id: one.id, code: 'vault.damaged' }] });
  });
});

describe('a password change while a run is under way', () => {
  it('takes its keys along: they open under the new keys, and no more under the former', async () => {
    const wallet = await makeWallet();
    const { vid } = wallet.head;
    const [id, spki, privateKeyInfo] = [newId(), random(294), random(1_200)];
    const sealed = await sealKey({ ...wallet, vid, id, role: 'sign', spki, privateKeyInfo, random });
    const one = entry({ keys: [{ role: 'sign', item: id, spki, sealed }] });
    const head = await keep(wallet, wallet.head, one);
    const changed = await changeSecrets({
      store: wallet.store,
      current: { kind: 'pw', password: utf8(PASSWORD) },
      password: utf8('새로 정한 지갑 암호'),
      passkeys: new Map(),
      kdf: fastKdf,
      random,
      now: NOW + 9,
      app: APP,
      spkiOf: () => spki,
      twoVerified: () => Promise.resolve(true),
    });
    expect(changed.head.items).toEqual([expect.objectContaining({ id: one.id, k: 'J', st: 'SENT', dl: one.deadline, g: head.gen + 1 })]);
    const { entries } = await openJournal(wallet.store, changed.head, changed.listKey);
    expect(entries).toEqual([{ ...one, keys: [{ ...one.keys[0], sealed: expect.any(Uint8Array) as unknown }] }]);
    const again = entries[0]!.keys[0]!.sealed;
    const open = async (signingKey: Bytes): Promise<Bytes> =>
      openSealedKey({ key: await recordKey(signingKey, vid, id, 'sign', again), vid, id, role: 'sign', sealed: again, spki });
    expect(await open(changed.signingKey)).toEqual(privateKeyInfo);
    expect(await codeOf(open(wallet.signingKey))).toBe('vault.changed');
    expect(await codeOf(unlock(changed.head))).toBe('password.wrong');
  });
});
