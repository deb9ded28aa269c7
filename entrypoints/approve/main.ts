import { mount } from 'svelte';
import { composeParts } from '../../lib/compose/wallet.ts';
import { call } from '../../lib/messaging/call.ts';
import { languages } from '../../lib/platform/locale.ts';
import { onWalletChange } from '../../lib/platform/page-events.ts';
import { sessionStore } from '../../lib/platform/session-store.ts';
import { siteOf } from '../../lib/platform/sites.ts';
import { clock, withLock } from '../../lib/platform/system.ts';
import { Approval } from '../../lib/wallet/approval.ts';
import { Door } from '../../lib/wallet/door.ts';
import { REQUESTS_KEY, Requests } from '../../lib/wallet/requests.ts';
import { SESSION_KEYS } from '../../lib/wallet/session.ts';
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

const approval = new Approval(
  {
    door: new Door(composeParts()),
    requests: new Requests(sessionStore, withLock, clock),
    clock,
    site(origin) {
      const site = siteOf(origin);
      if (site) return { siteName: languages.uiLanguage().startsWith('ko') ? site.ko : site.en, siteClass: 'listed' };
      return { siteName: null, siteClass: origin.startsWith('http://') ? 'local' : 'first' };
    },
    background: {
      async approve(order) {
        try {
          await call('wallet.approve', order);
        } catch (thrown) {
          // A background that stopped in the middle hands over its answer as soon as something wakes it.
          call('wallet.wake').catch(() => undefined);
          throw thrown;
        }
      },
      async reject(request) {
        await call('wallet.reject', { request });
      },
      extend: async (request) => Number(await call('wallet.extend', { request })),
    },
    onChange: (listener) => onWalletChange([...SESSION_KEYS, REQUESTS_KEY], listener),
  },
  new URLSearchParams(location.search).get('request') ?? '',
);

window.addEventListener('pagehide', () => {
  approval.forget();
});
keepBackgroundReady();
mount(App, { target: document.body, props: { api: approval, languages } });
