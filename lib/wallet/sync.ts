/** The sync copy of the open wallet: turning it on and off, writing it, and what it stands at. */
import { wipe, type Bytes } from '../bytes/bytes.ts';
import { errorCode, type ErrorCode } from '../errors.ts';
import type { VaultHead } from '../vault/head.ts';
import { checkSyncPassword } from '../vault/new-password.ts';
import { openSettings, saveSettings } from '../vault/settings-record.ts';
import type { PrivateSettings } from '../vault/settings-text.ts';
import { measureSyncCopy, removeSyncCopy, writeSyncCopy, type SyncOutcome } from '../vault/sync-copy.ts';
import { TOTAL_QUOTA } from '../vault/sync-pieces.ts';
import { ownCopy, SYNC_LOCK, syncable, type OwnCopy, type SyncState } from '../vault/sync-standing.ts';
import type { RestoreSession } from './keeping-api.ts';
import { onNewest } from './newest.ts';
import type { FoundCopy, SyncApi, SyncRoom, SyncStatus } from './sync-api.ts';
import { foundCopies, openFound, type SyncPorts } from './sync-found.ts';

/** The open wallet while something is done with its copy. */
interface Open {
  readonly head: VaultHead;
  readonly listKey: Bytes;
  readonly settings: PrivateSettings['sync'];
}

interface Writing {
  readonly items?: readonly string[];
  readonly asked: boolean;
  readonly replace?: boolean;
}

export class Syncs implements SyncApi {
  readonly #ports: SyncPorts;
  /** Checksum of the newest head when nothing was owed. */
  #settled = '';

  constructor(ports: SyncPorts) {
    this.#ports = ports;
  }

