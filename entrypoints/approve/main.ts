import { mount } from 'svelte';
import { LazyApproval } from '../../lib/compose/lazy.ts';
import { call } from '../../lib/messaging/call.ts';
import { askHostAccess } from '../../lib/platform/host-access.ts';
import { languages } from '../../lib/platform/locale.ts';
import App from './App.svelte';

const WAKE_EVERY_MS = 20_000;

/** A person may take longer than the background lives: waking it as they type leaves it ready when they are done. */
function keepBackgroundReady(): void {
  let wokenAt = -WAKE_EVERY_MS;
  const wake = (): void => {
    if (performance.now() - wokenAt < WAKE_EVERY_MS) return;
    wokenAt = performance.now();
    call('wallet.wake').catch(() => undefined);
  };
  wake();
  window.addEventListener('keydown', wake, { passive: true });
}

const approval = new LazyApproval(new URLSearchParams(location.search).get('request') ?? '');

window.addEventListener('pagehide', () => {
  approval.forget();
});
keepBackgroundReady();
mount(App, { target: document.body, props: { api: approval, languages, askHosts: askHostAccess } });
