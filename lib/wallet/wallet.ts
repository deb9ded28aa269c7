/** The wallet as popup and manager page see it. */
import { wipe, type Bytes } from '../bytes/bytes.ts';
import { createVault } from '../vault/create.ts';
import type { VaultHead } from '../vault/head.ts';
import { newPassword } from '../vault/new-password.ts';
import { saveItems, type NewItem } from '../vault/save.ts';
import { WRITE_LOCK } from '../vault/store.ts';
import type { ImportSession, PickedFile, WalletApi } from './api.ts';
import { Door, type DoorPorts } from './door.ts';
import { FileImport, goOn, readFiles } from './import.ts';
import type { CertificateDetails, CertificateRow, Mark, Progress, WalletStatus } from './model.ts';
import type { Clock, FilesWorker, Random, WithLock } from './ports.ts';
import { detailsOf } from './rows.ts';

export interface WalletPorts extends DoorPorts {
  readonly random: Random;
  readonly clock: Clock;
  readonly withLock: WithLock;
  /** Version of the extension. */
  readonly app: string;
  readonly startFilesWorker: () => FilesWorker;
  /** Asks the background to lock, which ends waiting requests too. */
  readonly lock: () => Promise<void>;
  readonly onChange: (listener: () => void) => () => void;
}

interface Change {
  readonly put: readonly NewItem[];
  readonly remove: readonly string[];
}

export class Wallet implements WalletApi {
  readonly #ports: WalletPorts;
  readonly #door: Door;

  constructor(ports: WalletPorts) {
    this.#ports = ports;
    this.#door = new Door(ports);
  }

  status(): Promise<WalletStatus> {
    return this.#door.status();
  }

  onChange(listener: () => void): () => void {
    return this.#ports.onChange(listener);
  }

  async create(password: string, mark: Mark): Promise<void> {
    const { store, kdf, random, clock, app, withLock } = this.#ports;
    const octets = newPassword(password);
    const made = await withLock(WRITE_LOCK, () => createVault({ store, password: octets, kdf, random, now: clock(), app, mark }));
    try {
      await this.#door.enter(made.head, made.listKey);
    } finally {
      wipe(made.listKey, made.signingKey);
    }
  }

  unlock(password: string): Promise<void> {
    return this.#door.unlock(password);
  }

  lock(): Promise<void> {
    return this.#ports.lock();
  }

  touch(): void {
    this.#ports.sessions.touch().catch(() => undefined);
  }

  rows(): Promise<readonly CertificateRow[]> {
    return this.#door.rows();
  }

  async details(id: string): Promise<CertificateDetails> {
    return detailsOf(await this.#door.item(id));
  }

  async remove(id: string): Promise<void> {
    const { listKey } = await this.#door.requireOpen();
    try {
      await this.#door.refresh(await this.#save(listKey, { put: [], remove: [id] }), listKey);
    } finally {
      wipe(listKey);
    }
  }

  async inspect(files: readonly PickedFile[], options: { signal: AbortSignal; onProgress: (progress: Progress) => void }): Promise<ImportSession> {
    const present = new Set((await this.#door.rows()).map(({ fingerprint }) => fingerprint));
    const worker = this.#ports.startFilesWorker();
    const stop = (): void => {
      worker.stop();
    };
    options.signal.addEventListener('abort', stop);
    try {
      const found = await worker.find(await readFiles(files, options));
      goOn(options.signal);
      return new FileImport({ worker, random: this.#ports.random, present, save: (password, make) => this.#saveSealed(password, make) }, found);
    } catch (thrown) {
      worker.stop();
      throw thrown;
    } finally {
      options.signal.removeEventListener('abort', stop);
    }
  }

  async #saveSealed(password: string, make: (vid: string, signingKey: Bytes, now: number) => Promise<readonly NewItem[]>): Promise<void> {
    const { head, slot } = await this.#door.openSlot(password);
    try {
      const put = await make(head.vid, slot.signingKey, this.#ports.clock());
      await this.#door.enter(await this.#save(slot.listKey, { put, remove: [] }), slot.listKey);
    } finally {
      wipe(slot.listKey, slot.signingKey);
    }
  }

  /** One save on the newest head, alone among all our contexts. */
  #save(listKey: Bytes, change: Change): Promise<VaultHead> {
    const { store, random, clock, app, withLock } = this.#ports;
    return withLock(WRITE_LOCK, async () => saveItems({ store, head: await this.#door.head(), listKey, now: clock(), app, random, ...change }));
  }
}
