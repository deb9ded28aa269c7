/** Sites as our windows ask for them: the sealed notes, the marks of what is blocked, and what the browser lets us do. */
import { WalletError } from '../errors.ts';
import { saveSettings } from '../vault/settings-record.ts';
import type { SiteNote } from '../vault/settings-text.ts';
import type { BlockedSites } from './blocked-sites.ts';
import { changeOpen, type NewestPorts } from './newest.ts';
import type { Random, SiteAccessPort } from './ports.ts';
import { siteNote, withSite } from './site-notes.ts';
import { withoutPort, type TurnedOff } from './turned-off.ts';
import type { SiteRow, SitesApi, SiteStanding, TabSite } from './sites-api.ts';

export interface OwnSitesPorts extends NewestPorts {
  readonly random: Random;
  readonly blocked: BlockedSites;
  readonly siteAccess: SiteAccessPort;
  readonly turnedOff: TurnedOff;
}

/** The https origin, without a port, of what somebody typed for a site; null where it is none. */
export function siteOfAddress(typed: string): string | null {
  const text = typed.trim();
  const url = URL.parse(/^[a-z][a-z\d+.-]*:\/\//i.test(text) ? text : `https://${text}`);
  const host = url?.hostname ?? '';
  const named = /^[a-z\d-]+(\.[a-z\d-]+)*\.[a-z][a-z\d-]+$/.test(host);
  return url?.protocol === 'https:' && named ? `https://${host}` : null;
}

export class OwnSites implements SitesApi {
  readonly #ports: OwnSitesPorts;

  constructor(ports: OwnSitesPorts) {
    this.#ports = ports;
  }

  async rows(): Promise<readonly SiteRow[]> {
    const { door, siteAccess, blocked } = this.#ports;
    const [{ sites }, added] = await Promise.all([door.settings(), siteAccess.added()]);
    const noted = sites.map(({ origin }) => withoutPort(origin));
    const all = [...sites, ...added.filter((origin) => !noted.includes(origin)).map((origin) => siteNote(sites, origin))];
    const rows = all.map(async ({ origin, preset, item, used, ...note }): Promise<SiteRow> => {
      const isBlocked = note.blocked || (await blocked.has(origin));
      return { origin, standing: this.#standing(origin, added), blocked: isBlocked, preset, certificate: item, used: used === 0 ? null : used };
    });
    return (await Promise.all(rows)).sort((a, b) => (b.used ?? 0) - (a.used ?? 0));
  }

  async inTab(): Promise<TabSite | null> {
    const { door, siteAccess, blocked } = this.#ports;
    const tab = await siteAccess.tab();
    if (!tab) return null;
    const { origin } = tab;
    const [added, isBlocked, running, resembles, settings] = await Promise.all([
      siteAccess.added(),
      blocked.has(origin),
      siteAccess.isRunning(tab.id),
      siteAccess.resembles(origin),
      door.settings().catch(() => null),
    ]);
    const used = settings ? siteNote(settings.sites, origin).used : undefined;
    return { origin, standing: this.#standing(origin, added), blocked: isBlocked, running, resembles, used: used === 0 ? null : used };
  }

  async block(origin: string, blocked: boolean): Promise<void> {
    const { blocked: marks } = this.#ports;
    // What is blocked is blocked first; what is not any more, last.
    if (blocked) await marks.add(origin);
    await this.#change((sites) => withSite(sites, origin, (site) => ({ ...site, blocked })));
    if (!blocked) await marks.remove(origin);
  }

  prefer(origin: string, certificate: string | null): Promise<void> {
    return this.#change((sites) => withSite(sites, origin, (site) => ({ ...site, preset: certificate })));
  }

  async forget(origin: string): Promise<void> {
    await this.#change((sites) => sites.filter((site) => site.origin !== origin));
    await this.#ports.blocked.remove(origin);
    await this.turnOff(origin);
  }

  async resembles(address: string): Promise<string | null> {
    const origin = siteOfAddress(address);
    return origin && (await this.#ports.siteAccess.resembles(origin));
  }

  async add(address: string): Promise<boolean> {
    const origin = siteOfAddress(address);
    if (origin === null) throw new WalletError('request.malformed', { detail: 'address' });
    const { siteAccess, turnedOff } = this.#ports;
    const allowed = await siteAccess.add(origin);
    if (allowed) await turnedOff.remove(origin);
    return allowed;
  }

  async turnOff(origin: string): Promise<void> {
    const { siteAccess, turnedOff } = this.#ports;
    const site = withoutPort(origin);
    if (!(await siteAccess.added()).includes(site)) return;
    await turnedOff.add(site);
    await siteAccess.remove(site);
  }

  async turnOnInTab(): Promise<boolean> {
    const { siteAccess, turnedOff } = this.#ports;
    const tab = await siteAccess.tab();
    const running = tab !== null && ((await siteAccess.isRunning(tab.id)) || (await siteAccess.run(tab.id)));
    if (running) await turnedOff.remove(tab.origin);
    return running;
  }

  #standing(origin: string, added: readonly string[]): SiteStanding {
    if (this.#ports.siteAccess.isListed(origin)) return 'listed';
    return added.includes(withoutPort(origin)) ? 'added' : 'off';
  }

  #change(change: (sites: readonly SiteNote[]) => readonly SiteNote[]): Promise<void> {
    const { random } = this.#ports;
    return changeOpen(this.#ports, (base) =>
      saveSettings({ ...base, random, change: (settings) => ({ ...settings, sites: change(settings.sites) }) }),
    );
  }
}
