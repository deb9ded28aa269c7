/**
 * Reading values that came over a border. Each function returns a typed value or throws `request.malformed`; only own
 * properties count, and a key that is not in the list is refused, so that nothing travels along unseen.
 */
import { WalletError } from '../errors.ts';

export function malformed(detail: string): WalletError {
  return new WalletError('request.malformed', { detail });
}

/** A plain object with exactly the required keys and none but the optional ones besides. */
export function readRecord(value: unknown, required: readonly string[], optional: readonly string[] = []): ReadonlyMap<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw malformed('object');
  const fields = new Map<string, unknown>();
  for (const key of Object.keys(value)) {
    if (!required.includes(key) && !optional.includes(key)) throw malformed('unknown key');
    fields.set(key, (value as Record<string, unknown>)[key]);
  }
  for (const key of required) if (!fields.has(key)) throw malformed(key);
  return fields;
}

export function readText(value: unknown, name: string, min: number, max: number): string {
  if (typeof value !== 'string' || value.length < min || value.length > max) throw malformed(name);
  return value;
}

/** A list of at most `max` short texts. */
export function readTexts(value: unknown, name: string, max: number, maxText: number): readonly string[] {
  if (!Array.isArray(value) || value.length > max) throw malformed(name);
  return value.map((entry: unknown) => readText(entry, name, 1, maxText));
}

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** A UUID in lower case, as `crypto.randomUUID` writes it. */
export function readUuid(value: unknown): string {
  const text = readText(value, 'id', 36, 36);
  if (!UUID.test(text)) throw malformed('id');
  return text;
}
