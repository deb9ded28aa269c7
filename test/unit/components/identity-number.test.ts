import { describe, expect, it } from 'vitest';
import { looksLikeIdNumber } from '../../../components/certificate/identity-number.ts';

describe('a number for the identity check', () => {
  it.each(['9001011234567', '900101-1234567', ' 900101 1234567 ', '1234567890', '123-45-67890', '123 45 67890'])('can be %j', (typed) => {
    expect(looksLikeIdNumber(typed)).toBe(true);
  });

  it.each(['', '-', '12345', '123456789012', '90010112345678', '900101-123456a', '-9001011234567', '９００１０１１２３４５６７', '900101–1234567'])(
    'cannot be %j',
    (typed) => {
      expect(looksLikeIdNumber(typed)).toBe(false);
    },
  );
});
