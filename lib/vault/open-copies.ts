/**
 * Opening where copies of the wallet differ. A salt that was changed in one copy looks like a wrong password there; the
 * other copy tells. A password that opens only an older state is named so, and opens nothing.
 */
import { copy, wipe } from '../bytes/bytes.ts';
import { errorCode, WalletError } from '../errors.ts';
import { passwordSlot, type VaultHead } from './head.ts';
import type { PasswordKdf } from './kdf.ts';
import { openWith, wipeSecret, WRONG_SECRET, type OpenSlot, type Secret } from './unlock.ts';

/** The same secret again, since every attempt consumes one. */
function copied(secret: Secret): Secret {
  if (secret.kind === 'pw') return { ...secret, password: copy(secret.password) };
  return secret.kind === 'rec' ? { ...secret, code: copy(secret.code) } : { ...secret, outputs: copy(secret.outputs) };
}

/** The open keys; or why not, as far as another copy may know better. */
async function attempt(head: VaultHead, secret: Secret, kdf: PasswordKdf): Promise<OpenSlot | WalletError> {
  try {
    return await openWith(head, copied(secret), kdf);
  } catch (thrown) {
    const code = errorCode(thrown);
    if (thrown instanceof WalletError && (WRONG_SECRET.has(code) || code === 'vault.changed')) return thrown;
    throw thrown;
  }
}

/** Whether a password is the one of an older state. */
async function isFormer(older: VaultHead | undefined, newest: VaultHead, secret: Secret, kdf: PasswordKdf): Promise<boolean> {
  if (!older || secret.kind !== 'pw' || passwordSlot(older).text === passwordSlot(newest).text) return false;
  const open = await attempt(older, secret, kdf);
  if (open instanceof WalletError) return false;
  wipe(open.listKey, open.signingKey);
  return true;
}

/**
 * Opens the newest head with a secret, which is consumed. `others` are heads of the other copy and of the generation
 * before; at most one of each is tried, and only where the newest does not open. `head` is the one that opened.
 * @throws `password.former` for a password of an older state, and as `openWith`
 */
export async function openFromCopies(
  newest: VaultHead,
  others: readonly VaultHead[],
  secret: Secret,
  kdf: PasswordKdf,
): Promise<{ readonly head: VaultHead; readonly open: OpenSlot }> {
  const ours = others.filter(({ vid }) => vid === newest.vid);
  try {
    const open = await attempt(newest, secret, kdf);
    if (!(open instanceof WalletError)) return { head: newest, open };
    const twin = ours.find(({ gen, text }) => gen >= newest.gen && text !== newest.text);
    const second = twin ? await attempt(twin, secret, kdf) : open;
    if (twin && !(second instanceof WalletError)) return { head: twin, open: second };
    const older = ours.find(({ gen }) => gen < newest.gen);
    throw (await isFormer(older, newest, secret, kdf)) ? new WalletError('password.former', { cause: open }) : open;
  } finally {
    wipeSecret(secret);
  }
}
