/** Opens what `findIdentities` found and proves that keys and certificates belong together. */
import { wipe } from '../bytes/bytes.ts';
import { errorCode, WalletError, type ErrorCode } from '../errors.ts';
import type { Certificate } from './certificate.ts';
import type { FoundIdentity } from './folder.ts';
import type { SealedPair } from './pairing.ts';
import { openPrivateKey, type OpenedKey } from './private-key.ts';
import { proveKey, type KeyRole } from './prove.ts';

/** A proven pair. The caller wipes `key.privateKeyInfo` after use. */
export interface OpenedPair {
  readonly certificate: Certificate;
  readonly key: OpenedKey;
}

export interface OpenedIdentity {
  /** Null where only a km pair was found. */
  readonly sign: OpenedPair | null;
  readonly km: OpenedPair | null;
  /** Why the km pair did not open; null where it did, or where there is none. `password.wrong`: it has another password. */
  readonly kmProblem: ErrorCode | null;
}

async function openPair(pair: SealedPair | null, password: string, role: KeyRole): Promise<OpenedPair> {
  if (pair === null) throw new WalletError('file.pair-missing', { detail: role });
  const key = await openPrivateKey(pair.keyFile, password);
  try {
    await proveKey(pair.certificate, key, role);
  } catch (thrown) {
    wipe(key.privateKeyInfo);
    throw thrown;
  }
  return { certificate: pair.certificate, key };
}

/** @throws `password.wrong`, `file.pair-mismatch`, `file.pair-missing` where there is no sign pair, and what readers throw */
export function openSign({ sign }: FoundIdentity, password: string): Promise<OpenedPair> {
  return openPair(sign, password, 'sign');
}

/** Opens the km pair, which may have a password of its own. Throws as `openSign`. */
export function openKm({ km }: FoundIdentity, password: string): Promise<OpenedPair> {
  return openPair(km, password, 'km');
}

/**
 * Opens both pairs with one password. The km pair never holds up the sign pair: its failure is told, not thrown. Where
 * there is a km pair alone, that one must open. Throws as `openSign`.
 */
export async function openIdentity(found: FoundIdentity, password: string): Promise<OpenedIdentity> {
  if (found.sign === null) return { sign: null, km: await openKm(found, password), kmProblem: null };
  const sign = await openSign(found, password);
  if (found.km === null) return { sign, km: null, kmProblem: null };
  try {
    return { sign, km: await openKm(found, password), kmProblem: null };
  } catch (thrown) {
    return { sign, km: null, kmProblem: errorCode(thrown) };
  }
}
