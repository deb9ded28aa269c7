import { readFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { utf8 } from '../../../lib/bytes/text.ts';
import { passwordSlot, readHead, recoverySlot, type VaultHead } from '../../../lib/vault/head.ts';
import { WRITTEN_COST } from '../../../lib/vault/kdf.ts';
import { openFromCopies } from '../../../lib/vault/open-copies.ts';
import { readRecoveryCode } from '../../../lib/vault/recovery-code.ts';
import { sealSlot } from '../../../lib/vault/seal-slot.ts';
import { readSlot, type KnownSlot } from '../../../lib/vault/slot.ts';
import { enrolPasskey, touchPasskey } from '../../../lib/vault/touch-passkey.ts';
import { openSlot, openWithPasskey, openWithRecoveryCode } from '../../../lib/vault/unlock.ts';
import { openItems } from '../../../lib/vault/vault.ts';
import {
  addPasskey,
  addRecoveryCode,
  isBelowToday,
  newSlotId,
  removeWayIn,
  strengthenPassword,
  waysIn,
  type AddRequest,
} from '../../../lib/vault/ways-in.ts';
import { SoftAuthenticator } from './authenticator.ts';
import {
  APP,
  codeOf,
  fastKdf,
  forge,
  headWithFields,
  item,
  makeWallet,
  newId,
  NOW,
  parts,
  PASSWORD,
  random,
  reread,
  save,
  storeOf,
  unlock,
  withFields,
  type Wallet,
} from './support.ts';

const ports = (): { passkeys: SoftAuthenticator; random: typeof random; clock: () => number } => ({
  passkeys: new SoftAuthenticator(),
  random,
  clock: () => NOW,
});
const request = (wallet: Wallet, head = wallet.head): AddRequest => ({ ...wallet, head, now: NOW + 5, app: APP, random });
const kinds = ({ slots }: VaultHead): readonly string[] => slots.map(({ kind }) => kind);

async function withPasskey(wallet: Wallet, head = wallet.head): Promise<{ head: VaultHead; sid: string; own: ReturnType<typeof ports> }> {
  const own = ports();
  const sid = newSlotId(random);
  return { head: await addPasskey(request(wallet, head), await enrolPasskey(head, sid, 'Dojang', own)), sid, own };
}

/** A wallet with a certificate and all three ways in. */
async function full(): Promise<Wallet & { sid: string; code: string; own: ReturnType<typeof ports> }> {
  const wallet = await makeWallet();
  const items = await save(wallet, [item(newId())]);
  const { head: second, sid, own } = await withPasskey(wallet, items);
  const { head, code } = await addRecoveryCode(request(wallet, second));
  return { ...wallet, head, sid, code, own };
}

describe('the ways in', () => {
  test('password, passkey and recovery code open the same keys', async () => {
    const wallet = await full();
    const keys = { listKey: wallet.listKey, signingKey: wallet.signingKey };
    expect(kinds(wallet.head)).toEqual(['pw', 'prf', 'rec']);
    expect(await unlock(wallet.head)).toEqual(keys);
    expect(await openWithRecoveryCode(wallet.head, await readRecoveryCode(wallet.code))).toEqual(keys);
    const { outputs, sid } = await touchPasskey(wallet.head, wallet.own);
    expect(await openWithPasskey(wallet.head, outputs, sid)).toEqual(keys);
    const { items, damaged } = await openItems(wallet.store, wallet.head, wallet.listKey);
    expect([items.length, damaged.length]).toEqual([1, 0]);
  });

  test('are told to a screen without anything that opens', async () => {
    const wallet = await full();
    const [password, passkey, code] = waysIn(wallet.head);
    expect(password).toEqual({ kind: 'pw', sid: passwordSlot(wallet.head).sid });
    expect(passkey).toEqual({ kind: 'prf', sid: wallet.sid, synced: true, transports: ['internal'] });
    const sid = recoverySlot(wallet.head)?.sid ?? '';
    expect(code).toEqual({ kind: 'rec', sid, mark: sid.slice(0, 4) });
  });

  test('come with records of the same save, such as the names of passkeys', async () => {
    const wallet = await makeWallet();
    const head = await save(wallet, [item(newId())]);
    const other = { id: newId(), k: 'G' as const, g: 3, sum: Buffer.alloc(16).toString('base64url') };
    const text = `DJW1.G.AA.AA.${other.sum}`;
    const next = await addRecoveryCode({ ...request(wallet, head), also: [{ entry: other, record: { id: other.id, g: 3, text } }] });
    expect(next.head.items).toEqual([...head.items, other]);
    expect(await wallet.store.records([other])).toEqual([text]);
  });

  test('at most five are passkeys', async () => {
    const wallet = await makeWallet();
    let head = wallet.head;
    for (let nth = 0; nth < 5; nth++) ({ head } = await withPasskey(wallet, head));
    expect(await codeOf(withPasskey(wallet, head))).toBe('vault.full');
    expect(kinds(await reread(wallet.store))).toHaveLength(6);
  });

  test('one passkey is not added twice, and its outputs are wiped', async () => {
    const wallet = await makeWallet();
    const enrolled = await enrolPasskey(wallet.head, newSlotId(random), 'Dojang', ports());
    const again = { ...enrolled, sid: newSlotId(random), outputs: enrolled.outputs.slice() };
    const head = await addPasskey(request(wallet), enrolled);
    expect(await codeOf(addPasskey(request(wallet, head), again))).toBe('passkey.exists');
    expect([enrolled.outputs, again.outputs].every((outputs) => outputs.every((octet) => octet === 0))).toBe(true);
  });

  test('only the keys of this wallet can be put into a slot', async () => {
    const [wallet, other] = [await makeWallet(), await makeWallet()];
    expect(await codeOf(addRecoveryCode({ ...request(wallet), listKey: other.listKey }))).toBe('vault.changed');
    expect(kinds(await reread(wallet.store))).toEqual(['pw']);
  });
});

describe('taking a way in away', () => {
  test('a passkey or the code goes, everything else stays', async () => {
    const wallet = await full();
    const without = await removeWayIn(request(wallet), wallet.sid);
    expect(kinds(without)).toEqual(['pw', 'rec']);
    const only = await removeWayIn(request(wallet, without), recoverySlot(without)?.sid ?? '');
    expect(kinds(only)).toEqual(['pw']);
    expect(only.items).toEqual(wallet.head.items);
    expect(await unlock(only)).toEqual({ listKey: wallet.listKey, signingKey: wallet.signingKey });
    expect(await codeOf(openWithRecoveryCode(only, await readRecoveryCode(wallet.code)))).toBe('recovery.wrong');
  });

  test('the password never goes, not even beside others', async () => {
    const wallet = await full();
    const { sid } = passwordSlot(wallet.head);
    expect(await codeOf(removeWayIn(request(wallet), sid))).toBe('request.forbidden');
    expect(await codeOf(removeWayIn(request(wallet), newId()))).toBe('passkey.wrong');
    expect((await reread(wallet.store)).text).toBe(wallet.head.text);
  });

  test('a save in another window is noticed', async () => {
    const wallet = await full();
    await save(wallet, [item(newId())]);
    expect(await codeOf(removeWayIn(request(wallet), wallet.sid))).toBe('vault.conflict');
    expect(await codeOf(addRecoveryCode(request(wallet)))).toBe('vault.conflict');
  });
});

/** The slots of a full wallet by kind. */
async function slotOf(
  kind: KnownSlot['kind'],
): Promise<{ slot: KnownSlot; wallet: Awaited<ReturnType<typeof full>>; secret: Uint8Array<ArrayBuffer> }> {
  const wallet = await full();
  const slot = wallet.head.slots.find((one): one is KnownSlot => one.kind === kind);
  if (!slot) throw new Error(kind);
  if (slot.kind === 'pw') return { slot, wallet, secret: await fastKdf(slot.kdf, utf8(PASSWORD)) };
  if (slot.kind === 'rec') return { slot, wallet, secret: await readRecoveryCode(wallet.code) };
  return { slot, wallet, secret: (await touchPasskey(wallet.head, wallet.own)).outputs };
}

const WRONG = { pw: 'password.wrong', prf: 'passkey.wrong', rec: 'recovery.wrong' } as const;
const b64 = (length: number, value = 0): string => Buffer.alloc(length, value).toString('base64url');

describe.each(['pw', 'prf', 'rec'] as const)('a slot of kind %s', (kind) => {
  test('D8: with any character changed is damage, never a wrong secret', async () => {
    const { slot, wallet } = await slotOf(kind);
    const places = Array.from({ length: slot.text.length }, (_, at) => at);
    for (const at of places) {
      const other = slot.text[at] === 'A' ? 'B' : 'A';
      const code = await codeOf(readSlot(slot.text.slice(0, at) + other + slot.text.slice(at + 1), wallet.head.vid));
      if (code !== 'vault.damaged') throw new Error(`${at}: ${code}`);
    }
    expect(places.length).toBeGreaterThan(300);
  });

  test.each([
    ['salt', { salt: b64(32, 1) }, 'wrong'],
    ['slot id', { sid: b64(16, 1) }, 'wrong'],
    ['commitment', { kc: b64(16, 1) }, 'wrong'],
    ['IV', { iv: b64(12, 1) }, 'changed'],
  ] as const)('D8: with another %s and a new checksum opens nothing', async (_, changes, outcome) => {
    const { slot, wallet, secret } = await slotOf(kind);
    const read = await readSlot(withFields(slot.text, changes), wallet.head.vid);
    if (read.kind === 'other') throw new Error('kind');
    expect(await codeOf(openSlot(read, wallet.head.vid, secret))).toBe(outcome === 'wrong' ? WRONG[kind] : 'vault.changed');
  });

  test('D8: with another body and a new checksum was changed by somebody', async () => {
    const { slot, wallet, secret } = await slotOf(kind);
    const read = await readSlot(forge({ ...parts(slot.text), body: random(80) }), wallet.head.vid);
    if (read.kind === 'other') throw new Error('kind');
    expect(await codeOf(openSlot(read, wallet.head.vid, secret))).toBe('vault.changed');
  });

  test.each([
    ['an unknown field', { hint: 'dog' }],
    ['no salt', { salt: undefined }],
    ['31 octets of salt', { salt: b64(31) }],
    ['a commitment of 15 octets', { kc: b64(15) }],
    ['no IV', { iv: undefined }],
    ['another wallet', { vid: b64(16) }],
    ['a KDF it must not have, or none', { kdf: kind === 'pw' ? undefined : { a: 'argon2id', m: 65_536, t: 3, p: 1 } }],
  ])('G8: with %s is damage', async (_, changes) => {
    const { slot, wallet } = await slotOf(kind);
    expect(await codeOf(readSlot(withFields(slot.text, changes), wallet.head.vid))).toBe('vault.damaged');
  });

  test("E4: put into another wallet is damage, and under that wallet's id opens nothing", async () => {
    const { slot, secret } = await slotOf(kind);
    const { head } = await makeWallet();
    expect(await codeOf(readSlot(slot.text, head.vid))).toBe('vault.damaged');
    const moved = await readSlot(withFields(slot.text, { vid: head.vid }), head.vid);
    if (moved.kind === 'other') throw new Error('kind');
    expect(await codeOf(openSlot(moved, head.vid, secret))).toBe(WRONG[kind]);
  });

  test('E4: does not open under the secret of another kind', async () => {
    const { slot, wallet, secret } = await slotOf(kind);
    for (const other of wallet.head.slots) {
      if (other.kind !== 'other' && other.kind !== slot.kind) expect(await codeOf(openSlot(other, wallet.head.vid, secret))).toBe(WRONG[other.kind]);
    }
  });
});

describe('a passkey slot', () => {
  test.each<[string, Record<string, unknown>]>([
    ['no credential id', { cred: '' }],
    ['a credential id of 1,024 octets', { cred: b64(1_024) }],
    ['a key that is none', { pk: b64(40) }],
    ['no key', { pk: undefined }],
    ["an algorithm that is not its key's", { alg: -257 }],
    ['an unknown algorithm', { alg: -47 }],
    ['transports as text', { tr: 'usb' }],
    ['nine transports', { tr: Array.from({ length: 9 }, () => 'usb') }],
    ['a transport with blanks', { tr: ['u s b'] }],
    ['a number as transport', { tr: [1] }],
    ['an RP id with a scheme', { rp: 'https://bank.example' }],
    ['a PRF salt of 16 octets', { ps: b64(16) }],
    ['a flag of 2', { be: 2 }],
    ['a flag that is a text', { be: '1' }],
  ])('G8: with %s is damage', async (_, changes) => {
    const { slot, wallet } = await slotOf('prf');
    expect(await codeOf(readSlot(withFields(slot.text, changes), wallet.head.vid))).toBe('vault.damaged');
  });

  test('keeps transports that a later browser names', async () => {
    const { slot, wallet } = await slotOf('prf');
    expect(await readSlot(withFields(slot.text, { tr: ['hybrid', 'smart-card', 'later-one'] }), wallet.head.vid)).toMatchObject({ kind: 'prf' });
  });
});

describe('G8: slots of kinds we do not know', () => {
  const later = (vid: string): string => forge({ type: 'S', fields: { v: 1, vid, sid: newId(), k: 'face', x: [1] }, body: random(9) });

  test('are kept octet for octet over every change of the ways in, and never removed', async () => {
    const made = await makeWallet();
    const unknown = later(made.head.vid);
    const text = headWithFields(made.head.text, made.listKey, { slots: [unknown, passwordSlot(made.head).text] });
    const wallet = { ...made, store: await storeOf(text), head: await readHead(text) };
    const { head: second, sid } = await withPasskey(wallet);
    const { head: third } = await addRecoveryCode(request(wallet, second));
    const fourth = await removeWayIn(request(wallet, third), sid);
    for (const head of [second, third, fourth]) expect(head.slots[0]?.text).toBe(unknown);
    expect(await codeOf(removeWayIn(request(wallet, fourth), fourth.slots[0]?.sid ?? ''))).toBe('request.forbidden');
    expect(waysIn(fourth)[0]).toEqual({ kind: 'other', sid: parts(unknown).fields['sid'] });
  });

  test('a head with two recovery slots is damage', async () => {
    const wallet = await full();
    const { text = '' } = recoverySlot(wallet.head) ?? {};
    const slots = [...wallet.head.slots.map((slot) => slot.text), withFields(text, { sid: newId() })];
    expect(await codeOf(readHead(headWithFields(wallet.head.text, wallet.listKey, { slots })))).toBe('vault.damaged');
  });
});

describe('copies that differ', () => {
  const secret = (text = PASSWORD): { kind: 'pw'; password: Uint8Array<ArrayBuffer> } => ({ kind: 'pw', password: utf8(text) });

  /** The head with another salt in its password slot, as somebody without keys can write it. */
  async function resalted(head: VaultHead): Promise<VaultHead> {
    const slots = head.slots.map(({ kind, text }) => (kind === 'pw' ? withFields(text, { salt: b64(32, 9) }) : text));
    return readHead(withFields(head.text, { slots }));
  }

  test('D8: a salt that was changed in one copy is not taken for a wrong password: the other opens', async () => {
    const { head, listKey } = await makeWallet();
    const planted = await resalted(head);
    expect(await codeOf(unlock(planted))).toBe('password.wrong');
    const opened = await openFromCopies(planted, [head], secret(), fastKdf);
    expect([opened.head, opened.open.listKey]).toEqual([head, listKey]);
    expect((await openFromCopies(head, [planted], secret(), fastKdf)).head).toBe(head);
  });

  test('a wrong password stays one, after two derivations at most', async () => {
    const { head } = await makeWallet();
    let derivations = 0;
    const counted: typeof fastKdf = (params, password) => (derivations++, fastKdf(params, password));
    const planted = await Promise.all([1, 2, 3].map(() => resalted(head)));
    expect(await codeOf(openFromCopies(head, planted, secret('아닌 것 같은데'), counted))).toBe('password.wrong');
    expect(derivations).toBe(2);
  });

  test('a head that somebody changed gives way to the one that is proven', async () => {
    const { head } = await makeWallet();
    const forged = await readHead(withFields(head.text, { ts: 1 }));
    expect(await codeOf(openFromCopies(forged, [], secret(), fastKdf))).toBe('vault.changed');
    expect((await openFromCopies(forged, [head], secret(), fastKdf)).head).toBe(head);
  });

  test('a copy of another wallet is not tried', async () => {
    const [a, b] = [await makeWallet(), await makeWallet()];
    expect(await codeOf(openFromCopies(await resalted(a.head), [b.head], secret(), fastKdf))).toBe('password.wrong');
  });

  test('the secret is wiped, whatever happens', async () => {
    const { head } = await makeWallet();
    for (const text of [PASSWORD, 'something else']) {
      const own = secret(text);
      await codeOf(openFromCopies(head, [], own, fastKdf));
      expect(own.password.every((octet) => octet === 0)).toBe(true);
    }
  });
});

describe('a password slot below what is written today', () => {
  const today = { m: 131_072, t: 4, p: 1 };

  test('is written again after an unlock, with the same password and keys', async () => {
    const wallet = await makeWallet();
    expect([isBelowToday(wallet.head), isBelowToday(wallet.head, today)]).toEqual([false, true]);
    const head = await strengthenPassword({ ...request(wallet), password: utf8(PASSWORD), kdf: fastKdf, today });
    const { kdf, sid, salt } = passwordSlot(head);
    expect([kdf.m, kdf.t, kdf.p]).toEqual([131_072, 4, 1]);
    expect([sid === passwordSlot(wallet.head).sid, salt]).toEqual([false, kdf.salt]);
    expect(await unlock(head)).toEqual({ listKey: wallet.listKey, signingKey: wallet.signingKey });
  });

  test('stays where it is not below, and is never weakened', async () => {
    const wallet = await makeWallet();
    expect(await strengthenPassword({ ...request(wallet), password: utf8(PASSWORD), kdf: fastKdf })).toBe(wallet.head);
    const params = { m: 262_144, t: 3, p: 1, salt: random(32) };
    const place = { vid: wallet.head.vid, sid: newId() };
    const slot = await sealSlot(place, params, await fastKdf(params, utf8(PASSWORD)), wallet, random);
    const text = headWithFields(wallet.head.text, wallet.listKey, { slots: [slot] });
    const strong = { ...wallet, store: await storeOf(text), head: await readHead(text) };
    const head = await strengthenPassword({ ...request(strong), password: utf8(PASSWORD), kdf: fastKdf, today });
    expect([passwordSlot(head).kdf.m, passwordSlot(head).kdf.t]).toEqual([262_144, 4]);
  });

  test('cannot get another password this way', async () => {
    const wallet = await makeWallet();
    const password = utf8('다른 암호 셋 넷');
    expect(await codeOf(strengthenPassword({ ...request(wallet), password, kdf: fastKdf, today }))).toBe('password.wrong');
    expect(password.every((octet) => octet === 0)).toBe(true);
    expect((await reread(wallet.store)).gen).toBe(1);
  });

  test('costs 64 MiB and three passes, and no constant says less', () => {
    expect(WRITTEN_COST).toEqual({ m: 65_536, t: 3, p: 1 });
  });
});

describe('E16: what is compared in constant time', () => {
  test.each([
    ['unlock.ts', 'equal(commitment, slot.commitment)'],
    ['head.ts', 'equal(await headMac('],
    ['passkey.ts', 'equal(data.rpIdHash,'],
  ])('%s', async (file, call) => {
    const text = await readFile(new URL(`../../../lib/vault/${file}`, import.meta.url), 'utf8');
    expect(text).toContain(call);
    expect(text).not.toMatch(/(commitment|mac|rpIdHash)\s*[!=]==/);
  });
});
