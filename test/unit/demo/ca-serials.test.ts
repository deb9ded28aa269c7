import { describe, expect, it } from 'vitest';
import { serialOctets, type SerialForm } from '../../../demo/ca/serials.ts';
import { toHex } from '../../../lib/bytes/hex.ts';

describe('serial numbers', () => {
  it.each<[SerialForm, number, string]>([
    ['usual', 2, '20260102'],
    ['usual', 3, '20260103'],
    ['small', 2, '02'],
    ['small', 130, '0082'],
    ['high-bit', 2, '00f0260000000000000000000000000000000002'],
  ])('%s %i', (form, number, hex) => {
    expect(toHex(serialOctets(form, number))).toBe(hex);
  });
});
