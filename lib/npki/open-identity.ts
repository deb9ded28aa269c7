/** Opens what `findIdentities` found and proves that keys and certificates belong together. */
import { wipe } from '../bytes/bytes.ts';
import { errorCode, WalletError, type ErrorCode } from '../errors.ts';
import type { FoundContainer, FoundIdentity } from './folder.ts';
import { matchKeys, type OpenedEntry, type OpenedPair } from './match-keys.ts';
import type { SealedPair } from './pairing.ts';
import { openPfx } from './pkcs12/open-pfx.ts';
import { openPlainKey } from './plain-key.ts';
import { openPrivateKey, type OpenedKey } from './private-key.ts';
import { proveKey, type KeyRole } from './prove.ts';
import { readTextContent, type StoredKey } from './text-content.ts';

export type { OpenedEntry, OpenedPair } from './match-keys.ts';

export interface OpenedIdentity {
  /** Null where only a km pair was found. */
  readonly sign: OpenedPair | null;
  readonly km: OpenedPair | null;
  /** Why the km pair did not open; null where it did, or where there is none. `password.wrong`: it has another password. */
  readonly kmProblem: ErrorCode | null;
}

function openStored({ file, plain }: StoredKey, password: string): Promise<OpenedKey> {
  return plain ? Promise.resolve(openPlainKey(file)) : openPrivateKey(file, password);
}

async function openPair(pair: SealedPair | null, password: string, role: KeyRole): Promise<OpenedPair> {
  if (pair === null) throw new WalletError('file.pair-missing', { detail: role });
  const key = await openStored({ file: pair.keyFile, plain: pair.plain }, password);
  try {
    await proveKey(pair.certificate, key, role);
  } catch (thrown) {
    wipe(key.privateKeyInfo);
    throw thrown;
  }
  return { certificate: pair.certificate, key };
}

/** @throws `password.wrong`, `file.pair-mismatch`, `file.pair-missing` where there is no sign pair, and what readers throw */
export function openSign({ sign }: Pick<FoundIdentity, 'sign'>, password: string): Promise<OpenedPair> {
  return openPair(sign, password, 'sign');
}

/** Opens the km pair, which may have a password of its own. Throws as `openSign`. */
export function openKm({ km }: Pick<FoundIdentity, 'km'>, password: string): Promise<OpenedPair> {
  return openPair(km, password, 'km');
}

/**
 * Opens both pairs with one password. The km pair never holds up the sign pair: its failure is told, not thrown. Where
 * there is a km pair alone, that one must open. Throws as `openSign`.
 */
export async function openIdentity(found: Pick<FoundIdentity, 'sign' | 'km'>, password: string): Promise<OpenedIdentity> {
  if (found.sign === null) return { sign: null, km: await openKm(found, password), kmProblem: null };
  const sign = await openSign(found, password);
  if (found.km === null) return { sign, km: null, kmProblem: null };
  try {
    return { sign, km: await openKm(found, password), kmProblem: null };
  } catch (thrown) {
    return { sign, km: null, kmProblem: errorCode(thrown) };
  }
}

async function openTextKeys(keys: readonly StoredKey[], password: string): Promise<OpenedKey[]> {
  const opened: OpenedKey[] = [];
  try {
    for (const key of keys) opened.push(await openStored(key, password));
    return opened;
  } catch (thrown) {
    wipe(...opened.map(({ privateKeyInfo }) => privateKeyInfo));
    throw thrown;
  }
}

/**
 * Opens one file that holds keys. All its encrypted keys have one password; a key without encryption needs none.
 *
 * @returns an entry for each identity in it, then what in it stays alone; the caller wipes the keys
 * @throws `password.wrong`, and what the readers throw
 */
export async function openContainer({ form, file }: Pick<FoundContainer, 'form' | 'file'>, password: string): Promise<readonly OpenedEntry[]> {
  if (form === 'pfx') {
    const { certificates, keys } = await openPfx(file, password);
    return matchKeys(certificates, keys);
  }
  const text = readTextContent(file);
  if (text === null) throw new WalletError('file.unsupported', { detail: 'text' });
  return matchKeys(text.certificates, await openTextKeys(text.keys, password));
}
