/** The keys that a run works with: opened for it, given to it, wiped behind it. */
import { wipe, type Bytes } from '../../bytes/bytes.ts';
import { WalletError } from '../../errors.ts';
import type { VaultHead } from '../../vault/head.ts';
import { WRITE_LOCK, type VaultStore } from '../../vault/store.ts';
import type { OpenSlot } from '../../vault/unlock.ts';
import { openItem } from '../../vault/vault.ts';
import type { RunSecret } from '../lifecycle-api.ts';
import { openPair, presentItem } from '../open-items.ts';
import type { WithLock } from '../ports.ts';
import { secretOfAct, type TouchPorts } from '../ways-touch.ts';
import type { Holder } from './requests.ts';

export interface KeysPorts extends TouchPorts {
  readonly store: VaultStore;
  readonly withLock: WithLock;
}

const ALGORITHM = { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' } as const;

/** With the list key of the open wallet. @throws `vault.locked` */
export async function withListKey<Result>({ door }: KeysPorts, act: (head: VaultHead, listKey: Bytes) => Promise<Result>): Promise<Result> {
  const { head, listKey } = await door.requireOpen();
  try {
    return await act(head, listKey);
  } finally {
    wipe(listKey);
  }
}

/** Proves the secret, opens the wallet for our windows, and has both keys until `act` is done. Throws as `secretOfAct`, `Door.openWith`. */
export async function withBothKeys<Result>(
  ports: KeysPorts,
  secret: RunSecret,
  act: (head: VaultHead, slot: OpenSlot) => Promise<Result>,
): Promise<Result> {
  const { door, withLock } = ports;
  const opened = secret.kind === 'held' ? secret.opened : await door.openWith(await secretOfAct(secret, ports));
  const { head, slot } = opened;
  try {
    await door.enterNow(opened);
    const newest = await withLock(WRITE_LOCK, () => door.settle(head.vid, slot.listKey, 'heads'));
    return await act(newest, slot);
  } finally {
    wipe(slot.listKey, slot.signingKey);
  }
}

/** The certificate of a record, and its key as a signer that no octets come out of. @throws `certificate.wrong-use`, `certificate.not-found` */
export async function holderOf(store: VaultStore, head: VaultHead, slot: OpenSlot, id: string): Promise<Holder> {
  const item = presentItem(await openItem(store, head, slot.listKey, id));
  const pair = await openPair(head, slot, item, 'sign');
  if (pair === null) throw new WalletError('certificate.wrong-use');
  try {
    const key = await crypto.subtle.importKey('pkcs8', pair.privateKeyInfo, ALGORITHM, false, ['sign']);
    return { item, certificate: pair.certificate, sign: async (bytes) => new Uint8Array(await crypto.subtle.sign(ALGORITHM, key, bytes)) };
  } finally {
    wipe(pair.privateKeyInfo);
  }
}
