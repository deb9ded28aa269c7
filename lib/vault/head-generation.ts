/** The generation a head claims, for engines that must order heads and may look into them no further. */
import { errorCode } from '../errors.ts';
import { readInteger } from './fields.ts';
import { GENERATION_MAX } from './limits.ts';
import { readMarker } from './marker.ts';
import { readRecord } from './record.ts';

/** A claimed generation; infinite for a head of a later version, null where the text is no head. */
export async function headGeneration(text: string): Promise<number | null> {
  try {
    return readInteger((await readRecord(text, 'H')).fields, 'gen', 1, GENERATION_MAX);
  } catch (thrown) {
    return errorCode(thrown) === 'vault.newer-version' ? Infinity : null;
  }
}

/** The generation a marker names, or null where the text is none. */
export async function markerGeneration(text: string): Promise<number | null> {
  try {
    return (await readMarker(text)).gen;
  } catch {
    return null;
  }
}
