import { mount } from 'svelte';
import { composeWallet } from '../../lib/compose/wallet.ts';
import { languages } from '../../lib/platform/locale.ts';
import App from './App.svelte';

mount(App, { target: document.body, props: { api: composeWallet(), languages } });
