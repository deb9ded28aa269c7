import { mount } from 'svelte';
import { LazyWallet } from '../../lib/compose/lazy.ts';
import { languages } from '../../lib/platform/locale.ts';
import { openManager } from '../../lib/platform/windows.ts';
import App from './App.svelte';

function open(path: string): void {
  void openManager(path).then(() => {
    window.close();
  });
}

mount(App, { target: document.body, props: { api: new LazyWallet(), languages, openManager: open } });
