import { createPrivateKey, generateKeyPairSync } from 'node:crypto';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { readDer, sequence } from '../../../lib/asn1/reader.ts';
import { concat, copy, type Bytes } from '../../../lib/bytes/bytes.ts';
import { errorCode, WalletError } from '../../../lib/errors.ts';
import { looksLikePlainKey, openPlainKey, readPlainKeyFile } from '../../../lib/npki/plain-key.ts';
import { codeOf, readFixture } from '../../support/npki-fixtures.ts';

const WITH_RANDOM = readFixture('yessign-test', 'plain-privatekeyinfo-with-R.der');
const object = createPrivateKey({ key: Buffer.from(WITH_RANDOM), format: 'der', type: 'pkcs8' });
const BARE = copy(object.export({ format: 'der', type: 'pkcs1' }));
const AS_PKCS8 = copy(object.export({ format: 'der', type: 'pkcs8' }));
const EC = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;

const partsOf = (bytes: Bytes): ReturnType<typeof sequence> => sequence(readDer(bytes));

afterEach(() => {
  vi.unstubAllGlobals();
});

/** Every array of octets of that length that comes into being while `act` runs. */
function arraysMade(length: number, act: () => void): Uint8Array[] {
  const made: Uint8Array[] = [];
  const Real = Uint8Array;
  vi.stubGlobal(
    'Uint8Array',
    class extends Real {
      constructor(...args: ConstructorParameters<typeof Real>) {
        super(...args);
        made.push(this);
      }
    },
  );
  act();
  vi.unstubAllGlobals();
  return made.filter((array) => array.length === length);
}

describe('a key that is not encrypted', () => {
  it('is told by its structure', () => {
    expect([WITH_RANDOM, BARE, copy(EC.export({ format: 'der', type: 'sec1' }))].map((key) => looksLikePlainKey(partsOf(key)))).toEqual([
      true,
      true,
      true,
    ]);
    expect(
      [readFixture('yessign-test', 'signCert.der'), readFixture('yessign-test', 'signPri.key')].map((file) => looksLikePlainKey(partsOf(file))),
    ).toEqual([false, false]);
  });

  it('stays octet for octet, so that R stays', () => {
    expect(readPlainKeyFile(WITH_RANDOM)).toEqual(WITH_RANDOM);
    const { privateKeyInfo, random } = openPlainKey(WITH_RANDOM);
    expect(privateKeyInfo).toEqual(WITH_RANDOM);
    expect(privateKeyInfo.buffer).not.toBe(WITH_RANDOM.buffer);
    expect(random?.length).toBe(20);
  });

  it('becomes a PrivateKeyInfo where it was none', () => {
    expect(readPlainKeyFile(BARE)).toEqual(AS_PKCS8);
  });

  it.each<[string, Bytes, string]>([
    ['of an elliptic curve', copy(EC.export({ format: 'der', type: 'sec1' })), 'file.unsupported 1.2.840.10045.2.1'],
    ['of an elliptic curve in PKCS#8', copy(EC.export({ format: 'der', type: 'pkcs8' })), 'file.unsupported 1.2.840.10045.2.1'],
    ['with octets behind it', concat(WITH_RANDOM, Uint8Array.of(0)), 'file.unreadable'],
    ['that is cut', WITH_RANDOM.slice(0, 900), 'file.unreadable'],
    ['above 64 KiB', new Uint8Array(64 * 1024 + 1), 'file.too-large'],
  ])('%s is refused: %#', (_, bytes, expected) => {
    try {
      readPlainKeyFile(bytes);
      expect.unreachable();
    } catch (thrown) {
      const detail = thrown instanceof WalletError && /^\d/.test(thrown.detail ?? '') ? ` ${thrown.detail ?? ''}` : '';
      expect(`${errorCode(thrown)}${detail}`).toBe(expected);
    }
  });

  it('leaves nothing of itself where it is refused after all', async () => {
    // The version of PrivateKeyInfo: 1 is of another structure.
    const broken = WITH_RANDOM.map((octet, at) => (at === 6 ? 1 : octet));
    expect(await codeOf(() => openPlainKey(broken))).toBe('file.unsupported');
    for (const read of [openPlainKey, readPlainKeyFile]) {
      const copies = arraysMade(broken.length, () => {
        try {
          read(broken);
        } catch (thrown) {
          expect(errorCode(thrown)).toBe('file.unsupported');
        }
      }).filter(({ buffer }) => buffer !== broken.buffer);
      expect(copies.length).toBeGreaterThan(0);
      for (const made of copies) expect(made.some((octet) => octet !== 0)).toBe(false);
    }
    expect(broken[7]).not.toBe(0);
  });
});
