import type { FileSaver, WalletApi } from '../../lib/wallet/api.ts';
import type { MadeBackup } from '../../lib/wallet/keeping-api.ts';
import { failureOf, type Failure } from '../failure.ts';
import { sameOctets } from './same-octets.ts';

type Api = Pick<WalletApi, 'basket' | 'backup'>;

/** What became of certificates: the file that holds them now, where one was written for this. */
export interface Deleted {
  readonly backup: string | null;
}

/** What was deleted just now, as the list says it. */
export interface JustDeleted extends Deleted {
  readonly ids: readonly string[];
  /** Of the one, or how many they were. */
  readonly name: string;
}

/** Deleting certificates, after writing them to a backup file where no file holds them. Without the file nothing is deleted. */
export class DeleteView {
  busy = $state<'backup' | 'move' | null>(null);
  failure = $state.raw<Failure | null>(null);
  /** Name for the backup file, where none holds every certificate as it is; null where one does. */
  unsaved = $state<string | null>(null);
  /** How many of them no file holds. */
  unsavedCount = $state(0);
  /** Handed to the downloads; the person shows that it is there. */
  made = $state.raw<MadeBackup | null>(null);
  /** The file that was shown is another. */
  otherFile = $state(false);
  readonly #api: Api;
  readonly #saver: FileSaver;

  constructor(api: Api, saver: FileSaver) {
    this.#api = api;
    this.#saver = saver;
  }

  /** What cannot be told is taken for saved: a warning needs a reason. */
  async look(ids: readonly string[]): Promise<void> {
    this.reset();
    try {
      const { unsaved, name } = await this.#api.backup.status();
      this.unsavedCount = ids.filter((id) => unsaved.includes(id)).length;
      this.unsaved = this.unsavedCount > 0 ? name : null;
    } catch {
      this.unsaved = null;
    }
  }

  /** Whatever was not finished is forgotten; a file that lies among the downloads stays there. */
  reset(): void {
    this.made = this.failure = null;
    this.otherFile = false;
  }

  move(ids: readonly string[]): Promise<Deleted | null> {
    return this.#alone('move', async () => {
      await this.#api.basket.move(ids);
      return { backup: null };
    });
  }

  /** Null where they are not deleted: something failed, the person closed the picker, or has to show the file first. */
  backUpAndMove(ids: readonly string[]): Promise<Deleted | null> {
    return this.#alone('backup', async () => {
      const made = this.#saver.canUseFolder ? await this.#saveWhereTold() : await this.#download();
      return made && (await this.#moveAfter(made, ids));
    });
  }

  /** The downloaded file, as the person found it. */
  show(ids: readonly string[], file: Blob | null): Promise<Deleted | null> {
    return this.#alone('backup', async () => {
      const { made } = this;
      if (!made || !file) return null;
      this.otherFile = !(await sameOctets(file, made.bytes));
      return this.otherFile ? null : this.#moveAfter(made, ids);
    });
  }

  async #saveWhereTold(): Promise<MadeBackup | null> {
    let made: MadeBackup | null = null;
    await this.#saver.toFile(this.unsaved ?? '', async () => {
      made = await this.#api.backup.make();
      return made.bytes;
    });
    return made;
  }

  async #download(): Promise<null> {
    this.made = await this.#api.backup.make();
    this.#saver.download(this.made.name, this.made.bytes);
    return null;
  }

  async #moveAfter(made: MadeBackup, ids: readonly string[]): Promise<Deleted> {
    await this.#api.backup.noteSaved(made);
    await this.#api.basket.move(ids);
    return { backup: made.name };
  }

  async #alone(what: 'backup' | 'move', act: () => Promise<Deleted | null>): Promise<Deleted | null> {
    if (this.busy) return null;
    this.busy = what;
    this.failure = null;
    this.otherFile = false;
    try {
      return await act();
    } catch (thrown) {
      this.failure = failureOf(thrown);
      return null;
    } finally {
      this.busy = null;
    }
  }
}
