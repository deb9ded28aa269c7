/** Renewal guides: what is known of a certificate and of those that it replaced, and what the owner did since. */
import { wipe } from '../bytes/bytes.ts';
import { errorCode, WalletError } from '../errors.ts';
import type { VaultHead } from '../vault/head.ts';
import { fittingGuides, type Guide } from '../vault/guides-text.ts';
import { openSettings, saveSettings } from '../vault/settings-record.ts';
import { DEFAULT_SETTINGS, type PrivateSettings } from '../vault/settings-text.ts';
import { openItem } from '../vault/vault.ts';
import { CERTIFICATE_READER } from './backup-secret.ts';
import { changedGuide, checklistRows, guideAfter, type Use } from './checklist.ts';
import type { HistoryApi, HistoryRow } from './history-api.ts';
import type { CertificateRow } from './model.ts';
import { changeOpen, type NewestPorts } from './newest.ts';
import { openPair, presentItem } from './open-items.ts';
import type { Random } from './ports.ts';
import type { ChecklistRow, GuideChange, OpenGuide, RenewalApi, RenewalGuide } from './renewal-api.ts';
import { missingCondition, tidyConditions, type TidyCondition } from './tidy.ts';
import type { WastebasketApi } from './keeping-api.ts';

export interface RenewalPorts extends NewestPorts {
  readonly random: Random;
  readonly basket: Pick<WastebasketApi, 'move'>;
  readonly history: Pick<HistoryApi, 'read'>;
}

/** A certificate with all that its guide is made of. */
interface Found {
  readonly certificate: CertificateRow;
  readonly older: readonly CertificateRow[];
  /** As it stands in the settings, or as it would begin. */
  readonly guide: Guide;
  readonly history: readonly HistoryRow[];
  /** Whether a backup file holds it as it is. */
  readonly saved: boolean;
}

/** The newest of its holder and authority, and those before it. */
function familyOf(rows: readonly CertificateRow[], id: string): Pick<Found, 'certificate' | 'older'> {
  const asked = rows.find((row) => row.id === id);
  const certificate = rows.find((row) => row.id === (asked?.replacedBy ?? id));
  if (!certificate) throw new WalletError('certificate.not-found');
  const older = rows.filter(({ replacedBy }) => replacedBy === certificate.id).sort((a, b) => b.notBefore - a.notBefore);
  return { certificate, older };
}

function guideOf({ guides }: PrivateSettings, { certificate, older }: Pick<Found, 'certificate' | 'older'>): Guide {
  const by = new Map(guides.map((guide) => [guide.item, guide]));
  const before = older.map(({ id }) => by.get(id)).find((guide) => guide !== undefined);
  return by.get(certificate.id) ?? guideAfter(certificate.id, before);
}

/** Sites where one of these certificates was used with success, once for each use. */
function usesIn(history: readonly HistoryRow[], certificates: readonly CertificateRow[]): readonly Use[] {
  const ids = new Set(certificates.map(({ id }) => id));
  return history.flatMap(({ origin, certificate, result, at }) =>
    origin !== null && certificate !== null && ids.has(certificate) && result === 'done' ? [{ origin, last: at }] : [],
  );
}

function countDone(places: readonly ChecklistRow[]): number {
  return places.filter(({ done }) => done !== null).length;
}

/** On hold it is no more use than revoked. */
function statusOf({ revocation }: CertificateRow): 'good' | 'revoked' | 'unknown' {
  const said = revocation?.word?.state ?? 'unknown';
  return said === 'on-hold' ? 'revoked' : said;
}

export class Renewals implements RenewalApi {
  readonly #ports: RenewalPorts;

  constructor(ports: RenewalPorts) {
    this.#ports = ports;
  }

