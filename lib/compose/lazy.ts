/**
 * The wallet for a page, loaded after its first paint: the entry script holds the screens alone, and what opens vaults
 * and reads certificates comes as a chunk of its own.
 */
import type {
  ApprovalApi,
  ApprovalRequest,
  ExportOrder,
  ImportSession,
  InvoiceFacts,
  Offer,
  PickedFile,
  Running,
  ShownDocument,
  WalletApi,
} from '../wallet/api.ts';
import type { ActsApi } from '../wallet/acts-api.ts';
import type { BackupApi, RecoveryApi, RestoreApi, WastebasketApi } from '../wallet/keeping-api.ts';
import type { HistoryApi } from '../wallet/history-api.ts';
import type { LifecycleApi, TestAuthorityApi } from '../wallet/lifecycle-api.ts';
import type { NoticesApi } from '../wallet/notices-api.ts';
import type { RenewalApi } from '../wallet/renewal-api.ts';
import type { SettingsApi } from '../wallet/settings-api.ts';
import type { RevocationApi } from '../wallet/revocation-api.ts';
import type { SitesApi } from '../wallet/sites-api.ts';
import type { WaitingApi } from '../wallet/waiting.ts';
import type { SyncApi } from '../wallet/sync-api.ts';
import type { SigningApi } from '../wallet/signing-api.ts';
import type { NewWallet, WaysApi } from '../wallet/ways-api.ts';
import type {
  CertificateDetails,
  CertificateRow,
  ExportedFile,
  ExportResult,
  FilePasswordRule,
  LabelChange,
  Mark,
  WalletStatus,
} from '../wallet/model.ts';

/** Listens as soon as what changes is loaded. */
function onChangeOf(loading: Promise<{ onChange(listener: () => void): () => void }>, listener: () => void): () => void {
  let stop: (() => void) | null = null;
  let stopped = false;
  void loading.then((loaded) => {
    if (!stopped) stop = loaded.onChange(listener);
  });
  return () => {
    stopped = true;
    stop?.();
  };
}

type Later<Api> = { [Name in keyof Api]: (...given: never[]) => Promise<unknown> };

/** Calls that wait for what answers them. */
function later<Api extends Later<Api>>(loading: Promise<Api>): Api {
  const call =
    (name: keyof Api) =>
    async (...given: never[]): Promise<unknown> =>
      (await loading)[name](...given);
  return new Proxy({} as Api, { get: (_, name) => call(name as keyof Api) });
}

/** Popup and manager page. */
export class LazyWallet implements WalletApi {
  readonly #wallet: Promise<WalletApi> = import('./wallet.ts').then(({ composeWallet }) => composeWallet());

