/** The record of the owner's settings: opening it, and saving it alone or beside something else. */
import { toBase64Url } from '../bytes/base64.ts';
import { wipe, type Bytes } from '../bytes/bytes.ts';
import { errorCode } from '../errors.ts';
import { damaged } from './fault.ts';
import { verifyHead, type HeadItem, type VaultHead } from './head.ts';
import { importSecret } from './keys.ts';
import { ID_SIZE } from './limits.ts';
import { checkBase, saveNext, type SaveBase, type SealedRecord } from './next-head.ts';
import { openRecord } from './open-record.ts';
import { headEntry, nextItems } from './save.ts';
import { sealRecord } from './seal-record.ts';
import { DEFAULT_SETTINGS, readSettings, writeSettings, type PrivateSettings } from './settings-text.ts';
import type { VaultStore } from './store.ts';

/** The settings' entry in a head, or null where there is none yet. @throws `vault.damaged` for two of them */
export function settingsEntry({ items }: Pick<VaultHead, 'items'>): HeadItem | null {
  const [entry, second] = items.filter(({ k }) => k === 'G');
  if (second) throw damaged('settings twice');
  return entry ?? null;
}

/** Opens the text of a settings record. `secret` is the imported list key. */
export async function openSettingsRecord(secret: CryptoKey, vid: string, entry: HeadItem, text: string | null): Promise<PrivateSettings> {
  const plain = await openRecord(secret, vid, entry, text);
  try {
    return readSettings(plain);
  } finally {
    wipe(plain);
  }
}

/**
 * The settings of the open wallet, after proving the head; the defaults where nothing was ever set.
 * @throws `vault.damaged`, `vault.changed`, `vault.newer-version`, `vault.unavailable`
 */
export async function openSettings(store: VaultStore, head: VaultHead, listKey: Bytes): Promise<PrivateSettings> {
  await verifyHead(head, listKey);
  const entry = settingsEntry(head);
  if (!entry) return DEFAULT_SETTINGS;
  const [text] = await store.records([entry]);
  return openSettingsRecord(await importSecret(listKey), head.vid, entry, text ?? null);
}

/** Seals settings for the generation after `head`, to be saved with something else or by `saveSettings`. */
export async function sealSettings(
  head: VaultHead,
  listKey: Bytes,
  settings: PrivateSettings,
  random: (length: number) => Bytes,
): Promise<SealedRecord> {
  const id = settingsEntry(head)?.id ?? toBase64Url(random(ID_SIZE));
  const g = head.gen + 1;
  const plain = writeSettings(settings);
  readSettings(plain); // What our own reader would refuse is not written.
  const text = await sealRecord(await importSecret(listKey), 'G', { vid: head.vid, id, g }, plain, random);
  return { entry: headEntry(text, id, 'G', g), record: { id, g, text } };
}

export interface SettingsChange extends SaveBase {
  readonly random: (length: number) => Bytes;
  readonly change: (settings: PrivateSettings) => PrivateSettings;
  /** Starts from the defaults, for settings that no longer open. Settings of a later version are never replaced. */
  readonly fromDefaults?: boolean;
}

async function settingsToChange({ store, head, listKey, fromDefaults = false }: SettingsChange): Promise<PrivateSettings> {
  if (!fromDefaults) return openSettings(store, head, listKey);
  try {
    await openSettings(store, head, listKey);
  } catch (thrown) {
    if (errorCode(thrown) === 'vault.newer-version') throw thrown;
  }
  return DEFAULT_SETTINGS;
}

/**
 * Changes the settings in a save of their own; call it under `WRITE_LOCK`. Returns the new head.
 * @throws as `openSettings`, `checkBase` and `saveNext`
 */
export async function saveSettings(request: SettingsChange): Promise<VaultHead> {
  const { head, listKey, random, change } = request;
  await checkBase(request);
  const sealed = await sealSettings(head, listKey, change(await settingsToChange(request)), random);
  return saveNext(request, {
    items: nextItems(head.items, [], [sealed]),
    records: [sealed.record],
    check: async ({ vid }) => {
      await openSettingsRecord(await importSecret(listKey), vid, sealed.entry, sealed.record.text);
    },
  });
}
