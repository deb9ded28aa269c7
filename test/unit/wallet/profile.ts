/** One browser profile with the wallet in it: our windows and the background wired as in the extension, over real parts. */
import { IDBFactory } from 'fake-indexeddb';
import { copy, type Bytes } from '../../../lib/bytes/bytes.ts';
import { TurnedOff } from '../../../lib/wallet/turned-off.ts';
import { WalletError } from '../../../lib/errors.ts';
import type { PathAndBytes } from '../../../lib/npki/picked-file.ts';
import { hostPatterns } from '../../../lib/platform/ca-hosts.ts';
import { revocationDatabase } from '../../../lib/platform/revocation-store.ts';
import { blockDatabase } from '../../../lib/platform/block-store.ts';
import { noticeDatabase } from '../../../lib/platform/notice-store.ts';
import { mirrorStore, type LocalArea } from '../../../lib/platform/mirror-store.ts';
import { throttleDatabase, throttleMirror } from '../../../lib/platform/throttle-store.ts';
import { indexedDbStore } from '../../../lib/platform/vault-store.ts';
import { twoCopies, type Copies } from '../../../lib/vault/copies.ts';
import { Throttle } from '../../../lib/vault/throttle.ts';
import type { PasswordKdf } from '../../../lib/vault/kdf.ts';
import type { Engine } from '../../../lib/vault/store.ts';
import { ApprovedActs } from '../../../lib/wallet/approved-acts.ts';
import { Approval } from '../../../lib/wallet/approval.ts';
import {
  endedRequests,
  pageHandlers,
  walletHandlers,
  type BackgroundPorts,
  type PageHandlers,
  type WalletHandlers,
} from '../../../lib/wallet/background.ts';
import type { Badge } from '../../../lib/wallet/badge.ts';
import { BlockedSites } from '../../../lib/wallet/blocked-sites.ts';
import { Door, type DoorPorts } from '../../../lib/wallet/door.ts';
import type { Notice } from '../../../lib/wallet/expiry.ts';
import { findInFiles, openSealed, openSealedContainer } from '../../../lib/wallet/files-bench.ts';
import type { PickedFile } from '../../../lib/wallet/api.ts';
import { HistoryLog } from '../../../lib/wallet/history-log.ts';
import { textDatabase } from '../../../lib/platform/text-database.ts';
import { TestAuthorities } from '../../../lib/wallet/lifecycle/test-authorities.ts';
import type { Directory } from '../../../lib/wallet/lifecycle/directory.ts';
import type { LifecyclePorts } from '../../../lib/wallet/lifecycle/lifecycle.ts';
import { readNoticeSettings } from '../../../lib/wallet/notice-memory.ts';
import { Notices, type NoticePorts } from '../../../lib/wallet/notices.ts';
import { PendingHistory } from '../../../lib/wallet/pending-history.ts';
import type { FilesWorker, SealedContainer, SealedIdentity, SiteAccessPort, WithLock } from '../../../lib/wallet/ports.ts';
import type { RevocationPorts } from '../../../lib/wallet/revocation.ts';
import { receiverOf } from '../../../lib/wallet/receiver.ts';
import { Sessions } from '../../../lib/wallet/session.ts';
import { Wallet } from '../../../lib/wallet/wallet.ts';
import type { PasskeySupport } from '../../../lib/wallet/ways-api.ts';
import { filesBelow, fixture, type FixtureIdentity } from '../../support/npki-fixtures.ts';
import { SoftAuthenticator } from '../vault/authenticator.ts';
import { fastKdf } from '../vault/support.ts';
import { FakeArea } from '../vault/sync-support.ts';
import { World, type Background } from './support.ts';

export const PASSWORD = '따뜻한 국수 한 그릇 2026';
export const WRONG = '차가운 국수 한 그릇 2026';
export const FIXTURE_PASSWORD = fixture('personal-bank-sha1seed').password;

/** The import worker's own code on this thread; what it is told and what it answers are copies, as between threads. */
export class BenchWorker implements FilesWorker {
  readonly lanes: number;
  stopped = false;
  /** Passwords that keys and containers were opened with, in order. */
  readonly tried: string[] = [];

  constructor(lanes = 1) {
    this.lanes = lanes;
  }

  async find(...given: Parameters<FilesWorker['find']>): ReturnType<FilesWorker['find']> {
    return structuredClone(await findInFiles(...structuredClone(given)));
  }

