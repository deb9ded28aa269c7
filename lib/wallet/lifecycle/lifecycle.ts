/**
 * Issue, reissue, renewal, revocation, hold and release. The window that took the secret makes the keys, drives the run and saves;
 * it may die at any moment, and any window of ours goes on from the journal.
 */
import { readCode, wipeCredential } from '../../cmp/credential.ts';
import type { Partner } from '../../cmp/directory/partner.ts';
import { WalletError } from '../../errors.ts';
import type { AuthorityRow, IssueOrder, LifecycleApi, LifecycleRun, LifecycleRunning, RevocationOrder, RunSecret } from '../lifecycle-api.ts';
import { presentItem } from '../open-items.ts';
import { signCertificate } from '../rows.ts';
import { canTouch } from '../ways-touch.ts';
import { Authorities, type DirectoryPorts } from './directory.ts';
import { holderOf } from './keys-at-hand.ts';
import { applyForIssue, applyForRenewal, type AskingPorts } from './requests.ts';
import { applyForRevocation } from './revocation-request.ts';
import { Runs, type RunsPorts } from './runs.ts';

export interface LifecyclePorts extends RunsPorts, DirectoryPorts {}

type Order<Name extends keyof LifecycleApi> = LifecycleApi[Name] extends (order: infer Given, ...rest: never[]) => unknown ? Given : never;

export class Lifecycle implements LifecycleApi {
  readonly #ports: LifecyclePorts;
  readonly #authorities: Authorities;
  readonly #runs: Runs;

  constructor(ports: LifecyclePorts) {
    this.#ports = ports;
    this.#authorities = new Authorities(ports);
    this.#runs = new Runs(ports, this.#authorities);
  }

  canTouch(): Promise<boolean> {
    return canTouch(this.#ports);
  }

  authorities(): Promise<readonly AuthorityRow[]> {
    return this.#authorities.rows();
  }

  async authorityOf(id: string): Promise<AuthorityRow | null> {
    const { item } = await this.#ports.door.item(id);
    return this.#authorities.issuerOf(signCertificate(presentItem(item)));
  }

  runs(): Promise<readonly LifecycleRun[]> {
    return this.#runs.list();
  }

  async issue({ authority, act, reference, code, km, idNumber, secret }: IssueOrder, running: LifecycleRunning): Promise<LifecycleRun> {
    const partner = await this.#authorities.partner(authority);
    const credential = readCode(reference, code, partner.adapter);
    try {
      return await this.#runs.begin(partner, secret, running, async () => {
        const application = await applyForIssue({ act, partner, credential, km, idNumber }, this.#asking(partner));
        return { ...application, old: null, sign: null };
      });
    } finally {
      wipeCredential(credential);
    }
  }

  async renew({ id, idNumber, secret }: Order<'renew'>, running: LifecycleRunning): Promise<LifecycleRun> {
    const partner = await this.#partnerOf(id);
    return this.#runs.begin(partner, secret, running, async (head, slot) => {
      const holder = await holderOf(this.#ports.store, head, slot, id);
      if (holder.certificate.notAfter < this.#ports.clock()) throw new WalletError('certificate.expired');
      return { ...(await applyForRenewal(holder, partner, idNumber, this.#asking(partner))), old: id, sign: holder.sign };
    });
  }

  async revoke({ certificate, reason, numbers, secret }: RevocationOrder, running: LifecycleRunning): Promise<LifecycleRun> {
    const partner = await ('id' in certificate ? this.#partnerOf(certificate.id) : this.#authorities.partner(certificate.authority));
    const code = numbers && readCode(numbers.reference, numbers.code, partner.adapter);
    try {
      return await this.#runs.begin(partner, secret, running, (head, slot) => {
        const ports = { ...this.#asking(partner), store: this.#ports.store };
        return applyForRevocation({ certificate, reason }, { head, slot, partner, code }, ports);
      });
    } finally {
      if (code !== null) wipeCredential(code);
    }
  }

  resume(id: string, secret: RunSecret | null, running: LifecycleRunning): Promise<LifecycleRun> {
    return this.#runs.resume(id, secret, running);
  }

  abandon(id: string): Promise<LifecycleRun> {
    return this.#runs.abandon(id);
  }

  forget(id: string): Promise<void> {
    return this.#runs.forget(id);
  }

  #asking(partner: Partner): AskingPorts {
    const { clock, random, post } = this.#ports;
    return { clock, random, post: (message) => post(partner.id, message) };
  }

  /** @throws `ca.unreachable` */
  async #partnerOf(id: string): Promise<Partner> {
    const authority = await this.authorityOf(id);
    if (authority === null) throw new WalletError('ca.unreachable', { detail: 'authority' });
    return this.#authorities.partner(authority.id);
  }
}
