/** Records out of several copies: whichever holds the one that a head lists, by id, generation and checksum. */
import type { VaultHead } from './head.ts';
import { isIntact } from './record.ts';
import type { RecordKey, StoredRecord, VaultStore, WholeState } from './store.ts';

async function isWanted(text: string, { sum }: RecordKey): Promise<boolean> {
  return sum === undefined || (await isIntact(text, sum));
}

/**
 * The texts of records, from the first store that holds the wanted one; where none does, what the first one holds, for
 * its reader to say what is wrong with it, or null. @throws what the first store throws, where no store answers
 */
export async function recordsOf(stores: readonly VaultStore[], keys: readonly RecordKey[]): Promise<readonly (string | null)[]> {
  const found: (string | null)[] = keys.map(() => null);
  let open = keys.map((key, at) => ({ key, at }));
  const failures: unknown[] = [];
  for (const store of stores) {
    if (open.length === 0) break;
    try {
      const texts = await store.records(open.map(({ key }) => key));
      const wanted = await Promise.all(open.map(({ key }, nth) => isWanted(texts[nth] ?? '', key)));
      for (const [nth, { at }] of open.entries()) {
        const text = texts[nth] ?? null;
        if (wanted[nth]) found[at] = text;
        else found[at] ??= text;
      }
      open = open.filter(({ key }, nth) => !wanted[nth] || (key.sum === undefined && texts[nth] === null));
    } catch (thrown) {
      failures.push(thrown);
    }
  }
  if (failures.length > 0 && failures.length === stores.length) throw failures[0];
  return found;
}

/** Ids of the records that a head lists and a store lacks. @throws what the store throws */
export async function lacking(store: VaultStore, { items }: VaultHead): Promise<ReadonlySet<string>> {
  const texts = await store.records(items);
  const intact = await Promise.all(items.map(({ sum }, at) => isIntact(texts[at] ?? null, sum)));
  return new Set(items.filter((_, at) => !intact[at]).map(({ id }) => id));
}

export interface Gathered {
  readonly state: WholeState;
  /** Ids of listed records that no store holds; they are not in the state. */
  readonly missing: readonly string[];
}

/** The whole state under a head. `known` are records that need not be looked for, such as those of a backup file. */
export async function gather(stores: readonly VaultStore[], head: VaultHead, marker: string, known: readonly StoredRecord[] = []): Promise<Gathered> {
  const byPlace = new Map(known.map((record) => [`${record.id}.${record.g}`, record.text]));
  const own = head.items.map(({ id, g }) => byPlace.get(`${id}.${g}`) ?? null);
  const ownIntact = await Promise.all(head.items.map(({ sum }, at) => isIntact(own[at] ?? null, sum)));
  const wanted = head.items.filter((_, at) => !ownIntact[at]);
  const stored = wanted.length > 0 ? await recordsOf(stores, wanted) : [];
  const storedIntact = await Promise.all(wanted.map(({ sum }, at) => isIntact(stored[at] ?? null, sum)));
  const records: StoredRecord[] = [];
  const missing: string[] = [];
  const take = ({ id, g }: RecordKey, text: string | null | undefined, intact: boolean | undefined): void => {
    if (intact && text) records.push({ id, g, text });
    else missing.push(id);
  };
  for (const [at, item] of head.items.entries()) if (ownIntact[at]) take(item, own[at], true);
  for (const [at, item] of wanted.entries()) take(item, stored[at], storedIntact[at]);
  return { state: { gen: head.gen, records, head: head.text, marker }, missing };
}
