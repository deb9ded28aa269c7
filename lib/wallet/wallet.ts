/** The wallet as popup and manager page see it. */
import { writeZip } from '../archive/write-zip.ts';
import { wipe, type Bytes } from '../bytes/bytes.ts';
import { errorCode, WalletError } from '../errors.ts';
import { filePasswordProblems } from '../npki/file-password.ts';
import { createVault } from '../vault/create.ts';
import type { VaultHead } from '../vault/head.ts';
import type { OpenItem } from '../vault/item.ts';
import { ITEMS_MAX } from '../vault/limits.ts';
import { newPassword } from '../vault/new-password.ts';
import { passwordBytes } from '../vault/password.ts';
import { saveItems, type NewItem } from '../vault/save.ts';
import { WRITE_LOCK, type VaultStore } from '../vault/store.ts';
import { openItem } from '../vault/vault.ts';
import type { ExportOrder, ImportSession, PickedFile, Running, WalletApi } from './api.ts';
import { Backups } from './backup.ts';
import { detailsOf } from './details.ts';
import { Door, type DoorPorts, type Opened } from './door.ts';
import { exportFiles } from './export.ts';
import { heldCertificates, heldOfOpen } from './held.ts';
import { checkIdentity } from './identity-check.ts';
import type { HistoryApi } from './history-api.ts';
import { inspectFiles, type SealingSlot } from './import.ts';
import { saveLabels } from './labelling.ts';
import type { LifecycleApi, TestAuthorityApi } from './lifecycle-api.ts';
import { Lifecycle, type LifecyclePorts } from './lifecycle/lifecycle.ts';
import type { CertificateDetails, CertificateRow, ExportedFile, ExportResult, FilePasswordRule, LabelChange, Mark, WalletStatus } from './model.ts';
import { onNewest } from './newest.ts';
import { JustMade } from './new-wallet.ts';
import type { NoticesApi } from './notices-api.ts';
import { OwnSettings, type OwnSettingsPorts } from './own-settings.ts';
import { noteActs, OwnHistory, type NoteAct, type NotingPorts } from './own-history.ts';
import { OwnNotices, type OwnNoticesPorts } from './own-notices.ts';
import { OwnSites, type OwnSitesPorts } from './own-sites.ts';
import { presentItem } from './open-items.ts';
import type { Clock, FilesWorker, Random } from './ports.ts';
import { Recovery } from './recovery.ts';
import { Renewals } from './renewal.ts';
import { Restores } from './restore.ts';
import type { RevocationApi } from './revocation-api.ts';
import { Revocations, type RevocationPorts } from './revocation.ts';
import type { SyncPorts } from './sync-found.ts';
import { Syncs } from './sync.ts';
import type { SigningApi } from './signing-api.ts';
import type { SettingsApi } from './settings-api.ts';
import type { SitesApi } from './sites-api.ts';
import { HeldSigning } from './signing.ts';
import { upkeep } from './upkeep.ts';
import { OwnWaiting, type WaitingApi, type WaitingPorts } from './waiting.ts';
import type { NewWallet } from './ways-api.ts';
import { WaysIn } from './ways.ts';
import type { WaysPorts } from './ways-ports.ts';
import { Wastebasket } from './wastebasket.ts';

export interface WalletPorts
  extends
    DoorPorts,
    NotingPorts,
    Pick<OwnSitesPorts, 'blocked' | 'siteAccess' | 'turnedOff'>,
    Pick<WaysPorts, 'passkeys' | 'passkeySupport'>,
    Pick<SyncPorts, 'syncArea'>,
    Pick<WaitingPorts, 'requests' | 'showWindow'>,
    Pick<OwnSettingsPorts, 'browser' | 'noticeStore'> {
  readonly random: Random;
  readonly clock: Clock;
  /** Version of the extension. */
  readonly app: string;
  readonly startFilesWorker: () => FilesWorker;
  /** Gives the page a turn to draw and answer. */
  readonly pause: () => Promise<void>;
  /** What the background does about notices. */
  readonly notices: OwnNoticesPorts['background'];
  /** Certificate authorities, and the way to them. */
  readonly authorities: Pick<LifecyclePorts, 'post' | 'directory' | 'hostsOf' | 'alone'> &
    Pick<RevocationPorts, 'ask'> & { readonly tests: TestAuthorityApi };
  /** Asks the background to lock, which ends waiting requests too. */
  readonly lock: () => Promise<void>;
  readonly onChange: (listener: () => void) => () => void;
}

