/** Punycode of one label of a host name (RFC 3492), read. No API of browsers gives back the letters. */
const BASE = 36;
const T_MIN = 1;
const T_MAX = 26;
const SKEW = 38;
const DAMP = 700;
const FIRST_BIAS = 72;
const FIRST_CODE = 128;
const LAST_CODE = 0x10ffff;
const LABEL_MAX = 63;
const DIGIT_0 = 48;
const LETTER_A = 97;

/** NaN past the end. */
function digitAt(encoded: string, at: number): number {
  const code = encoded.charCodeAt(at);
  return code < LETTER_A ? code - DIGIT_0 + 26 : code - LETTER_A;
}

/** Section 6.1. */
function adapted(delta: number, points: number, isFirst: boolean): number {
  let rest = isFirst ? Math.floor(delta / DAMP) : delta >> 1;
  rest += Math.floor(rest / points);
  let k = 0;
  for (; rest > ((BASE - T_MIN) * T_MAX) >> 1; k += BASE) rest = Math.floor(rest / (BASE - T_MIN));
  return k + Math.floor(((BASE - T_MIN + 1) * rest) / (rest + SKEW));
}

/** Section 6.2. @returns the letters of what stands after `xn--`, or null where it is no Punycode */
function decode(encoded: string): string | null {
  const cut = encoded.lastIndexOf('-');
  const points = Array.from(encoded.slice(0, Math.max(cut, 0)), (letter) => letter.charCodeAt(0));
  let [code, bias, index, at] = [FIRST_CODE, FIRST_BIAS, 0, cut + 1];
  while (at < encoded.length) {
    const before = index;
    for (let weight = 1, k = BASE; ; k += BASE) {
      const digit = digitAt(encoded, at++);
      if (!(digit >= 0)) return null;
      index += digit * weight;
      const threshold = Math.min(Math.max(k - bias, T_MIN), T_MAX);
      if (digit < threshold) break;
      weight *= BASE - threshold;
    }
    const count = points.length + 1;
    bias = adapted(index - before, count, before === 0);
    code += Math.floor(index / count);
    if (code > LAST_CODE) return null;
    index %= count;
    points.splice(index++, 0, code);
  }
  return String.fromCodePoint(...points);
}

/** A label as a person reads it; one that is no Punycode as it stands. @param label in lower case */
export function shownLabel(label: string): string {
  if (!label.startsWith('xn--') || label.length > LABEL_MAX || !/^[a-z\d-]+$/.test(label)) return label;
  return decode(label.slice(4)) ?? label;
}
