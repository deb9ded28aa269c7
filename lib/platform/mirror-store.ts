/**
 * The vault's second copy in the browser's local storage: `djw1.h0` and `djw1.h1` (heads by parity of generation),
 * `djw1.r.<id>.<g>` (records) and `djw1.m` (marker). One `set` of several keys is atomic, two calls are not, so a change
 * is one call. In Firefox every content script can write here: each value is hostile until a reader of the vault took it.
 */
import { WalletError } from '../errors.ts';
import { headGeneration, markerGeneration } from '../vault/head-generation.ts';
import { TEXT_MAX } from '../vault/record.ts';
import type { Engine, Kept, RawValue, RecordKey, VaultChange, WholeState } from '../vault/store.ts';
import { inTime, NO_ANSWER } from './in-time.ts';
import { storeError, type Mode } from './store-error.ts';

/** What this copy needs of the storage area. */
export interface LocalArea {
  /** The values that are there; others are missing in the map. */
  get(keys: readonly string[]): Promise<ReadonlyMap<string, unknown>>;
  set(entries: ReadonlyMap<string, string>): Promise<void>;
  remove(keys: readonly string[]): Promise<void>;
  /** Names of all keys. An older browser reads everything for that, which one bad value can spoil. */
  keys(): Promise<readonly string[]>;
}

const PREFIX = 'djw1.';
const HEADS = ['djw1.h0', 'djw1.h1'] as const;
const MARKER = 'djw1.m';
const THROTTLE = 'djw1.t';
const RECORD = /^djw1\.r\.([A-Za-z0-9_-]{1,64})\.([1-9][0-9]{0,15})$/;

/** An area that does not answer for so long (ms) is taken as unavailable. */
const PATIENCE_MS = 5_000;
/** Keys that are asked for in one call. */
const BATCH = 64;

function recordKey({ id, g }: RecordKey): string {
  return `djw1.r.${id}.${g}`;
}

function headKey(gen: number): string {
  return HEADS[gen % 2 === 0 ? 0 : 1];
}

/** A text of bearable length; `''` for anything else that is there, null where nothing is. */
function bounded(value: unknown): string | null {
  if (value === undefined) return null;
  return typeof value === 'string' && value.length <= TEXT_MAX ? value : '';
}

class MirrorStore implements Engine {
  readonly #area: LocalArea;
  readonly #patience: number;

  constructor(area: LocalArea, patience: number) {
    this.#area = area;
    this.#patience = patience;
  }

