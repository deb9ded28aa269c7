/** New key pairs: RSA-2048 with e = 65537, as Korean certificates have them. */
import { wipe, type Bytes } from '../bytes/bytes.ts';
import type { Random } from '../npki/encrypt-rsaes.ts';
import { withRandom } from '../npki/private-key-info.ts';
import type { KeyRole } from '../npki/prove.ts';
import type { Signer } from './possession.ts';

export interface NewKey {
  readonly use: KeyRole;
  /** SubjectPublicKeyInfo. */
  readonly spki: Bytes;
  /** PrivateKeyInfo, with R where the key is to sign. A secret; whoever has it wipes it. */
  readonly privateKeyInfo: Bytes;
  /** R: 20 octets, for the key that is to sign; null for the other. A secret. */
  readonly random: Bytes | null;
  readonly sign: Signer;
}

const RANDOM_BYTES = 20;
const ALGORITHM = { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' } as const;

/**
 * Makes a pair. The km key signs too, once, to prove that it is ours; WebCrypto takes the same octets for deciphering later.
 * R is put into the octets once and for all: WebCrypto would leave it out of every other export.
 */
export async function makeNewKey(use: KeyRole, random: Random): Promise<NewKey> {
  const parameters = { ...ALGORITHM, modulusLength: 2048, publicExponent: Uint8Array.of(1, 0, 1) };
  const { publicKey, privateKey } = await crypto.subtle.generateKey(parameters, true, ['sign', 'verify']);
  const exported = new Uint8Array(await crypto.subtle.exportKey('pkcs8', privateKey));
  const spki = new Uint8Array(await crypto.subtle.exportKey('spki', publicKey));
  const sign: Signer = async (bytes) => new Uint8Array(await crypto.subtle.sign(ALGORITHM, privateKey, bytes));
  if (use === 'km') return { use, spki, privateKeyInfo: exported, random: null, sign };
  const r = random(RANDOM_BYTES);
  const privateKeyInfo = withRandom(exported, r);
  wipe(exported);
  return { use, spki, privateKeyInfo, random: r, sign };
}
