/** Serial numbers in the shapes that authorities use; tests ask for the awkward ones. */
import { readDer } from '../../lib/asn1/reader.ts';
import * as der from '../../lib/asn1/writer.ts';
import { concat, type Bytes } from '../../lib/bytes/bytes.ts';

/** `usual`: four octets of today's generation. `small`: as few as it takes. `high-bit`: twenty, of which the first is zero. */
export const SERIAL_FORMS = ['usual', 'small', 'high-bit'] as const;
export type SerialForm = (typeof SERIAL_FORMS)[number];

/** Below it are the serials of the people that the demo starts with. */
const USUAL_START = 0x2026_0100;
const HIGH = Uint8Array.of(0xf0, 0x26, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);

/** Content octets of the serial INTEGER. @param number counted from 1 */
export function serialOctets(form: SerialForm, number: number): Bytes {
  const small = readDer(der.integer(form === 'usual' ? USUAL_START + number : number)).content;
  if (form !== 'high-bit') return small;
  const tail = Uint8Array.of(number >>> 24, number >>> 16, number >>> 8, number);
  return readDer(der.integer(concat(HIGH, tail))).content;
}
