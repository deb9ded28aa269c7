/**
 * Issue, reissue, renewal and revocation. The window that took the password makes the keys, drives the run and saves; it may die at
 * any moment, and any window of ours goes on from the journal. One run at a time, by a lock and by the journal: a lock dies with
 * its window, the journal does not.
 */
import { wipe, type Bytes } from '../../bytes/bytes.ts';
import { readCode, wipeCredential } from '../../cmp/credential.ts';
import type { Partner } from '../../cmp/directory/partner.ts';
import type { NewKey } from '../../cmp/new-key.ts';
import type { Signer } from '../../cmp/possession.ts';
import { WalletError } from '../../errors.ts';
import type { VaultHead } from '../../vault/head.ts';
import type { JournalKey } from '../../vault/journal.ts';
import { sealKey } from '../../vault/sealed-key.ts';
import { WRITE_LOCK } from '../../vault/store.ts';
import type { OpenSlot } from '../../vault/unlock.ts';
import { openItem } from '../../vault/vault.ts';
import type { AuthorityRow, IssueOrder, LifecycleApi, LifecycleRun, LifecycleRunning } from '../lifecycle-api.ts';
import { openPair, presentItem } from '../open-items.ts';
import type { WithLock } from '../ports.ts';
import { signCertificate } from '../rows.ts';
import { Authorities, type DirectoryPorts } from './directory.ts';
import { hasEnded, wipeErrand, type Errand } from './errand.ts';
import { Journal } from './journal.ts';
import { KeptRun, type KeptRunPorts } from './kept-run.ts';
import { applyForIssue, applyForRenewal, applyForRevocation, wipeKeys, type Application, type AskingPorts, type Holder } from './requests.ts';
import { runRow } from './run-rows.ts';

export interface LifecyclePorts extends KeptRunPorts, DirectoryPorts {
  /** As `WithLock`, but does not wait: `ca.busy` where another context has it. */
  readonly alone: WithLock;
}

type Order<Name extends keyof LifecycleApi> = LifecycleApi[Name] extends (order: infer Given, ...rest: never[]) => unknown ? Given : never;

/** What a run begins with. */
interface Beginning extends Application {
  readonly old: string | null;
  readonly sign: Signer | null;
}

