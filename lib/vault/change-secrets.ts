/**
 * Changing the wallet password. There is one path, and it always rotates: new list key and signing key, every record
 * sealed again, new slots; one save, and afterwards nothing older stays. So a former password opens nothing that the
 * stores still list.
 */
import { wipe, type Bytes } from '../bytes/bytes.ts';
import { removeFormer } from './former.ts';
import { readHead, recoverySlot, type VaultHead } from './head.ts';
import { WRITTEN_COST, type PasswordKdf } from './kdf.ts';
import { importSecret } from './keys.ts';
import { KEY_SIZE, SALT_SIZE } from './limits.ts';
import { checkBase, saveNext, type SealedRecord } from './next-head.ts';
import { writeRecoveryCode } from './recovery-code.ts';
import { resealRecord, type Resealing } from './reseal.ts';
import { sealPasskeySlot, sealRecoverySlot, sealSlot } from './seal-slot.ts';
import type { PasskeySlot } from './slot.ts';
import type { VaultStore } from './store.ts';
import { openSlot, openWith, wipeSecret, type OpenSlot, type Secret } from './unlock.ts';
import { checkSlot, newSlotId, waysIn, type WayIn } from './ways-in.ts';

export interface ChangeSecretsRequest {
  readonly store: VaultStore;
  /** Any secret that opens the wallet now; consumed. The list key of an open session is none. */
  readonly current: Secret;
  /** From `newPassword`; consumed. */
  readonly password: Bytes;
  /** PRF outputs of passkeys that were touched for this (see `touchPasskey`), by slot id; consumed. The others go. */
  readonly passkeys: ReadonlyMap<string, Bytes>;
  readonly kdf: PasswordKdf;
  readonly random: (length: number) => Bytes;
  /** Milliseconds since 1970. */
  readonly now: number;
  /** Version of the extension. */
  readonly app: string;
  /** SubjectPublicKeyInfo (DER) of a certificate (DER). */
  readonly spkiOf: (certificate: Bytes) => Bytes;
  /** Whether both copies hold the newest state whole. */
  readonly twoVerified: () => Promise<boolean>;
  /** Gives a page its turn between batches. */
  readonly pause?: () => Promise<void>;
}

export interface ChangedSecrets extends OpenSlot {
  readonly head: VaultHead;
  /** The new recovery code, where there was one: to be printed now, kept nowhere. */
  readonly code: string | null;
  /** Ways in that open this wallet no more: passkeys that were not touched, slots of a later version. */
  readonly dropped: readonly WayIn[];
  /** Nothing older is listed in any copy. Where it is not so, the next save removes it. */
  readonly formerGone: boolean;
}

/** A slot of the next head, with the secret it is checked with. */
interface NewSlot {
  readonly sid: string;
  readonly text: string;
  readonly secret: Bytes;
}

const BATCH = 16;
const CODE_SIZE = 16;

async function resealAll(request: ChangeSecretsRequest, head: VaultHead, old: OpenSlot, keys: OpenSlot): Promise<readonly SealedRecord[]> {
  const work: Resealing = {
    vid: head.vid,
    g: head.gen + 1,
    from: { secret: await importSecret(old.listKey), signingKey: old.signingKey },
    to: { secret: await importSecret(keys.listKey), signingKey: keys.signingKey },
    spkiOf: request.spkiOf,
    random: request.random,
  };
  const sealed: SealedRecord[] = [];
  for (let at = 0; at < head.items.length; at += BATCH) {
    if (at > 0) await request.pause?.();
    const batch = head.items.slice(at, at + BATCH);
    const texts = await request.store.records(batch);
    sealed.push(...(await Promise.all(batch.map((entry, nth) => resealRecord(work, entry, texts[nth] ?? null)))));
  }
  return sealed;
}

