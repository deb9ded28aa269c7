/** Typed access to record fields. Every function throws `vault.damaged` where a value is not what its field may hold. */
import { fromBase64Url } from '../bytes/base64.ts';
import type { Bytes } from '../bytes/bytes.ts';
import { damaged } from './fault.ts';
import type { Fields, Json } from './json.ts';

/** Refuses fields but the listed ones; all that are not optional must be there. */
export function checkKeys(fields: Fields, required: readonly string[], optional: readonly string[] = []): void {
  for (const key of required) if (!fields.has(key)) throw damaged(key);
  for (const key of fields.keys()) if (!required.includes(key) && !optional.includes(key)) throw damaged('unknown field');
}

export function readFields(value: Json | undefined, name: string): Fields {
  if (!(value instanceof Map)) throw damaged(name);
  return value as Fields;
}

export function readList(fields: Fields, key: string, max: number): readonly Json[] {
  const value = fields.get(key);
  if (!Array.isArray(value) || value.length > max) throw damaged(key);
  return value as readonly Json[];
}

/** A safe integer from `min` to `max`, both included. */
export function readInteger(fields: Fields, key: string, min: number, max: number): number {
  const value = fields.get(key);
  if (typeof value !== 'number' || value < min || value > max) throw damaged(key);
  return value;
}

/** An optional integer: undefined where the field is absent. */
export function readOptionalInteger(fields: Fields, key: string, min: number, max: number): number | undefined {
  return fields.has(key) ? readInteger(fields, key, min, max) : undefined;
}

export function readText(fields: Fields, key: string, form: RegExp): string {
  const value = fields.get(key);
  if (typeof value !== 'string' || !form.test(value)) throw damaged(key);
  return value;
}

/** Canonical base64url text. */
export function readBase64Url(text: string, name: string): Bytes {
  try {
    return fromBase64Url(text);
  } catch (cause) {
    throw damaged(name, cause);
  }
}

/** A field of exactly `length` octets. */
export function readBytes(fields: Fields, key: string, length: number): Bytes {
  const value = fields.get(key);
  if (typeof value !== 'string' || value.length !== Math.ceil((length * 4) / 3)) throw damaged(key);
  return readBase64Url(value, key);
}

/** The same field, checked, as the base64url text it stands in. */
export function readBytesText(fields: Fields, key: string, length: number): string {
  readBytes(fields, key, length);
  return fields.get(key) as string;
}
