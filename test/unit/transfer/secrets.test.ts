import { createECDH, createHmac } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { concat } from '../../../lib/bytes/bytes.ts';
import { fromHex, toHex } from '../../../lib/bytes/hex.ts';
import { utf8 } from '../../../lib/bytes/text.ts';
import { filePasswordProblems } from '../../../lib/npki/file-password.ts';
import { writeFilePassword } from '../../../lib/transfer/file-password.ts';
import { deriveSecrets, hkdf, makeKeyPair, readPublicKey, type Context } from '../../../lib/transfer/secrets.ts';

describe('HKDF', () => {
  it.each([
    [
      'test case 1',
      '0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b',
      '000102030405060708090a0b0c',
      'f0f1f2f3f4f5f6f7f8f9',
      '3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865',
    ],
    [
      'test case 3',
      '0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b',
      '',
      '',
      '8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d9d201395faa4b61a96c8',
    ],
  ])('gives the octets of RFC 5869 A, %s', async (_name, secret, salt, info, expected) => {
    expect(toHex(await hkdf(fromHex(secret), fromHex(salt), fromHex(info), expected.length / 2))).toBe(expected);
  });
});

describe('the file password', () => {
  it('keeps every rule of file passwords, whatever was derived', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 120, maxLength: 120 }), (octets) => {
        const password = writeFilePassword(octets);
        expect(password).toHaveLength(30);
        expect(filePasswordProblems(password)).toEqual([]);
      }),
      { seed: 20261125, numRuns: 2_000 },
    );
  });

  it.each([[0x00], [0xff], [0x55]])('keeps them for octets that are all %d', (octet) => {
    expect(filePasswordProblems(writeFilePassword(new Uint8Array(120).fill(octet)))).toEqual([]);
  });

  it('has more than 2^128 values: 52 letters, 10 digits and 28 specials stand in ten places each', () => {
    const seen = [new Set<string>(), new Set<string>(), new Set<string>()];
    for (let value = 0; value < 2 ** 12; value++) {
      const octets = new Uint8Array(120);
      const view = new DataView(octets.buffer);
      for (let at = 0; at < 30; at++) view.setUint32(4 * at, value);
      Array.from(writeFilePassword(octets)).forEach((character, at) => seen[at % 3]?.add(character));
    }
    const sizes = seen.map(({ size }) => size);
    expect(sizes).toEqual([52, 10, 28]);
    expect(10 * sizes.reduce((bits, size) => bits + Math.log2(size), 0)).toBeGreaterThan(128);
  });
});

async function bothSides(change: Partial<Context> = {}): Promise<{ receiver: string; sender: string }> {
  const receiver = await makeKeyPair();
  const sender = await makeKeyPair();
  const context = {
    invitation: { publicKey: receiver.publicKey, nonce: new Uint8Array(16).fill(7) },
    senderKey: sender.publicKey,
    challenge: '123456',
  };
  const own = await deriveSecrets(receiver.privateKey, await readPublicKey(sender.publicKey), context);
  const other = await deriveSecrets(sender.privateKey, await readPublicKey(receiver.publicKey), { ...context, ...change });
  return { receiver: own.filePassword, sender: other.filePassword };
}

describe('the secrets', () => {
  it('are the same on both sides', async () => {
    const { receiver, sender } = await bothSides();
    expect(sender).toBe(receiver);
  });

  it.each<[string, Partial<Context>]>([
    ['challenge', { challenge: '123457' }],
    ['sender key', { senderKey: new Uint8Array(65).fill(4) }],
    ['nonce or receiver key', { invitation: { publicKey: new Uint8Array(65).fill(4), nonce: new Uint8Array(16).fill(7) } }],
  ])('differ with another %s', async (_name, change) => {
    const { receiver, sender } = await bothSides(change);
    expect(sender).not.toBe(receiver);
  });

  it('are those that Node derives by itself', async () => {
    const peer = createECDH('prime256v1');
    const senderKey = new Uint8Array(peer.generateKeys());
    const { privateKey, publicKey } = await makeKeyPair();
    const nonce = new Uint8Array(16).fill(9);
    const { frames, filePassword } = await deriveSecrets(privateKey, await readPublicKey(senderKey), {
      invitation: { publicKey, nonce },
      senderKey,
      challenge: '000042',
    });
    const shared = peer.computeSecret(publicKey);
    const expand = (purpose: string, length: number): Buffer => {
      const key = createHmac('sha256', nonce).update(shared).digest();
      const info = concat(utf8(`Dojang transfer 1 ${purpose}`), publicKey, senderKey, utf8('000042'));
      let last = Buffer.alloc(0);
      let all = Buffer.alloc(0);
      for (let nth = 1; all.length < length; nth++) {
        last = createHmac('sha256', key).update(last).update(info).update(Uint8Array.of(nth)).digest();
        all = Buffer.concat([all, last]);
      }
      return all.subarray(0, length);
    };
    expect(writeFilePassword(expand('file password', 120))).toBe(filePassword);
    const mac = new Uint8Array(await crypto.subtle.sign('HMAC', frames, utf8('frame')));
    expect(toHex(mac)).toBe(createHmac('sha256', expand('frames', 32)).update('frame').digest('hex'));
  });

  it('keep keys that cannot be taken out', async () => {
    const { privateKey, publicKey } = await makeKeyPair();
    const other = await makeKeyPair();
    const secrets = await deriveSecrets(privateKey, await readPublicKey(other.publicKey), {
      invitation: { publicKey, nonce: new Uint8Array(16) },
      senderKey: other.publicKey,
      challenge: '111111',
    });
    expect([privateKey, secrets.sealing, secrets.frames].map(({ extractable }) => extractable)).toEqual([false, false, false]);
  });
});
