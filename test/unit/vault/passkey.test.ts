import { describe, expect, test } from 'vitest';
import { concat, equal } from '../../../lib/bytes/bytes.ts';
import { fromHex, toHex } from '../../../lib/bytes/hex.ts';
import { utf8 } from '../../../lib/bytes/text.ts';
import { WalletError } from '../../../lib/errors.ts';
import { readAttestationObject } from '../../../lib/vault/authenticator-data.ts';
import { isSignedBy, readCoseKey } from '../../../lib/vault/cose-key.ts';
import { PasskeyChallenge } from '../../../lib/vault/passkey-challenge.ts';
import { checkNewPasskey, prfInputs } from '../../../lib/vault/passkey.ts';
import { enrolPasskey, touchPasskey, type TouchPorts } from '../../../lib/vault/touch-passkey.ts';
import { openWithPasskey } from '../../../lib/vault/unlock.ts';
import { addPasskey, newSlotId } from '../../../lib/vault/ways-in.ts';
import { ORIGIN, sha256, SoftAuthenticator, type Algorithm, type Flaws } from './authenticator.ts';
import { APP, codeOf, makeWallet, newId, NOW, random, unlock, type Wallet } from './support.ts';

/** Web Authentication Level 3, section 16 "Test Vectors": ES256 with no attestation. */
const ES256 = {
  challenge: '00c30fb78531c464d2b6771dab8d7b603c01162f2fa486bea70f283ae556e130',
  id: 'f91f391db4c9b2fde0ea70189cba3fb63f579ba6122b33ad94ff3ec330084be4',
  clientData:
    '7b2274797065223a22776562617574686e2e637265617465222c226368616c6c656e6765223a22414d4d507434557878475453746e63647134313759447742466938767049612d7077386f4f755657345441222c226f726967696e223a2268747470733a2f2f6578616d706c652e6f7267222c2263726f73734f726967696e223a66616c73652c22657874726144617461223a22636c69656e74446174614a534f4e206d617920626520657874656e6465642077697468206164646974696f6e616c206669656c647320696e20746865206675747572652c207375636820617320746869733a20426b5165446a646354427258426941774a544c453551227d',
  attestation:
    'a363666d74646e6f6e656761747453746d74a068617574684461746158a4bfabc37432958b063360d3ad6461c9c4735ae7f8edd46592a5e0f01452b2e4b559000000008446ccb9ab1db374750b2367ff6f3a1f0020f91f391db4c9b2fde0ea70189cba3fb63f579ba6122b33ad94ff3ec330084be4a5010203262001215820afefa16f97ca9b2d23eb86ccb64098d20db90856062eb249c33a9b672f26df61225820930a56b87a2fca66334b03458abf879717c12cc68ed73290af2e2664796b9220',
  data: 'bfabc37432958b063360d3ad6461c9c4735ae7f8edd46592a5e0f01452b2e4b51900000000',
  clientDataOfGet:
    '7b2274797065223a22776562617574686e2e676574222c226368616c6c656e6765223a224f63446e55685158756c5455506f334a5558543049393770767a7a59425039745a63685879617630314167222c226f726967696e223a2268747470733a2f2f6578616d706c652e6f7267222c2263726f73734f726967696e223a66616c73657d',
  signature:
    '3046022100f50a4e2e4409249c4a853ba361282f09841df4dd4547a13a87780218deffcd380221008480ac0f0b93538174f575bf11a1dd5d78c6e486013f937295ea13653e331e87',
};

/** The same section: Ed25519, its key and one assertion. */
const ED25519 = {
  key: 'a401010327200621582044e06ddd331c36a8dc667bab52bcae63486c916aa5e339e6acebaa84934bf832',
  data: 'bfabc37432958b063360d3ad6461c9c4735ae7f8edd46592a5e0f01452b2e4b50100000000',
  clientData:
    '7b2274797065223a22776562617574686e2e676574222c226368616c6c656e6765223a2269566c583442786a4f6d6d44534b4c596f7870557439736e364d48454f7943413135726947514a6e763949222c226f726967696e223a2268747470733a2f2f6578616d706c652e6f7267222c2263726f73734f726967696e223a66616c73657d',
  signature: 'f5c59c7e46c34f6f8cc197101ddf9934fa2595f68eb1913a637e8419eb9ba4cfdfc48f85393bc0d40b011f0d6fecb097d6607525713223a0dc0d453993dae00b',
};

