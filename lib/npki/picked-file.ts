/** One file among those that the person picked: its name, and what its content is or why it is refused. */
import { TAG } from '../asn1/tags.ts';
import type { Bytes } from '../bytes/bytes.ts';
import { errorCode, WalletError, type ErrorCode } from '../errors.ts';
import { readFileContent, type FileContent } from './file-content.ts';
import { readFileName, type FileName } from './file-name.ts';

export interface PathAndBytes {
  /** As picked, with the folders where they are known. */
  readonly path: string;
  readonly bytes: Bytes;
}

export interface Refusal {
  readonly code: ErrorCode;
  /** The OID of an algorithm that is not known, else the name of the file that is damaged or missing. */
  readonly detail: string;
}

/** A file that was looked at. */
export interface PickedContent {
  readonly path: string;
  readonly name: FileName;
  readonly content: FileContent | null;
  readonly refusal: Refusal | null;
}

const DOTTED = /^\d+(?:\.\d+)+$/;

/** Says why with the OID where one is at fault, else with the name of the file. */
export function refusalOf(thrown: unknown, name: FileName): Refusal {
  const oid = thrown instanceof WalletError && thrown.detail !== undefined && DOTTED.test(thrown.detail) ? thrown.detail : null;
  return { code: errorCode(thrown), detail: oid ?? name.name };
}

/** A file that neither is called like one of ours nor begins like DER is not a damaged file of ours, but another thing. */
function isOtherThing({ slot, isChain }: FileName, bytes: Bytes): boolean {
  return slot === null && !isChain && bytes.length > 0 && bytes[0] !== TAG.SEQUENCE;
}

/** Reads one file; what is wrong with it becomes its refusal. */
export function readPickedFile({ path, bytes }: PathAndBytes): PickedContent {
  const name = readFileName(path);
  try {
    return { path, name, content: readFileContent(bytes), refusal: null };
  } catch (thrown) {
    const refusal = refusalOf(thrown, name);
    const code = refusal.code === 'file.unreadable' && isOtherThing(name, bytes) ? 'file.unsupported' : refusal.code;
    return { path, name, content: null, refusal: { ...refusal, code } };
  }
}

/** Whether a refusal is about an algorithm: the file is of our kind, only this wallet cannot open it. */
export function namesAlgorithm({ detail }: Refusal): boolean {
  return DOTTED.test(detail);
}
