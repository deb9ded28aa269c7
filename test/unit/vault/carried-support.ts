/** Items with private keys for tests of what is carried: a "certificate" begins with the octets its key begins with. */
import { copy, equal, type Bytes } from '../../../lib/bytes/bytes.ts';
import { fromUtf8, utf8 } from '../../../lib/bytes/text.ts';
import { WalletError } from '../../../lib/errors.ts';
import type { CertificateReader, OpenHead } from '../../../lib/vault/carried.ts';
import type { VaultHead } from '../../../lib/vault/head.ts';
import type { NewItem } from '../../../lib/vault/save.ts';
import { sealKey, type KeyRole } from '../../../lib/vault/sealed-key.ts';
import type { VaultStore } from '../../../lib/vault/store.ts';
import { item, random, unlock, type Wallet } from './support.ts';

const BOUND = 16;
export const END = 1_800_000_000;

export const fakeReader: CertificateReader = {
  spkiOf: (certificate) => copy(certificate.subarray(0, BOUND)),
  endOf: () => END,
  prove: (certificate, privateKeyInfo) =>
    equal(certificate.subarray(0, BOUND), privateKeyInfo.subarray(0, BOUND))
      ? Promise.resolve()
      : Promise.reject(new WalletError('file.pair-mismatch')),
};

export interface Pair {
  readonly certificate: Bytes;
  readonly privateKeyInfo: Bytes;
}

export function makePair(size = 600): Pair {
  const certificate = random(size);
  const privateKeyInfo = random(size);
  privateKeyInfo.set(certificate.subarray(0, BOUND));
  return { certificate, privateKeyInfo };
}

/** An item whose sealed keys open in this wallet. */
export async function keyedItem(wallet: Wallet, id: string, pairs: Partial<Record<KeyRole, Pair>>, changes: Partial<NewItem> = {}): Promise<NewItem> {
  const { signingKey, head } = wallet;
  const sealed = async (role: KeyRole): Promise<Bytes | null> => {
    const pair = pairs[role];
    if (!pair) return null;
    return sealKey({ signingKey, vid: head.vid, id, role, spki: fakeReader.spkiOf(pair.certificate), privateKeyInfo: pair.privateKeyInfo, random });
  };
  return item(id, {
    signCertificate: pairs.sign?.certificate ?? null,
    kmCertificate: pairs.km?.certificate ?? null,
    sealedSignKey: await sealed('sign'),
    sealedKmKey: await sealed('km'),
    na: pairs.sign ? END : null,
    ...changes,
  });
}

export const withPassword =
  (password?: string): OpenHead =>
  (head) =>
    unlock(head, password);

export async function textsOf(store: VaultStore, head: VaultHead): Promise<ReadonlyMap<string, string | null>> {
  const texts = await store.records(head.items);
  return new Map(head.items.map(({ id }, nth) => [id, texts[nth] ?? null]));
}

export const linesOf = (octets: Bytes): string[] => fromUtf8(octets).split('\n').slice(0, -1);
export const fileOf = (lines: readonly string[]): Bytes => utf8(lines.map((line) => `${line}\n`).join(''));

/** What throws at once, as a promise that fails. */
export function attempt<Value>(act: () => Value): Promise<Value> {
  return Promise.resolve().then(act);
}
