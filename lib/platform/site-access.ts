/**
 * Where the wallet's script runs beside the listed sites: for good where the browser's own person allowed it, and in one tab
 * after a click on the toolbar button. The browser keeps the list of what is allowed; there is no other.
 */
import type { SiteAccessPort } from '../wallet/ports.ts';
import { askHostAccess } from './host-access.ts';
import { browser } from './browser.ts';
import { LOCAL_PATTERNS, sitePatterns } from './sites.ts';
import { withLock } from './system.ts';

const SCRIPT = 'content-scripts/content.js';
const ADDED = /^(https:\/\/[a-z\d.-]+)\/\*$/;
const ID = 'site-';

const patternOf = (origin: string): string => `${origin}/*`;
const idOf = (origin: string): string => ID + origin.slice('https://'.length);

function matches(pattern: string, { protocol, hostname }: URL): boolean {
  const [, scheme, host = ''] = /^(https?:)\/\/([^/]+)\/\*$/.exec(pattern) ?? [];
  return scheme === protocol && (host.startsWith('*.') ? hostname.endsWith(host.slice(1)) : hostname === host);
}

async function added(): Promise<readonly string[]> {
  const { origins = [] } = await browser.permissions.getAll();
  const shipped = sitePatterns();
  return origins.flatMap((pattern) => (shipped.includes(pattern) ? [] : (ADDED.exec(pattern)?.[1] ?? [])));
}

/**
 * Registers the script where it is allowed, and nowhere else: an update of the extension forgets what was registered. The
 * page that asked and the background, which hears of it, both come here; the second finds it done.
 */
export function registerAdded(): Promise<void> {
  return withLock('djw1-sites', register);
}

async function register(): Promise<void> {
  const [origins, scripts] = await Promise.all([added(), browser.scripting.getRegisteredContentScripts()]);
  const wanted = new Map(origins.map((origin) => [idOf(origin), origin]));
  const gone = scripts.filter(({ id }) => id.startsWith(ID) && !wanted.has(id)).map(({ id }) => id);
  if (gone.length > 0) await browser.scripting.unregisterContentScripts({ ids: gone });
  for (const { id } of scripts) wanted.delete(id);
  const fresh = [...wanted].map(([id, origin]) => ({
    id,
    matches: [patternOf(origin)],
    js: [SCRIPT],
    runAt: 'document_start' as const,
    allFrames: false,
    persistAcrossSessions: true,
  }));
  if (fresh.length > 0) await browser.scripting.registerContentScripts(fresh);
}

/** Calls back after the browser's person allowed or took back something, wherever they did. */
export function onAccessChanged(act: () => void): void {
  browser.permissions.onAdded.addListener(act);
  browser.permissions.onRemoved.addListener(act);
}

export function siteAccess(mayBeLocal: boolean): SiteAccessPort {
  const listed = mayBeLocal ? [...sitePatterns(), ...LOCAL_PATTERNS] : sitePatterns();
  return {
    isListed(origin) {
      const url = URL.parse(origin);
      return url !== null && listed.some((pattern) => matches(pattern, url));
    },
    async resembles(origin) {
      const { resembledSite } = await import('./resembled-site.ts');
      return resembledSite(origin);
    },
    added,
    async add(origin) {
      if (!(await askHostAccess([patternOf(origin)]))) return false;
      await registerAdded();
      return true;
    },
    async remove(origin) {
      if (!(await added()).includes(origin)) return;
      await browser.permissions.remove({ origins: [patternOf(origin)] });
      await registerAdded();
    },
    async tab() {
      const [tab] = await browser.tabs.query({ active: true, currentWindow: true });
      const url = URL.parse(tab?.url ?? '');
      return tab?.id !== undefined && url && /^https?:$/.test(url.protocol) ? { id: tab.id, origin: url.origin } : null;
    },
    async isRunning(tabId) {
      try {
        return typeof (await browser.tabs.sendMessage(tabId, { to: 'content', type: 'waiting', id: '' }, { frameId: 0 })) === 'boolean';
      } catch {
        return false; // Nobody listens there.
      }
    },
    async run(tabId) {
      try {
        await browser.scripting.executeScript({ target: { tabId }, files: [SCRIPT] });
        return true;
      } catch {
        return false; // A page of the browser's own, or no click on our button.
      }
    },
  };
}
