/** Files for spreadsheets: RFC 4180, UTF-8 with the mark that Excel wants. */
const MARK = '\ufeff';
/** What a spreadsheet would take for a formula, also behind blanks, and in the wide forms that some of them fold. */
const FORMULA = /^[\s]*[=+\-@\uff1d\uff0b\uff0d\uff20]/;

function field(text: string): string {
  const shown = FORMULA.test(text) || /^[\t\r\n]/.test(text) ? `'${text}` : text;
  return `"${shown.replaceAll('"', '""')}"`;
}

export function csvOf(lines: readonly (readonly string[])[]): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(MARK + lines.map((line) => `${line.map(field).join(',')}\r\n`).join(''));
}
