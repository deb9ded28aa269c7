import { describe, expect, test } from 'vitest';
import type { Bytes } from '../../../lib/bytes/bytes.ts';
import { utf8 } from '../../../lib/bytes/text.ts';
import { WalletError } from '../../../lib/errors.ts';
import { changeSecrets, type ChangedSecrets, type ChangeSecretsRequest } from '../../../lib/vault/change-secrets.ts';
import { passwordSlot, readHead, recoverySlot, type VaultHead } from '../../../lib/vault/head.ts';
import { importSecret } from '../../../lib/vault/keys.ts';
import { openFromCopies } from '../../../lib/vault/open-copies.ts';
import { openRecord } from '../../../lib/vault/open-record.ts';
import { readRecoveryCode } from '../../../lib/vault/recovery-code.ts';
import { saveNext } from '../../../lib/vault/next-head.ts';
import { sealRecord } from '../../../lib/vault/seal-record.ts';
import { openSealedKey, recordKey, sealKey, type KeyRole } from '../../../lib/vault/sealed-key.ts';
import { enrolPasskey, touchPasskey } from '../../../lib/vault/touch-passkey.ts';
import { openWithPasskey, openWithRecoveryCode } from '../../../lib/vault/unlock.ts';
import { openItems } from '../../../lib/vault/vault.ts';
import { addPasskey, addRecoveryCode, newSlotId } from '../../../lib/vault/ways-in.ts';
import { SoftAuthenticator } from './authenticator.ts';
import {
  APP,
  checksum,
  codeOf,
  fastKdf,
  forge,
  headWithFields,
  item,
  makeWallet,
  newId,
  NOW,
  PASSWORD,
  random,
  reread,
  save,
  storeOf,
  unlock,
  type Wallet,
} from './support.ts';

const NEW = '새로 정한 지갑 암호';
const DELETED = 1_763_999_500;

/** Stands for reading a certificate: its first 64 octets are the public key. */
const spkiOf = (certificate: Bytes): Bytes => certificate.slice(0, 64);

interface Filled extends Wallet {
  readonly keys: ReadonlyMap<string, Bytes>;
  readonly settings: string;
  readonly code: string;
  readonly sids: readonly [string, string];
  readonly own: readonly [SoftAuthenticator, SoftAuthenticator];
}

const ports = (passkeys: SoftAuthenticator): { passkeys: SoftAuthenticator; random: typeof random; clock: () => number } => ({
  passkeys,
  random,
  clock: () => NOW,
});

async function keyed(wallet: Wallet, keys: Map<string, Bytes>, roles: readonly KeyRole[]): Promise<ReturnType<typeof item>> {
  const id = newId();
  const certificates = new Map<KeyRole, Bytes>();
  const sealed = new Map<KeyRole, Bytes>();
  for (const role of roles) {
    const certificate = random(900);
    const privateKeyInfo = random(1_200);
    keys.set(`${id}.${role}`, privateKeyInfo);
    certificates.set(role, certificate);
    sealed.set(
      role,
      await sealKey({ signingKey: wallet.signingKey, vid: wallet.head.vid, id, role, spki: spkiOf(certificate), privateKeyInfo, random }),
    );
  }
  return item(id, {
    signCertificate: certificates.get('sign') ?? null,
    kmCertificate: certificates.get('km') ?? null,
    sealedSignKey: sealed.get('sign') ?? null,
    sealedKmKey: sealed.get('km') ?? null,
  });
}

/** Three certificates with keys, one in the wastebasket, settings, two passkeys, a recovery code. */
async function filled(): Promise<Filled> {
  const wallet = await makeWallet();
  const keys = new Map<string, Bytes>();
  const items = [
    await keyed(wallet, keys, ['sign']),
    await keyed(wallet, keys, ['sign', 'km']),
    { ...(await keyed(wallet, keys, ['km'])), deleted: DELETED },
  ];
  let head = await save(wallet, items);
  const settings = newId();
  const text = await sealRecord(await importSecret(wallet.listKey), 'G', { vid: head.vid, id: settings, g: 3 }, utf8('{"names":1}'), random);
  const entry = { id: settings, k: 'G' as const, g: 3, sum: checksum(text) };
  const base = { ...wallet, now: NOW, app: APP, random };
  head = await saveNext({ ...base, head }, { items: [...head.items, entry], records: [{ id: settings, g: 3, text }] });
  const own = [new SoftAuthenticator(), new SoftAuthenticator(-8)] as const;
  const sids = [newSlotId(random), newSlotId(random)] as const;
  for (const nth of [0, 1] as const) {
    head = await addPasskey({ ...base, head }, await enrolPasskey(head, sids[nth], 'Dojang', ports(own[nth])));
  }
  const issued = await addRecoveryCode({ ...base, head });
  return { ...wallet, head: issued.head, keys, settings, code: issued.code, sids, own };
}

