/** Writing a head record and proving it with the list key. */
import { toBase64Url } from '../bytes/base64.ts';
import type { Bytes } from '../bytes/bytes.ts';
import { utf8 } from '../bytes/text.ts';
import { headMac, type HeadItem, type VaultHead } from './head.ts';
import type { Fields, Json } from './json.ts';
import { VERSION } from './limits.ts';
import { writePrefix, writeRecord } from './record.ts';

/** What a new head says. `slots` are slot records as texts. */
export type NewHead = Pick<VaultHead, 'vid' | 'gen' | 'app' | 'ts' | 'prev' | 'items'> & {
  readonly slots: readonly string[];
  /** Version of the format; ours where nothing is said. */
  readonly version?: number;
  /** Of a chosen part of the wallet. */
  readonly sub?: boolean;
};

function itemFields({ id, k, g, sum, na, rem, del, st, dl }: HeadItem): Fields {
  const fields = new Map<string, Json>([
    ['id', id],
    ['k', k],
    ['g', g],
    ['sum', sum],
  ]);
  if (na !== undefined) fields.set('na', na);
  if (rem !== undefined) fields.set('rem', rem);
  if (del !== undefined) fields.set('del', del);
  if (st !== undefined) fields.set('st', st);
  if (dl !== undefined) fields.set('dl', dl);
  return fields;
}

/** The text of a head record. */
export async function writeHead(head: NewHead, listKey: Bytes): Promise<string> {
  const { version = VERSION, vid, gen, app, ts, prev, slots, items, sub = false } = head;
  const fields = new Map<string, Json>([
    ['v', version],
    ['app', app],
    ['vid', vid],
    ['gen', gen],
    ['ts', ts],
    ['prev', prev],
    ['slots', slots],
    ['items', items.map(itemFields)],
  ]);
  if (sub) fields.set('sub', 1);
  const prefix = writePrefix('H', fields);
  return writeRecord(prefix, await headMac(prefix, vid, listKey));
}

/** SHA-256 of a head record, base64url: the `prev` of the head that follows it. */
export async function headDigest(text: string): Promise<string> {
  return toBase64Url(new Uint8Array(await crypto.subtle.digest('SHA-256', utf8(text))));
}