  status(): Promise<SyncStatus> {
    return this.#withOpen(async (open) => {
      const { on, items } = open.settings;
      const base = { on, items: syncable(open.head, items).map(({ id }) => id) };
      try {
        const own = await this.#own(open);
        const current = on && own.standing === 'current';
        const trouble = on && !current ? await this.#trouble(open, own) : null;
        return { ...base, writtenAt: own.standing === 'foreign' ? null : (own.head?.ts ?? null), current, trouble };
      } catch (thrown) {
        return { ...base, writtenAt: null, current: false, trouble: on ? errorCode(thrown) : null };
      }
    });
  }

  room(ids: readonly string[]): Promise<SyncRoom> {
    const { syncArea: area, store, clock, app } = this.#ports;
    return this.#withOpen(async ({ head, listKey }) => {
      const room = await measureSyncCopy({ area, store, head, listKey, chosen: ids, now: clock(), app });
      return { ...room, total: TOTAL_QUOTA };
    });
  }

  async turnOn(ids: readonly string[], walletPassword: string, replace = false): Promise<void> {
    const { door, withLock } = this.#ports;
    const { slot } = await door.openSlot(walletPassword);
    try {
      checkSyncPassword(walletPassword);
      await withLock(SYNC_LOCK, async () => this.#write(await this.#opened(await door.head(), slot.listKey), { items: ids, asked: true, replace }));
    } finally {
      wipe(slot.listKey, slot.signingKey);
    }
  }

  async turnOff(): Promise<void> {
    const { door, syncArea, withLock } = this.#ports;
    await withLock(SYNC_LOCK, () =>
      this.#withOpen(async (open) => {
        const foreign = (await this.#own(open)).standing === 'foreign';
        if (!foreign) await removeSyncCopy(syncArea, open.head.vid);
        const saved = await this.#change(open.listKey, (sync) => ({ ...sync, on: false, ...(foreign ? {} : { last: '', pending: '' }) }));
        await door.refresh(saved, open.listKey);
      }),
    );
  }

  async now(): Promise<'written' | 'current'> {
    const outcome = await this.#ifBehind(true);
    return outcome ? 'written' : 'current';
  }

  /**
   * Writes what the copy is behind, unless that was done too shortly before; one that opens with former secrets is
   * replaced at once. Gives the milliseconds until it may be tried again, or null where nothing is owed.
   * @throws as `now`
   */
  async catchUp(): Promise<number | null> {
    const { sum } = await this.#ports.door.head();
    if (sum === this.#settled) return null;
    const outcome = await this.#ifBehind(false);
    if (outcome === null) this.#settled = sum;
    return outcome?.state === 'later' ? outcome.wait : null;
  }

  /** For the change of the secrets: see `WaysPorts.replaceSyncCopy`. */
  async replace(head: VaultHead, listKey: Bytes): Promise<boolean> {
    try {
      return await this.#ports.withLock(SYNC_LOCK, async () => {
        const open = await this.#opened(head, listKey);
        if (open.settings.on) await this.#write(open, { asked: true });
        return true;
      });
    } catch {
      return false;
    }
  }

  async copies(): Promise<readonly FoundCopy[]> {
    const { door, syncArea } = this.#ports;
    if ((await door.status()).state === 'none') return foundCopies(syncArea, () => true);
    return this.#withOpen(async (open) => {
      const foreign = (await this.#own(open)).standing === 'foreign';
      return foundCopies(syncArea, ({ vid }) => foreign || vid !== open.head.vid);
    });
  }

  open(key: string, secret: string): Promise<RestoreSession> {
    return openFound(this.#ports, key, secret);
  }

  /** Why the copy is not current, as far as only the owner can change that. */
  async #trouble({ head, listKey, settings }: Open, { standing }: OwnCopy): Promise<ErrorCode | null> {
    if (standing === 'foreign') return 'sync.foreign';
    const { syncArea: area, store, clock, app } = this.#ports;
    const { fits } = await measureSyncCopy({ area, store, head, listKey, chosen: settings.items, now: clock(), app });
    return fits ? null : 'sync.full';
  }

  async #own({ head, settings }: Open): Promise<OwnCopy> {
    return ownCopy(await this.#ports.syncArea.all(), { head, chosen: settings.items, state: settings });
  }

  #ifBehind(asked: boolean): Promise<SyncOutcome | null> {
    return this.#ports.withLock(SYNC_LOCK, () =>
      this.#withOpen(async (open) => {
        if (!open.settings.on) return null;
        const { standing } = await this.#own(open);
        return standing === 'current' ? null : this.#write(open, { asked: asked || standing === 'former' });
      }),
    );
  }

  /** Under `SYNC_LOCK`. Throws as `writeSyncCopy`; what is chosen, and that it is on, is saved only where there is room. */
  async #write({ head, listKey, settings }: Open, { items, asked, replace = false }: Writing): Promise<SyncOutcome> {
    const { syncArea: area, store, clock, app, door } = this.#ports;
    const chosen = items ?? settings.items;
    const content = { area, store, head, listKey, chosen, now: clock(), app };
    let saved = head;
    const remember = async (state: SyncState): Promise<void> => {
      saved = await this.#change(listKey, () => ({ on: true, items: chosen, ...state }));
    };
    const outcome = await writeSyncCopy({ ...content, state: settings, remember, asked, replace });
    await door.refresh(saved, listKey);
    return outcome;
  }

  #change(listKey: Bytes, change: (sync: PrivateSettings['sync']) => PrivateSettings['sync']): Promise<VaultHead> {
    const { random } = this.#ports;
    return onNewest(this.#ports, listKey, (base) =>
      saveSettings({ ...base, random, change: (settings) => ({ ...settings, sync: change(settings.sync) }) }),
    );
  }

  async #opened(head: VaultHead, listKey: Bytes): Promise<Open> {
    return { head, listKey, settings: (await openSettings(this.#ports.store, head, listKey)).sync };
  }

  /** @throws `vault.locked` */
  async #withOpen<Result>(act: (open: Open) => Promise<Result>): Promise<Result> {
    const { head, listKey } = await this.#ports.door.requireOpen();
    try {
      return await act(await this.#opened(head, listKey));
    } finally {
      wipe(listKey);
    }
  }
}
