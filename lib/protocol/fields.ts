/** `text/x-fields`: what a transfer or an application comes to, as lines `label: value` that a person can read and a program can split. */
import { malformed } from './read.ts';

export interface FieldRow {
  readonly label: string;
  readonly value: string;
}

const ROWS = 500;
/** Characters in all: a table is drawn at once, each unseen character as a mark of its own. */
const LENGTH = 64 * 1024;
const SEPARATOR = ': ';

/**
 * Splits each line at its first colon and blank. Lines end with LF or CRLF; the last may go without.
 *
 * @throws `request.malformed` for a line without label or separator, a label that comes twice, no line, more than 500, or more than 64 Ki characters
 */
export function readRows(text: string): readonly FieldRow[] {
  if (text.length > LENGTH) throw malformed('fields');
  const lines = text.split(/\r?\n/);
  if (lines.at(-1) === '') lines.pop();
  if (lines.length === 0 || lines.length > ROWS) throw malformed('fields');
  const rows = lines.map((line) => {
    const at = line.indexOf(SEPARATOR);
    // A label of blanks, or one that differs by the blanks around it, is none that a person can tell.
    if (at < 1 || line.slice(0, at).trim() !== line.slice(0, at)) throw malformed('fields');
    return { label: line.slice(0, at), value: line.slice(at + SEPARATOR.length) };
  });
  if (new Set(rows.map(({ label }) => label)).size !== rows.length) throw malformed('fields');
  return rows;
}
