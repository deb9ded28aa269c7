import { defineContentScript } from 'wxt/utils/define-content-script';
import { WalletError } from '../lib/errors.ts';
import { call } from '../lib/messaging/call.ts';
import { onContentMessage } from '../lib/platform/events.ts';
import { PagePort } from '../lib/platform/page-port.ts';
import { isExtensionThere, ownVersion } from '../lib/platform/system.ts';

const WAKE_EVERY_MS = 10_000;
const LOOK_EVERY_MS = 1_000;

export default defineContentScript({
  // The build puts the listed sites here (wxt.config.ts), so that the list does not travel in the script.
  matches: ['https://sites.invalid/*'],
  runAt: 'document_start',
  allFrames: false,
  main() {
    let wokenAt = -WAKE_EVERY_MS;
    const page = new PagePort(
      {
        wake() {
          if (performance.now() - wokenAt < WAKE_EVERY_MS) return;
          wokenAt = performance.now();
          call('page.wake').catch(() => undefined);
        },
        async open({ id, ...rest }) {
          // A page in a background tab opens no window over what the person is doing.
          if (document.visibilityState !== 'visible') throw new WalletError('request.forbidden');
          await call('page.open', { id, ...rest });
          const looking = setInterval(() => {
            if (!isExtensionThere()) page.retire();
            if (!page.isWaiting(id)) clearInterval(looking);
          }, LOOK_EVERY_MS);
        },
        cancel(id) {
          call('page.cancel', { id }).catch(() => undefined);
        },
      },
      ownVersion(),
    );
    window.addEventListener('message', (event: MessageEvent<unknown>) => {
      if (!isExtensionThere()) page.retire();
      page.receive(event);
    });
    window.addEventListener('pagehide', () => {
      page.leave();
    });
    onContentMessage((message) => (message.type === 'waiting' ? page.isWaiting(message.id) : page.answer(message.id, message.message)));
  },
});
