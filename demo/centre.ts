/** The certificate centre of the demo bank: checks who somebody is, and applies at the registration office for him. */
import type { IncomingMessage } from 'node:http';
import { WalletError } from '../lib/errors.ts';
import type { SignIn } from '../lib/verify/result.ts';
import { htmlAnswer, redirect, type Answer } from './answer.ts';
import { CENTRE_PATH, centreHomePage, confirmRevocationPage, identifyPage, numbersPage, type CentreAuthority } from './centre-pages.ts';
import { CENTRE_TEXTS, POLICIES, WALLET_ACTS } from './centre-texts.ts';
import { CUSTOMERS, SHOW_CODE, type Customer } from './customers.ts';
import type { CounterAct, OfficeClient } from './office-client.ts';
import { RegisteredCertificates } from './registered.ts';
import { readForm } from './request.ts';
import type { Language } from './texts.ts';

const COUNTER_ACTS: readonly CounterAct[] = ['holds', 'releases', 'revocations'];

export interface CentreVisit {
  readonly request: IncomingMessage;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly language: Language;
  /** Null until somebody proved who he is. */
  readonly customer: Customer | null;
}

/** `customer` is whom the session is of from now on; absent where it stays as it is. */
export interface CentreAnswer {
  readonly answer: Answer;
  readonly customer?: Customer | null;
}

function field(form: URLSearchParams, name: string): string {
  return form.get(name) ?? '';
}

export class CertificateCentre {
  readonly #office: OfficeClient;
  readonly #authority: CentreAuthority;
  readonly #clock: () => number;
  readonly #registered = new RegisteredCertificates();

  constructor(office: OfficeClient, authority: CentreAuthority, clock: () => number) {
    this.#office = office;
    this.#authority = authority;
    this.#clock = clock;
  }

  async show({ language, customer, query }: CentreVisit): Promise<Answer> {
    if (customer === null) return htmlAnswer(identifyPage(language, false));
    const done = WALLET_ACTS.find((act) => act === query.get('done'));
    return this.#home(language, customer, done === undefined ? null : CENTRE_TEXTS[language].done[done]);
  }

  /** 타행 인증서 등록: whose certificate it is, its holder has just proved. @throws `verify.identity` where it is somebody else's */
  register(customer: Customer, { holder, serialHex }: Pick<SignIn, 'holder' | 'serialHex'>): void {
    if (holder !== customer.realName) throw new WalletError('verify.identity');
    this.#registered.add(customer, serialHex);
  }

  async #home(language: Language, customer: Customer, told: string | null): Promise<Answer> {
    const certificates = await this.#office.certificates(customer);
    const [registered, authority] = [this.#registered.of(customer), this.#authority];
    return htmlAnswer(centreHomePage(language, { customer, authority, registered, certificates, now: this.#clock(), told }));
  }

  async act(visit: CentreVisit): Promise<CentreAnswer> {
    const form = await readForm(visit.request);
    const act = visit.path.slice(CENTRE_PATH.length + 1);
    if (act === 'identify') return this.#identify(visit.language, form);
    if (act === 'leave') return { answer: redirect('/'), customer: null };
    if (visit.customer === null) return { answer: redirect(CENTRE_PATH) };
    return { answer: await this.#apply(act, visit.language, visit.customer, form) };
  }

  #identify(language: Language, form: URLSearchParams): CentreAnswer {
    const customer = CUSTOMERS[Number(field(form, 'customer'))];
    if (customer === undefined || field(form, 'code').trim() !== SHOW_CODE) return { answer: htmlAnswer(identifyPage(language, true), 403) };
    return { answer: redirect(CENTRE_PATH), customer };
  }

  /** Serials come from the page, so they are looked for among the customer's own. */
  async #ownSerial(customer: Customer, form: URLSearchParams): Promise<string> {
    const own = await this.#office.certificates(customer);
    const found = own.find(({ serial }) => serial === field(form, 'serial'));
    if (found === undefined) throw new WalletError('request.forbidden', { detail: 'serial' });
    return found.serial;
  }

  async #apply(act: string, language: Language, customer: Customer, form: URLSearchParams): Promise<Answer> {
    const authority = this.#authority;
    if (act === 'issue') {
      const policy = field(form, 'policy') === 'general' ? POLICIES.general : POLICIES.bank;
      const numbers = await this.#office.register(customer, policy, form.has('km'));
      return htmlAnswer(numbersPage(language, numbers, { authority, reissue: false }));
    }
    const serial = await this.#ownSerial(customer, form);
    if (act === 'reissue') return htmlAnswer(numbersPage(language, await this.#office.reissue(serial), { authority, reissue: true }));
    if (act === 'confirm') return htmlAnswer(confirmRevocationPage(language, serial));
    const counter = COUNTER_ACTS.find((one) => one === act);
    if (counter === undefined) throw new WalletError('request.malformed', { detail: 'act' });
    const words = CENTRE_TEXTS[language];
    const change = await this.#office.change(counter, serial);
    return this.#home(language, customer, change === 'refused' ? words.refused : words.done[counter]);
  }
}