  async open(sealed: SealedIdentity, role: 'sign' | 'km', password: string): ReturnType<FilesWorker['open']> {
    this.tried.push(password);
    return structuredClone(await openSealed(structuredClone(sealed), role, password));
  }

  async openContainer(sealed: SealedContainer, password: string): ReturnType<FilesWorker['openContainer']> {
    this.tried.push(password);
    return structuredClone(await openSealedContainer(structuredClone(sealed), password));
  }

  stop(): void {
    this.stopped = true;
  }
}

/** A message between our contexts, as Chromium carries it. */
export interface Message {
  readonly verb: keyof WalletHandlers;
  readonly content: unknown;
}

/** The browser's local storage: texts that stay when contexts go. */
export class MemoryArea implements LocalArea {
  readonly texts = new Map<string, unknown>();
  /** How often it was asked for values. */
  reads = 0;

  get(keys: readonly string[]): Promise<ReadonlyMap<string, unknown>> {
    this.reads++;
    return Promise.resolve(new Map(keys.flatMap((key) => (this.texts.has(key) ? [[key, this.texts.get(key)] as const] : []))));
  }

  set(entries: ReadonlyMap<string, unknown>): Promise<void> {
    for (const [key, value] of entries) this.texts.set(key, value);
    return Promise.resolve();
  }

  remove(keys: readonly string[]): Promise<void> {
    for (const key of keys) this.texts.delete(key);
    return Promise.resolve();
  }

  keys(): Promise<readonly string[]> {
    return Promise.resolve([...this.texts.keys()]);
  }
}

export class Profile extends World {
  readonly indexedDb = new IDBFactory();
  readonly local = new MemoryArea();
  /** What the browser's account carries from one profile to the other, where it does. */
  sync = new FakeArea();
  /** Every message that our windows sent to the background. */
  readonly messages: Message[] = [];
  readonly workers: BenchWorker[] = [];
  /** How many calls an import worker takes at a time. */
  lanes = 1;
  /** Every array of fresh octets and every derived key that was handed out, and every password that was derived from. */
  readonly handedOut: Bytes[] = [];
  kdf: PasswordKdf = fastKdf;
  /** The person's authenticator; it answers any window. */
  authenticator = new SoftAuthenticator();
  /** Authorities that the wallet knows, and the way to them. */
  directory: Directory = { entries: [], certificates: [] };
  readonly tests = new TestAuthorities({
    store: textDatabase({ database: 'tests', store: 'list', key: 'all' }, this.indexedDb),
    clock: () => this.now,
  });
  post: LifecyclePorts['post'] = () => Promise.reject(new WalletError('ca.unreachable'));
  ask: RevocationPorts['ask'] = () => Promise.reject(new WalletError('ca.unreachable'));
  readonly #busy = new Set<string>();
  passkeySupport: PasskeySupport = 'ready';
  startWorker = (): BenchWorker => new BenchWorker(this.lanes);
  /** Where the browser lets our script run, the tab in front, and what the browser's person answers. */
  readonly allowed = new Set<string>();
  readonly running = new Set<number>();
  tab: { readonly id: number; readonly origin: string } | null = null;
  answers = true;
  readonly siteAccess: SiteAccessPort = {
    isListed: (origin) => origin.endsWith('.listed.example'),
    resembles: (origin) => Promise.resolve(origin.includes('bonk') ? 'bank.example' : null),
    added: () => Promise.resolve([...this.allowed]),
    add: (origin) => {
      if (this.answers) this.allowed.add(origin);
      return Promise.resolve(this.answers);
    },
    remove: (origin) => Promise.resolve(void this.allowed.delete(origin)),
    tab: () => Promise.resolve(this.tab),
    isRunning: (id) => Promise.resolve(this.running.has(id)),
    run: (id) => {
      if (this.answers) this.running.add(id);
      return Promise.resolve(this.answers);
    },
  };
  /** Windows that were brought to the front. */
  readonly shownWindows: number[] = [];
  /** Whether acts of our windows come into the history, which saves once more after each. */
  notesActs = false;
  /** Runs before every access to the vault's store, with its name, and before every turn of the page; may throw. */
  whileSaving: (call: string) => void = () => undefined;
  /** What stands on the toolbar, and every notice that was shown, with its name and its day. */
  badge: Badge = { about: 'nothing' };
  readonly notices: { readonly name: string; readonly at: number; readonly notice: Notice | null }[] = [];
  /** What the background had remembered when the system was asked to show the last notice. */
  remembered: string | null = null;
  background: Background & {
    readonly page: PageHandlers;
    readonly wallet: WalletHandlers;
    readonly notices: Notices;
    readonly ports: BackgroundPorts;
  };

