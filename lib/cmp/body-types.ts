/** The bodies of a PKIMessage (RFC 9810 5.1.2) that are read and written here, by the number of their tag. */
const NUMBERS = {
  ir: 0,
  ip: 1,
  cr: 2,
  cp: 3,
  kur: 7,
  kup: 8,
  rr: 11,
  rp: 12,
  pkiConf: 19,
  genm: 21,
  genp: 22,
  error: 23,
  certConf: 24,
  pollReq: 25,
  pollRep: 26,
} as const;

export type BodyType = keyof typeof NUMBERS;

const NAMES: ReadonlyMap<number, BodyType> = new Map(Object.entries(NUMBERS).map(([name, number]) => [number, name as BodyType]));

export function bodyNumber(type: BodyType): number {
  return NUMBERS[type];
}

/** Null for a body that is not spoken here: announcements, key recovery, nested messages, PKCS#10. */
export function bodyType(number: number): BodyType | null {
  return NAMES.get(number) ?? null;
}
