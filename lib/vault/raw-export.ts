/** Everything both copies hold, as text lines for support: sealed records as they lie there, nothing opened. */
import { errorCode } from '../errors.ts';
import type { Copies, CopyName } from './copies.ts';
import { TEXT_MAX } from './record.ts';
import type { RawValue } from './store.ts';

const LINES_MAX = 10_000;
const PLACE_MAX = 200;
const PLAIN = /^[\x21-\x7e]*$/;
/** The wallet picture tells our windows from imitations, and nobody needs it for support. */
const PRIVATE = 'meta.mark';

function plain(text: string): string {
  return PLAIN.test(text) ? text : JSON.stringify(text).replace(/[^\x20-\x7e]/g, '?');
}

function lineOf(name: CopyName, { place, value }: RawValue): string {
  const shown =
    value === undefined
      ? '(does not read)'
      : typeof value !== 'string'
        ? '(no text)'
        : value.length > TEXT_MAX
          ? `(${value.length} characters)`
          : plain(value);
  return `${name} ${plain(place.slice(0, PLACE_MAX))} ${shown}`;
}

/** One line for each value: copy, place, text. A copy that does not answer is one line that says so. Does not throw. */
export async function rawLines(copies: Copies): Promise<readonly string[]> {
  const lines: string[] = [];
  for (const name of ['primary', 'mirror'] as const) {
    try {
      const values = (await copies[name].raw()).filter(({ place }) => place !== PRIVATE);
      lines.push(...values.slice(0, LINES_MAX / 2).map((value) => lineOf(name, value)));
      if (values.length > LINES_MAX / 2) lines.push(`${name} (${values.length - LINES_MAX / 2} more)`);
    } catch (thrown) {
      lines.push(`${name} (${errorCode(thrown)})`);
    }
  }
  return lines;
}
