/** JSON inside sealed bodies: the canonical form of record fields, with a version of its own. */
import type { Bytes } from '../bytes/bytes.ts';
import { fromUtf8, utf8 } from '../bytes/text.ts';
import { WalletError } from '../errors.ts';
import { damaged } from './fault.ts';
import { readInteger } from './fields.ts';
import { readJson, writeJson, type Fields, type Json } from './json.ts';

/** Version of the texts inside sealed bodies; a text of a later one is read by nobody here and never overwritten. */
const VERSION = 1;
const DEPTH = 5;

/** One line of what a person wrote or a site said: no control characters, no half surrogates. */
export function textForm(max: number): RegExp {
  return new RegExp(`^[^\\p{Cc}\\p{Cs}\\p{Zl}\\p{Zp}]{1,${max}}$`, 'u');
}

/** @throws `vault.damaged`, `vault.newer-version` */
export function readSealedJson(plain: Bytes): Fields {
  let text: string;
  try {
    text = fromUtf8(plain);
  } catch (cause) {
    throw damaged('sealed text', cause);
  }
  const fields = readJson(text, DEPTH);
  if (readInteger(fields, 'v', 1, Number.MAX_SAFE_INTEGER) > VERSION) throw new WalletError('vault.newer-version');
  return fields;
}

export function writeSealedJson(entries: readonly (readonly [string, Json])[]): Bytes {
  return utf8(writeJson(new Map<string, Json>([['v', VERSION], ...entries])));
}
