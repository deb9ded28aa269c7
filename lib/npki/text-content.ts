/** What a text of this field holds: certificates and keys, in any order. */
import { equal, wipe, type Bytes } from '../bytes/bytes.ts';
import { errorCode, WalletError } from '../errors.ts';
import type { Certificate } from './certificate.ts';
import { readDerContent, type DerContent } from './der-content.ts';
import { workOf } from './derivation-work.ts';
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
  readonly pfxs: readonly Extract<DerContent, { kind: 'pfx' }>[];
  /** Blocks that cannot be taken. They spoil none of the others. */
  readonly refused: readonly RefusedBlock[];
}

/** One block of a text that cannot be taken. */
export interface RefusedBlock {
  readonly label: string;
  readonly problem: WalletError;
}

/** What is no certificate and no key is passed over; one that is damaged, or that this wallet cannot open, is named. */
function readBlock({ label, der, problem }: TextBlock): DerContent | RefusedBlock | null {
  if (problem !== null) return { label, problem };
  try {
    return readDerContent(der);
  } catch (thrown) {
    if (errorCode(thrown) === 'file.unsupported' && !namesAlgorithm(thrown)) return null;
    if (!(thrown instanceof WalletError)) throw thrown;
    return { label, problem: thrown };
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
  for (const { file, plain } of keys) if (!plain) rounds += workOf(readEncryptedKey(file).encryption);
  if (rounds > NPKI_LIMITS.workOfFile) throw new WalletError('file.hostile', { detail: 'iterations' });
}

/**
 * @returns null where `bytes` are no text of this field
 * @throws as `readTextBlocks`; `file.unsupported` where the text holds other things alone; where no block can be taken, what is
 *   wrong with the first; `file.hostile` where its keys together take too many rounds
 */
export function readTextContent(bytes: Bytes): TextContent | null {
  const blocks = readTextBlocks(bytes);
  if (blocks === null) return null;
  const read = blocks.map(readBlock).filter((content) => content !== null);
  const contents = read.filter((content) => 'kind' in content);
  const refused = read.filter((content) => 'problem' in content);
  const certificates = contents.flatMap((content) => {
    if (content.kind === 'certificate') return [content.certificate];
    return content.kind === 'chain' || content.kind === 'set' ? content.certificates : [];
  });
  const keys = contents.filter((content) => content.kind === 'key');
  const pfxs = contents.filter((content) => content.kind === 'pfx');
  if (contents.length === 0) throw refused[0]?.problem ?? new WalletError('file.unsupported', { detail: 'text' });
  checkRounds(keys);
  return { certificates: leavesFirst(certificates), keys, pfxs, refused };
}
