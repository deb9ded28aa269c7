/** Secrets come on standard input: arguments of a command are seen by everybody on the machine. */
const OCTETS = 64 * 1024;

/** The lines of standard input as they are, without a mark of UTF-8 in front, up to 64 KiB; none where it is a terminal, closed or empty. */
export async function readInputLines(): Promise<string[]> {
  if (process.stdin.isTTY) return [];
  let text = '';
  try {
    process.stdin.setEncoding('utf8');
    for await (const piece of process.stdin) {
      text += String(piece);
      if (text.length > OCTETS) break;
    }
  } catch {
    return [];
  }
  const lines = text
    .slice(0, OCTETS)
    .replace(/^\ufeff/, '')
    .split(/\r?\n/);
  return lines.at(-1) === '' ? lines.slice(0, -1) : lines;
}