function request(wallet: Wallet, changes: Partial<ChangeSecretsRequest> = {}): ChangeSecretsRequest {
  return {
    store: wallet.store,
    current: { kind: 'pw', password: utf8(PASSWORD) },
    password: utf8(NEW),
    passkeys: new Map(),
    kdf: fastKdf,
    random,
    now: NOW + 9,
    app: APP,
    spkiOf,
    twoVerified: () => Promise.resolve(true),
    ...changes,
  };
}

async function expectAllOpens(wallet: Filled, { head, listKey, signingKey }: ChangedSecrets): Promise<void> {
  const { items, damaged } = await openItems(wallet.store, head, listKey);
  expect([items.length, damaged]).toEqual([3, []]);
  expect(items.map(({ deleted }) => deleted)).toEqual([null, null, DELETED]);
  for (const open of items) {
    for (const role of ['sign', 'km'] as const) {
      const sealed = role === 'sign' ? open.sealedSignKey : open.sealedKmKey;
      const certificate = role === 'sign' ? open.signCertificate : open.kmCertificate;
      if (!sealed || !certificate) continue;
      const key = await recordKey(signingKey, head.vid, open.id, role, sealed);
      const place = { vid: head.vid, id: open.id, role };
      expect(await openSealedKey({ ...place, key, sealed, spki: spkiOf(certificate) })).toEqual(wallet.keys.get(`${open.id}.${role}`));
      const former = await recordKey(wallet.signingKey, head.vid, open.id, role, sealed);
      expect(await codeOf(openSealedKey({ ...place, key: former, sealed, spki: spkiOf(certificate) }))).toBe('vault.changed');
    }
  }
  const entry = head.items.find(({ k }) => k === 'G');
  if (!entry) throw new Error('settings');
  const [text = null] = await wallet.store.records([entry]);
  expect(await openRecord(await importSecret(listKey), head.vid, entry, text)).toEqual(utf8('{"names":1}'));
}

