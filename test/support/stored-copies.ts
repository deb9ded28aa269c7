/** What both copies of the wallet hold in a real Chromium, and harm done to them: from within our page, or to the files. */
import { existsSync, readdirSync, readFileSync, readlinkSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import type { Browser } from './chromium.ts';

export interface StoredCopies {
  /** Text of the newest head; null where there is none. */
  readonly primary: string | null;
  readonly mirror: string | null;
  /** Listed records whose very text lies in both copies. */
  readonly both: number;
  readonly listed: number;
}

interface Storage {
  get(keys: null): Promise<Record<string, unknown>>;
  set(entries: Record<string, unknown>): Promise<void>;
  remove(keys: readonly string[]): Promise<void>;
}

/** Runs in one of our pages, where the browser's storage is at hand. */
export type Chrome = { readonly storage: { readonly local: Storage; readonly session: Storage; readonly sync: Storage } };

/** Reads both copies past the wallet. Looking makes no database. */
export function readCopies(page: Page): Promise<StoredCopies> {
  return page.evaluate(async () => {
    const { storage } = (globalThis as unknown as { chrome: Chrome }).chrome;
    const settled = <Value>(request: IDBRequest<Value>): Promise<Value> =>
      new Promise((resolve, reject) => {
        request.onsuccess = () => resolve(request.result);
        request.onerror = () => reject(request.error ?? new Error('request'));
      });
    const fields = (head: string): { gen: number; items: { id: string; g: number; sum: string }[] } => {
      const [, , text = ''] = head.split('.');
      return JSON.parse(
        new TextDecoder().decode(Uint8Array.from(atob(text.replaceAll('-', '+').replaceAll('_', '/')), (one) => one.charCodeAt(0))),
      ) as never;
    };
    const records = new Map<string, string>();
    let primary: string | null = null;
    if ((await indexedDB.databases()).some(({ name }) => name === 'djw1')) {
      const database = await settled(indexedDB.open('djw1'));
      const transaction = database.transaction(['head', 'rec']);
      const heads = await settled(transaction.objectStore('head').getAll());
      primary = (heads.at(-1) as string | undefined) ?? null;
      const store = transaction.objectStore('rec');
      for (const key of await settled(store.getAllKeys()))
        records.set((key as unknown[]).join('.'), (await settled<unknown>(store.get(key))) as string);
      database.close();
    }
    const local = await storage.local.get(null);
    const heads = ['djw1.h0', 'djw1.h1'].map((key) => local[key]).filter((value) => typeof value === 'string');
    const mirror = heads.sort((a, b) => fields(b).gen - fields(a).gen)[0] ?? null;
    const items = primary === null ? [] : fields(primary).items;
    const inBoth = items.filter(({ id, g, sum }) => {
      const text = records.get(`${id}.${String(g)}`);
      return text?.endsWith(`.${sum}`) === true && local[`djw1.r.${id}.${String(g)}`] === text;
    });
    return { primary, mirror, both: inBoth.length, listed: items.length };
  });
}

/** Whether both copies start from one head and hold every record it lists. */
export const agree = ({ primary, mirror, both, listed }: StoredCopies): boolean => primary !== null && primary === mirror && both === listed;

/** Flips the last character of the newest head in the database. */
export function spoilPrimary(page: Page): Promise<void> {
  return page.evaluate(async () => {
    const settled = <Value>(request: IDBRequest<Value>): Promise<Value> =>
      new Promise((resolve, reject) => {
        request.onsuccess = () => resolve(request.result);
        request.onerror = () => reject(request.error ?? new Error('request'));
      });
    const database = await settled(indexedDB.open('djw1'));
    const heads = database.transaction(['head'], 'readwrite').objectStore('head');
    const key = (await settled(heads.getAllKeys())).at(-1) ?? 0;
    const text = String(await settled<unknown>(heads.get(key)));
    await settled(heads.put(`${text.slice(0, -1)}${text.endsWith('A') ? 'Q' : 'A'}`, key));
    database.close();
  });
}

/** Removes everything of the wallet's from local storage. */
export function emptyMirror(page: Page): Promise<void> {
  return page.evaluate(async () => {
    const { local } = (globalThis as unknown as { chrome: Chrome }).chrome.storage;
    await local.remove(Object.keys(await local.get(null)).filter((key) => key.startsWith('djw1.')));
  });
}

/** Removes every record from the database; its heads stay. */
export function emptyRecords(page: Page): Promise<void> {
  return page.evaluate(async () => {
    const settled = <Value>(request: IDBRequest<Value>): Promise<Value> =>
      new Promise((resolve, reject) => {
        request.onsuccess = () => resolve(request.result);
        request.onerror = () => reject(request.error ?? new Error('request'));
      });
    const database = await settled(indexedDB.open('djw1'));
    await settled(database.transaction(['rec'], 'readwrite').objectStore('rec').clear());
    database.close();
  });
}

/** The folders of a closed profile where the copies lie. */
export function copyFolders(profile: string, extensionId: string): { readonly primary: string; readonly mirror: string } {
  return {
    primary: join(profile, 'Default', 'IndexedDB', `chrome-extension_${extensionId}_0.indexeddb.leveldb`),
    mirror: join(profile, 'Default', 'Local Extension Settings', extensionId),
  };
}

function filesOf(folder: string, pattern: RegExp): string[] {
  return readdirSync(folder)
    .filter((name) => pattern.test(name))
    .map((name) => join(folder, name))
    .sort((a, b) => statSync(b).size - statSync(a).size);
}

function largest(folder: string, pattern: RegExp): string {
  const [path] = filesOf(folder, pattern);
  if (path === undefined) throw new Error(`no ${String(pattern)} in ${folder}`);
  return path;
}

function change(path: string, act: (bytes: Buffer) => void): void {
  const bytes = readFileSync(path);
  act(bytes);
  writeFileSync(path, bytes);
}

const LOG = /\.log$/;
/** A table where there is one; all still lies in the log of a young database. */
const tableOrLog = (folder: string): string => (filesOf(folder, /\.ldb$/).length > 0 ? largest(folder, /\.ldb$/) : largest(folder, LOG));

/** What can befall the files of a database while the browser is closed. */
export const DAMAGES: Readonly<Record<string, (folder: string) => void>> = {
  'one byte of the log flipped': (folder) =>
    change(largest(folder, LOG), (bytes) => {
      const at = Math.floor(bytes.length / 2);
      bytes[at] = (bytes[at] ?? 0) ^ 0xff;
    }),
  'the log cut in half': (folder) => {
    const log = largest(folder, LOG);
    truncateSync(log, Math.floor(statSync(log).size / 2));
  },
  'MANIFEST deleted': (folder) => rmSync(largest(folder, /^MANIFEST-/)),
  'MANIFEST cut': (folder) => {
    const manifest = largest(folder, /^MANIFEST-/);
    truncateSync(manifest, Math.floor(statSync(manifest).size / 2));
  },
  'CURRENT deleted': (folder) => rmSync(join(folder, 'CURRENT')),
  'the folder deleted': (folder) => rmSync(folder, { recursive: true }),
  '4 KiB zeroed': (folder) =>
    change(tableOrLog(folder), (bytes) => bytes.fill(0, Math.min(512, bytes.length >> 2), Math.min(512, bytes.length >> 2) + 4_096)),
};

/** Kills the browser at once, as a power cut would, without a word to it. Only the one that runs on this profile. */
export async function killBrowser({ context, profile }: Browser): Promise<void> {
  const closed = new Promise<void>((resolve) => context.once('close', () => resolve()));
  const host = readlinkSync(join(profile, 'SingletonLock'));
  const pid = Number(host.slice(host.lastIndexOf('-') + 1));
  const command = readFileSync(`/proc/${String(pid)}/cmdline`, 'utf8');
  if (!command.includes(profile)) throw new Error('another browser');
  process.kill(pid, 'SIGKILL');
  await closed;
  // Its children end by themselves; until then they hold the files.
  for (let looks = 0; existsSync(`/proc/${String(pid)}`) && looks < 100; looks++) await new Promise((resolve) => setTimeout(resolve, 50));
  rmSync(join(profile, 'SingletonLock'), { force: true });
}

/** Every value that lies in a database or in an area of ours, as one text, whatever made it. */
export function allStored(page: Page): Promise<string> {
  return page.evaluate(async () => {
    const { storage } = (globalThis as unknown as { chrome: Chrome }).chrome;
    const settled = <Value>(request: IDBRequest<Value>): Promise<Value> =>
      new Promise((resolve, reject) => {
        request.onsuccess = () => resolve(request.result);
        request.onerror = () => reject(request.error ?? new Error('request'));
      });
    const found: unknown[] = [await storage.local.get(null), await storage.session.get(null)];
    for (const { name = '' } of await indexedDB.databases()) {
      const database = await settled(indexedDB.open(name));
      for (const store of database.objectStoreNames) found.push(await settled<unknown[]>(database.transaction(store).objectStore(store).getAll()));
      database.close();
    }
    return JSON.stringify(found);
  });
}