  async evidence(): Promise<'none' | 'some'> {
    const looked = await Promise.allSettled([...HEADS, MARKER, THROTTLE].map((key) => this.#one(key)));
    if (looked.some((look) => look.status === 'fulfilled' && look.value !== null)) return 'some';
    for (const look of looked) if (look.status === 'rejected') throw look.reason;
    // Records without head and marker are a trace as well. Little or nothing lies here then, so that listing is cheap.
    const keys = await this.#call('read', () => this.#area.keys());
    return keys.some((key) => key.startsWith(PREFIX)) ? 'some' : 'none';
  }

  async heads(): Promise<readonly string[]> {
    const found: { text: string; gen: number | null }[] = [];
    for (const text of await this.#headTexts()) if (text !== null) found.push({ text, gen: await headGeneration(text) });
    const readable = found.flatMap(({ gen }) => (gen === null ? [] : [gen]));
    const marked = await markerGeneration((await this.marker().catch(() => null)) ?? '');
    // What does not read counts as the newest unless the marker knows better.
    const unread = marked !== null && readable.some((gen) => gen >= marked) ? -1 : Infinity;
    return found.sort((a, b) => (b.gen ?? unread) - (a.gen ?? unread)).map(({ text }) => text);
  }

  async records(keys: readonly RecordKey[]): Promise<readonly (string | null)[]> {
    const names = keys.map(recordKey);
    const texts: (string | null)[] = [];
    for (let at = 0; at < names.length; at += BATCH) texts.push(...(await this.#batch(names.slice(at, at + BATCH))));
    return texts;
  }

  marker(): Promise<string | null> {
    return this.#one(MARKER);
  }

  /** The wallet picture is not kept where a page could read it. */
  mark(): Promise<string | null> {
    return Promise.resolve(null);
  }

  setMark(): Promise<void> {
    return Promise.resolve();
  }

  async commit(change: VaultChange): Promise<void> {
    const [newest] = await this.heads();
    const sum = newest === undefined ? null : newest.slice(newest.lastIndexOf('.') + 1);
    const gen = newest === undefined ? 0 : await headGeneration(newest);
    if (sum !== change.base || gen === null || gen >= change.gen) throw new WalletError('vault.conflict', { detail: 'mirror' });
    await this.#put(change);
  }

  async replace(state: WholeState): Promise<void> {
    await this.#put(state);
    const head = headKey(state.gen);
    if ((await this.#one(head)) !== state.head) throw new WalletError('vault.read-only', { detail: 'read-back' });
    const other = headKey(state.gen + 1);
    const text = await this.#one(other).catch(() => '');
    const gen = text === null ? 0 : await headGeneration(text);
    if (gen === null || gen >= state.gen) await this.#call('write', () => this.#area.remove([other]));
  }

  async prune(kept: Kept): Promise<void> {
    const newest = Math.max(...kept.gens);
    const names = new Set(kept.records.map(recordKey));
    const goes = (key: string): boolean => {
      const g = Number(RECORD.exec(key)?.[2] ?? Infinity);
      return g <= newest && !names.has(key);
    };
    const old = (await this.#call('read', () => this.#area.keys())).filter(goes);
    for (const key of HEADS) {
      const gen = await headGeneration((await this.#one(key)) ?? '');
      if (gen !== null && gen < newest && !kept.gens.includes(gen)) old.push(key);
    }
    if (old.length > 0) await this.#call('write', () => this.#area.remove(old));
  }

  async raw(): Promise<readonly RawValue[]> {
    const found: RawValue[] = [];
    for (const place of await this.#ownKeys()) {
      const value = await this.#call('read', () => this.#area.get([place])).catch(() => new Map<string, unknown>());
      found.push({ place, value: value.get(place) });
    }
    return found;
  }

  async erase(): Promise<void> {
    const keys = await this.#ownKeys();
    await this.#call('write', () => this.#area.remove(keys));
    if ((await this.evidence()) !== 'none') throw new WalletError('vault.read-only', { detail: 'erase' });
  }

  async #put({ records, head, gen, marker }: WholeState): Promise<void> {
    const entries = new Map<string, string>(records.map((record) => [recordKey(record), record.text]));
    entries.set(headKey(gen), head).set(MARKER, marker);
    await this.#call('write', () => this.#area.set(entries));
  }

  /** All keys of ours; where even their names do not read, those that are always called the same. */
  async #ownKeys(): Promise<readonly string[]> {
    try {
      return (await this.#call('read', () => this.#area.keys())).filter((key) => key.startsWith(PREFIX));
    } catch {
      return [...HEADS, MARKER, THROTTLE];
    }
  }

  /** The two heads, each read alone. @throws `vault.unavailable` where neither reads */
  async #headTexts(): Promise<readonly (string | null)[]> {
    const looked = await Promise.allSettled(HEADS.map((key) => this.#one(key)));
    const failed = looked.filter((look) => look.status === 'rejected');
    if (failed.length === HEADS.length) throw failed[0]?.reason;
    return looked.map((look) => (look.status === 'fulfilled' ? look.value : ''));
  }

  async #one(key: string): Promise<string | null> {
    return bounded((await this.#call('read', () => this.#area.get([key]))).get(key));
  }

  /** Several keys in one call, or each alone where one of them spoils the call; null where a value does not read. */
  async #batch(keys: readonly string[]): Promise<readonly (string | null)[]> {
    const text = (value: unknown): string | null => bounded(value) || null;
    try {
      const values = await this.#call('read', () => this.#area.get(keys));
      return keys.map((key) => text(values.get(key)));
    } catch (thrown) {
      if (thrown instanceof WalletError && thrown.detail === NO_ANSWER) throw thrown;
      return Promise.all(keys.map(async (key) => text(await this.#one(key).catch(() => undefined))));
    }
  }

  /** One call of the area in time; a read is tried twice, since the first after damage may only tell of a repair. */
  async #call<Value>(mode: Mode, act: () => Promise<Value>): Promise<Value> {
    const attempt = async (): Promise<Value> => {
      try {
        return await inTime(act(), this.#patience);
      } catch (thrown) {
        throw storeError(thrown, mode);
      }
    };
    try {
      return await attempt();
    } catch (thrown) {
      if (mode === 'write' || (thrown instanceof WalletError && thrown.detail === NO_ANSWER)) throw thrown;
      return attempt();
    }
  }
}

/** The mirror in a storage area. `patience` (ms) is how long it may take to answer. */
export function mirrorStore(area: LocalArea, patience = PATIENCE_MS): Engine {
  return new MirrorStore(area, patience);
}
