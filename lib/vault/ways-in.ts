/**
 * The ways into a wallet: exactly one password, up to five passkeys, at most one recovery code. Adding and removing them
 * are saves like any other. The password can only be changed, so a way in is always left.
 */
import { toBase64Url } from '../bytes/base64.ts';
import { copy, equal, wipe, type Bytes } from '../bytes/bytes.ts';
import { WalletError } from '../errors.ts';
import { passwordSlot, recoverySlot, type VaultHead } from './head.ts';
import { WRITTEN_COST, type KdfCost, type PasswordKdf } from './kdf.ts';
import { ID_SIZE, SALT_SIZE, SLOTS_MAX } from './limits.ts';
import { checkBase, saveNext, type SaveBase, type SealedRecord } from './next-head.ts';
import { sheetMark, writeRecoveryCode } from './recovery-code.ts';
import { sealPasskeySlot, sealRecoverySlot, sealSlot } from './seal-slot.ts';
import type { KnownSlot, Slot } from './slot.ts';
import type { EnrolledPasskey } from './touch-passkey.ts';
import { openSlot, type OpenSlot } from './unlock.ts';

const PASSKEYS_MAX = 5;
const CODE_SIZE = 16;

/** One way in, as a screen shows it. Names stand in the private settings, by slot id. */
export type WayIn =
  | { readonly kind: 'pw'; readonly sid: string }
  | { readonly kind: 'prf'; readonly sid: string; readonly synced: boolean; readonly transports: readonly string[] }
  /** `mark` stands on the printed sheet. */
  | { readonly kind: 'rec'; readonly sid: string; readonly mark: string }
  /** Of a later version. */
  | { readonly kind: 'other'; readonly sid: string };

export interface WaysRequest extends SaveBase {
  readonly random: (length: number) => Bytes;
  /** Records that go with this save, such as the settings with the names of passkeys. */
  readonly also?: readonly SealedRecord[];
}

export interface AddRequest extends WaysRequest {
  /** Beside the list key: the owner's secret was asked for this. */
  readonly signingKey: Bytes;
}

function wayOf(slot: Slot): WayIn {
  const { kind, sid } = slot;
  if (slot.kind === 'prf') return { kind: slot.kind, sid, synced: slot.credential.synced, transports: slot.credential.transports };
  return kind === 'rec' ? { kind, sid, mark: sheetMark(sid) } : { kind: kind === 'pw' ? kind : 'other', sid };
}

export function waysIn({ slots }: VaultHead): readonly WayIn[] {
  return slots.map(wayOf);
}

/** Opens a slot of a head that is about to be written, and compares. A difference is a fault of ours. */
export async function checkSlot(head: VaultHead, sid: string, secret: Bytes, keys: OpenSlot): Promise<void> {
  const slot = head.slots.find((one): one is KnownSlot => one.sid === sid && one.kind !== 'other');
  if (!slot) throw new WalletError('internal', { detail: 'slot' });
  const opened = await openSlot(slot, head.vid, secret);
  const same = equal(opened.listKey, keys.listKey) && equal(opened.signingKey, keys.signingKey);
  wipe(opened.listKey, opened.signingKey);
  if (!same) throw new WalletError('internal', { detail: 'slot' });
}

/** The head's items and records with what goes along. */
function besides({ head, also = [] }: WaysRequest): Pick<Parameters<typeof saveNext>[1], 'items' | 'records'> {
  const entries = new Map(head.items.map((entry) => [entry.id, entry]));
  for (const { entry } of also) entries.set(entry.id, entry);
  return { items: [...entries.values()], records: also.map(({ record }) => record) };
}

interface SlotChange {
  /** Slot ids that go. */
  readonly gone: readonly string[];
  /** The slot that comes: its id, text and secret. */
  readonly added: { readonly sid: string; readonly text: string; readonly secret: Bytes; readonly keys: OpenSlot } | null;
}

async function saveSlots(request: WaysRequest, { gone, added }: SlotChange): Promise<VaultHead> {
  const stay = request.head.slots.filter(({ sid }) => !gone.includes(sid)).map(({ text }) => text);
  const slots = added ? [...stay, added.text] : stay;
  if (slots.length > SLOTS_MAX) throw new WalletError('vault.full', { detail: 'slots' });
  const check = added ? { check: (head: VaultHead) => checkSlot(head, added.sid, added.secret, added.keys) } : {};
  return saveNext(request, { ...besides(request), slots, ...check });
}

