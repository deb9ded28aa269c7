/**
 * The marker: a plain record that says which generation was written last. It is neither secret nor authenticated; a
 * marker ahead of the head is a hint that an older state was put back.
 */
import { damaged } from './fault.ts';
import { checkKeys, readBytesText, readInteger } from './fields.ts';
import { GENERATION_MAX, ID_SIZE, TIME_MAX, VERSION } from './limits.ts';
import { readRecord, writePrefix, writeRecord } from './record.ts';

export interface Marker {
  readonly vid: string;
  readonly gen: number;
  /** When the wallet was made, milliseconds since 1970. */
  readonly created: number;
}

/** @throws `vault.damaged`, `vault.newer-version` */
export async function readMarker(text: unknown): Promise<Marker> {
  const { fields, body } = await readRecord(text, 'M');
  checkKeys(fields, ['v', 'vid', 'gen', 'created']);
  if (body.length !== 0) throw damaged('marker body');
  return {
    vid: readBytesText(fields, 'vid', ID_SIZE),
    gen: readInteger(fields, 'gen', 1, GENERATION_MAX),
    created: readInteger(fields, 'created', 0, TIME_MAX),
  };
}

export function writeMarker({ vid, gen, created }: Marker): Promise<string> {
  const fields = new Map<string, string | number>([
    ['v', VERSION],
    ['vid', vid],
    ['gen', gen],
    ['created', created],
  ]);
  return writeRecord(writePrefix('M', fields), new Uint8Array(0));
}
