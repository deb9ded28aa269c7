/** The pages of the certificate centre. */
import { certificatePurpose } from '../lib/npki/policy.ts';
import type { IssueRequest } from '../lib/protocol/lifecycle.ts';
import type { ListedCertificate, Numbers } from './ca/office.ts';
import { CENTRE_TEXTS, POLICIES, type PolicyName, type WalletAct } from './centre-texts.ts';
import { CUSTOMERS, SHOW_CODE, type Customer } from './customers.ts';
import { html, type Html } from './html.ts';
import { page } from './pages.ts';
import { formatTime, TEXTS, type Language } from './texts.ts';

export const CENTRE_PATH = '/certificates';

function centrePage(language: Language, title: string, body: Html, script?: string): string {
  const frame = { language, title: `${title} - ${TEXTS[language].name}`, path: CENTRE_PATH, body };
  return page(script === undefined ? frame : { ...frame, script });
}

/** A button that asks the wallet, with the request that the page's script hands over. */
function walletButton(act: WalletAct, request: object, label: string, about = ''): Html {
  const name = about === '' ? html`` : html`aria-label="${label} ${about}"`;
  return html`<button type="button" data-wallet="${act}" data-request="${JSON.stringify(request)}" ${name}>${label}</button>`;
}

/** Where the page's script says how far it is. */
function progress(language: Language): Html {
  return html`<p id="message" role="status" aria-live="polite"></p>
    <p><button id="cancel" type="button" hidden>${CENTRE_TEXTS[language].wallet.cancel}</button></p>`;
}

/** Who are you? A fixed code stands for the check, and says so. */
export function identifyPage(language: Language, wrong: boolean): string {
  const { title, lead, identify } = CENTRE_TEXTS[language];
  const rows = CUSTOMERS.map(
    ({ realName }, at) => html`<label><input type="radio" name="customer" value="${String(at)}" required /> ${realName}</label>`,
  );
  const error = wrong ? html`<p class="bad" role="alert" id="code-error">${identify.wrong}</p>` : html``;
  const described = wrong ? html`aria-describedby="code-error" aria-invalid="true"` : html``;
  const body = html`<section class="card">
    <h1>${title}</h1>
    <p>${lead}</p>
    <h2>${identify.title}</h2>
    <p>${identify.show}</p>
    <form method="post" action="${CENTRE_PATH}/identify" class="stack">
      <fieldset>
        <legend>${identify.who}</legend>
        ${rows}
      </fieldset>
      <label>${identify.code(SHOW_CODE)} <input name="code" inputmode="numeric" autocomplete="off" maxlength="6" required ${described} /></label>
      ${error}
      <p class="actions"><button class="primary">${identify.submit}</button></p>
    </form>
  </section>`;
  return centrePage(language, title, body);
}

function issueForm(language: Language): Html {
  const { issue } = CENTRE_TEXTS[language];
  const kinds = (Object.keys(POLICIES) as PolicyName[]).map(
    (name, at) =>
      html`<label><input type="radio" name="policy" value="${name}" ${at === 0 ? html`checked` : html``} /> ${issue.policies[name]}</label>`,
  );
  return html`<section aria-labelledby="issue">
    <h2 id="issue">${issue.title}</h2>
    <p>${issue.text}</p>
    <form method="post" action="${CENTRE_PATH}/issue" class="stack">
      <fieldset>
        <legend>${issue.kind}</legend>
        ${kinds}
      </fieldset>
      <label><input type="checkbox" name="km" value="yes" checked /> ${issue.km}</label>
      <p class="actions"><button class="primary">${issue.submit}</button></p>
    </form>
  </section>`;
}

function actButton(action: string, serial: string, text: string): Html {
  return html`<form method="post" action="${CENTRE_PATH}/${action}">
    <input type="hidden" name="serial" value="${serial}" /><button aria-label="${text} ${serial}">${text}</button>
  </form>`;
}

function certificateItem(language: Language, { serial, policy, state, notAfter }: ListedCertificate, ca: string, now: number): Html {
  const words = CENTRE_TEXTS[language].mine;
  const isOver = notAfter < now;
  const acts: Html[] = [];
  if (!isOver && state === 'active') acts.push(walletButton('renew', { ca, serial }, words.renewHere, serial));
  if (!isOver && state === 'active') acts.push(actButton('reissue', serial, words.reissue), actButton('holds', serial, words.hold));
  if (!isOver && state === 'held') acts.push(actButton('releases', serial, words.release));
  if (!isOver && (state === 'active' || state === 'held')) acts.push(actButton('confirm', serial, words.revoke));
  if (!isOver && (state === 'active' || state === 'held')) acts.push(walletButton('revoke', { ca, serial }, words.revokeHere, serial));
  return html`<li class="card">
    <dl>
      <dt>${words.serial}</dt>
      <dd>${serial}</dd>
      <dt>${words.kind}</dt>
      <dd>${TEXTS[language].purposes[certificatePurpose([policy])]}</dd>
      <dt>${words.expires}</dt>
      <dd>${formatTime(language, notAfter)}</dd>
      <dt>${words.state}</dt>
      <dd>${words.states[isOver && state !== 'revoked' ? 'expired' : state]}</dd>
    </dl>
    <div class="actions">${acts}</div>
  </li>`;
}