  constructor() {
    super();
    this.background = this.restart();
  }

  /** The vault as one context sees it, over connections of its own. */
  store(): Copies {
    return twoCopies(this.#stepping(indexedDbStore(this.indexedDb)), this.#stepping(mirrorStore(this.local)));
  }

  #stepping(store: Engine): Engine {
    return new Proxy(store, {
      get: (target, name) => {
        const member: unknown = Reflect.get(target, name);
        if (typeof member !== 'function') return member;
        return async (...given: unknown[]): Promise<unknown> => {
          await Promise.resolve();
          this.whileSaving(String(name));
          return Reflect.apply(member, target, given) as unknown;
        };
      },
    });
  }

  sessions(): Sessions {
    return new Sessions(this.session, this.withLock, this.clock);
  }

  blocked(): BlockedSites {
    return new BlockedSites(blockDatabase(this.indexedDb), this.withLock, (length) => crypto.getRandomValues(new Uint8Array(length)));
  }

  turnedOff(): TurnedOff {
    return new TurnedOff(this.session, this.withLock);
  }

  pending(): PendingHistory {
    return new PendingHistory(this.session, this.withLock);
  }

  /** The background stops and starts again: what it held in memory is gone. */
  restart(): typeof this.background {
    const [store, sessions] = [this.store(), this.sessions()];
    const random = (length: number): Bytes => crypto.getRandomValues(new Uint8Array(length));
    const { withLock } = this;
    const blocked = this.blocked();
    this.isBlocked = async (origin) => (await blocked.has(origin)) || (await this.turnedOff().has(origin));
    const history = new HistoryLog({ store, sessions, blocked, pending: this.pending(), withLock, clock: () => this.clock(), random, app: '0.1.0' });
    const { requests, pageRequests, documents } = this.start(endedRequests(history, () => this.clock()));
    const { clock, schedule } = this;
    const notices = new Notices({ store, sessions, clock, schedule, ...this.#noticePorts() });
    const ports = { store, sessions, clock, random, schedule, pageRequests, notices, history, documents };
    this.background = { requests, pageRequests, documents, page: pageHandlers(ports), wallet: walletHandlers(ports), notices, ports };
    return this.background;
  }

  /** The background looks, as at each wake: the notices that came of it. */
  async look(): Promise<readonly Notice[]> {
    const before = this.notices.length;
    await this.background.notices.check();
    return this.notices.slice(before).flatMap(({ notice }) => notice ?? []);
  }

  #noticePorts(): Pick<NoticePorts, 'withLock' | 'noticeStore' | 'revocationNotes' | 'notifications' | 'toolbar'> {
    const noticeStore = noticeDatabase(this.indexedDb);
    const shown = async (name: string, notice: Notice | null): Promise<void> => {
      this.remembered = await noticeStore.read();
      this.notices.push({ name, at: this.now, notice });
    };
    return {
      withLock: this.withLock,
      noticeStore,
      revocationNotes: revocationDatabase(this.indexedDb),
      notifications: { show: shown, showRuns: (name) => shown(name, null), showTrial: (name) => shown(name, null).then(() => true) },
      toolbar: {
        show: (badge) => {
          this.badge = badge;
          return Promise.resolve();
        },
      },
    };
  }

  async call(verb: Message['verb'], content: unknown = null): Promise<unknown> {
    const carried = JSON.parse(JSON.stringify({ verb, content })) as Message;
    this.messages.push(carried);
    return this.background.wallet[carried.verb](carried.content);
  }

  async #tell(verb: Message['verb'], content: unknown = null): Promise<void> {
    await this.call(verb, content);
  }

