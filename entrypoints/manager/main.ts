import { mount } from 'svelte';
import { LazyWallet } from '../../lib/compose/lazy.ts';
import { languages } from '../../lib/platform/locale.ts';
import App from './App.svelte';

mount(App, { target: document.body, props: { api: new LazyWallet(), languages } });
