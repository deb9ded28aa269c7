/**
 * Bringing a wallet to a later version of the format: a list of steps that are taken in memory and saved as one
 * generation. A step that fails leaves the wallet as it was, in the version it was; the generation before stays.
 */
import { wipe, type Bytes } from '../bytes/bytes.ts';
import { WalletError } from '../errors.ts';
import { readHead, type HeadItem, type VaultHead } from './head.ts';
import { importSecret } from './keys.ts';
import { VERSION } from './limits.ts';
import { checkBase, saveNext, type SaveBase, type SealedRecord } from './next-head.ts';
import { openRecord } from './open-record.ts';
import { nextItems } from './save.ts';

/** What a step sees and gives on. */
export interface MigrationState {
  /** Everything the head lists. */
  readonly items: readonly HeadItem[];
  /** Slot records. */
  readonly slots: readonly string[];
  /** Records that were written again by this step or by those before it. */
  readonly written: readonly SealedRecord[];
}

export interface MigrationTools {
  readonly vid: string;
  /** Generation of the head that will list what is written. */
  readonly g: number;
  /** The imported list key. No step has the signing key: private keys stay sealed as they are. */
  readonly secret: CryptoKey;
  readonly random: (length: number) => Bytes;
  /** The stored text of a record, or that of an earlier step. */
  readonly text: (entry: HeadItem) => Promise<string | null>;
}

export interface Migration {
  /** The version it leads to, from the one before. */
  readonly to: number;
  readonly migrate: (state: MigrationState, tools: MigrationTools) => Promise<MigrationState>;
}

/** There is one version yet. A step, once released, stays here for ever. */
export const MIGRATIONS: readonly Migration[] = [];

export interface MigrationRequest extends Omit<SaveBase, 'head'> {
  readonly random: (length: number) => Bytes;
  readonly migrations?: readonly Migration[];
  /** The version to reach. */
  readonly version?: number;
}

function stepsFrom(from: number, version: number, migrations: readonly Migration[]): readonly Migration[] {
  return Array.from({ length: version - from }, (_, nth) => {
    const step = migrations.find(({ to }) => to === from + nth + 1);
    if (!step) throw new WalletError('internal', { detail: `no migration to ${from + nth + 1}` });
    return step;
  });
}

async function takeSteps(request: MigrationRequest, head: VaultHead, steps: readonly Migration[]): Promise<MigrationState> {
  const { store, listKey, random } = request;
  const secret = await importSecret(listKey);
  let state: MigrationState = { items: head.items, slots: head.slots.map(({ text }) => text), written: [] };
  const text = async (entry: HeadItem): Promise<string | null> => {
    const before = state.written.find(({ record }) => record.id === entry.id && record.g === entry.g);
    return before ? before.record.text : ((await store.records([entry]))[0] ?? null);
  };
  for (const { migrate } of steps) state = await migrate(state, { vid: head.vid, g: head.gen + 1, secret, random, text });
  return state;
}

/**
 * Brings the open wallet to our version; call it under `WRITE_LOCK`. The head is read there, so a second window finds
 * nothing left to do. Returns the newest head.
 * @throws `vault.newer-version` for a wallet of a later version: nothing is written then. What a step throws, and as
 *   `checkBase` and `saveNext`; the wallet is what it was then.
 */
export async function migrateVault(request: MigrationRequest): Promise<VaultHead> {
  const { store, listKey, migrations = MIGRATIONS, version = VERSION } = request;
  const head = await readHead((await store.heads())[0], version);
  if (head.version === version) return head;
  await checkBase({ ...request, head }, version);
  const { items, slots, written } = await takeSteps(request, head, stepsFrom(head.version, version, migrations));
  return saveNext(
    { ...request, head },
    {
      items: nextItems(items, [], written),
      slots,
      version,
      records: written.map(({ record }) => record),
      check: async ({ vid }) => {
        const secret = await importSecret(listKey);
        for (const { entry, record } of written) wipe(await openRecord(secret, vid, entry, record.text));
      },
    },
  );
}