  readonly basket: WastebasketApi = later(this.#wallet.then(({ basket }) => basket));
  readonly backup: BackupApi = later(this.#wallet.then(({ backup }) => backup));
  readonly restore: RestoreApi = later(this.#wallet.then(({ restore }) => restore));
  readonly sync: SyncApi = later(this.#wallet.then(({ sync }) => sync));
  readonly ways: WaysApi = later(this.#wallet.then(({ ways }) => ways));
  readonly notices: NoticesApi = later(this.#wallet.then(({ notices }) => notices));
  readonly revocation: RevocationApi = later(this.#wallet.then(({ revocation }) => revocation));
  readonly signing: SigningApi = later(this.#wallet.then(({ signing }) => signing));
  readonly renewal: RenewalApi = later(this.#wallet.then(({ renewal }) => renewal));
  readonly settings: SettingsApi = later(this.#wallet.then(({ settings }) => settings));
  readonly history: HistoryApi = later(this.#wallet.then(({ history }) => history));
  readonly sites: SitesApi = later(this.#wallet.then(({ sites }) => sites));
  readonly waiting: WaitingApi = later(this.#wallet.then(({ waiting }) => waiting));
  readonly testAuthorities: TestAuthorityApi = later(this.#wallet.then(({ testAuthorities }) => testAuthorities));
  readonly lifecycle: LifecycleApi = later(this.#wallet.then(({ lifecycle }) => lifecycle));
  readonly recovery: RecoveryApi = later(this.#wallet.then(({ recovery }) => recovery));

  onChange(listener: () => void): () => void {
    return onChangeOf(this.#wallet, listener);
  }

  async status(): Promise<WalletStatus> {
    return (await this.#wallet).status();
  }

  async create(password: string, mark: Mark): Promise<void> {
    await (await this.#wallet).create(password, mark);
  }

  async begin(password: string, mark: Mark): Promise<NewWallet> {
    return (await this.#wallet).begin(password, mark);
  }

  async unlock(password: string): Promise<void> {
    await (await this.#wallet).unlock(password);
  }

  async lock(): Promise<void> {
    await (await this.#wallet).lock();
  }

  touch(): void {
    void this.#wallet.then((wallet) => wallet.touch());
  }

  async mend(): Promise<void> {
    await (await this.#wallet).mend();
  }

  async putAwayNotice(): Promise<void> {
    await (await this.#wallet).putAwayNotice();
  }

  async rows(): Promise<readonly CertificateRow[]> {
    return (await this.#wallet).rows();
  }

  async details(id: string): Promise<CertificateDetails> {
    return (await this.#wallet).details(id);
  }

  async label(changes: readonly LabelChange[]): Promise<void> {
    await (await this.#wallet).label(changes);
  }

  async inspect(files: readonly PickedFile[], running: Running): Promise<ImportSession> {
    return (await this.#wallet).inspect(files, running);
  }

  async filePasswordProblems(password: string): Promise<readonly FilePasswordRule[]> {
    return (await this.#wallet).filePasswordProblems(password);
  }

  async exportFiles(order: ExportOrder, running: Running): Promise<ExportResult> {
    return (await this.#wallet).exportFiles(order, running);
  }

  async archive(files: readonly ExportedFile[]): Promise<Uint8Array<ArrayBuffer>> {
    return (await this.#wallet).archive(files);
  }

  async checkIdentity(id: string, idNumber: string, walletPassword: string): Promise<boolean> {
    return (await this.#wallet).checkIdentity(id, idNumber, walletPassword);
  }
}

/** The approval window. */
export class LazyApproval implements ApprovalApi {
  readonly #approval: Promise<ApprovalApi>;
  #loaded: ApprovalApi | null = null;

  constructor(requestId: string) {
    this.#approval = import('./approval.ts').then(({ composeApproval }) => {
      const approval = composeApproval(requestId);
      this.#loaded = approval;
      return approval;
    });
  }

  get opened(): boolean {
    return this.#loaded?.opened ?? false;
  }

  onChange(listener: () => void): () => void {
    return onChangeOf(this.#approval, listener);
  }

  async request(): Promise<ApprovalRequest> {
    return (await this.#approval).request();
  }

  async invoices(): Promise<readonly InvoiceFacts[]> {
    return (await this.#approval).invoices();
  }

  async status(): Promise<WalletStatus> {
    return (await this.#approval).status();
  }

  async documents(): Promise<readonly ShownDocument[]> {
    return (await this.#approval).documents();
  }

  async offers(): Promise<readonly Offer[]> {
    return (await this.#approval).offers();
  }

  async open(password: string): Promise<void> {
    await (await this.#approval).open(password);
  }

  async canTouch(): Promise<boolean> {
    return (await this.#approval).canTouch();
  }

  async openByTouch(): Promise<void> {
    await (await this.#approval).openByTouch();
  }

  async waitSeconds(): Promise<number> {
    return (await this.#approval).waitSeconds();
  }

  async approve(id: string, password?: string, identity?: boolean): Promise<void> {
    await (await this.#approval).approve(id, password, identity);
  }

  async acts(): Promise<ActsApi> {
    return (await this.#approval).acts();
  }

  async cancel(): Promise<void> {
    await (await this.#approval).cancel();
  }

  async block(): Promise<void> {
    await (await this.#approval).block();
  }

  async extend(): Promise<number> {
    return (await this.#approval).extend();
  }

  touch(): void {
    void this.#approval.then((approval) => {
      approval.touch();
    });
  }

  forget(): void {
    void this.#approval.then((approval) => {
      approval.forget();
    });
  }
}
