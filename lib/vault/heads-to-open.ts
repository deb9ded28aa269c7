/** Which heads a secret or a list key is tried on: the one the wallet starts from, and what the copies hold beside it. */
import type { Bytes } from '../bytes/bytes.ts';
import { WalletError } from '../errors.ts';
import type { Copies } from './copies.ts';
import { isProven, type VaultHead } from './head.ts';
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

/**
 * The head that an open wallet goes by: the one the wallet starts from, or, where another key made that, the other copy's
 * that is not older (the primary was away while the password was changed). Null where the keys were changed since.
 */
export async function headOfKey(copies: Copies, start: VaultHead, listKey: Bytes): Promise<VaultHead | null> {
  if (await isProven(start, listKey)) return start;
  for (const head of (await headsToOpen(copies)).others) {
    if (head.vid === start.vid && head.gen >= start.gen && (await isProven(head, listKey))) return head;
  }
  return null;
}
