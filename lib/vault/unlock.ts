/** Opening a wallet with one of the owner's secrets, and telling a wrong secret from damage and from changes by somebody. */
import { copy, equal, wipe, type Bytes } from '../bytes/bytes.ts';
import { utf8 } from '../bytes/text.ts';
import { WalletError, type ErrorCode } from '../errors.ts';
import { unseal } from './cipher.ts';
import { readBase64Url } from './fields.ts';
import { passwordSlot, recoverySlot, verifyHead, type VaultHead } from './head.ts';
import type { PasswordKdf } from './kdf.ts';
import { deriveBytes, deriveCipher, importSecret, lp } from './keys.ts';
import { COMMITMENT_SIZE, KEY_SIZE } from './limits.ts';
import type { KnownSlot, PasskeySlot } from './slot.ts';

/** What a slot wraps. Both are secrets for the caller to wipe. */
export interface OpenSlot {
  /** Opens the list: certificates, labels, history, and the proof of the head. 32 octets. */
  readonly listKey: Bytes;
  /** Opens private keys. 32 octets; it never leaves the page that took the password. */
  readonly signingKey: Bytes;
}

/** One secret of the owner's, as octets. Whoever takes it consumes it: they are wiped or gone afterwards. */
export type Secret =
  /** See `passwordBytes`. */
  | { readonly kind: 'pw'; readonly password: Bytes }
  /** See `readRecoveryCode`. */
  | { readonly kind: 'rec'; readonly code: Bytes }
  /** See `touchPasskey`: the slot that was touched, and both PRF outputs one after the other. */
  | { readonly kind: 'prf'; readonly sid: string; readonly outputs: Bytes };

const WRONG: Readonly<Record<KnownSlot['kind'], ErrorCode>> = { pw: 'password.wrong', prf: 'passkey.wrong', rec: 'recovery.wrong' };

/** The codes that say: another secret than this slot's. */
export const WRONG_SECRET: ReadonlySet<ErrorCode> = new Set(Object.values(WRONG));

/** The info of a slot's wrapping key and of its commitment, for HKDF. */
export function slotInfo(use: 'kek' | 'commit', kind: KnownSlot['kind'], vid: string, sid: string): Bytes {
  return lp(`djw1/${use}`, kind, readBase64Url(vid, 'vid'), readBase64Url(sid, 'sid'));
}

/**
 * Opens a slot with its secret: what the KDF derived for it, the PRF outputs, the recovery code. The commitment, compared
 * in constant time, binds the sealed octets to one key: where it differs the secret is wrong, where only the seal fails
 * somebody changed the slot.
 * @throws `password.wrong`, `passkey.wrong`, `recovery.wrong`, `vault.changed`
 */
export async function openSlot(slot: KnownSlot, vid: string, secret: Bytes): Promise<OpenSlot> {
  const { kind, sid, salt } = slot;
  const imported = await importSecret(secret);
  const commitment = await deriveBytes(imported, salt, slotInfo('commit', kind, vid, sid), COMMITMENT_SIZE);
  if (!equal(commitment, slot.commitment)) throw new WalletError(WRONG[kind]);
  const key = await deriveCipher(imported, salt, slotInfo('kek', kind, vid, sid));
  const keys = await unseal(key, slot.iv, utf8(slot.prefix), slot.body, 'slot');
  try {
    return { listKey: copy(keys.subarray(0, KEY_SIZE)), signingKey: copy(keys.subarray(KEY_SIZE)) };
  } finally {
    wipe(keys);
  }
}

function passkeySlot({ slots }: VaultHead, sid: string): PasskeySlot {
  for (const slot of slots) if (slot.kind === 'prf' && slot.sid === sid) return slot;
  throw new WalletError('passkey.wrong', { detail: 'no such slot' });
}

/** The slot a secret is for, and the octets that open it. */
async function keying(head: VaultHead, secret: Secret, kdf: PasswordKdf): Promise<{ slot: KnownSlot; octets: Bytes }> {
  if (secret.kind === 'prf') return { slot: passkeySlot(head, secret.sid), octets: secret.outputs };
  if (secret.kind === 'pw') {
    const slot = passwordSlot(head);
    return { slot, octets: await kdf(slot.kdf, secret.password) };
  }
  const slot = recoverySlot(head);
  if (!slot) throw new WalletError('recovery.wrong', { detail: 'no slot' });
  return { slot, octets: secret.code };
}

/** Wipes a secret that is not needed any more. */
export function wipeSecret(secret: Secret): void {
  wipe(secret.kind === 'pw' ? secret.password : secret.kind === 'rec' ? secret.code : secret.outputs);
}

/**
 * Opens the wallet with any secret of its owner, and proves the head.
 * @throws `password.wrong`, `passkey.wrong`, `recovery.wrong`, `vault.changed`, and what the KDF throws
 */
export async function openWith(head: VaultHead, secret: Secret, kdf: PasswordKdf): Promise<OpenSlot> {
  let octets: Bytes | null = null;
  let open: OpenSlot | null = null;
  try {
    const found = await keying(head, secret, kdf);
    octets = found.octets;
    open = await openSlot(found.slot, head.vid, octets);
    await verifyHead(head, open.listKey);
    return open;
  } catch (thrown) {
    wipe(open?.listKey, open?.signingKey);
    throw thrown;
  } finally {
    wipe(octets);
    wipeSecret(secret);
  }
}

/** Opens the wallet with its password (see `passwordBytes`). Throws as `openWith`. */
export function openWithPassword(head: VaultHead, password: Bytes, kdf: PasswordKdf): Promise<OpenSlot> {
  return openWith(head, { kind: 'pw', password }, kdf);
}

function noKdf(): Promise<never> {
  return Promise.reject(new WalletError('internal', { detail: 'kdf' }));
}

/**
 * Opens the wallet with the printed code (see `readRecoveryCode`). A code is used once: only `changeSecrets` follows,
 * which takes it as its current secret and issues another. Throws as `openWith`.
 */
export function openWithRecoveryCode(head: VaultHead, code: Bytes): Promise<OpenSlot> {
  return openWith(head, { kind: 'rec', code }, noKdf);
}

/** Opens the wallet with the outputs (64 octets) of the passkey in slot `sid`. Throws as `openWith`. */
export function openWithPasskey(head: VaultHead, outputs: Bytes, sid: string): Promise<OpenSlot> {
  return openWith(head, { kind: 'prf', sid, outputs }, noKdf);
}
