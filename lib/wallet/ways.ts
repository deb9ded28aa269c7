/** The ways into the wallet: listing, adding, naming and removing them, and opening by a touch. */
import { wipe, type Bytes } from '../bytes/bytes.ts';
import { WalletError } from '../errors.ts';
import { recoverySlot, type VaultHead } from '../vault/head.ts';
import type { SaveBase, SealedRecord } from '../vault/next-head.ts';
import { isGroupTyped, sheetMark } from '../vault/recovery-code.ts';
import { textForm } from '../vault/sealed-json.ts';
import { openSettings, saveSettings, sealSettings } from '../vault/settings-record.ts';
import { PASSKEY_NAME_MAX, type LockMinutes, type PrivateSettings } from '../vault/settings-text.ts';
import { enrolPasskey } from '../vault/touch-passkey.ts';
import { addPasskey, addRecoveryCode, newSlotId, removeWayIn } from '../vault/ways-in.ts';
import type { Opened } from './door.ts';
import { changeOpen, onNewest } from './newest.ts';
import type { Random } from './ports.ts';
import type { PasswordChange, PasswordChanged, RecoverySheet, Ways, WaysApi } from './ways-api.ts';
import { changePassword } from './ways-change.ts';
import { passkeyWays, type PasskeyNames, type WaysPorts } from './ways-ports.ts';
import { touchToOpen } from './ways-touch.ts';

/** @throws `request.malformed` */
function nameOf(typed: string): string {
  const name = typed.normalize('NFC').trim();
  if (!textForm(PASSKEY_NAME_MAX).test(name)) throw new WalletError('request.malformed', { detail: 'name' });
  return name;
}

/** Both keys, and whether the wallet was open when they were. */
type Keys = Pick<Opened, 'slot' | 'wasOpen'>;
type WaysBase = SaveBase & { readonly random: Random };

/** The names with one changed; those of passkeys that are gone go too. */
function named(names: PasskeyNames, head: VaultHead, sid: string, name: string | null): PasskeyNames {
  const left = new Set(head.slots.map((slot) => slot.sid));
  const others = names.filter((one) => one.sid !== sid && left.has(one.sid));
  return name === null ? others : [...others, { sid, name }];
}

export class WaysIn implements WaysApi {
  readonly #ports: WaysPorts;

  constructor(ports: WaysPorts) {
    this.#ports = ports;
  }

  async list(): Promise<Ways> {
    const { passkeySupport } = this.#ports;
    const { head, settings } = await this.#known();
    const slot = recoverySlot(head);
    return {
      passkeys: passkeyWays(head, settings?.passkeys ?? []),
      sheet: slot ? sheetMark(slot.sid) : null,
      lockMinutes: settings?.lockMinutes ?? null,
      support: await passkeySupport(),
    };
  }

  waitSeconds(): Promise<number> {
    return this.#ports.throttle.waitSeconds();
  }

  async unlockByTouch(): Promise<void> {
    const { door, afterUnlock } = this.#ports;
    await door.unlockWith(await touchToOpen(this.#ports), afterUnlock);
  }

  async addPasskey(typed: string, walletPassword: string): Promise<void> {
    const name = nameOf(typed);
    await this.#confirmed(walletPassword, (keys) => this.enrol(name, keys));
  }

  /** As `addPasskey`, with keys that are open already and stay the caller's. */
  async enrol(typed: string, keys: Keys): Promise<void> {
    const name = nameOf(typed);
    const { random, clock, passkeys, door } = this.#ports;
    const sid = newSlotId(random);
    const enrolled = await enrolPasskey(await door.head(), sid, name, { passkeys: passkeys(), random, clock });
    try {
      await this.#save(keys, async (base) => {
        const also = await this.#withName(base, sid, name);
        return { head: await addPasskey({ ...base, also, signingKey: keys.slot.signingKey }, enrolled) };
      });
    } finally {
      wipe(enrolled.outputs);
    }
  }

  async renamePasskey(sid: string, typed: string): Promise<void> {
    const name = nameOf(typed);
    await this.#change((settings, head) => ({ ...settings, passkeys: named(settings.passkeys, head, sid, name) }));
  }

