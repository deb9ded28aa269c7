/** One file among those that the person picked: its name, and what its content is or why it is refused. */
import { TAG } from '../asn1/tags.ts';
import type { Bytes } from '../bytes/bytes.ts';
import { readFileContents, type FileContent } from './file-content.ts';
import { readFileName, type FileName } from './file-name.ts';
import { hasTags } from './pem.ts';
import { refusalOf, type Refusal } from './refusal.ts';

export interface PathAndBytes {
  /** As picked, with the folders where they are known. */
  readonly path: string;
  readonly bytes: Bytes;
}

/** A file that was looked at. */
export interface PickedContent {
  readonly path: string;
  readonly name: FileName;
  readonly content: FileContent | null;
  readonly refusal: Refusal | null;
  /** Blocks of the same text that cannot be taken, while others can. */
  readonly refusedBlocks: readonly Refusal[];
}

/** A file that neither is called like one of ours nor begins like DER nor has a tag of PEM is not a damaged file of ours, but another thing. */
function isOtherThing({ slot, isChain }: FileName, bytes: Bytes): boolean {
  return slot === null && !isChain && bytes.length > 0 && bytes[0] !== TAG.SEQUENCE && !hasTags(bytes);
}

/** Reads one file, item by item: a text may hold PKCS#12 beside keys. What is wrong with it becomes its refusal. */
export function readPickedFile({ path, bytes }: PathAndBytes): PickedContent[] {
  const name = readFileName(path);
  try {
    const { contents, refused } = readFileContents(bytes);
    const refusedBlocks = refused.map(({ label, problem }) => refusalOf(problem, `${name.name} (${label})`));
    return contents.map((content, nth) => ({ path, name, content, refusal: null, refusedBlocks: nth === 0 ? refusedBlocks : [] }));
  } catch (thrown) {
    const refusal = refusalOf(thrown, name.name);
    const code = refusal.code === 'file.unreadable' && isOtherThing(name, bytes) ? 'file.unsupported' : refusal.code;
    return [{ path, name, content: null, refusal: { ...refusal, code }, refusedBlocks: [] }];
  }
}
