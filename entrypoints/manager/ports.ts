/** What the manager page is made with. */
import type { AskHosts } from '../../components/certificate/revocation-view.svelte.ts';
import type { LanguagePort } from '../../lib/i18n/locale.ts';
import type { TransferApi } from '../../lib/transfer/api.ts';
import type { FileSaver, WalletApi } from '../../lib/wallet/api.ts';
import type { ThemePort } from '../../lib/wallet/theme-api.ts';

export interface ManagerPorts {
  api: WalletApi;
  saver: FileSaver;
  /** Comes when its screens do. */
  loadTransfer: () => Promise<TransferApi>;
  languages: LanguagePort;
  themes: ThemePort;
  /** Asks for leave to reach hosts, in the click. */
  askHosts: AskHosts;
  /** Of the extension. */
  version: string;
  /** Whether test authorities may be added. */
  tests: boolean;
  clock?: () => number;
}
