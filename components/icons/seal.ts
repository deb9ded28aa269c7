/**
 * Our seal on a grid of 32: a red square with its edge worn a little, and in it the syllable that the name begins with,
 * cut in straight strokes like a seal script. Screens and the icon files are drawn from this.
 */
export const SEAL = {
  size: 32,
  stamp: 'M5 2h12l2 .6L27 2q3 0 3 3v9l-.6 2 .6 3v8q0 3-3 3h-9l-3-.6-2 .6H5q-3 0-3-3v-8l.6-3L2 13V5q0-3 3-3z',
  strokes: 'M8 7h16v3H11v4h13v3h-6.5v5H26v3H6v-3h8.5v-5H8z',
} as const;