describe('E18: changing the password', () => {
  test('rotates both keys, the code and every record, and keeps what is in them', async () => {
    const wallet = await filled();
    const changed = await changeSecrets(request(wallet));
    expect(changed.head.gen).toBe(wallet.head.gen + 1);
    expect(changed.listKey).not.toEqual(wallet.listKey);
    expect(changed.signingKey).not.toEqual(wallet.signingKey);
    expect(changed.code).not.toBe(wallet.code);
    expect(changed.head.items.map(({ id, k, na, del }) => [id, k, na, del])).toEqual(wallet.head.items.map(({ id, k, na, del }) => [id, k, na, del]));
    expect(changed.head.items.every(({ g }) => g === changed.head.gen)).toBe(true);
    await expectAllOpens(wallet, changed);
    expect(await unlock(changed.head, NEW)).toEqual({ listKey: changed.listKey, signingKey: changed.signingKey });
  });

  test('refuses the former password, key, code and passkeys that were not touched', async () => {
    const wallet = await filled();
    const touched = await touchPasskey(wallet.head, ports(wallet.own[0]), wallet.sids[0]);
    const { head, code, dropped, listKey } = await changeSecrets(request(wallet, { passkeys: new Map([[touched.sid, touched.outputs]]) }));
    expect(await codeOf(unlock(head))).toBe('password.wrong');
    expect(await codeOf(openItems(wallet.store, head, wallet.listKey))).toBe('vault.changed');
    expect(await codeOf(openWithRecoveryCode(head, await readRecoveryCode(wallet.code)))).toBe('recovery.wrong');
    expect((await openWithRecoveryCode(head, await readRecoveryCode(code ?? ''))).listKey).toEqual(listKey);
    const again = await touchPasskey(head, ports(wallet.own[0]));
    expect((await openWithPasskey(head, again.outputs, again.sid)).listKey).toEqual(listKey);
    expect(dropped).toEqual([{ kind: 'prf', sid: wallet.sids[1], synced: true, transports: ['internal'] }]);
    expect(await codeOf(touchPasskey(head, ports(wallet.own[1])))).toBe('user.cancelled');
    expect(recoverySlot(head)?.sid).not.toBe(recoverySlot(wallet.head)?.sid);
    expect(passwordSlot(head).sid).not.toBe(passwordSlot(wallet.head).sid);
  });

  test('leaves no older generation once both copies stand', async () => {
    const wallet = await filled();
    const changed = await changeSecrets(request(wallet));
    expect(changed.formerGone).toBe(true);
    expect(await wallet.store.heads()).toEqual([changed.head.text]);
    expect((await wallet.store.records(wallet.head.items)).every((text) => text === null)).toBe(true);
  });

  test.each<[string, () => Promise<boolean>]>([
    ['with one copy only', () => Promise.resolve(false)],
    ['where a copy does not answer', () => Promise.reject(new WalletError('vault.unavailable'))],
  ])('%s keeps the former state, and says so', async (_, twoVerified) => {
    const wallet = await filled();
    const changed = await changeSecrets(request(wallet, { twoVerified }));
    expect(changed.formerGone).toBe(false);
    expect(await wallet.store.heads()).toEqual([changed.head.text, wallet.head.text]);
    const opened = (text: string): ReturnType<typeof openFromCopies> =>
      openFromCopies(changed.head, [wallet.head], { kind: 'pw', password: utf8(text) }, fastKdf);
    expect(await codeOf(opened(PASSWORD))).toBe('password.former');
    expect(await codeOf(opened('nothing of both'))).toBe('password.wrong');
    expect((await opened(NEW)).head).toBe(changed.head);
    const next = await save({ ...wallet, ...changed }, []);
    expect(await wallet.store.heads()).toEqual([next.text, changed.head.text]);
  });

  test('works with the recovery code, which is spent by it, and with a passkey', async () => {
    const wallet = await filled();
    const first = await changeSecrets(request(wallet, { current: { kind: 'rec', code: await readRecoveryCode(wallet.code) } }));
    expect(await codeOf(openWithRecoveryCode(first.head, await readRecoveryCode(wallet.code)))).toBe('recovery.wrong');
    await expectAllOpens(wallet, first);
    const other = await filled();
    const { sid, outputs } = await touchPasskey(other.head, ports(other.own[1]), other.sids[1]);
    const current = { kind: 'prf' as const, sid, outputs: outputs.slice() };
    const second = await changeSecrets(request(other, { current, passkeys: new Map([[sid, outputs]]) }));
    expect(second.head.slots.map(({ kind }) => kind)).toEqual(['pw', 'prf', 'rec']);
    await expectAllOpens(other, second);
  });

  test('issues no code where there was none', async () => {
    const wallet = await makeWallet();
    const changed = await changeSecrets(request(wallet));
    expect([changed.code, changed.head.slots.length, changed.dropped]).toEqual([null, 1, []]);
  });

  test('names slots of a later version that it has to drop', async () => {
    const made = await makeWallet();
    const sid = newId();
    const later = forge({ type: 'S', fields: { v: 1, vid: made.head.vid, sid, k: 'face' }, body: random(9) });
    const text = headWithFields(made.head.text, made.listKey, { slots: [passwordSlot(made.head).text, later] });
    const changed = await changeSecrets(request({ ...made, store: await storeOf(text), head: await readHead(text) }));
    expect(changed.dropped).toEqual([{ kind: 'other', sid }]);
  });

  test('consumes every secret it was given', async () => {
    const wallet = await filled();
    const { sid, outputs } = await touchPasskey(wallet.head, ports(wallet.own[0]), wallet.sids[0]);
    for (const password of [PASSWORD, 'wrong on purpose']) {
      const own = request(wallet, { current: { kind: 'pw', password: utf8(password) }, passkeys: new Map([[sid, outputs]]) });
      await codeOf(changeSecrets(own));
      const current = own.current.kind === 'pw' ? own.current.password : new Uint8Array([1]);
      for (const secret of [current, own.password, outputs]) expect(secret.every((octet) => octet === 0)).toBe(true);
    }
  });

  test('gives the page its turns', async () => {
    const wallet = await makeWallet();
    const plain = (): ReturnType<typeof item> => item(newId(), { sealedSignKey: null });
    const head = await save(wallet, Array.from({ length: 40 }, plain));
    let turns = 0;
    const pause = (): Promise<void> => {
      turns++;
      return Promise.resolve();
    };
    const changed = await changeSecrets(request({ ...wallet, head }, { pause }));
    expect([changed.head.items.length, turns]).toEqual([40, 2]);
  });
});

