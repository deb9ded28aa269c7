/** Bounds of the vault format DJW1. They are part of the format: readers of every version hold them. */
export const VERSION = 1;

/** Octets of the fields' JSON in a head record. */
export const HEAD_FIELDS_MAX = 262_144;
/** Octets of the fields' JSON in any other record. */
export const FIELDS_MAX = 8_192;
/** Octets of a record's body. */
export const BODY_MAX = 131_072;

export const ITEMS_MAX = 1_000;
export const SLOTS_MAX = 8;
export const CHAIN_MAX = 4;

/** Generations are below 2^48. */
export const GENERATION_MAX = 281_474_976_710_655;
/** The last instant of ECMAScript's clock, in milliseconds and in seconds. */
export const TIME_MAX = 8_640_000_000_000_000;
export const SECONDS_MAX = 8_640_000_000_000;

export const ID_SIZE = 16;
export const SALT_SIZE = 32;
export const IV_SIZE = 12;
export const KEY_SIZE = 32;
export const TAG_SIZE = 16;
export const COMMITMENT_SIZE = 16;
