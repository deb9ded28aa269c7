/** A person at the demo authority with a wallet in memory: numbers from the office, a way that can be cut, a window that can die. */
import type { Adapter, CaEntry } from '../../lib/cmp/directory/entry.ts';
import { certificateFingerprint, readCertificate } from '../../lib/npki/certificate.ts';
import { CaNetwork } from '../../lib/platform/ca-network.ts';
import type { IssueOrder, LifecycleRunning, LifecycleStep } from '../../lib/wallet/lifecycle-api.ts';
import type { Wallet } from '../../lib/wallet/wallet.ts';
import type { ActSecret } from '../../lib/wallet/ways-api.ts';
import { PASSWORD, Profile } from '../unit/wallet/profile.ts';
import { ADAPTER } from './cmp-authority.ts';
import type { TestCa } from './demo-ca.ts';

const CODE = 'CODE-1001-ABCD-EFGHIJKL';
let last = 30_000_000;

export const BY_PASSWORD: ActSecret = { kind: 'password', text: PASSWORD };
export const BY_TOUCH: ActSecret = { kind: 'touch' };

/** The demo authority as an entry of the directory. */
async function entryOf(ca: TestCa, adapter: Partial<Adapter>): Promise<Profile['directory']> {
  const certificates = (await Promise.all([ca.get('/ca/ca.cer'), ca.get('/ca/root.cer')])).map((der) => readCertificate(der));
  const [issuer = '', root = ''] = await Promise.all(certificates.map(certificateFingerprint));
  const entry: CaEntry = {
    id: 'demo',
    name: { ko: '시험 인증기관', en: 'Test authority' },
    test: true,
    cmp: { url: `${ca.url}/.well-known/cmp`, adapter: { ...ADAPTER, ...adapter } },
    issuers: [issuer],
    roots: [root],
    ocspHosts: [new URL(ca.url).host],
    crlHosts: [new URL(ca.url).host],
    renewalDays: 30,
    holdMonths: null,
    guides: { issue: null, reissue: null, renew: null, revoke: null },
    source: 'test',
    date: '2026-11-30',
  };
  return { entries: [entry], certificates };
}

export class LifecycleDesk {
  readonly ca: TestCa;
  readonly profile: Profile;
  readonly steps: LifecycleStep[] = [];
  readonly running: LifecycleRunning = { onStep: (step) => void this.steps.push(step), signal: new AbortController().signal };
  /** Called before a message goes out with how many went before, and after its answer came. */
  beforePost: (nth: number) => Promise<void> | void = () => undefined;
  afterPost: (nth: number) => void = () => undefined;
  posts = 0;

  private constructor(ca: TestCa, profile: Profile) {
    this.ca = ca;
    this.profile = profile;
  }

  static async open(ca: TestCa, adapter: Partial<Adapter> = {}): Promise<LifecycleDesk> {
    const desk = new LifecycleDesk(ca, new Profile());
    await desk.#begin(adapter);
    return desk;
  }

  async #begin(adapter: Partial<Adapter>): Promise<void> {
    const { profile } = this;
    profile.now = Date.now();
    profile.directory = await entryOf(this.ca, adapter);
    const network = new CaNetwork(() => Promise.resolve(profile.directory.entries));
    profile.post = async (caId, message) => {
      const nth = this.posts++;
      await this.beforePost(nth);
      const answer = await network.post(caId, message);
      this.afterPost(nth);
      return answer;
    };
    profile.ask = (exchange) => network.ask(exchange);
    await profile.wallet().create(PASSWORD, 'tiger');
  }

  /** Numbers of the office for somebody new. */
  async numbers(more: object = {}): Promise<IssueOrder> {
    const reference = String(++last);
    const code = CODE.replaceAll('-', '');
    const person = { name: '홍길순', number: `8${reference}0000`, ref: reference, code, km: true, days: 20, ...more };
    const { status } = await this.ca.post('/ra/registrations', person);
    if (status !== 200) throw new Error(`office: ${status}`);
    return { authority: 'demo', act: 'issue', reference, code: CODE, km: true, idNumber: null, secret: BY_PASSWORD };
  }

  /** A certificate in the wallet, issued and seen. */
  async issued(wallet: Wallet, more: object = {}): Promise<string> {
    const run = await wallet.lifecycle.issue(await this.numbers(more), this.running);
    if (run.state !== 'CONFIRMED' || run.item === null) throw new Error(`not issued: ${run.state}`);
    await wallet.lifecycle.forget(run.id);
    return run.item;
  }

  faults(...names: readonly string[]): Promise<unknown> {
    return this.ca.post('/test/faults', { faults: names });
  }

  /** From now on nothing that a window does reaches the wallet or the authority. */
  die(): void {
    this.profile.whileSaving = () => {
      throw new Error('killed');
    };
    this.beforePost = () => Promise.reject(new Error('killed'));
  }

  /** Another window, after the browser was started again. */
  async revive(): Promise<Wallet> {
    this.profile.whileSaving = () => undefined;
    this.beforePost = () => undefined;
    this.afterPost = () => undefined;
    await this.profile.call('wallet.lock');
    const wallet = this.profile.wallet();
    await wallet.unlock(PASSWORD);
    return wallet;
  }
}
