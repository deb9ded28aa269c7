/** Notices as our windows ask for them: the index of the head, and choices in the records of the open wallet. */
import { WalletError } from '../errors.ts';
import type { OpenItem } from '../vault/item.ts';
import type { SaveBase } from '../vault/next-head.ts';
import { saveItems, type NewItem } from '../vault/save.ts';
import { openBatches } from '../vault/vault.ts';
import { CERTIFICATE_READER } from './backup-secret.ts';
import { endingSoon, expiryIndex } from './expiry.ts';
import { changeOpen, type NewestPorts } from './newest.ts';
import { readNoticeChoice, withNoticeChoice, type NoticeChoice } from './notice-choice.ts';
import type { NoticeSettings } from './notice-memory.ts';
import type { Ending, NoticesApi } from './notices-api.ts';
import { presentItem } from './open-items.ts';
import type { Random, TextStore } from './ports.ts';
import { knownRevoked } from './revocation-notes.ts';
import { runStubs, type RunStub } from './run-notice.ts';

export interface OwnNoticesPorts extends NewestPorts {
  readonly random: Random;
  /** What authorities said of certificates. */
  readonly revocationNotes: Pick<TextStore, 'read'>;
  /** Gives the page a turn to draw and answer. */
  readonly pause: () => Promise<void>;
  /** The background keeps the settings and shows the notices. */
  readonly background: {
    settings(): Promise<NoticeSettings>;
    change(settings: NoticeSettings): Promise<void>;
    tryOne(): Promise<boolean>;
  };
}

/** Milliseconds since 1970; 0 without a signing certificate. */
function endOf({ signCertificate }: OpenItem): number {
  return signCertificate ? CERTIFICATE_READER.endOf(signCertificate) * 1000 : 0;
}

function withChoice(item: OpenItem, choice: NoticeChoice): NewItem {
  const times = choice.muted
    ? { na: null }
    : { na: Math.floor(endOf(item) / 1000), rem: choice.remindAt === null ? null : Math.floor(choice.remindAt / 1000) };
  return { ...item, ...times, meta: withNoticeChoice(item.meta, choice) };
}

export class OwnNotices implements NoticesApi {
  readonly #ports: OwnNoticesPorts;

  constructor(ports: OwnNoticesPorts) {
    this.#ports = ports;
  }

  async ending(): Promise<Ending> {
    const { door, revocationNotes, clock } = this.#ports;
    const [{ items }, revoked] = await Promise.all([door.head(), knownRevoked(revocationNotes)]);
    return endingSoon(expiryIndex(items, revoked), clock());
  }

  async runs(): Promise<readonly RunStub[]> {
    return runStubs((await this.#ports.door.head()).items);
  }

  settings(): Promise<NoticeSettings> {
    return this.#ports.background.settings();
  }

  change(settings: NoticeSettings): Promise<void> {
    return this.#ports.background.change(settings);
  }

  tryOne(): Promise<boolean> {
    return this.#ports.background.tryOne();
  }

  mute(ids: readonly string[], muted: boolean): Promise<void> {
    return this.#choose(ids, (choice) => ({ ...choice, muted }));
  }

  remind(id: string, at: number | null): Promise<void> {
    return this.#choose([id], (choice, item) => {
      if (at !== null && (!Number.isSafeInteger(at) || at < this.#ports.clock() || at > endOf(item))) {
        throw new WalletError('request.malformed', { detail: 'day' });
      }
      return { ...choice, remindAt: at };
    });
  }

  #choose(ids: readonly string[], choose: (choice: NoticeChoice, item: OpenItem) => NoticeChoice): Promise<void> {
    const { random, pause } = this.#ports;
    const wanted = new Set(ids);
    return changeOpen(this.#ports, async (base: SaveBase) => {
      const put: NewItem[] = [];
      for await (const { items } of openBatches(base.store, base.head, base.listKey, (id) => wanted.has(id))) {
        put.push(...items.map((item) => withChoice(presentItem(item), choose(readNoticeChoice(item.meta), item))));
      }
      if (put.length < wanted.size) throw new WalletError('certificate.not-found');
      return put.length === 0 ? base.head : saveItems({ ...base, random, pause, put, remove: [] });
    });
  }
}
