/** Pages that only the browser tests ask for: documents that must not be served, and a site that relays a nonce. */
import { CONTENT_SECURITY_POLICY, htmlAnswer, type Answer } from './answer.ts';
import type { DemoAuthority } from './authority.ts';
import { html } from './html.ts';
import { homePage } from './pages.ts';
import type { Language } from './texts.ts';

/** Scripts of a sandboxed document have no origin, so they load their modules across origins. */
export const OPEN_TO_SANDBOX: Readonly<Record<string, string>> = {
  'access-control-allow-origin': '*',
  'cross-origin-resource-policy': 'cross-origin',
};

const FRAMEABLE = CONTENT_SECURITY_POLICY.replace("; frame-ancestors 'none'", '');
const FRAMING = `${CONTENT_SECURITY_POLICY}; frame-src http://127.0.0.1:* http://localhost:*`;

/** The bank's page inside a frame; `?url=` frames another loopback page instead. */
function framePage(query: URLSearchParams): Answer {
  const url = query.get('url') ?? '/test/framed';
  const body = html`<!doctype html>
    <html lang="ko">
      <meta charset="utf-8" /><link rel="icon" href="/icon.svg" /><title>frame</title>
      <body>
        <iframe id="bank" title="bank" src="${url}" width="800" height="600"></iframe>
      </body>
    </html>`;
  return htmlAnswer(body.text, 200, { 'content-security-policy': FRAMING });
}

/** Asks the wallet to sign the nonce in `?nonce=` and shows what it answered. */
function relayPage(): Answer {
  const body = html`<!doctype html>
    <html lang="ko">
      <meta charset="utf-8" /><link rel="icon" href="/icon.svg" /><title>relay</title>
      <script type="module" src="/test/relay.js"></script>
      <body>
        <button id="sign" type="button">sign</button><output id="code"></output>
        <pre id="cms"></pre>
      </body>
    </html>`;
  return htmlAnswer(body.text);
}

/** The test page at a path, or null. */
export function testPage(path: string, query: URLSearchParams, language: Language, authority: DemoAuthority): Answer | null {
  switch (path) {
    case '/test/sandbox':
      return htmlAnswer(homePage(language, authority), 200, { 'content-security-policy': `${CONTENT_SECURITY_POLICY}; sandbox allow-scripts` });
    case '/test/framed':
      return htmlAnswer(homePage(language, authority), 200, { 'content-security-policy': FRAMEABLE, 'cross-origin-resource-policy': 'cross-origin' });
    case '/test/frame':
      return framePage(query);
    case '/test/relay':
      return relayPage();
    default:
      return null;
  }
}
