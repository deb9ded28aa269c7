/** The pages of the demo bank. */
import type { SignIn } from '../lib/verify/result.ts';
import type { DemoAuthority } from './authority.ts';
import { html, type Html } from './html.ts';
import { DEMO_PASSWORD } from './people.ts';
import { formatTime, TEXTS, type Language } from './texts.ts';

interface Frame {
  readonly language: Language;
  readonly title: string;
  /** Path of this page, for the switch of languages. */
  readonly path: string;
  readonly body: Html;
  /** Page script, as a path of this site. */
  readonly script?: string;
}

/** A whole page of the bank. */
export function page({ language, title, path, body, script }: Frame): string {
  const { name, other, notReal } = TEXTS[language];
  const module = script === undefined ? html`` : html`<script type="module" src="${script}"></script>`;
  return html`<!doctype html>
    <html lang="${language}">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width" />
        <meta name="color-scheme" content="light dark" />
        <title>${title}</title>
        <link rel="icon" href="/icon.svg" />
        <link rel="stylesheet" href="/style.css" />
        ${module}
      </head>
      <body>
        <header>
          <a class="brand" href="/"><img src="/icon.svg" alt="" width="28" height="28" /> ${name}</a>
          <nav>
            <a href="${path}?lang=${other.language}" lang="${other.language}" hreflang="${other.language}" title="${other.hint}">${other.label}</a>
          </nav>
        </header>
        <main>${body}</main>
        <footer>${notReal}</footer>
      </body>
    </html> `.text;
}

function people(language: Language, authority: DemoAuthority): Html {
  const { home } = TEXTS[language];
  const rows = authority.people.map(
    ({ realName, note }) =>
      html`<tr>
        <th scope="row">${realName}</th>
        <td>${note[language]}</td>
      </tr>`,
  );
  return html`<table>
    <caption>
      ${home.peopleTitle}
    </caption>
    <thead>
      <tr>
        <th scope="col">${home.people.name}</th>
        <th scope="col">${home.people.kind}</th>
      </tr>
    </thead>
    <tbody>
      ${rows}
    </tbody>
  </table>`;
}

/** The first page: the sign-in button, what one needs for it, and the way to the certificate centre where there is one. */
export function homePage(language: Language, authority: DemoAuthority, centrePath: string | null = null): string {
  const { home, name } = TEXTS[language];
  const centre = centrePath === null ? html`` : html`<p><a id="centre" href="${centrePath}">${home.centre}</a></p>`;
  const body = html` <section class="card">
      <h1>${name}</h1>
      <p>${home.lead}</p>
      <p class="actions">
        <button id="sign-in" type="button" class="primary">${home.signIn}</button>
        <button id="sign-in-identity" type="button">${home.signInIdentity}</button>
        <button id="cancel" type="button" hidden>${home.cancel}</button>
      </p>
      <p id="message" role="status" aria-live="polite"></p>
      <noscript><p class="bad">${home.noScript}</p></noscript>
      ${centre}
      <p><a href="/invoices">${home.invoices}</a></p>
    </section>
    <section aria-labelledby="steps">
      <h2 id="steps">${home.stepsTitle}</h2>
      <ol>
        ${home.steps.map((step) => html`<li>${step}</li>`)}
      </ol>
      <dl>
        <dt>${home.folder}</dt>
        <dd><code>${authority.npkiFolder}</code></dd>
        <dt>${home.password}</dt>
        <dd><code>${DEMO_PASSWORD}</code></dd>
      </dl>
      ${people(language, authority)}
    </section>`;
  return page({ language, title: name, path: '/', body, script: '/sign-in.js' });
}

/** The page after a sign-in: who it was, and what the server checked. */
export function accountPage(language: Language, signIn: SignIn, identified: boolean): string {
  const { account, checks, purposes, name } = TEXTS[language];
  const facts: readonly (readonly [string, string])[] = [
    [account.holder, signIn.holder],
    [account.purpose, purposes[signIn.purpose]],
    [account.expires, formatTime(language, signIn.notAfter)],
    [account.serial, signIn.serialHex],
    [account.issuer, signIn.issuer],
    [account.signedAt, formatTime(language, signIn.signedAt, true)],
  ];
  const body = html` <section class="card">
      <h1>${account.title}</h1>
      <p>${account.welcome(signIn.holder)}</p>
      <dl id="facts">
        ${facts.map(
          ([term, value]) =>
            html`<dt>${term}</dt>
              <dd>${value}</dd>`,
        )}
      </dl>
      <p><a id="transfer" href="/transfer">${account.transfer}</a></p>
      <form method="post" action="/sign-out"><button id="sign-out">${account.signOut}</button></form>
    </section>
    <section aria-labelledby="checks-title">
      <h2 id="checks-title">${account.checksTitle}</h2>
      <p>${account.checksLead}</p>
      <ul id="checks" class="checks">
        ${signIn.checks.map((check) => html`<li data-check="${check}">${checks[check]}</li>`)}
        ${identified ? html`<li data-check="identity">${account.identified}</li>` : html``}
      </ul>
    </section>`;
  return page({ language, title: `${account.title} - ${name}`, path: '/account', body });
}

export function notFoundPage(language: Language): string {
  const { error, name } = TEXTS[language];
  const body = html`<section class="card">
    <h1>${error.notFound}</h1>
    <p><a href="/">${error.home}</a></p>
  </section>`;
  return page({ language, title: name, path: '/', body });
}
