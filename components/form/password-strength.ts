/** How hard a new password is to guess, in words. An estimate for the person; the vault has the rule. */
export type Strength = 'short' | 'weak' | 'fair' | 'good' | 'strong';

const MIN_LENGTH = 10;

/** Characters that add something: neither the same as one of the two before nor the next in a row with them. */
function surprising(points: readonly number[]): number {
  return points.filter((point, at) => {
    const before = points[at - 1];
    const earlier = points[at - 2];
    if (before === undefined) return true;
    const step = point - before;
    return step !== 0 && !(Math.abs(step) === 1 && (earlier === undefined || before - earlier === step)) && point !== earlier;
  }).length;
}

export function passwordStrength(password: string): Strength {
  const points = Array.from(password.normalize('NFC'), (character) => character.codePointAt(0) ?? 0);
  if (points.length < MIN_LENGTH) return 'short';
  const worth = Math.min(surprising(points), new Set(points).size * 1.5);
  if (worth < 8) return 'weak';
  if (worth < 12) return 'fair';
  return worth < 16 ? 'good' : 'strong';
}
