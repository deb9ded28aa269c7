/** The extension's one message listener, in the background. */
import { errorCode } from '../errors.ts';
import { browser } from '../platform/browser.ts';
import { route, type Handlers, type Home, type RawSender } from './route.ts';
import type { Answer } from './verbs.ts';

/**
 * Registers the listener. It is not async and always answers: an async one answers null to messages it ignores, and a
 * rejected one loses its code on the way.
 */
export function listen(handlers: Handlers, mayBeLocal: boolean): void {
  const home: Home = { id: browser.runtime.id, origin: browser.runtime.getURL('').replace(/\/$/, ''), mayBeLocal };
  browser.runtime.onMessage.addListener((message: unknown, sender: RawSender, respond: (answer: Answer) => void) => {
    new Promise((resolve) => {
      resolve(route(message, sender, handlers, home));
    }).then(
      (value) => {
        respond({ ok: true, value: value ?? null });
      },
      (thrown: unknown) => {
        respond({ ok: false, code: errorCode(thrown) });
      },
    );
    return true;
  });
}