describe('the test vectors of Web Authentication Level 3', () => {
  test('a new ES256 passkey is read', () => {
    const { attested, ...rest } = readAttestationObject(fromHex(ES256.attestation));
    expect(rest).toEqual({ rpIdHash: sha256('example.org'), userPresent: true, userVerified: false, backupEligible: true });
    expect(toHex(attested?.id ?? new Uint8Array(0))).toBe(ES256.id);
    expect(readCoseKey(attested?.publicKey ?? new Uint8Array(0)).algorithm).toBe(-7);
  });

  test('all of it fits but that its user was not verified', async () => {
    const answer = {
      id: fromHex(ES256.id),
      clientData: fromHex(ES256.clientData),
      attestationObject: fromHex(ES256.attestation),
      transports: [],
      prf: true,
    };
    const expected = { challenge: fromHex(ES256.challenge), origin: 'https://example.org', rp: 'example.org' };
    await expect(checkNewPasskey(answer, expected)).rejects.toMatchObject({ code: 'passkey.refused', detail: 'user not verified' });
  });

  test.each([
    ['ES256', readAttestationObject(fromHex(ES256.attestation)).attested?.publicKey, ES256.data, ES256.clientDataOfGet, ES256.signature],
    ['Ed25519', fromHex(ED25519.key), ED25519.data, ED25519.clientData, ED25519.signature],
  ])('a signature of %s proves, and of one octet less or changed does not', async (_, key, data, clientData, signature) => {
    const cose = readCoseKey(key ?? new Uint8Array(0));
    const signed = concat(fromHex(data), sha256(fromHex(clientData)));
    expect(await isSignedBy(cose, fromHex(signature), signed)).toBe(true);
    expect(await isSignedBy(cose, fromHex(signature).slice(0, -1), signed)).toBe(false);
    expect(await isSignedBy(cose, fromHex(signature), concat(signed, new Uint8Array(1)))).toBe(false);
    const other = fromHex(signature);
    other[other.length - 1] = (other[other.length - 1] ?? 0) ^ 1;
    expect(await isSignedBy(cose, other, signed)).toBe(false);
  });
});

interface World extends TouchPorts {
  readonly passkeys: SoftAuthenticator;
  now: number;
}

function world(algorithm: Algorithm = -7): World {
  const own: World = { passkeys: new SoftAuthenticator(algorithm), random, now: NOW, clock: () => own.now };
  return own;
}

async function enrolled(own: World): Promise<Wallet & { sid: string }> {
  const wallet = await makeWallet();
  const sid = newSlotId(random);
  const head = await addPasskey({ ...wallet, now: NOW, app: APP, random }, await enrolPasskey(wallet.head, sid, 'Dojang', own));
  return { ...wallet, head, sid };
}

async function failure(promise: Promise<unknown>): Promise<string> {
  try {
    await promise;
    return 'fulfilled';
  } catch (thrown) {
    return thrown instanceof WalletError ? `${thrown.code}: ${thrown.detail}` : String(thrown);
  }
}

