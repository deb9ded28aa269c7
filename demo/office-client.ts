/** The bank's server at the registration office of the demo authority, by HTTP. */
import type { Numbers, ListedCertificate } from './ca/office.ts';
import type { Change } from './ca/lifecycle.ts';
import { isErrorCode, WalletError } from '../lib/errors.ts';
import type { CertificateStatus } from '../lib/verify/verifier.ts';
import type { Customer } from './customers.ts';

/** Where the office is, and what the bank shows there. */
export interface OfficeAddress {
  readonly url: string;
  readonly token: string;
}

/** Acts at the counter on a certificate and its pair. */
export type CounterAct = 'holds' | 'releases' | 'revocations';

export class OfficeClient {
  readonly #address: OfficeAddress;

  constructor(address: OfficeAddress) {
    this.#address = address;
  }

  /** Answers of the office are its types: both run in the demo, from the same source. */
  async #post(path: string, body: object): Promise<unknown> {
    const headers = { 'content-type': 'application/json', authorization: `Bearer ${this.#address.token}` };
    const response = await fetch(`${this.#address.url}/ra/${path}`, { method: 'POST', headers, body: JSON.stringify(body) });
    const answer = (await response.json()) as { code?: unknown };
    if (!response.ok) throw new WalletError(isErrorCode(answer.code) ? answer.code : 'internal', { detail: path });
    return answer;
  }

  async register({ realName, latin, unit, idNumber }: Customer, policy: string, km: boolean): Promise<Numbers> {
    return (await this.#post('registrations', { name: realName, latin, unit, number: idNumber, policy, km })) as Numbers;
  }

  async reissue(serial: string): Promise<Numbers> {
    return (await this.#post('reissues', { serial })) as Numbers;
  }

  async change(act: CounterAct, serial: string): Promise<Change> {
    return ((await this.#post(act, { serial })) as { change: Change }).change;
  }

  async certificates({ idNumber }: Customer): Promise<readonly ListedCertificate[]> {
    return ((await this.#post('certificates', { number: idNumber })) as { certificates: ListedCertificate[] }).certificates;
  }

  /** @param serial content octets in hex */
  async status(serial: string): Promise<CertificateStatus> {
    return ((await this.#post('status', { serial })) as { status: CertificateStatus }).status;
  }
}
