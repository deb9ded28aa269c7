/** The number of a person (13 digits) or of a business (10), as it is typed. */
const WRITTEN = /^\d[\d\s-]*$/;

/** Whether it can be such a number: digits with hyphens and blanks between them. What the digits mean is checked below. */
export function looksLikeIdNumber(typed: string): boolean {
  const text = typed.trim();
  const digits = text.replace(/[\s-]/g, '').length;
  return WRITTEN.test(text) && (digits === 13 || digits === 10);
}
