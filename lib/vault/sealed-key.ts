/**
 * Sealed private keys: rnd (32) ‖ iv (12) ‖ AES-256-GCM of the PKCS#8 octets as they came. The key of each comes from the
 * signing key, the wallet, the record and the role; the associated data binds the public key. So a private key can
 * neither stand beside a certificate of another key nor change its role, and the list key opens none.
 */
import { concat, wipe, type Bytes } from '../bytes/bytes.ts';
import { damaged } from './fault.ts';
import { readBase64Url } from './fields.ts';
import { seal, unseal } from './cipher.ts';
import { deriveBytes, importSecret, lp } from './keys.ts';
import { IV_SIZE, KEY_SIZE, SALT_SIZE, TAG_SIZE } from './limits.ts';

export type KeyRole = 'sign' | 'km';

/** Whose private key it is. */
export interface KeyPlace {
  /** Wallet id, base64url. */
  readonly vid: string;
  /** Id of the item it belongs to, base64url. */
  readonly id: string;
  readonly role: KeyRole;
}

const START = SALT_SIZE + IV_SIZE;

async function deriveRecordKey(signingKey: Bytes, { vid, id, role }: KeyPlace, rnd: Bytes): Promise<Bytes> {
  const info = lp('djw1/key', readBase64Url(vid, 'vid'), readBase64Url(id, 'id'), role);
  return deriveBytes(await importSecret(signingKey), rnd, info, KEY_SIZE);
}

async function associated({ vid, id, role }: KeyPlace, spki: Bytes): Promise<Bytes> {
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', spki));
  return lp('djw1/key', 1, readBase64Url(vid, 'vid'), readBase64Url(id, 'id'), role, digest);
}

function importCipher(key: Bytes): Promise<CryptoKey> {
  return crypto.subtle.importKey('raw', key, 'AES-GCM', false, ['encrypt', 'decrypt']);
}

function checkSealed(sealed: Bytes): void {
  if (sealed.length <= START + TAG_SIZE) throw damaged('sealed key');
}

/**
 * The key (32 octets) that opens one sealed key and nothing else: all of the signing key that a message may carry.
 * @throws `vault.damaged`
 */
export async function recordKey(signingKey: Bytes, vid: string, id: string, role: KeyRole, sealed: Bytes): Promise<Bytes> {
  checkSealed(sealed);
  return deriveRecordKey(signingKey, { vid, id, role }, sealed.slice(0, SALT_SIZE));
}

/**
 * Opens a sealed key with its record key. `spki` is the SubjectPublicKeyInfo (DER) of the certificate it is used for.
 * Returns PKCS#8, for the caller to wipe.
 * @throws `vault.damaged`, `vault.changed`
 */
export async function openSealedKey(request: KeyPlace & { key: Bytes; sealed: Bytes; spki: Bytes }): Promise<Bytes> {
  const { key, sealed, spki } = request;
  checkSealed(sealed);
  const iv = sealed.slice(SALT_SIZE, START);
  return unseal(await importCipher(key), iv, await associated(request, spki), sealed.slice(START), 'private key');
}

/** Seals PKCS#8 octets for a record. `random` gives fresh octets of a cryptographic source. */
export async function sealKey(
  request: KeyPlace & { signingKey: Bytes; spki: Bytes; privateKeyInfo: Bytes; random: (length: number) => Bytes },
): Promise<Bytes> {
  const rnd = request.random(SALT_SIZE);
  const iv = request.random(IV_SIZE);
  const key = await deriveRecordKey(request.signingKey, request, rnd);
  try {
    return concat(rnd, iv, await seal(await importCipher(key), iv, await associated(request, request.spki), request.privateKeyInfo));
  } finally {
    wipe(key);
  }
}