describe('a passkey', () => {
  test.each<[string, Algorithm]>([
    ['ES256', -7],
    ['EdDSA', -8],
    ['RS256', -257],
  ])('of %s opens the wallet with one touch', async (_, algorithm) => {
    const own = world(algorithm);
    const wallet = await enrolled(own);
    own.passkeys.touches = 0;
    const touched = await touchPasskey(wallet.head, own);
    expect([touched.sid, touched.outputs.length, own.passkeys.touches]).toEqual([wallet.sid, 64, 1]);
    const open = await openWithPasskey(wallet.head, touched.outputs, touched.sid);
    expect(open).toEqual({ listKey: wallet.listKey, signingKey: wallet.signingKey });
    const slot = wallet.head.slots.find(({ sid }) => sid === wallet.sid);
    expect(slot).toMatchObject({ kind: 'prf', credential: { algorithm, transports: ['internal'], rp: '', synced: true } });
  });

  test('consumes the outputs', async () => {
    const own = world();
    const wallet = await enrolled(own);
    const touched = await touchPasskey(wallet.head, own);
    await openWithPasskey(wallet.head, touched.outputs, touched.sid);
    expect(touched.outputs.every((octet) => octet === 0)).toBe(true);
  });

  test('is asked for two inputs that belong to wallet, slot and salt alone', async () => {
    const [vid, sid, salt] = [newId(), newId(), random(32)];
    const own = await prfInputs(vid, sid, salt);
    const others = [await prfInputs(newId(), sid, salt), await prfInputs(vid, newId(), salt), await prfInputs(vid, sid, random(32))];
    const all = [own, ...others].flatMap(({ first, second }) => [first, second]);
    expect(new Set(all.map(toHex)).size).toBe(8);
    const raw = (id: string): Uint8Array => Buffer.from(id, 'base64url');
    const text = Buffer.concat([
      Buffer.from([0, 8]),
      utf8('djw1/prf'),
      Buffer.from([0, 1, 0x31, 0, 16]),
      raw(vid),
      Buffer.from([0, 16]),
      raw(sid),
      Buffer.from([0, 32]),
      salt,
    ]);
    expect(own.first).toEqual(sha256(text));
  });

  test('is made once for one authenticator', async () => {
    const own = world();
    const wallet = await enrolled(own);
    expect(await codeOf(enrolPasskey(wallet.head, newId(), 'Dojang', own))).toBe('passkey.exists');
  });
});

const zero = new Uint8Array(32);

/** What holds for the answer to making a passkey and to asking for one. */
const BOTH: readonly (readonly [string, Flaws, string])[] = [
  ['the user only present, not verified', { flags: 0x01 }, 'passkey.refused: user not verified'],
  ['the user verified, not present', { flags: 0x04 }, 'passkey.refused: user not present'],
  ['the hash of another RP id', { rp: 'chrome-extension://ponmlkjihgfedcbaponmlkjihgfedcba' }, 'passkey.refused: rp id'],
  ['another origin', { origin: 'https://bank.example' }, 'passkey.refused: origin'],
  ['an origin that only starts like ours', { origin: `${ORIGIN}.example` }, 'passkey.refused: origin'],
  ['another challenge', { challenge: random(32) }, 'passkey.refused: challenge'],
  ['a challenge cut short', { challenge: new Uint8Array(0) }, 'passkey.refused: challenge'],
  ['a frame of another origin around it', { crossOrigin: true }, 'passkey.refused: cross origin'],
  ['crossOrigin as text', { crossOrigin: 'false' }, 'passkey.refused: cross origin'],
  ['a top origin', { topOrigin: 'https://bank.example' }, 'passkey.refused: cross origin'],
  ['octets after its data', { tail: new Uint8Array(1) }, 'passkey.refused: authenticator data'],
  ['extensions that are announced and missing', { flags: 0x85 }, 'passkey.refused: cbor length'],
  ['nothing, since the window was closed', { cancelled: true }, 'user.cancelled: undefined'],
];