  async guide(id: string): Promise<RenewalGuide> {
    const found = await this.#find(id);
    const { certificate, older, guide } = found;
    const places = this.#places(found);
    const { proved, later, ended } = guide;
    return { certificate, older, places, conditions: this.#conditions(found, places), proved, later, ended };
  }

  async begin(ids: readonly string[]): Promise<void> {
    const rows = await this.#ports.door.rows();
    const families = ids.map((id) => familyOf(rows, id));
    await this.#save((settings) => families.map((family) => guideOf(settings, family)));
  }

  async change(id: string, change: GuideChange): Promise<void> {
    const family = familyOf(await this.#ports.door.rows(), id);
    await this.#save((settings) => [changedGuide(guideOf(settings, family), change, this.#ports.clock())]);
  }

  async tryKey(id: string, walletPassword: string): Promise<void> {
    const { store, door, clock } = this.#ports;
    const { head, slot } = await door.openSlot(walletPassword);
    try {
      const pair = await openPair(head, slot, presentItem(await openItem(store, head, slot.listKey, id)), 'sign');
      if (!pair) throw new WalletError('certificate.wrong-use');
      try {
        await CERTIFICATE_READER.prove(pair.certificate.der, pair.privateKeyInfo, 'sign');
      } finally {
        wipe(pair.privateKeyInfo);
      }
    } finally {
      wipe(slot.listKey, slot.signingKey);
    }
    const family = familyOf(await door.rows(), id);
    await this.#save((settings) => [{ ...guideOf(settings, family), tried: clock() }]);
  }

  async tidy(id: string): Promise<readonly string[]> {
    const found = await this.#find(id);
    const ids = found.older.map((row) => row.id);
    const missing = missingCondition(this.#conditions(found, this.#places(found)));
    if (ids.length === 0 || missing) throw new WalletError('vault.conflict', { detail: missing ?? 'older' });
    await this.#ports.basket.move(ids);
    return ids;
  }

  async open(): Promise<readonly OpenGuide[]> {
    const { door } = this.#ports;
    const rows = await door.rows();
    const { settings } = await this.#settings();
    if (settings.guides.length === 0) return [];
    const history = await this.#history();
    const open = settings.guides.flatMap((guide) => {
      const certificate = rows.find(({ id, replacedBy }) => id === guide.item && replacedBy === null);
      if (!certificate || guide.ended !== null) return [];
      const older = rows.filter(({ replacedBy }) => replacedBy === certificate.id);
      const places = checklistRows(guide, usesIn(history, [certificate, ...older]));
      const done = countDone(places);
      return older.length > 0 || done < places.length ? [{ id: guide.item, places: places.length, done }] : [];
    });
    return open.toReversed();
  }

  #places({ certificate, older, history, guide }: Found): readonly ChecklistRow[] {
    return checklistRows(guide, usesIn(history, [certificate, ...older]));
  }

  #conditions({ certificate, guide, history, saved }: Found, places: readonly ChecklistRow[]): readonly TidyCondition[] {
    return tidyConditions({
      ...guide,
      certificate,
      now: this.#ports.clock(),
      used: usesIn(history, [certificate]).length > 0,
      status: statusOf(certificate),
      saved,
      places: places.length,
      done: countDone(places),
    });
  }

  async #find(id: string): Promise<Found> {
    const family = familyOf(await this.#ports.door.rows(), id);
    const { head, settings } = await this.#settings();
    const entry = head.items.find((item) => item.id === family.certificate.id);
    const saved = entry !== undefined && entry.g <= settings.backup.gen;
    return { ...family, history: await this.#history(), guide: guideOf(settings, family), saved };
  }

  /** A history that does not open holds no guide up. */
  async #history(): Promise<readonly HistoryRow[]> {
    return (await this.#ports.history.read().catch(() => null))?.rows ?? [];
  }

  /** Settings that do not open hold no guide up. */
  async #settings(): Promise<{ readonly head: VaultHead; readonly settings: PrivateSettings }> {
    const { store, door } = this.#ports;
    const { head, listKey } = await door.requireOpen();
    try {
      return { head, settings: await openSettings(store, head, listKey) };
    } catch (thrown) {
      if (errorCode(thrown) !== 'vault.damaged') throw thrown;
      return { head, settings: DEFAULT_SETTINGS };
    } finally {
      wipe(listKey);
    }
  }

  /** Writes guides in place of those of their certificates. Guides of certificates that are gone go with it. */
  #save(make: (settings: PrivateSettings) => readonly Guide[]): Promise<void> {
    const { random } = this.#ports;
    return changeOpen(this.#ports, (base) => {
      const here = new Set(base.head.items.map(({ id }) => id));
      const change = (settings: PrivateSettings): PrivateSettings => {
        const guides = make(settings);
        const written = new Set(guides.map(({ item }) => item));
        const others = settings.guides.filter(({ item }) => !written.has(item) && here.has(item));
        return { ...settings, guides: fittingGuides([...others, ...guides]) };
      };
      return saveSettings({ ...base, random, change });
    });
  }
}