/** @throws `vault.full` */
function checkRoom({ items }: VaultHead, count: number): void {
  if (items.length + count > ITEMS_MAX) throw new WalletError('vault.full', { detail: 'items' });
}

async function itemOrNull(store: VaultStore, head: VaultHead, listKey: Bytes, id: string): Promise<OpenItem | null> {
  try {
    const item = await openItem(store, head, listKey, id);
    return item.deleted === null ? item : null;
  } catch (thrown) {
    if (errorCode(thrown) === 'certificate.not-found') return null;
    throw thrown;
  }
}

export class Wallet implements WalletApi {
  readonly #ports: WalletPorts;
  readonly #door: Door;
  readonly #upkeep: (opened: Opened, password: string | null) => Promise<void>;
  readonly backup: Backups;
  readonly basket: Wastebasket;
  readonly restore: Restores;
  readonly recovery: Recovery;
  readonly renewal: Renewals;
  readonly ways: WaysIn;
  readonly notices: NoticesApi;
  readonly sync: Syncs;
  readonly signing: SigningApi;
  readonly revocation: RevocationApi;
  readonly settings: SettingsApi;
  readonly history: HistoryApi;
  readonly sites: SitesApi;
  readonly waiting: WaitingApi;
  readonly #note: NoteAct;
  readonly lifecycle: LifecycleApi;
  readonly testAuthorities: TestAuthorityApi;

