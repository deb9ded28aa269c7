/** Which heads a secret is tried on: the one the wallet starts from, and what the copies hold beside it. */
import { WalletError } from '../errors.ts';
import type { Copies } from './copies.ts';
import type { VaultHead } from './head.ts';
import { chooseHead } from './which-head.ts';

export interface HeadsToOpen {
  readonly newest: VaultHead;
  /** Other heads of the same wallet, the mirror's newest before the older ones: for `openFromCopies`. */
  readonly others: readonly VaultHead[];
}

/** @throws `vault.absent`; `vault.damaged` where only the recovery screen leads on; `vault.newer-version` */
export async function headsToOpen(copies: Copies): Promise<HeadsToOpen> {
  const readings = await copies.readings();
  const choice = chooseHead(readings);
  if (choice.state === 'none') throw new WalletError('vault.absent');
  if (choice.state !== 'ready') throw new WalletError(choice.state === 'recovery' ? 'vault.damaged' : 'vault.newer-version');
  const newest = choice.head;
  const others: VaultHead[] = [];
  for (const found of [...readings.mirror.heads, ...readings.primary.heads]) {
    if (found.state !== 'good' || found.head.vid !== newest.vid || found.text === newest.text) continue;
    if (!others.some(({ text }) => text === found.text)) others.push(found.head);
  }
  return { newest, others };
}