  async remove(sid: string, walletPassword: string): Promise<void> {
    await this.#confirmed(walletPassword, (keys) =>
      this.#save(keys, async (base) => ({ head: await removeWayIn({ ...base, also: await this.#withName(base, sid, null) }, sid) })),
    );
  }

  makeCode(walletPassword: string): Promise<RecoverySheet> {
    return this.#confirmed(walletPassword, (keys) => this.issueCode(keys));
  }

  /** As `makeCode`, with keys that are open already and stay the caller's. */
  async issueCode(keys: Keys): Promise<RecoverySheet> {
    const madeAt = this.#ports.clock();
    const { head, code } = await this.#save(keys, (base) => addRecoveryCode({ ...base, signingKey: keys.slot.signingKey }));
    return { code, mark: sheetMark(recoverySlot(head)?.sid ?? ''), madeAt };
  }

  async removeCode(walletPassword: string): Promise<void> {
    const slot = recoverySlot(await this.#ports.door.head());
    if (slot) await this.remove(slot.sid, walletPassword);
  }

  isGroupTyped(code: string, nth: number, typed: string): Promise<boolean> {
    return Promise.resolve(isGroupTyped(code, nth, typed));
  }

  changePassword(change: PasswordChange): Promise<PasswordChanged> {
    return changePassword(change, this.#ports);
  }

  async lockAfter(minutes: LockMinutes): Promise<void> {
    await this.#change((settings) => ({ ...settings, lockMinutes: minutes }));
    await this.#ports.sessions.lockAfter(minutes);
    await this.#ports.announceOpened();
  }

  /** The wallet password first. */
  async #confirmed<Result>(walletPassword: string, act: (keys: Keys) => Promise<Result>): Promise<Result> {
    const opened = await this.#ports.door.openSlot(walletPassword);
    try {
      return await act(opened);
    } finally {
      wipe(opened.slot.listKey, opened.slot.signingKey);
    }
  }

  /** The wallet is open afterwards, unless it was locked meanwhile. */
  async #save<Saved extends { readonly head: VaultHead }>({ slot, wasOpen }: Keys, act: (base: WaysBase) => Promise<Saved>): Promise<Saved> {
    const { random, door } = this.#ports;
    const saved = await onNewest(this.#ports, slot.listKey, (base) => act({ ...base, random }));
    // It stands and is told, the new code above all, even where the wallet does not open.
    await door.enter(saved.head, { listKey: slot.listKey, wasOpen }).catch(() => undefined);
    return saved;
  }

  /** Changes the settings of the open wallet. */
  #change(change: (settings: PrivateSettings, head: VaultHead) => PrivateSettings): Promise<void> {
    const { random } = this.#ports;
    return changeOpen(this.#ports, (base) => saveSettings({ ...base, random, change: (settings) => change(settings, base.head) }));
  }

  /** Settings to be saved beside a change of the slots. Those that do not open must not keep a way in from coming or going. */
  async #withName({ store, head, listKey, random }: WaysBase, sid: string, name: string | null): Promise<readonly SealedRecord[]> {
    let settings: PrivateSettings;
    try {
      settings = await openSettings(store, head, listKey);
    } catch {
      return [];
    }
    const passkeys = named(settings.passkeys, head, sid, name);
    if (name === null && passkeys.length === settings.passkeys.length) return [];
    return [await sealSettings(head, listKey, { ...settings, passkeys }, random)];
  }

  /** No settings while the wallet is locked, and where they do not open. */
  async #known(): Promise<{ readonly head: VaultHead; readonly settings: PrivateSettings | null }> {
    const { door, store } = this.#ports;
    let listKey: Bytes | null = null;
    let head: VaultHead | null = null;
    try {
      ({ head, listKey } = await door.requireOpen());
      return { head, settings: await openSettings(store, head, listKey) };
    } catch {
      return { head: head ?? (await door.head()), settings: null };
    } finally {
      wipe(listKey);
    }
  }
}
