/**
 * Reading values that came over a border. Each function returns a typed value or throws `request.malformed`; only own
 * properties count, and a key that is not in the list is refused, so that nothing travels along unseen.
 */
import { WalletError } from '../errors.ts';

export function malformed(detail: string): WalletError {
  return new WalletError('request.malformed', { detail });
}

/** By its tag, since a content script meets plain objects of the page's realm; maps, dates, blobs and arrays are none. */
export function isPlain(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && Object.prototype.toString.call(value) === '[object Object]';
}

/** A plain object with exactly the required keys and none but the optional ones besides. */
export function readRecord(value: unknown, required: readonly string[], optional: readonly string[] = []): ReadonlyMap<string, unknown> {
  if (!isPlain(value)) throw malformed('object');
  const fields = new Map<string, unknown>();
  for (const key of Object.keys(value)) {
    if (!required.includes(key) && !optional.includes(key)) throw malformed('unknown key');
    fields.set(key, value[key]);
  }
  for (const key of required) if (!fields.has(key)) throw malformed(key);
  return fields;
}

export function readText(value: unknown, name: string, min: number, max: number): string {
  if (typeof value !== 'string' || value.length < min || value.length > max) throw malformed(name);
  return value;
}

/** A list of at most `max` short texts, without holes. */
export function readTexts(value: unknown, name: string, max: number, maxText: number): readonly string[] {
  if (!Array.isArray(value) || value.length > max) throw malformed(name);
  // `map` would skip the holes, which structured clone keeps, and ask the list for its constructor.
  return Array.from(value as readonly unknown[], (entry) => readText(entry, name, 1, maxText));
}

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** A UUID in lower case, as `crypto.randomUUID` writes it. */
export function readUuid(value: unknown): string {
  const text = readText(value, 'id', 36, 36);
  if (!UUID.test(text)) throw malformed('id');
  return text;
}
