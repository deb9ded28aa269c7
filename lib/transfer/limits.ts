/** Sizes and bounds of a transfer between two wallets, in octets where nothing else is said. docs/TRANSFER.md has the reasons. */

/** Uncompressed P-256 point (SEC 1, 2.3.3). */
export const PUBLIC_KEY_LENGTH = 65;
export const NONCE_LENGTH = 16;
/** Tag of AES-GCM. */
export const TAG_LENGTH = 16;
/** Most that is sealed and shown, tag included. */
export const SEALED_MAX = 64 * 1024;
export const BLOCK_LENGTH = 300;
/** HMAC-SHA-256, cut. */
export const MAC_LENGTH = 8;
/** Digits that the sender shows and the receiver's person types. */
export const CHALLENGE_DIGITS = 6;
/** Digits that the receiver answers and the sender's person types. */
export const ANSWER_DIGITS = 8;
/** Answers that may be mistyped before everything starts anew. */
export const ANSWERS_MAX = 3;
/** Longest text that is looked at at all. */
export const TEXT_MAX = 1024;