const LOCK = 'djw1-lifecycle';
const ALGORITHM = { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' } as const;
const QUIETLY: LifecycleRunning = { onStep: () => undefined, signal: new AbortController().signal };

export class Lifecycle implements LifecycleApi {
  readonly #ports: LifecyclePorts;
  readonly #journal: Journal;
  readonly #authorities: Authorities;

  constructor(ports: LifecyclePorts) {
    this.#ports = ports;
    this.#journal = new Journal(ports);
    this.#authorities = new Authorities(ports);
  }

  authorities(): Promise<readonly AuthorityRow[]> {
    return this.#authorities.rows();
  }

  async authorityOf(id: string): Promise<AuthorityRow | null> {
    const { item } = await this.#ports.door.item(id);
    return this.#authorities.issuerOf(signCertificate(presentItem(item)));
  }

  async runs(): Promise<readonly LifecycleRun[]> {
    const { head, listKey } = await this.#ports.door.requireOpen();
    try {
      const errands = await this.#journal.entries(head, listKey);
      errands.forEach(wipeErrand);
      return await Promise.all(errands.map((errand) => this.#row(errand)));
    } finally {
      wipe(listKey);
    }
  }

  async issue({ authority, act, reference, code, km, idNumber, walletPassword }: IssueOrder, running: LifecycleRunning): Promise<LifecycleRun> {
    const partner = await this.#authorities.partner(authority);
    const credential = readCode(reference, code, partner.adapter);
    try {
      return await this.#begin(partner, walletPassword, running, async () => {
        const application = await applyForIssue({ act, partner, credential, km, idNumber }, this.#asking(partner));
        return { ...application, old: null, sign: null };
      });
    } finally {
      wipeCredential(credential);
    }
  }

  async renew({ id, idNumber, walletPassword }: Order<'renew'>, running: LifecycleRunning): Promise<LifecycleRun> {
    const partner = await this.#partnerOf(id);
    return this.#begin(partner, walletPassword, running, async (head, slot) => {
      const holder = await this.#holder(head, slot, id);
      if (holder.certificate.notAfter < this.#ports.clock()) throw new WalletError('certificate.expired');
      return { ...(await applyForRenewal(holder, partner, idNumber, this.#asking(partner))), old: id, sign: holder.sign };
    });
  }

  async revoke({ id, reason, walletPassword }: Order<'revoke'>, running: LifecycleRunning): Promise<LifecycleRun> {
    const partner = await this.#partnerOf(id);
    return this.#begin(partner, walletPassword, running, async (head, slot) => {
      const holder = await this.#holder(head, slot, id);
      return { ...(await applyForRevocation(holder, partner, reason, this.#asking(partner))), old: id, sign: holder.sign };
    });
  }

  async resume(id: string, walletPassword: string | null, running: LifecycleRunning): Promise<LifecycleRun> {
    return this.#ports.alone(LOCK, async () => {
      if (walletPassword === null) return this.#withListKey((head, listKey) => this.#goOn(id, { head, listKey, slot: null }, running));
      return this.#withSlot(walletPassword, (head, slot) => this.#goOn(id, { head, listKey: slot.listKey, slot }, running));
    });
  }

  async abandon(id: string): Promise<LifecycleRun> {
    return this.#ports.alone(LOCK, () =>
      this.#withListKey(async (head, listKey) => {
        const errand = await this.#find(id, head, listKey);
        const { course } = errand;
        if (course.state !== 'SENT') return this.#row(errand);
        const partner = await this.#authorities.partner(course.caId);
        const run = new KeptRun(this.#ports, this.#journal, { errand, partner, listKey, sign: null, running: QUIETLY });
        await run.abandon(course);
        return this.#row(run.errand);
      }),
    );
  }

  async forget(id: string): Promise<void> {
    await this.#withListKey(async (head, listKey) => {
      const errand = await this.#find(id, head, listKey);
      const { course } = errand;
      const keeps = course.state === 'UNKNOWN' && this.#ports.clock() < course.keepUntil;
      if (!hasEnded(errand) || keeps) throw new WalletError('ca.waiting');
      await this.#journal.remove(id, listKey);
    });
  }

  #asking(partner: Partner): AskingPorts {
    const { clock, random, post } = this.#ports;
    return { clock, random, post: (message) => post(partner.id, message) };
  }

  async #partnerOf(id: string): Promise<Partner> {
    const authority = await this.authorityOf(id);
    if (authority === null) throw new WalletError('ca.unreachable', { detail: 'authority' });
    return this.#authorities.partner(authority.id);
  }

  async #begin(
    partner: Partner,
    password: string,
    running: LifecycleRunning,
    make: (head: VaultHead, slot: OpenSlot) => Promise<Beginning>,
  ): Promise<LifecycleRun> {
    return this.#ports.alone(LOCK, () =>
      this.#withSlot(password, async (head, slot) => {
        const entries = await this.#journal.entries(head, slot.listKey);
        entries.forEach(wipeErrand);
        if (entries.some((errand) => !hasEnded(errand))) throw new WalletError('ca.busy');
        running.onStep('keys');
        const beginning = await make(head, slot);
        const errand = await this.#errandOf(beginning, head, slot);
        const order = { errand, partner, listKey: slot.listKey, sign: beginning.sign, running };
        const run = new KeptRun(this.#ports, this.#journal, order);
        const { report } = await run.start(beginning.prepared);
        return this.#row(run.errand, report);
      }),
    );
  }

  /** Seals the new keys for the record that they will belong to, before the first octet leaves. */
  async #errandOf({ prepared, keys, old }: Beginning, { vid }: VaultHead, slot: OpenSlot): Promise<Errand> {
    const item = keys.length === 0 ? null : this.#journal.newId();
    const seal = async ({ use, spki, privateKeyInfo }: NewKey, id: string): Promise<JournalKey> => {
      const { signingKey } = slot;
      const sealed = await sealKey({ signingKey, vid, id, role: use, spki, privateKeyInfo, random: this.#ports.random });
      return { role: use, item: id, spki, sealed };
    };
    try {
      const sealed = item === null ? [] : await Promise.all(keys.map((key) => seal(key, item)));
      return { id: this.#journal.newId(), startedAt: this.#ports.clock(), item, old, course: prepared, keys: sealed };
    } finally {
      wipeKeys(keys);
    }
  }

  async #goOn(
    id: string,
    { head, listKey, slot }: { readonly head: VaultHead; readonly listKey: Bytes; readonly slot: OpenSlot | null },
    running: LifecycleRunning,
  ): Promise<LifecycleRun> {
    const errand = await this.#find(id, head, listKey);
    const { course, old } = errand;
    if (course.state === 'CONFIRMED' || course.state === 'FAILED' || course.state === 'UNKNOWN') return this.#row(errand);
    const partner = await this.#authorities.partner(course.caId);
    const signs = course.credential.kind === 'certificate' && slot !== null && old !== null;
    const sign = signs ? (await this.#holder(head, slot, old)).sign : null;
    const run = new KeptRun(this.#ports, this.#journal, { errand, partner, listKey, sign, running });
    try {
      const { report } = await run.resume(course);
      return await this.#row(run.errand, report);
    } finally {
      wipeErrand(errand);
    }
  }

  /** The certificate of a record, and its key as a signer that no octets come out of. @throws `certificate.wrong-use`, `certificate.not-found` */
  async #holder(head: VaultHead, slot: OpenSlot, id: string): Promise<Holder> {
    const item = presentItem(await openItem(this.#ports.store, head, slot.listKey, id));
    const pair = await openPair(head, slot, item, 'sign');
    if (pair === null) throw new WalletError('certificate.wrong-use');
    try {
      const key = await crypto.subtle.importKey('pkcs8', pair.privateKeyInfo, ALGORITHM, false, ['sign']);
      return { item, certificate: pair.certificate, sign: async (bytes) => new Uint8Array(await crypto.subtle.sign(ALGORITHM, key, bytes)) };
    } finally {
      wipe(pair.privateKeyInfo);
    }
  }

  async #find(id: string, head: VaultHead, listKey: Bytes): Promise<Errand> {
    const found = (await this.#journal.entries(head, listKey)).find((errand) => errand.id === id);
    if (found === undefined) throw new WalletError('request.gone');
    return found;
  }

  async #row(errand: Errand, report: Parameters<typeof runRow>[0]['report'] = null): Promise<LifecycleRun> {
    const { caId } = errand.course;
    const authority = await this.#authorities.row(caId);
    const resend = await this.#authorities.resends(caId);
    return runRow({ errand, authority, resend, report });
  }

  async #withListKey<Result>(act: (head: VaultHead, listKey: Bytes) => Promise<Result>): Promise<Result> {
    const { head, listKey } = await this.#ports.door.requireOpen();
    try {
      return await act(head, listKey);
    } finally {
      wipe(listKey);
    }
  }

  /** Proves the password, opens the wallet for our windows, and has both keys until `act` is done. */
  async #withSlot<Result>(password: string, act: (head: VaultHead, slot: OpenSlot) => Promise<Result>): Promise<Result> {
    const { door, withLock } = this.#ports;
    const opened = await door.openSlot(password);
    const { head, slot } = opened;
    try {
      await door.enterNow(opened);
      const newest = await withLock(WRITE_LOCK, () => door.settle(head.vid, slot.listKey, 'heads'));
      return await act(newest, slot);
    } finally {
      wipe(slot.listKey, slot.signingKey);
    }
  }
}