  constructor(ports: WalletPorts) {
    this.#ports = ports;
    this.#door = new Door(ports);
    this.#note = noteActs(ports);
    const parts = { ...ports, door: this.#door, note: this.#note };
    this.backup = new Backups(parts);
    this.basket = new Wastebasket(parts);
    this.restore = new Restores(parts);
    this.notices = new OwnNotices({ ...parts, background: ports.notices });
    this.recovery = new Recovery({ ...ports, door: this.#door });
    this.sync = new Syncs(parts);
    this.#upkeep = (opened, password) => upkeep(opened, password, { ...parts, basket: this.basket });
    this.ways = new WaysIn({
      ...parts,
      afterUnlock: (opened) => this.#upkeep(opened, null),
      replaceSyncCopy: (head, listKey) => this.sync.replace(head, listKey),
    });
    this.signing = new HeldSigning(parts);
    const revocations = new Revocations({ ...parts, ...ports.authorities });
    this.revocation = revocations;
    const { notices, recovery, backup, sync, ways } = this;
    this.settings = new OwnSettings({ ...parts, notices, recovery, backup, sync, ways, status: () => this.status() });
    this.history = new OwnHistory(parts);
    this.renewal = new Renewals({ ...parts, basket: this.basket, history: this.history });
    this.sites = new OwnSites(parts);
    this.waiting = new OwnWaiting(parts);
    this.lifecycle = new Lifecycle({
      ...parts,
      ...ports.authorities,
      noteState: (id, state) => revocations.noteState(id, state),
      stateOf: (id) => revocations.stateOf(id),
    });
    this.testAuthorities = ports.authorities.tests;
  }

  status(): Promise<WalletStatus> {
    return this.#door.status();
  }

  onChange(listener: () => void): () => void {
    return this.#ports.onChange(listener);
  }

  async create(password: string, mark: Mark): Promise<void> {
    (await this.begin(password, mark)).end();
  }

  async begin(password: string, mark: Mark): Promise<NewWallet> {
    const { store, kdf, random, clock, app, withLock } = this.#ports;
    const octets = newPassword(password);
    const made = await withLock(WRITE_LOCK, () => createVault({ store, password: octets, kdf, random, now: clock(), app, mark }));
    const begun = new JustMade(made, { door: this.#door, ways: this.ways });
    try {
      await this.#door.enter(made.head, { listKey: made.listKey, wasOpen: false });
      return begun;
    } catch (thrown) {
      begun.end();
      throw thrown;
    }
  }

  async unlock(password: string): Promise<void> {
    await this.#door.unlockWith({ kind: 'pw', password: passwordBytes(password) }, (opened) => this.#upkeep(opened, password));
  }

  lock(): Promise<void> {
    return this.#ports.lock();
  }

  touch(): void {
    this.#ports.sessions.touch().catch(() => undefined);
  }

  mend(): Promise<void> {
    return this.#door.mend();
  }

  putAwayNotice(): Promise<void> {
    return this.#ports.sessions.putAwayNotices();
  }

  rows(): Promise<readonly CertificateRow[]> {
    return this.#door.rows();
  }

  async details(id: string): Promise<CertificateDetails> {
    return detailsOf(presentItem((await this.#door.item(id)).item), this.#ports.clock());
  }

  label(changes: readonly LabelChange[]): Promise<void> {
    return saveLabels(changes, { ...this.#ports, door: this.#door });
  }

  async inspect(files: readonly PickedFile[], running: Running): Promise<ImportSession> {
    const { store, random, clock, pause } = this.#ports;
    const { held, gen } = await heldOfOpen(store, this.#door);
    const worker = this.#ports.startFilesWorker();
    return inspectFiles(files, running, {
      worker,
      random,
      clock,
      pause,
      held,
      save: (password, count, make) => this.#saveSealed(password, gen, count, make),
    });
  }

  filePasswordProblems(password: string): Promise<readonly FilePasswordRule[]> {
    return Promise.resolve(filePasswordProblems(password));
  }

  async exportFiles(order: ExportOrder, running: Running): Promise<ExportResult> {
    const exported = await exportFiles(order, running, { ...this.#ports, door: this.#door });
    this.#note('export', order.ids);
    return exported;
  }

  archive(files: readonly ExportedFile[]): Promise<Bytes> {
    return Promise.resolve(writeZip(files, { time: this.#ports.clock() }));
  }

  async checkIdentity(id: string, idNumber: string, walletPassword: string): Promise<boolean> {
    const same = await checkIdentity(id, idNumber, walletPassword, { store: this.#ports.store, door: this.#door });
    this.#note('identity-check', [id]);
    return same;
  }

  /** @param seen generation of the wallet that whoever decided saw */
  async #saveSealed(password: string, seen: number, count: number, make: (slot: SealingSlot) => Promise<readonly NewItem[]>): Promise<void> {
    const { store, clock } = this.#ports;
    checkRoom(await this.#door.head(), count);
    const { head, slot, wasOpen } = await this.#door.openSlot(password);
    try {
      const arrived = head.gen === seen ? [] : await heldCertificates(store, head, slot.listKey);
      const { signingKey, listKey } = slot;
      const put = await make({
        vid: head.vid,
        signingKey,
        now: clock(),
        arrived: new Set(arrived.map(({ fingerprint }) => fingerprint)),
        item: (id) => itemOrNull(store, head, listKey, id),
      });
      const replaces = put.some(({ id }) => head.items.some((item) => item.id === id));
      const saved = put.length > 0 ? await this.#save(listKey, put, replaces ? head.sum : null) : head;
      await this.#door.enter(saved, { listKey, wasOpen });
      if (put.length > 0)
        this.#note(
          'import',
          put.map(({ id }) => id),
        );
    } finally {
      wipe(slot.listKey, slot.signingKey);
    }
  }

  /** @param readUnder sum of the head that replaced items were read under; null where nothing is replaced */
  #save(listKey: Bytes, put: readonly NewItem[], readUnder: string | null): Promise<VaultHead> {
    const { random, pause } = this.#ports;
    return onNewest({ ...this.#ports, door: this.#door }, listKey, (base) => {
      if (readUnder !== null && base.head.sum !== readUnder) throw new WalletError('vault.conflict');
      return saveItems({ ...base, random, pause, put, remove: [] });
    });
  }
}
