/** The beginning of a run, as the journal gets it. */
import type { Signer } from '../../cmp/possession.ts';
import type { NewKey } from '../../cmp/new-key.ts';
import type { VaultHead } from '../../vault/head.ts';
import type { JournalKey } from '../../vault/journal.ts';
import { sealKey } from '../../vault/sealed-key.ts';
import type { OpenSlot } from '../../vault/unlock.ts';
import type { Clock, Random } from '../ports.ts';
import type { Errand } from './errand.ts';
import { wipeKeys, type Application } from './requests.ts';

/** What a run begins with. */
export interface Beginning extends Application {
  /** Record of the certificate that is renewed or revoked. */
  readonly old: string | null;
  /** The key of the certificate that signs our messages; null where a code protects them. */
  readonly sign: Signer | null;
}

interface BeginningPorts {
  readonly random: Random;
  readonly clock: Clock;
  readonly newId: () => string;
}

/** Seals the new keys for the record that they will belong to, before the first octet leaves, and wipes them. */
export async function errandOf(
  { prepared, keys, old }: Beginning,
  { vid }: VaultHead,
  { signingKey }: OpenSlot,
  { random, clock, newId }: BeginningPorts,
): Promise<Errand> {
  const item = keys.length === 0 ? null : newId();
  const seal = async ({ use, spki, privateKeyInfo }: NewKey, id: string): Promise<JournalKey> => {
    const sealed = await sealKey({ signingKey, vid, id, role: use, spki, privateKeyInfo, random });
    return { role: use, item: id, spki, sealed };
  };
  try {
    const sealed = item === null ? [] : await Promise.all(keys.map((key) => seal(key, item)));
    return { id: newId(), startedAt: clock(), item, old, course: prepared, keys: sealed };
  } finally {
    wipeKeys(keys);
  }
}