/** A new slot id. A passkey's PRF inputs need it before the passkey is made. */
export function newSlotId(random: (length: number) => Bytes): string {
  return toBase64Url(random(ID_SIZE));
}

/**
 * Issues a recovery code; a former one opens nothing any more. Call it under `WRITE_LOCK`. The code is shown once, for
 * paper; nothing keeps it.
 * @throws as `saveNext`
 */
export async function addRecoveryCode(request: AddRequest): Promise<{ readonly head: VaultHead; readonly code: string }> {
  const { head, random } = request;
  await checkBase(request);
  const sid = newSlotId(random);
  const octets = random(CODE_SIZE);
  try {
    const text = await sealRecoverySlot({ vid: head.vid, sid }, octets, request, random);
    const former = recoverySlot(head);
    const code = await writeRecoveryCode(octets);
    return { head: await saveSlots(request, { gone: former ? [former.sid] : [], added: { sid, text, secret: octets, keys: request } }), code };
  } finally {
    wipe(octets);
  }
}

/**
 * Adds a passkey from `enrolPasskey`, whose outputs are consumed. Call it under `WRITE_LOCK`.
 * @throws `vault.full` beyond five, `passkey.exists`, and as `saveNext`
 */
export async function addPasskey(request: AddRequest, { sid, credential, outputs }: EnrolledPasskey): Promise<VaultHead> {
  const { head, random } = request;
  try {
    await checkBase(request);
    const passkeys = head.slots.filter((slot) => slot.kind === 'prf');
    if (passkeys.some((slot) => equal(slot.credential.id, credential.id))) throw new WalletError('passkey.exists');
    if (passkeys.length >= PASSKEYS_MAX) throw new WalletError('vault.full', { detail: 'passkeys' });
    const text = await sealPasskeySlot({ vid: head.vid, sid }, credential, outputs, request, random);
    return await saveSlots(request, { gone: [], added: { sid, text, secret: outputs, keys: request } });
  } finally {
    wipe(outputs);
  }
}

/**
 * Removes a passkey or the recovery code. Call it under `WRITE_LOCK`.
 * @throws `request.forbidden` for the password, which is the last way in, and for slots of a later version;
 *   `passkey.wrong` where there is no such slot; as `saveNext`
 */
export async function removeWayIn(request: WaysRequest, sid: string): Promise<VaultHead> {
  await checkBase(request);
  const slot = request.head.slots.find((one) => one.sid === sid);
  if (!slot) throw new WalletError('passkey.wrong', { detail: 'no such slot' });
  if (slot.kind === 'pw' || slot.kind === 'other') throw new WalletError('request.forbidden', { detail: slot.kind });
  return saveSlots(request, { gone: [sid], added: null });
}

/** Whether the password slot costs a guesser less than slots that are written today. */
export function isBelowToday(head: VaultHead, today: KdfCost = WRITTEN_COST): boolean {
  const { m, t } = passwordSlot(head).kdf;
  return m < today.m || t < today.t;
}

/**
 * Writes the password slot again at today's cost, keys and password unchanged; for after an unlock, where failing does
 * no harm. A cost that is higher already stays. The password is consumed. Call it under `WRITE_LOCK`.
 */
export async function strengthenPassword(
  request: AddRequest & { readonly password: Bytes; readonly kdf: PasswordKdf; readonly today?: KdfCost },
): Promise<VaultHead> {
  const { head, random, password, kdf, today = WRITTEN_COST } = request;
  let derived: Bytes | null = null;
  try {
    await checkBase(request);
    if (!isBelowToday(head, today)) return head;
    const { sid, kdf: old } = passwordSlot(head);
    // Proven first: a slot with another password than the present one would be a change of it.
    await checkSlot(head, sid, (derived = await kdf(old, copy(password))), request);
    wipe(derived);
    const params = { m: Math.max(old.m, today.m), t: Math.max(old.t, today.t), p: today.p, salt: random(SALT_SIZE) };
    derived = await kdf(params, password);
    const next = newSlotId(random);
    const text = await sealSlot({ vid: head.vid, sid: next }, params, derived, request, random);
    return await saveSlots(request, { gone: [sid], added: { sid: next, text, secret: derived, keys: request } });
  } finally {
    wipe(derived, password);
  }
}
