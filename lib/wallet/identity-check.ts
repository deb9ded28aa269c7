/** The identity check (본인확인): does this certificate belong to the holder of that number? */
import { wipe } from '../bytes/bytes.ts';
import { WalletError } from '../errors.ts';
import { isIdNumber, verifyIdentity } from '../npki/identity.ts';
import { readPrivateKeyInfo } from '../npki/private-key-info.ts';
import type { VaultStore } from '../vault/store.ts';
import { openItem } from '../vault/vault.ts';
import type { Door } from './door.ts';
import { openPair, presentItem } from './open-items.ts';

/** A number as people write it: `900101-1234567`, `123-45-67890`. */
export function digitsOf(written: string): string {
  return written.replaceAll(/[\s-]/g, '');
}

/** Throws as `WalletApi.checkIdentity`. A number that cannot be one costs no derivation. */
export async function checkIdentity(
  id: string,
  written: string,
  walletPassword: string,
  { store, door }: { readonly store: VaultStore; readonly door: Door },
): Promise<boolean> {
  const idNumber = digitsOf(written);
  if (!isIdNumber(idNumber)) throw new WalletError('request.malformed', { detail: 'idNumber' });
  const { head, slot } = await door.openSlot(walletPassword);
  try {
    const pair = await openPair(head, slot, presentItem(await openItem(store, head, slot.listKey, id)), 'sign');
    if (!pair) throw new WalletError('certificate.no-random');
    const { certificate, privateKeyInfo } = pair;
    try {
      const { random } = readPrivateKeyInfo(privateKeyInfo);
      if (random === null) throw new WalletError('certificate.no-random');
      if (!certificate.identity?.vid) throw new WalletError('certificate.no-identity');
      return await verifyIdentity({ certificate, random, idNumber });
    } finally {
      wipe(privateKeyInfo);
    }
  } finally {
    wipe(slot.listKey, slot.signingKey);
  }
}
