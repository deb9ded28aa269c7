import { mount } from 'svelte';
import { LazyWallet } from '../../lib/compose/lazy.ts';
import { BrowserFileSaver } from '../../lib/platform/file-saver.ts';
import { askHostAccess } from '../../lib/platform/host-access.ts';
import { languages } from '../../lib/platform/locale.ts';
import { ownVersion } from '../../lib/platform/system.ts';
import { themes } from '../../lib/platform/theme.ts';
import type { TransferApi } from '../../lib/transfer/api.ts';
import App from './App.svelte';

const loadTransfer = async (): Promise<TransferApi> => (await import('../../lib/compose/transfer.ts')).composeTransfer();

mount(App, {
  target: document.body,
  props: {
    api: new LazyWallet(),
    saver: new BrowserFileSaver(),
    loadTransfer,
    languages,
    themes,
    version: ownVersion(),
    askHosts: askHostAccess,
    tests: import.meta.env.MODE !== 'production',
  },
});
