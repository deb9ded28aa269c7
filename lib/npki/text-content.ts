/** What a text of this field holds: certificates and keys, in any order. */
import { wipe, type Bytes } from '../bytes/bytes.ts';
import { equal } from '../bytes/bytes.ts';
import { errorCode, WalletError } from '../errors.ts';
import type { Certificate } from './certificate.ts';
import { readDerContent, type DerContent } from './der-content.ts';
import { readEncryptedKey } from './encryption.ts';
import { NPKI_LIMITS } from './limits.ts';
import { namesAlgorithm } from './refusal.ts';
import { readTextBlocks, type TextBlock } from './pem.ts';

/** A key as it lies in a file. */
export interface StoredKey {
  /** EncryptedPrivateKeyInfo, or PrivateKeyInfo where `plain`. */
  readonly file: Bytes;
  readonly plain: boolean;
}

export interface TextContent {
  /** Those of holders first, else in the order of the text; none twice. */
  readonly certificates: readonly Certificate[];
  readonly keys: readonly StoredKey[];
  /** PKCS#12 in the text. */
  readonly pfx: Extract<DerContent, { kind: 'pfx' }> | null;
}

/** What is no certificate and no key is passed over; a key that this wallet cannot open is named. */
function readBlock({ der }: TextBlock): DerContent | null {
  try {
    return readDerContent(der);
  } catch (thrown) {
    if (errorCode(thrown) === 'file.unsupported' && !namesAlgorithm(thrown)) return null;
    throw thrown;
  } finally {
    wipe(der);
  }
}

export function isAuthority({ basicConstraints }: Certificate): boolean {
  return basicConstraints?.ca === true;
}

/** Holders' certificates before those of authorities, each once. */
export function leavesFirst(certificates: readonly Certificate[]): Certificate[] {
  const once = certificates.filter((one, at) => !certificates.slice(0, at).some(({ der }) => equal(der, one.der)));
  return [...once.filter((one) => !isAuthority(one)), ...once.filter(isAuthority)];
}

/** The keys of one file are opened one after the other: their rounds are counted together. */
function checkRounds(keys: readonly StoredKey[]): void {
  let rounds = 0;
  for (const { file, plain } of keys) if (!plain) rounds += readEncryptedKey(file).encryption.iterations;
  if (rounds > NPKI_LIMITS.iterationsOfFile) throw new WalletError('file.hostile', { detail: 'iterations' });
}

/**
 * @returns null where `bytes` are no text of this field
 * @throws as `readTextBlocks` and `readDerContent`; `file.unsupported` where the text holds other things alone
 */
export function readTextContent(bytes: Bytes): TextContent | null {
  const blocks = readTextBlocks(bytes);
  if (blocks === null) return null;
  const contents = blocks.map(readBlock).filter((content) => content !== null);
  const certificates = contents.flatMap((content) => {
    if (content.kind === 'certificate') return [content.certificate];
    return content.kind === 'chain' || content.kind === 'set' ? content.certificates : [];
  });
  const keys = contents.filter((content) => content.kind === 'key');
  const pfx = contents.find((content) => content.kind === 'pfx') ?? null;
  if (contents.length === 0) throw new WalletError('file.unsupported', { detail: 'text' });
  checkRounds(keys);
  return { certificates: leavesFirst(certificates), keys, pfx };
}
