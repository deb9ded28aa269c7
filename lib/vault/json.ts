/**
 * The one JSON form of record fields (docs/VAULT.md): objects with sorted keys, arrays, texts and safe integers, no
 * blanks. A text that our writer would write differently is refused, so two texts never mean the same fields: that
 * also refuses keys that stand twice, floats and escapes nobody needs. Objects become maps; `__proto__` is then a key
 * like any other, which no field list contains.
 */
import { damaged } from './fault.ts';

export type Json = number | string | readonly Json[] | Fields;
export type Fields = ReadonlyMap<string, Json>;

/** Deepest nesting of record fields is 3 (fields, items, one item). */
const DEPTH = 4;

function take(value: unknown, room: number): Json {
  if (typeof value === 'string') return value;
  if (typeof value === 'number' && Number.isSafeInteger(value)) return value;
  if (typeof value !== 'object' || value === null || room === 0) throw damaged('json value');
  if (Array.isArray(value)) return value.map((entry: unknown) => take(entry, room - 1));
  const fields = new Map<string, Json>();
  for (const [key, entry] of Object.entries(value)) fields.set(key, take(entry, room - 1));
  return fields;
}

function isList(value: Json): value is readonly Json[] {
  return Array.isArray(value);
}

/** Writes fields in the canonical form. */
export function writeJson(value: Json): string {
  if (typeof value === 'string') return JSON.stringify(value);
  if (typeof value === 'number') return String(value);
  if (isList(value)) return `[${value.map(writeJson).join(',')}]`;
  const entries = [...value].sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${entries.map(([key, entry]) => `${JSON.stringify(key)}:${writeJson(entry)}`).join(',')}}`;
}

/** Reads fields in the canonical form, nested at most `depth` deep. @throws `vault.damaged` */
export function readJson(text: string, depth = DEPTH): Fields {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch (cause) {
    throw damaged('json', cause);
  }
  const value = take(parsed, depth);
  if (!(value instanceof Map)) throw damaged('json object');
  if (writeJson(value) !== text) throw damaged('json form');
  return value;
}
