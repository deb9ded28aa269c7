/** Making a wallet: one password slot, no items, generation 1. */
import { toBase64Url } from '../bytes/base64.ts';
import { equal, wipe, type Bytes } from '../bytes/bytes.ts';
import { errorCode, WalletError } from '../errors.ts';
import { commitChange } from './commit.ts';
import { passwordSlot, readHead, verifyHead, type VaultHead } from './head.ts';
import { WRITTEN_COST, type KdfParams, type PasswordKdf } from './kdf.ts';
import { ID_SIZE, KEY_SIZE, SALT_SIZE } from './limits.ts';
import { writeMarker } from './marker.ts';
import { sealSlot } from './seal-slot.ts';
import type { VaultStore } from './store.ts';
import { openSlot, type OpenSlot } from './unlock.ts';
import { writeHead } from './write-head.ts';

export interface CreateRequest {
  readonly store: VaultStore;
  /** From `newPassword`; consumed, as in `openWithPassword`. */
  readonly password: Bytes;
  readonly kdf: PasswordKdf;
  readonly random: (length: number) => Bytes;
  /** Milliseconds since 1970. */
  readonly now: number;
  /** Version of the extension. */
  readonly app: string;
  /** The wallet picture. */
  readonly mark: string;
}

const FIRST = 1;

async function checkWritten(text: string, derived: Bytes, keys: OpenSlot): Promise<VaultHead> {
  const head = await readHead(text);
  await verifyHead(head, keys.listKey);
  const opened = await openSlot(passwordSlot(head), head.vid, derived);
  const same = equal(opened.listKey, keys.listKey) && equal(opened.signingKey, keys.signingKey);
  wipe(opened.listKey, opened.signingKey);
  if (!same) throw new WalletError('internal', { detail: 'self-check' });
  return head;
}

async function writeFirst(request: CreateRequest, derived: Bytes, params: KdfParams, keys: OpenSlot): Promise<VaultHead> {
  const { store, random, now, app, mark } = request;
  const vid = toBase64Url(random(ID_SIZE));
  const slot = await sealSlot({ vid, sid: toBase64Url(random(ID_SIZE)) }, params, derived, keys, random);
  const text = await writeHead({ vid, gen: FIRST, app, ts: now, prev: '', slots: [slot], items: [] }, keys.listKey);
  const head = await checkWritten(text, derived, keys);
  const marker = await writeMarker({ vid, gen: FIRST, created: now });
  await commitChange(store, { base: null, gen: FIRST, records: [], head: text, marker, mark });
  return head;
}

async function refuseExisting(store: VaultStore): Promise<void> {
  if ((await store.evidence()) === 'some') throw new WalletError('vault.exists');
}

/**
 * Makes an empty wallet and returns it opened; call it under `WRITE_LOCK`. Any trace of a wallet refuses it, before the
 * work and again inside the transaction. The caller checks the password (`newPassword`) and wipes the keys.
 * @throws `vault.exists`, `vault.full`, `vault.read-only`, `vault.unavailable`, and what the KDF throws
 */
export async function createVault(request: CreateRequest): Promise<OpenSlot & { readonly head: VaultHead }> {
  const { store, password, kdf, random } = request;
  const keys: OpenSlot = { listKey: random(KEY_SIZE), signingKey: random(KEY_SIZE) };
  let derived: Bytes | null = null;
  try {
    await refuseExisting(store);
    const params: KdfParams = { ...WRITTEN_COST, salt: random(SALT_SIZE) };
    derived = await kdf(params, password);
    return { ...keys, head: await writeFirst(request, derived, params, keys) };
  } catch (thrown) {
    wipe(keys.listKey, keys.signingKey);
    throw errorCode(thrown) === 'vault.conflict' ? new WalletError('vault.exists', { cause: thrown }) : thrown;
  } finally {
    wipe(derived, password);
  }
}
