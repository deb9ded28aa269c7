/** The names of the wallet pictures, which are drawn in public/icon/mark. */
import type { Mark } from '../../lib/wallet/model.ts';

const MARKS: Readonly<Record<Mark, true>> = {
  tiger: true,
  crane: true,
  pine: true,
  moon: true,
  plum: true,
  turtle: true,
  deer: true,
  cloud: true,
  mountain: true,
  carp: true,
  lotus: true,
  magpie: true,
};

export const MARK_NAMES = Object.keys(MARKS) as readonly Mark[];
