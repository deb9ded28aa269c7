import { malformed } from './fault.ts';

/** A place in a text that moves forward only. */
export class Cursor {
  readonly text: string;
  at: number;

  constructor(text: string, at = 0) {
    this.text = text;
    this.at = at;
  }

  get atEnd(): boolean {
    return this.at >= this.text.length;
  }

  /** Whether `token` stands here; nothing is taken. */
  sees(token: string): boolean {
    return this.text.startsWith(token, this.at);
  }

  /** Takes `token` if it stands here. */
  skip(token: string): boolean {
    if (!this.sees(token)) return false;
    this.at += token.length;
    return true;
  }

  /** Takes `token`, which must stand here. */
  expect(token: string, detail: string): void {
    if (!this.skip(token)) throw malformed(detail);
  }

  /** Takes what a sticky pattern matches here; null where it does not. */
  match(sticky: RegExp): string | null {
    sticky.lastIndex = this.at;
    const found = sticky.exec(this.text)?.[0] ?? null;
    this.at += found?.length ?? 0;
    return found;
  }

  /** Takes everything before the next `token`, and the token itself, which is not returned. */
  until(token: string, detail: string): string {
    const end = this.text.indexOf(token, this.at);
    if (end < 0) throw malformed(detail);
    const taken = this.text.slice(this.at, end);
    this.at = end + token.length;
    return taken;
  }
}
