/** Bytes that own (or view) a plain ArrayBuffer: what WebCrypto takes and structured clone carries. */
export type Bytes = Uint8Array<ArrayBuffer>;

/** Joins parts in order into one new array. */
export function concat(...parts: readonly Uint8Array[]): Bytes {
  let length = 0;
  for (const part of parts) length += part.length;
  const joined = new Uint8Array(length);
  let offset = 0;
  for (const part of parts) {
    joined.set(part, offset);
    offset += part.length;
  }
  return joined;
}

/** A copy that shares no memory with its source. */
export function copy(bytes: Uint8Array): Bytes {
  return new Uint8Array(bytes);
}

/**
 * Compares without leaving early, so that time tells nothing of where two values differ.
 * Different lengths answer at once: a length is no secret here.
 */
export function equal(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false;
  let difference = 0;
  for (let i = 0; i < a.length; i++) difference |= (a[i] ?? 0) ^ (b[i] ?? 0);
  return difference === 0;
}

/** Overwrites secrets with zeros. It shortens the time they are around; it proves nothing about copies the engine made. */
export function wipe(...secrets: readonly (Uint8Array | null | undefined)[]): void {
  // What was transferred to another thread has no length left, and filling it would throw.
  for (const secret of secrets) if (secret && secret.length > 0) secret.fill(0);
}