  wallet(): Wallet {
    return new Wallet({
      ...this.#parts(),
      random: this.#random,
      blocked: this.blocked(),
      siteAccess: this.siteAccess,
      noticeStore: noticeDatabase(this.indexedDb),
      turnedOff: this.turnedOff(),
      requests: this.background.requests,
      showWindow: (windowId) => Promise.resolve(void this.shownWindows.push(windowId)),
      pending: this.notesActs ? this.pending() : Object.assign(this.pending(), { put: () => Promise.resolve() }),
      writeHistory: () => (this.notesActs ? this.#tell('wallet.write-history') : Promise.resolve()),
      startFilesWorker: () => {
        const worker = this.startWorker();
        this.workers.push(worker);
        return worker;
      },
      pause: async () => {
        await Promise.resolve();
        this.whileSaving('pause');
      },
      lock: () => this.#tell('wallet.lock'),
      notices: {
        settings: async () => readNoticeSettings(await this.call('wallet.notices')),
        change: (settings) => this.#tell('wallet.set-notices', settings),
        tryOne: async () => (await this.call('wallet.try-notice')) === true,
      },
      passkeys: () => this.authenticator,
      passkeySupport: () => Promise.resolve(this.passkeySupport),
      onChange: (listener) => this.session.onChange(listener),
      syncArea: this.sync,
      browser: 'Browser/1.0',
      authorities: {
        directory: () => Promise.resolve(this.directory),
        hostsOf: hostPatterns,
        post: (caId, message) => this.post(caId, message),
        alone: this.#alone,
        ask: (exchange) => this.ask(exchange),
        tests: this.tests,
      },
    });
  }

  approval(requestId: string): Approval {
    const parts = this.#parts();
    const door = new Door(parts);
    const touch = { random: this.#random, passkeys: () => this.authenticator, passkeySupport: () => Promise.resolve(this.passkeySupport) };
    return new Approval(
      {
        door,
        acts: (asked) => {
          const { lifecycle } = this.wallet();
          return Promise.resolve(
            new ApprovedActs({ ...parts, ...touch, door, lifecycle, asked, tell: (content) => this.#tell('wallet.tell', content) }),
          );
        },
        throttle: parts.throttle,
        ...touch,
        requests: this.start().requests,
        sessions: parts.sessions,
        blocked: this.blocked(),
        snapshots: this.snapshots(),
        note: async (entries) => {
          await this.pending().put(entries);
          await this.#tell('wallet.write-history');
        },
        clock: this.clock,
        site: () => Promise.resolve({ siteName: null, siteClass: 'first', resembles: null }),
        receiver: receiverOf,
        background: {
          approve: (order) => this.#tell('wallet.approve', order),
          reject: (request) => this.#tell('wallet.reject', { request }),
          extend: async (request) => Number(await this.call('wallet.extend', { request })),
        },
        onChange: (listener) => this.session.onChange(listener),
      },
      requestId,
    );
  }

  readonly #alone: WithLock = async (name, act) => {
    if (this.#busy.has(name)) throw new WalletError('ca.busy');
    this.#busy.add(name);
    try {
      return await act();
    } finally {
      this.#busy.delete(name);
    }
  };

  readonly #random = (length: number): Bytes => {
    const octets = crypto.getRandomValues(new Uint8Array(length));
    this.handedOut.push(octets);
    return octets;
  };

  #parts(): DoorPorts {
    return {
      store: this.store(),
      throttle: new Throttle({
        places: [throttleDatabase(this.indexedDb), throttleMirror(this.local)],
        clock: () => this.clock(),
        withLock: this.withLock,
      }),
      withLock: this.withLock,
      clock: () => this.clock(),
      app: '0.1.0',
      sessions: this.sessions(),
      kdf: async (params, password) => {
        const derived = await this.kdf(params, password);
        this.handedOut.push(password, derived);
        return derived;
      },
      revocationNotes: revocationDatabase(this.indexedDb),
      announceOpened: () => this.#tell('wallet.opened'),
    };
  }
}

/** Files as a picker gives them. */
export function picked(files: readonly PathAndBytes[]): PickedFile[] {
  return files.map(({ path, bytes }) => ({ path, file: new Blob([copy(bytes)]) }));
}

/** The folder of one identity, named by its last part. */
export function folderOf(identity: FixtureIdentity): PickedFile[] {
  return picked(filesBelow('npki', identity.folder).map(({ path, bytes }) => ({ path: `${identity.id}/${path}`, bytes })));
}

export const quietly = (): { signal: AbortSignal; onProgress: () => void } => ({ signal: new AbortController().signal, onProgress: () => undefined });

/** A new wallet that holds some identities of the fixtures, open. */
export async function walletWith(profile: Profile, ...ids: readonly string[]): Promise<Wallet> {
  const wallet = profile.wallet();
  await wallet.create(PASSWORD, 'tiger');
  for (const identity of ids.map(fixture)) {
    const session = await wallet.inspect(folderOf(identity), quietly());
    await session.tryPassword(identity.password);
    await session.store(
      session.candidates.map(({ key }) => key),
      PASSWORD,
    );
  }
  return wallet;
}