function mine(language: Language, { certificates, authority, now }: CentreView): Html {
  const words = CENTRE_TEXTS[language].mine;
  const list = html`<ul class="plain stack">
    ${certificates.map((one) => certificateItem(language, one, authority.id, now))}
  </ul>`;
  return html`<section aria-labelledby="mine">
    <h2 id="mine">${words.title}</h2>
    ${certificates.length === 0 ? html`<p>${words.none}</p>` : list}
  </section>`;
}

/** The authority that the centre applies at, as the wallet knows it. */
export interface CentreAuthority {
  /** Id in the wallet's directory. */
  readonly id: string;
  readonly url: string;
}

export interface CentreView {
  readonly customer: Customer;
  readonly authority: CentreAuthority;
  /** Serials that the customer registered here. */
  readonly registered: readonly string[];
  readonly certificates: readonly ListedCertificate[];
  /** Milliseconds since 1970 UTC. */
  readonly now: number;
  /** What was just done, or refused; null at a first visit. */
  readonly told: string | null;
}

function register(language: Language, { registered }: CentreView): Html {
  const words = CENTRE_TEXTS[language].register;
  const list = html`<dl>
    <dt>${words.registered}</dt>
    ${registered.map((serial) => html`<dd>${serial}</dd>`)}
  </dl>`;
  return html`<section aria-labelledby="register">
    <h2 id="register">${words.title}</h2>
    <p>${words.text}</p>
    ${registered.length === 0 ? html`<p>${words.none}</p>` : list}
    <p class="actions">${walletButton('register', {}, words.submit)}</p>
  </section>`;
}

function howToAdd(language: Language, { authority }: Pick<CentreView, 'authority'>): Html {
  const { wallet } = CENTRE_TEXTS[language];
  return html`<section aria-labelledby="add">
    <h2 id="add">${wallet.title}</h2>
    <p>${wallet.text}</p>
    <dl>
      <dt>${wallet.address}</dt>
      <dd><code>${authority.url}/.well-known/cmp</code></dd>
      <dt>${wallet.files}</dt>
      <dd><a href="${authority.url}/ca/root.cer">${wallet.root}</a> <a href="${authority.url}/ca/ca.cer">${wallet.issuing}</a></dd>
    </dl>
  </section>`;
}

/** What somebody whose identity is known can apply for. */
export function centreHomePage(language: Language, view: CentreView): string {
  const { customer, told } = view;
  const { title, hello, leave, renew } = CENTRE_TEXTS[language];
  const body = html`<section class="card">
      <h1>${title}</h1>
      <p>${hello(customer.realName)}</p>
      ${told === null ? html`` : html`<p role="status" id="told">${told}</p>`} ${progress(language)}
      <form method="post" action="${CENTRE_PATH}/leave"><button>${leave}</button></form>
    </section>
    ${mine(language, view)} ${issueForm(language)}
    <section aria-labelledby="renew">
      <h2 id="renew">${renew.title}</h2>
      <p>${renew.text}</p>
    </section>
    ${register(language, view)} ${howToAdd(language, view)}`;
  return centrePage(language, title, body, '/centre.js');
}

/** Asks once more before a certificate is revoked for ever. */
export function confirmRevocationPage(language: Language, serial: string): string {
  const { confirm } = CENTRE_TEXTS[language];
  const body = html`<section class="card">
    <h1>${confirm.title}</h1>
    <p>${confirm.text(serial)}</p>
    <div class="actions">
      <form method="post" action="${CENTRE_PATH}/revocations">
        <input type="hidden" name="serial" value="${serial}" /><button class="primary">${confirm.submit}</button>
      </form>
      <a href="${CENTRE_PATH}">${confirm.back}</a>
    </div>
  </section>`;
  return centrePage(language, confirm.title, body);
}

export interface NumbersView {
  readonly authority: CentreAuthority;
  /** The numbers are for a certificate in the place of a lost one. */
  readonly reissue: boolean;
}

/** What the page hands to `wallet.issue`. */
function issueRequest({ referenceNumber, authorizationCode, km }: Numbers, { reissue, authority: { id: ca } }: NumbersView): IssueRequest {
  return { ca, referenceNumber, authorizationCode, certificates: km ? ['sign', 'km'] : ['sign'], reissue };
}

/** The two numbers, once. */
export function numbersPage(language: Language, given: Numbers, view: NumbersView): string {
  const { referenceNumber, authorizationCode, expires, replaces } = given;
  const { numbers } = CENTRE_TEXTS[language];
  const old = html`<dt>${numbers.replaces}</dt>
    <dd>${replaces.join(', ')}</dd>`;
  const body = html`<section class="card">
    <h1>${numbers.title}</h1>
    <p>${numbers.text}</p>
    <dl class="stacked">
      <dt>${numbers.reference}</dt>
      <dd><code id="reference">${referenceNumber}</code></dd>
      <dt>${numbers.code}</dt>
      <dd><code id="code">${authorizationCode}</code></dd>
      <dt>${numbers.until}</dt>
      <dd>${formatTime(language, expires)}</dd>
      ${replaces.length === 0 ? html`` : old}
    </dl>
    <p class="actions">${walletButton('issue', issueRequest(given, view), numbers.here)}</p>
    ${progress(language)}
    <p>${numbers.keep}</p>
    <p><a href="${CENTRE_PATH}">${numbers.back}</a></p>
  </section>`;
  return centrePage(language, numbers.title, body, '/centre.js');
}
