/** Releasing the identity value (R) to the server that a page names, for one sign-in. */
import { fromBase64, toBase64 } from '../bytes/base64.ts';
import { wipe, type Bytes } from '../bytes/bytes.ts';
import { WalletError } from '../errors.ts';
import type { Certificate } from '../npki/certificate.ts';
import type { Random } from '../npki/encrypt-rsaes.ts';
import type { IdentityWish } from '../protocol/sign-in.ts';
import { writeEnvelope } from '../sign/envelope.ts';
import { writeIdentityValue } from '../sign/identity-value.ts';
import { readRecipient } from '../sign/recipient.ts';

/** The certificate of that server. @throws `request.recipient` where it cannot be encrypted to at `now` */
export function recipientOf({ recipient }: IdentityWish, now: number): Certificate {
  let der: Bytes;
  try {
    der = fromBase64(recipient);
  } catch (cause) {
    throw new WalletError('request.recipient', { detail: 'base64', cause });
  }
  return readRecipient(der, now);
}

/** For which sign-in R is released. */
export interface IdentityRelease {
  readonly wish: IdentityWish;
  readonly origin: string;
  readonly nonce: string;
  /** R of the signing key. */
  readonly random: Bytes;
  /** Milliseconds since 1970. */
  readonly now: number;
}

/**
 * Encrypts R to the server, with the sign-in it is for, so that a copy of it serves nowhere else.
 * @returns CMS EnvelopedData: DER in base64
 * @throws `request.recipient`
 */
export async function releaseIdentity({ wish, origin, nonce, random, now }: IdentityRelease, fill: Random): Promise<string> {
  const recipient = recipientOf(wish, now);
  const content = writeIdentityValue({ origin, nonce, random });
  try {
    return toBase64(await writeEnvelope(content, recipient, fill));
  } finally {
    wipe(content);
  }
}
