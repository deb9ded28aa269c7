import type { FileSaver, WalletApi } from '../../lib/wallet/api.ts';
import type { MadeBackup } from '../../lib/wallet/keeping-api.ts';
import { failureOf, type Failure } from '../failure.ts';
import { sameOctets } from './same-octets.ts';

type Api = Pick<WalletApi, 'remove' | 'backup'>;

/** What became of a certificate: the file that holds it now, where one was written for this. */
export interface Deleted {
  readonly backup: string | null;
}

/** One that was deleted just now, as the list says it. */
export interface DeletedOne extends Deleted {
  readonly id: string;
  readonly name: string;
}

/** Deleting one certificate, after writing it to a backup file where no file holds it. Without the file nothing is deleted. */
export class DeleteView {
  busy = $state<'backup' | 'move' | null>(null);
  failure = $state.raw<Failure | null>(null);
  /** Name for the backup file, where none holds the certificate as it is; null where one does. */
  unsaved = $state<string | null>(null);
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
  async look(id: string): Promise<void> {
    this.reset();
    try {
      const { unsaved, name } = await this.#api.backup.status();
      this.unsaved = unsaved.includes(id) ? name : null;
    } catch {
      this.unsaved = null;
    }
  }

  /** Whatever was not finished is forgotten; a file that lies among the downloads stays there. */
  reset(): void {
    this.made = this.failure = null;
    this.otherFile = false;
  }

  move(id: string): Promise<Deleted | null> {
    return this.#alone('move', async () => {
      await this.#api.remove(id);
      return { backup: null };
    });
  }

  /** Null where it is not deleted: something failed, the person closed the picker, or has to show the file first. */
  backUpAndMove(id: string): Promise<Deleted | null> {
    return this.#alone('backup', async () => {
      const made = this.#saver.canUseFolder ? await this.#saveWhereTold() : await this.#download();
      return made && (await this.#moveAfter(made, id));
    });
  }

  /** The downloaded file, as the person found it. */
  show(id: string, file: Blob | null): Promise<Deleted | null> {
    return this.#alone('backup', async () => {
      const { made } = this;
      if (!made || !file) return null;
      this.otherFile = !(await sameOctets(file, made.bytes));
      return this.otherFile ? null : this.#moveAfter(made, id);
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

  async #moveAfter(made: MadeBackup, id: string): Promise<Deleted> {
    await this.#api.backup.noteSaved(made);
    await this.#api.remove(id);
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
