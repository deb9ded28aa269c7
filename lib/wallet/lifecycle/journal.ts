/**
 * The journal of runs with authorities, in the wallet. Each writing is a save of its own into both copies; what a run leaves in the
 * list of certificates goes with it in the same save.
 */
import { toBase64Url } from '../../bytes/base64.ts';
import { wipe, type Bytes } from '../../bytes/bytes.ts';
import { WalletError } from '../../errors.ts';
import { removeFormer } from '../../vault/former.ts';
import type { VaultHead } from '../../vault/head.ts';
import type { OpenItem } from '../../vault/item.ts';
import { openJournal, sealJournal, type JournalEntry } from '../../vault/journal.ts';
import { importSecret } from '../../vault/keys.ts';
import { ID_SIZE } from '../../vault/limits.ts';
import type { SaveBase } from '../../vault/next-head.ts';
import { saveItems, type NewItem } from '../../vault/save.ts';
import { openItem } from '../../vault/vault.ts';
import { onNewest, type NewestPorts } from '../newest.ts';
import type { Random } from '../ports.ts';
import { hasEnded, type Errand } from './errand.ts';
import { readErrand } from './read-errand.ts';
import { writeErrand } from './write-errand.ts';

export interface JournalPorts extends NewestPorts {
  readonly random: Random;
}

/** What a run changes among the certificates. */
export interface ItemChange {
  readonly put: readonly NewItem[];
  readonly remove: readonly string[];
}

const NO_CHANGE: ItemChange = { put: [], remove: [] };

function openEntry({ id, course, keys }: JournalEntry): Errand {
  try {
    return { id, keys, ...readErrand(course) };
  } finally {
    wipe(course);
  }
}

/** When something is due, in seconds since 1970. */
function deadlineOf({ course }: Errand): number | null {
  if (course.state === 'WAITING') return Math.floor(course.checkAt / 1000);
  if (course.state === 'UNKNOWN') return Math.floor(course.keepUntil / 1000);
  return course.state === 'SAVED' && course.confirmBefore !== null ? Math.max(0, Math.floor(course.confirmBefore / 1000)) : null;
}

export class Journal {
  readonly #ports: JournalPorts;

  constructor(ports: JournalPorts) {
    this.#ports = ports;
  }

  newId(): string {
    return toBase64Url(this.#ports.random(ID_SIZE));
  }

  /**
   * All entries of the open wallet, the oldest first. One that does not read is left where it lies and costs itself only.
   * @throws `vault.changed`, `vault.unavailable`
   */
  async entries(head: VaultHead, listKey: Bytes): Promise<readonly Errand[]> {
    const { entries } = await openJournal(this.#ports.store, head, listKey);
    const errands = entries.flatMap((entry) => {
      try {
        return [openEntry(entry)];
      } catch {
        return [];
      }
    });
    return errands.sort((a, b) => a.startedAt - b.startedAt);
  }

  /**
   * Writes an entry in place of the one before it, with what it changes among the certificates; durable when it resolves. The end of
   * a run also takes away the generations that hold its number and code.
   * @throws as `saveItems`
   */
  async keep(errand: Errand, listKey: Bytes, change: (base: SaveBase) => Promise<ItemChange> = () => Promise.resolve(NO_CHANGE)): Promise<VaultHead> {
    const { random } = this.#ports;
    return this.#save(listKey, hasEnded(errand), async (base) => {
      const { put, remove } = await change(base);
      const others = [await this.#seal(errand, base)];
      return saveItems({ ...base, random, put, remove, others });
    });
  }

  /** Takes an entry away. */
  remove(id: string, listKey: Bytes): Promise<VaultHead> {
    const { random } = this.#ports;
    return this.#save(listKey, true, async (base) => {
      if (!base.head.items.some((entry) => entry.id === id)) return base.head;
      return saveItems({ ...base, random, put: [], remove: [id] });
    });
  }

  /** The item of an id, where it is still in the list. */
  async item({ store, head, listKey }: SaveBase, id: string): Promise<OpenItem | null> {
    return head.items.some((entry) => entry.id === id && entry.k === 'I') ? openItem(store, head, listKey, id) : null;
  }

  #save(listKey: Bytes, clean: boolean, act: (base: SaveBase) => Promise<VaultHead>): Promise<VaultHead> {
    const { store } = this.#ports;
    return onNewest(this.#ports, listKey, async (base) => {
      const head = await act(base);
      if (clean) await removeFormer({ store, twoVerified: () => store.twoVerified() }, head);
      return head;
    });
  }

  async #seal(errand: Errand, { head, listKey }: SaveBase): Promise<Awaited<ReturnType<typeof sealJournal>>> {
    const course = writeErrand(errand);
    try {
      readErrand(course); // What our own reader would refuse is not written.
      const { id, keys } = errand;
      const entry: JournalEntry = { id, state: errand.course.state, deadline: deadlineOf(errand), course, keys };
      return await sealJournal(await importSecret(listKey), head, entry, this.#ports.random);
    } catch (cause) {
      throw new WalletError('internal', { detail: 'journal', cause });
    } finally {
      wipe(course);
    }
  }
}