describe('E14: an answer that does not fit opens nothing, and the password still does', () => {
  test.each([
    ...BOTH,
    ['the type of making one', { type: 'webauthn.create' }, 'passkey.refused: type'],
    ['a foreign credential', { id: random(32) }, 'passkey.wrong: credential id'],
    ['a signature cut short', { signature: (own) => own.slice(0, -1) }, 'passkey.refused: signature'],
    ['a signature of zeros', { signature: () => new Uint8Array(70) }, 'passkey.refused: signature'],
    ['no signature', { signature: () => new Uint8Array(0) }, 'passkey.refused: signature'],
    ['no PRF outputs', { first: null, second: null }, 'passkey.unsupported: prf'],
    ['one output', { second: null }, 'passkey.unsupported: prf'],
    ['a first output of 31 octets', { first: random(31) }, 'passkey.refused: first output'],
    ['a second output of 33 octets', { second: random(33) }, 'passkey.refused: second output'],
    ['a first output of zeros', { first: zero }, 'passkey.refused: first output'],
    ['a second output of zeros', { second: zero }, 'passkey.refused: second output'],
    ['two equal outputs', { first: new Uint8Array(32).fill(7), second: new Uint8Array(32).fill(7) }, 'passkey.refused: equal outputs'],
  ] as readonly (readonly [string, Flaws, string])[])('%s', async (_, flaws, code) => {
    const own = world();
    const wallet = await enrolled(own);
    own.passkeys.flaws = flaws;
    expect(await failure(touchPasskey(wallet.head, own))).toBe(code);
    expect(await unlock(wallet.head)).toEqual({ listKey: wallet.listKey, signingKey: wallet.signingKey });
  });

  test('other outputs than at enrolment', async () => {
    const own = world();
    const wallet = await enrolled(own);
    own.passkeys.flaws = { first: random(32) };
    const { sid, outputs } = await touchPasskey(wallet.head, own);
    expect(await codeOf(openWithPasskey(wallet.head, outputs, sid))).toBe('passkey.wrong');
  });

  test('outputs for a slot that is not there', async () => {
    const wallet = await enrolled(world());
    expect(await codeOf(openWithPasskey(wallet.head, random(64), newId()))).toBe('passkey.wrong');
  });

  test('an authenticator that lost the passkey', async () => {
    const wallet = await enrolled(world());
    expect(await codeOf(touchPasskey(wallet.head, world()))).toBe('user.cancelled');
  });

  test('a wallet without passkeys asks nobody', async () => {
    const own = world();
    expect(await codeOf(touchPasskey((await makeWallet()).head, own))).toBe('passkey.wrong');
    expect(own.passkeys.touches).toBe(0);
  });

  test('an answer later than two minutes', async () => {
    const own = world();
    const wallet = await enrolled(own);
    const slow = { ...own, clock: () => (own.now += 120_001) };
    expect(await failure(touchPasskey(wallet.head, slow))).toBe('passkey.refused: challenge too old');
    const back = { ...own, clock: () => own.now-- };
    expect(await failure(touchPasskey(wallet.head, back))).toBe('passkey.refused: challenge too old');
  });

  test('a challenge the second time', () => {
    const challenge = new PasskeyChallenge(random, NOW);
    expect(equal(challenge.take(NOW + 120_000), challenge.octets)).toBe(true);
    expect(() => challenge.take(NOW + 120_000)).toThrow(expect.objectContaining({ code: 'passkey.refused', detail: 'challenge used' }));
  });

  test('an answer to an earlier challenge', async () => {
    const own = world();
    const wallet = await enrolled(own);
    const { passkeys } = own;
    const kept: Awaited<ReturnType<typeof passkeys.ask>>[] = [];
    const replaying = {
      origin: ORIGIN,
      rp: '',
      create: passkeys.create.bind(passkeys),
      ask: async (order: Parameters<typeof passkeys.ask>[0]) => {
        const answer = await passkeys.ask(order);
        kept.push(structuredClone(answer));
        return kept[0] ?? answer;
      },
    };
    expect(await codeOf(touchPasskey(wallet.head, { ...own, passkeys: replaying }))).toBe('fulfilled');
    expect(await failure(touchPasskey(wallet.head, { ...own, passkeys: replaying }))).toBe('passkey.refused: challenge');
  });
});

describe('E14: a new passkey whose answer does not fit is not taken', () => {
  const swap = (from: string, to: string) => (cose: Uint8Array) => fromHex(toHex(cose).replace(from, to));
  test.each([
    ...BOTH,
    ['the type of asking for one', { type: 'webauthn.get' }, 'passkey.refused: type'],
    ['another credential id', { id: random(32) }, 'passkey.refused: credential id'],
    ['no PRF', { prf: false }, 'passkey.unsupported: prf'],
    ['ES384', { publicKey: swap('a501020326', 'a50102033822') }, 'passkey.refused: cose algorithm'],
    ['another curve', { publicKey: swap('2001', '2002') }, 'passkey.refused: cose type'],
    ['a key that ends early', { publicKey: (cose) => cose.slice(0, -1) }, 'passkey.refused: cbor length'],
    ['a label more', { publicKey: (cose) => concat(new Uint8Array([0xa6]), cose.slice(1), fromHex('2300')) }, 'passkey.refused: cose labels'],
    ['a label twice', { publicKey: swap('a50102', 'a601020102') }, 'passkey.refused: cbor key twice'],
  ] as readonly (readonly [string, Flaws, string])[])('%s', async (_, flaws, code) => {
    const { head } = await makeWallet();
    const own = world();
    own.passkeys.flaws = flaws;
    expect(await failure(enrolPasskey(head, newId(), 'Dojang', own))).toBe(code);
    expect(own.passkeys.touches).toBe(0);
  });
});
