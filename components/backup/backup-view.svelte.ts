import type { FileSaver } from '../../lib/wallet/api.ts';
import type { BackupApi } from '../../lib/wallet/keeping-api.ts';
import type { BackupRule, BackupStatus, MadeBackup } from '../../lib/wallet/keeping-api.ts';
import { failure, failureOf, type Failure } from '../failure.ts';
import { passwordStrength, type Strength } from '../form/password-strength.ts';
import type { SecretField, TypedField } from '../form/secret-field.ts';

/** The fields of a backup under a password of its own. */
export interface OwnFields {
  readonly own: TypedField;
  readonly again: TypedField;
  readonly wallet: SecretField;
}

type MadeNote = Pick<MadeBackup, 'name' | 'count' | 'left'>;

/** What the wallet's backups stand at, the making of one, and the reminder's rule. */
export class BackupView {
  status = $state.raw<BackupStatus | null>(null);
  /** Which password the file opens with. */
  opensWith = $state<'wallet' | 'own'>('wallet');
  strength = $state<Strength | null>(null);
  busy = $state(false);
  made = $state.raw<MadeNote | null>(null);
  failure = $state.raw<Failure | null>(null);
  /** Which field the failure is about. */
  failed = $state<'own' | 'again' | 'wallet' | null>(null);
  missing = $state<'own' | 'wallet' | null>(null);
  ruleSaved = $state(false);
  ruleFailure = $state.raw<Failure | null>(null);
  readonly #api: BackupApi;
  readonly #saver: FileSaver;

  constructor(api: BackupApi, saver: FileSaver) {
    this.#api = api;
    this.#saver = saver;
  }

  async load(): Promise<void> {
    try {
      this.status = await this.#api.status();
    } catch (thrown) {
      this.failure = failureOf(thrown);
    }
  }

  readonly judge = (password: string): void => {
    this.strength = password === '' ? null : passwordStrength(password);
  };

  async make(fields: OwnFields | null): Promise<void> {
    if (this.busy) return;
    this.busy = true;
    this.failure = this.failed = this.missing = this.made = null;
    try {
      const made = fields ? await this.#makeOwn(fields) : await this.#api.make();
      if (made) await this.#save(made);
    } catch (thrown) {
      this.#fail(failureOf(thrown), fields);
    } finally {
      this.busy = false;
    }
  }

  async choose(rule: BackupRule): Promise<void> {
    this.ruleSaved = false;
    this.ruleFailure = null;
    try {
      await this.#api.setRule(rule);
      this.ruleSaved = true;
    } catch (thrown) {
      this.ruleFailure = failureOf(thrown);
    }
    await this.load();
  }

  async #makeOwn({ own, again, wallet }: OwnFields): Promise<MadeBackup | null> {
    const password = own.peek();
    if (password === '') {
      this.missing = 'own';
      own.focus();
      return null;
    }
    if (password !== again.peek()) {
      this.failed = 'again';
      this.failure = failure('password.mismatch');
      again.focus();
      return null;
    }
    const walletPassword = wallet.take();
    if (walletPassword === '') {
      this.missing = 'wallet';
      wallet.focus();
      return null;
    }
    const made = await this.#api.makeWithPassword(password, walletPassword);
    own.take();
    again.take();
    return made;
  }

  async #save(made: MadeBackup): Promise<void> {
    this.#saver.download(made.name, made.bytes);
    this.made = { name: made.name, count: made.count, left: made.left };
    await this.#api.noteSaved(made);
    await this.load();
  }

  #fail(thrown: Failure, fields: OwnFields | null): void {
    this.failure = thrown;
    if (!fields) return;
    const ofOwn = ['password.weak', 'password.common', 'password.too-long'].includes(thrown.code);
    this.failed = ofOwn ? 'own' : thrown.code.startsWith('password.') ? 'wallet' : null;
    if (this.failed) fields[this.failed].focus();
  }
}