async function newPasswordSlot({ kdf, random, password }: ChangeSecretsRequest, vid: string, keys: OpenSlot): Promise<NewSlot> {
  const params = { ...WRITTEN_COST, salt: random(SALT_SIZE) };
  const secret = await kdf(params, password);
  const sid = newSlotId(random);
  return { sid, text: await sealSlot({ vid, sid }, params, secret, keys, random), secret };
}

/** The slot id stays, since the PRF inputs hang on it. The outputs are proven on the present slot first. */
async function newPasskeySlot(slot: PasskeySlot, outputs: Bytes, vid: string, keys: OpenSlot, random: (length: number) => Bytes): Promise<NewSlot> {
  const proven = await openSlot(slot, vid, outputs);
  wipe(proven.listKey, proven.signingKey);
  return { sid: slot.sid, text: await sealPasskeySlot({ vid, sid: slot.sid }, slot.credential, outputs, keys, random), secret: outputs };
}

async function newSlots(request: ChangeSecretsRequest, head: VaultHead, keys: OpenSlot): Promise<{ slots: readonly NewSlot[]; code: string | null }> {
  const { random, passkeys } = request;
  const slots = [await newPasswordSlot(request, head.vid, keys)];
  for (const slot of head.slots) {
    const outputs = passkeys.get(slot.sid);
    if (slot.kind === 'prf' && outputs) slots.push(await newPasskeySlot(slot, outputs, head.vid, keys, random));
  }
  if (!recoverySlot(head)) return { slots, code: null };
  const sid = newSlotId(random);
  const secret = random(CODE_SIZE);
  slots.push({ sid, text: await sealRecoverySlot({ vid: head.vid, sid }, secret, keys, random), secret });
  return { slots, code: await writeRecoveryCode(secret) };
}

function droppedOf(before: VaultHead, after: VaultHead): readonly WayIn[] {
  const left = new Set(after.slots.map(({ sid }) => sid));
  return waysIn(before).filter(({ kind, sid }) => (kind === 'prf' || kind === 'other') && !left.has(sid));
}

async function change(request: ChangeSecretsRequest, head: VaultHead, old: OpenSlot, keys: OpenSlot): Promise<ChangedSecrets> {
  const { store, now, app } = request;
  const base = { store, head, listKey: old.listKey, now, app };
  await checkBase(base);
  const sealed = await resealAll(request, head, old, keys);
  const { slots, code } = await newSlots(request, head, keys);
  try {
    const saved = await saveNext(base, {
      items: sealed.map(({ entry }) => entry),
      records: sealed.map(({ record }) => record),
      slots: slots.map(({ text }) => text),
      listKey: keys.listKey,
      check: async (written) => {
        for (const { sid, secret } of slots) await checkSlot(written, sid, secret, keys);
      },
    });
    return { ...keys, head: saved, code, dropped: droppedOf(head, saved), formerGone: await removeFormer(request, saved) };
  } finally {
    for (const { secret } of slots) wipe(secret);
  }
}

/**
 * Changes the password and with it every key; call it under `WRITE_LOCK`. The caller wipes the keys that come back, and
 * every other window locks. Until the save is done the present secrets hold; a crash leaves the one state or the other.
 * @throws what `openWith` throws for the current secret; `vault.damaged`, `vault.changed`, `vault.newer-version` for a
 *   record that does not open; and as `saveNext`
 */
export async function changeSecrets(request: ChangeSecretsRequest): Promise<ChangedSecrets> {
  const { store, current, password, passkeys, kdf, random } = request;
  const keys: OpenSlot = { listKey: random(KEY_SIZE), signingKey: random(KEY_SIZE) };
  let old: OpenSlot | null = null;
  try {
    const head = await readHead((await store.heads())[0]);
    old = await openWith(head, current, kdf);
    return await change(request, head, old, keys);
  } catch (thrown) {
    wipe(keys.listKey, keys.signingKey);
    throw thrown;
  } finally {
    wipe(old?.listKey, old?.signingKey, password, ...passkeys.values());
    wipeSecret(current);
  }
}