describe('changing the password is stopped, and nothing is written,', () => {
  const cases: readonly (readonly [string, string, (wallet: Filled) => Promise<Partial<ChangeSecretsRequest> & { head?: VaultHead }>])[] = [
    ['by a wrong password', 'password.wrong', () => Promise.resolve({ current: { kind: 'pw', password: utf8('something else') } })],
    ['by a wrong code', 'recovery.wrong', () => Promise.resolve({ current: { kind: 'rec', code: random(16) } })],
    ['by outputs of another passkey', 'passkey.wrong', (wallet) => Promise.resolve({ passkeys: new Map([[wallet.sids[0], random(64)]]) })],
    [
      'by a certificate that does not read',
      'file.unreadable',
      () =>
        Promise.resolve({
          spkiOf: () => {
            throw new WalletError('file.unreadable');
          },
        }),
    ],
    ['by a key that does not open', 'vault.changed', () => Promise.resolve({ spkiOf: (certificate) => certificate.slice(1, 65) })],
    [
      'by a record that is missing',
      'vault.damaged',
      ({ store }) =>
        Promise.resolve({
          store: { ...bound(store), records: async (keys) => (await store.records(keys)).map((text, nth) => (nth === 1 ? null : text)) },
        }),
    ],
    [
      'by a record in the wastebasket that does not open',
      'vault.damaged',
      ({ store }) =>
        Promise.resolve({
          store: { ...bound(store), records: async (keys) => (await store.records(keys)).map((text, nth) => (nth === 2 ? `${text}x` : text)) },
        }),
    ],
    ['by a save in another window', 'vault.conflict', (wallet) => Promise.resolve({ kdf: meanwhile(wallet) })],
    [
      'by a full disk',
      'vault.full',
      ({ store }) => Promise.resolve({ store: { ...bound(store), commit: () => Promise.reject(new WalletError('vault.full')) } }),
    ],
  ];

  function bound(store: Wallet['store']): Wallet['store'] {
    return {
      evidence: () => store.evidence(),
      heads: () => store.heads(),
      records: (keys) => store.records(keys),
      marker: () => store.marker(),
      mark: () => store.mark(),
      commit: (change) => store.commit(change),
      prune: (kept) => store.prune(kept),
    };
  }

  function meanwhile(wallet: Filled): typeof fastKdf {
    let calls = 0;
    return async (params, password) => {
      if (++calls === 2) await save(wallet, [item(newId())]);
      return fastKdf(params, password);
    };
  }

  test.each(cases)('%s: %s', async (name, code, changes) => {
    const wallet = await filled();
    expect(await codeOf(changeSecrets(request(wallet, await changes(wallet))))).toBe(code);
    const head = await reread(wallet.store);
    expect(head.gen).toBe(name.includes('another window') ? wallet.head.gen + 1 : wallet.head.gen);
    expect(await unlock(head)).toEqual({ listKey: wallet.listKey, signingKey: wallet.signingKey });
  });

  test('by a journal entry that is lost', async () => {
    const made = await makeWallet();
    const other = { id: newId(), k: 'J', g: 1, sum: Buffer.alloc(16).toString('base64url') };
    const text = headWithFields(made.head.text, made.listKey, { items: [other] });
    const store = await storeOf(text);
    expect(await codeOf(changeSecrets(request({ ...made, store })))).toBe('vault.damaged');
    expect((await store.heads())[0]).toBe(text);
  });
});

describe('E17: whoever has the list key of an open wallet and every store', () => {
  test('has no secret that the password change or a slot takes', async () => {
    const wallet = await filled();
    const guess = { kind: 'pw' as const, password: wallet.listKey.slice() };
    expect(await codeOf(changeSecrets(request(wallet, { current: guess })))).toBe('password.wrong');
    for (const octets of [wallet.listKey.slice(0, 16), wallet.listKey.slice(16)]) {
      expect(await codeOf(openWithRecoveryCode(wallet.head, octets.slice()))).toBe('recovery.wrong');
    }
  });
});
