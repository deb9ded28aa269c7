/**
 * What there is to do once the wallet was opened: bring one of an earlier version to ours, write a password slot anew that
 * costs a guesser less than those of today, take away what is due. Whatever holds one of these up keeps nobody out and
 * leaves the wallet as it was; it is tried again at the next opening.
 */
import type { VaultHead } from '../vault/head.ts';
import type { PasswordKdf } from '../vault/kdf.ts';
import { VERSION } from '../vault/limits.ts';
import { migrateVault } from '../vault/migrations.ts';
import type { SaveBase } from '../vault/next-head.ts';
import { passwordBytes } from '../vault/password.ts';
import { isBelowToday, strengthenPassword } from '../vault/ways-in.ts';
import type { Opened } from './door.ts';
import { onNewest, type NewestPorts } from './newest.ts';
import type { Random } from './ports.ts';
import type { Wastebasket } from './wastebasket.ts';

export interface UpkeepPorts extends NewestPorts {
  readonly random: Random;
  readonly kdf: PasswordKdf;
  readonly basket: Pick<Wastebasket, 'purgeDue'>;
}

async function saved({ head, slot }: Opened, ports: UpkeepPorts, act: (base: SaveBase) => Promise<VaultHead>): Promise<void> {
  try {
    const next = await onNewest(ports, slot.listKey, act);
    if (next.gen !== head.gen) await ports.door.refresh(next, slot.listKey);
  } catch {
    // The next opening tries it again.
  }
}

/** @param password what the wallet was opened with, or null where it was a passkey */
export async function upkeep(opened: Opened, password: string | null, ports: UpkeepPorts): Promise<void> {
  const { random, kdf, basket } = ports;
  const { head, slot } = opened;
  if (head.version < VERSION) await saved(opened, ports, (base) => migrateVault({ ...base, random }));
  if (password !== null && isBelowToday(head)) {
    const { signingKey } = slot;
    await saved(opened, ports, (base) => strengthenPassword({ ...base, random, signingKey, password: passwordBytes(password), kdf }));
  }
  await basket.purgeDue();
}
