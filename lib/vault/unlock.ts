/** Opening a wallet with its password, and telling a wrong password from damage and from changes by somebody. */
import { copy, equal, wipe, type Bytes } from '../bytes/bytes.ts';
import { utf8 } from '../bytes/text.ts';
import { WalletError } from '../errors.ts';
import { unseal } from './cipher.ts';
import { readBase64Url } from './fields.ts';
import { passwordSlot, verifyHead, type VaultHead } from './head.ts';
import type { PasswordKdf } from './kdf.ts';
import { deriveBytes, deriveCipher, importSecret, lp } from './keys.ts';
import { COMMITMENT_SIZE, KEY_SIZE } from './limits.ts';
import type { PasswordSlot } from './slot.ts';

/** What a slot wraps. Both are secrets for the caller to wipe. */
export interface OpenSlot {
  /** Opens the list: certificates, labels, history, and the proof of the head. 32 octets. */
  readonly listKey: Bytes;
  /** Opens private keys. 32 octets; it never leaves the page that took the password. */
  readonly signingKey: Bytes;
}

/** The salted HKDF inputs that make a slot's wrapping key and its commitment. */
export function slotInfo(use: 'kek' | 'commit', vid: string, sid: string): Bytes {
  return lp(`djw1/${use}`, 'pw', readBase64Url(vid, 'vid'), readBase64Url(sid, 'sid'));
}

/**
 * Opens a password slot with what the KDF derived for it. The commitment, compared in constant time, binds the sealed
 * octets to one key: where it differs the secret is wrong, where only the seal fails somebody changed the slot.
 * @throws `password.wrong`, `vault.changed`
 */
export async function openSlot(slot: PasswordSlot, vid: string, derived: Bytes): Promise<OpenSlot> {
  const secret = await importSecret(derived);
  const salt = slot.kdf.salt;
  const commitment = await deriveBytes(secret, salt, slotInfo('commit', vid, slot.sid), COMMITMENT_SIZE);
  if (!equal(commitment, slot.commitment)) throw new WalletError('password.wrong');
  const key = await deriveCipher(secret, salt, slotInfo('kek', vid, slot.sid));
  const keys = await unseal(key, slot.iv, utf8(slot.prefix), slot.body, 'slot');
  try {
    return { listKey: copy(keys.subarray(0, KEY_SIZE)), signingKey: copy(keys.subarray(KEY_SIZE)) };
  } finally {
    wipe(keys);
  }
}

/**
 * Opens the wallet with its password (see `passwordBytes`) and proves the head. The password's octets are consumed:
 * they are wiped or gone when this returns or throws.
 * @throws `password.wrong`, `vault.changed`, and what the KDF throws
 */
export async function openWithPassword(head: VaultHead, password: Bytes, kdf: PasswordKdf): Promise<OpenSlot> {
  let derived: Bytes | null = null;
  let open: OpenSlot | null = null;
  try {
    const slot = passwordSlot(head);
    derived = await kdf(slot.kdf, password);
    open = await openSlot(slot, head.vid, derived);
    await verifyHead(head, open.listKey);
    return open;
  } catch (thrown) {
    wipe(open?.listKey, open?.signingKey);
    throw thrown;
  } finally {
    wipe(derived, password);
  }
}
