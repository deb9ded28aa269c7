import { mount } from 'svelte';
import { composeWallet } from '../../lib/compose/wallet.ts';
import { languages } from '../../lib/platform/locale.ts';
import { openManager } from '../../lib/platform/windows.ts';
import App from './App.svelte';

function open(path: string): void {
  void openManager(path).then(() => {
    window.close();
  });
}

mount(App, { target: document.body, props: { api: composeWallet(), languages, openManager: open } });
