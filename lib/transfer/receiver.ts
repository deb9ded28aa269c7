/** The receiver: invites, answers the challenge, gathers frames of one sender and unseals them. */
import { equal, type Bytes } from '../bytes/bytes.ts';
import { WalletError } from '../errors.ts';
import type { Receiving } from './api.ts';
import { answerTo, readDigits, type Random } from './check-code.ts';
import { Gathering } from './fountain.ts';
import { isFrameGenuine, readFrame, type SignedFrame } from './frame.ts';
import { writeInvitation, type Invitation } from './invitation.ts';
import { CHALLENGE_DIGITS, NONCE_LENGTH } from './limits.ts';
import { deriveSecrets, makeKeyPair, readPublicKey, type Secrets } from './secrets.ts';
import { unseal } from './seal.ts';

interface Sender {
  readonly key: Bytes;
  readonly secrets: Secrets;
}

interface Arriving {
  readonly sender: Sender;
  readonly gathering: Gathering;
}

class Receiver implements Receiving {
  readonly invitation: string;
  readonly #invited: Invitation;
  #privateKey: CryptoKey | null;
  #challenge: string | null = null;
  /** The sender whose frames were last looked at, so that a wrong one costs one derivation and not one each frame. */
  #lastSeen: Sender | null = null;
  #arriving: Arriving | null = null;

  constructor(privateKey: CryptoKey, invited: Invitation) {
    this.#privateKey = privateKey;
    this.#invited = invited;
    this.invitation = writeInvitation(invited);
  }

  get progress(): { readonly done: number; readonly total: number } | null {
    const gathering = this.#arriving?.gathering;
    return gathering ? { done: gathering.done, total: gathering.count } : null;
  }

  get isComplete(): boolean {
    return this.#arriving?.gathering.isComplete === true;
  }

  async answer(typed: string): Promise<string | null> {
    const challenge = readDigits(typed, CHALLENGE_DIGITS);
    if (challenge === null) return null;
    // Also where it is the same: whoever saw it may have shown frames first.
    this.#forgetFrames();
    this.#challenge = challenge;
    return answerTo(this.#invited, challenge);
  }

  async take(text: string): Promise<'new' | 'known' | 'other' | 'none'> {
    const frame = readFrame(text);
    if (!frame) return 'none';
    const sender = await this.#senderOf(frame);
    if (!sender || !(await isFrameGenuine(frame, sender.secrets.frames))) return 'other';
    if (!this.#privateKey || this.#lastSeen !== sender) return 'other'; // Ended, or another challenge, meanwhile.
    this.#arriving ??= { sender, gathering: new Gathering(frame.length) };
    const { gathering } = this.#arriving;
    if (gathering.length !== frame.length) return 'other';
    return gathering.take(frame.number, frame.piece) ? 'new' : 'known';
  }

  async open(): Promise<{ readonly file: Bytes; readonly filePassword: string }> {
    if (!this.#arriving?.gathering.isComplete) throw new WalletError('internal', { detail: 'transfer incomplete' });
    const { gathering, sender } = this.#arriving;
    const { sealing, filePassword } = sender.secrets;
    return { file: await unseal(gathering.message(), sealing), filePassword };
  }

  end(): void {
    this.#privateKey = null;
    this.#challenge = null;
    this.#forgetFrames();
  }

  #forgetFrames(): void {
    this.#arriving = this.#lastSeen = null;
  }

  /** Secrets with the sender of a frame; null before a challenge, for another sender, and for a point off the curve. */
  async #senderOf({ senderKey }: SignedFrame): Promise<Sender | null> {
    const privateKey = this.#privateKey;
    const challenge = this.#challenge;
    if (!privateKey || challenge === null) return null;
    const fixed = this.#arriving?.sender ?? this.#lastSeen;
    if (fixed && equal(fixed.key, senderKey)) return fixed;
    if (this.#arriving) return null;
    try {
      const context = { invitation: this.#invited, senderKey, challenge };
      const secrets = await deriveSecrets(privateKey, await readPublicKey(senderKey), context);
      if (challenge !== this.#challenge) return null;
      return (this.#lastSeen = { key: senderKey, secrets });
    } catch (thrown) {
      if (thrown instanceof WalletError && thrown.code === 'transfer.malformed') return null;
      throw thrown;
    }
  }
}

/** A new receiver with keys of its own, which die with it. */
export async function startReceiving(random: Random): Promise<Receiving> {
  const { privateKey, publicKey } = await makeKeyPair();
  const nonce = random(NONCE_LENGTH);
  return new Receiver(privateKey, { publicKey, nonce });
}
