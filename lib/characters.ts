/** Characters that could make what a person reads another thing than what they sign. */

/**
 * Characters that show nothing or turn the order of letters around, as the inside of a class for a `u` pattern: controls (with tab and
 * line ends), format characters (bidi marks, zero widths, tags, soft hyphens), separators of lines, half surrogates; of those that Unicode
 * counts as letters or marks: Hangul fillers, the empty Braille pattern, joiner and variation selectors.
 */
export const UNSEEN = String.raw`\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}\u115f\u1160\u3164\uffa0\u2800\u034f\u17b4\u17b5\u180b-\u180f\ufe00-\ufe0f\u{e0100}-\u{e01ef}`;

/** More marks on one letter than any language stacks: they would be drawn over what stands above and below. */
export const STACKED = /\p{M}{5}/u;
