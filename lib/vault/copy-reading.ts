/** What one copy of the wallet shows of itself, read without asking the other. Nothing here opens anything. */
import { errorCode, type ErrorCode } from '../errors.ts';
import { readHead, type VaultHead } from './head.ts';
import { readMarker, type Marker } from './marker.ts';
import type { VaultStore } from './store.ts';

export type HeadReading =
  | { readonly state: 'good'; readonly head: VaultHead; readonly text: string }
  /** `newer`: of a later version, which this one must not write over. */
  | { readonly state: 'damaged' | 'newer'; readonly text: string };

export interface CopyReading {
  /** `failed`: it did not answer, which is evidence of something and never "nothing". */
  readonly trace: 'none' | 'some' | 'failed';
  /** Why it, or a part of it, did not read. */
  readonly code: ErrorCode | null;
  /** At most two, newest first; one that does not read stands where it may belong. */
  readonly heads: readonly HeadReading[];
  readonly marker: Marker | null;
}

async function readOneHead(text: string): Promise<HeadReading> {
  try {
    const head = await readHead(text);
    return head.sub ? { state: 'damaged', text } : { state: 'good', head, text };
  } catch (thrown) {
    return { state: errorCode(thrown) === 'vault.newer-version' ? 'newer' : 'damaged', text };
  }
}

/** The marker, or null: it is a hint, and a bad one keeps nobody out. */
export async function readHint(store: VaultStore): Promise<Marker | null> {
  try {
    return await readMarker(await store.marker());
  } catch {
    return null;
  }
}

/** Reads evidence, heads and marker, each on its own: where one fails the others still count. Does not throw. */
export async function readCopy(store: VaultStore): Promise<CopyReading> {
  let trace: CopyReading['trace'];
  let code: ErrorCode | null = null;
  try {
    trace = await store.evidence();
  } catch (thrown) {
    trace = 'failed';
    code = errorCode(thrown);
  }
  if (trace === 'none' || code === 'vault.newer-version') return { trace, code, heads: [], marker: null };
  let heads: readonly HeadReading[] = [];
  try {
    heads = await Promise.all((await store.heads()).slice(0, 2).map(readOneHead));
  } catch (thrown) {
    code = errorCode(thrown);
    // It went away between the two looks.
    if (code === 'vault.absent') return { trace: 'none', code: null, heads, marker: null };
  }
  const marker = await readHint(store);
  return { trace: heads.length > 0 || marker ? 'some' : trace, code, heads, marker };
}

/** The newest head of a copy, where it reads. */
export function newestGood({ heads: [newest] }: CopyReading): VaultHead | null {
  return newest?.state === 'good' ? newest.head : null;
}
