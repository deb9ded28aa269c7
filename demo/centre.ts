/** The certificate centre of the demo bank: checks who somebody is, and applies at the registration office for him. */
import type { IncomingMessage } from 'node:http';
import { WalletError } from '../lib/errors.ts';
import { htmlAnswer, redirect, type Answer } from './answer.ts';
import { CENTRE_PATH, centreHomePage, confirmRevocationPage, identifyPage, numbersPage } from './centre-pages.ts';
import { CENTRE_TEXTS, POLICIES } from './centre-texts.ts';
import { CUSTOMERS, SHOW_CODE, type Customer } from './customers.ts';
import type { CounterAct, OfficeClient } from './office-client.ts';
import { readForm } from './request.ts';
import type { Language } from './texts.ts';

const COUNTER_ACTS: readonly CounterAct[] = ['holds', 'releases', 'revocations'];

export interface CentreVisit {
  readonly request: IncomingMessage;
  readonly path: string;
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
  readonly #clock: () => number;

  constructor(office: OfficeClient, clock: () => number) {
    this.#office = office;
    this.#clock = clock;
  }

  async show({ language, customer }: CentreVisit): Promise<Answer> {
    return customer === null ? htmlAnswer(identifyPage(language, false)) : this.#home(language, customer, null);
  }

  async #home(language: Language, customer: Customer, told: string | null): Promise<Answer> {
    const certificates = await this.#office.certificates(customer);
    return htmlAnswer(centreHomePage(language, { customer, certificates, now: this.#clock(), told }));
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
    if (act === 'issue') {
      const policy = field(form, 'policy') === 'general' ? POLICIES.general : POLICIES.bank;
      return htmlAnswer(numbersPage(language, await this.#office.register(customer, policy, form.has('km'))));
    }
    const serial = await this.#ownSerial(customer, form);
    if (act === 'reissue') return htmlAnswer(numbersPage(language, await this.#office.reissue(serial)));
    if (act === 'confirm') return htmlAnswer(confirmRevocationPage(language, serial));
    const counter = COUNTER_ACTS.find((one) => one === act);
    if (counter === undefined) throw new WalletError('request.malformed', { detail: 'act' });
    const words = CENTRE_TEXTS[language];
    const change = await this.#office.change(counter, serial);
    return this.#home(language, customer, change === 'refused' ? words.refused : words.done[counter]);
  }
}
