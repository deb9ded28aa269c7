/** Writes our messages of a run: the header that names it, and the protection that is ours. */
import type { Bytes } from '../bytes/bytes.ts';
import { WalletError } from '../errors.ts';
import type { Random } from '../npki/encrypt-rsaes.ts';
import type { BodyType } from './body-types.ts';
import { protectorOf, senderOf, type Credential } from './credential.ts';
import type { Partner } from './directory/partner.ts';
import { NULL_NAME } from './header.ts';
import { CMP_LIMITS } from './limits.ts';
import { writeMessage } from './message.ts';
import type { Signer } from './possession.ts';

/** What a run takes from outside. */
export interface Ports {
  /** Milliseconds since 1970 UTC. */
  readonly clock: () => number;
  readonly random: Random;
}

export interface Outgoing {
  readonly partner: Partner;
  readonly credential: Credential;
  /** The key of a certificate credential; null where a code protects, or the key is not at hand. */
  readonly sign: Signer | null;
  readonly transactionId: Bytes;
  readonly type: BodyType;
  readonly body: Bytes;
  /** senderNonce of the answer that this message follows; null for a first message. */
  readonly recipientNonce: Bytes | null;
  /** Left out of what may be sent much later. */
  readonly messageTime: number | null;
}

export interface Written {
  readonly bytes: Bytes;
  readonly nonce: Bytes;
}

/** @throws `vault.locked` where the key is not at hand, `internal` above 64 KiB */
export async function writeOutgoing(outgoing: Outgoing, random: Random): Promise<Written> {
  const { partner, credential, sign, transactionId, type, body, recipientNonce, messageTime } = outgoing;
  const { extraCerts, ...sender } = senderOf(credential);
  const nonce = random(CMP_LIMITS.nonceBytes);
  const bytes = await writeMessage({
    header: {
      ...sender,
      recipient: partner.issuers[0]?.subject.der ?? NULL_NAME,
      transactionId,
      senderNonce: nonce,
      ...(recipientNonce === null ? {} : { recipientNonce }),
      ...(messageTime === null ? {} : { messageTime }),
    },
    type,
    body,
    protector: protectorOf(credential, partner.adapter, random, sign),
    extraCerts,
  });
  if (bytes.length > CMP_LIMITS.requestBytes) throw new WalletError('internal', { detail: 'request too large' });
  return { bytes, nonce };
}
