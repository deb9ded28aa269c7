/** Digits in two halves with a blank between them, as people read numbers out. */
export function inGroups(digits: string): string {
  const half = digits.length / 2;
  return `${digits.slice(0, half)} ${digits.slice(half)}`;
}
