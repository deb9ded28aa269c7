/** The peer for key files: @noble/hashes for the chained SHA-1, kisa-seed for the cipher (scheme pbeWithSHA1AndSEED-CBC). */
import { sha1 } from '@noble/hashes/legacy.js';
import type { Bytes } from '../../lib/bytes/bytes.ts';
import { readEncryptedKey } from '../../lib/npki/encryption.ts';
import { peerUrl } from './peers.ts';

type Decrypt = (key: Uint8Array, iv: Uint8Array, message: Uint8Array, offset: number, length: number) => Uint8Array;

export const SEED_PEER = 'kisa-seed';

/** Null where kisa-seed is not installed. What is read from the file is read beforehand. */
export async function nobleSeedOpener(file: Bytes, password: string): Promise<(() => Uint8Array) | null> {
  const url = peerUrl(SEED_PEER);
  if (url === null) return null;
  const { KISA_SEED_CBC: seed } = (await import(url)) as { KISA_SEED_CBC: { SEED_CBC_Decrypt: Decrypt } };
  const { encryption, encrypted } = readEncryptedKey(file);
  return () => {
    let derived = sha1(Uint8Array.from([...new TextEncoder().encode(password), ...encryption.salt]));
    for (let i = 1; i < encryption.iterations; i++) derived = sha1(derived);
    const iv = sha1(derived.subarray(16)).subarray(0, 16);
    return seed.SEED_CBC_Decrypt(derived.subarray(0, 16), iv, encrypted, 0, encrypted.length);
  };
}
