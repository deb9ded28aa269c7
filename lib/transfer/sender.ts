/** The sender: takes an invitation, challenges its receiver, and shows one sealed file only after the right answer. */
import { equal, wipe, type Bytes } from '../bytes/bytes.ts';
import { utf8 } from '../bytes/text.ts';
import { WalletError } from '../errors.ts';
import type { Sending } from './api.ts';
import { answerTo, drawChallenge, readDigits, type Random } from './check-code.ts';
import { blockCount, pieceOf } from './fountain.ts';
import { writeFrame } from './frame.ts';
import { readInvitation } from './invitation.ts';
import { ANSWER_DIGITS, ANSWERS_MAX } from './limits.ts';
import { deriveSecrets, makeKeyPair, readPublicKey, type Secrets } from './secrets.ts';
import { checkRoom, seal } from './seal.ts';

interface Made {
  readonly challenge: string;
  readonly expected: string;
  readonly senderKey: Bytes;
  readonly secrets: Secrets;
}

class Sender implements Sending {
  readonly challenge: string;
  #made: Made | null;
  #confirmed = false;
  #misses = 0;
  #begun = false;
  #sealed: Bytes | null = null;

  constructor(made: Made) {
    this.#made = made;
    this.challenge = made.challenge;
  }

  get filePassword(): string {
    return this.#require().secrets.filePassword;
  }

  get frames(): number {
    return this.#sealed ? blockCount(this.#sealed.length) : 0;
  }

  confirm(typed: string): Promise<boolean | null> {
    return Promise.resolve().then(() => this.#confirm(typed));
  }

  async seal(file: Bytes): Promise<void> {
    const { secrets } = this.#require();
    if (this.#begun) throw new WalletError('internal', { detail: 'transfer sealed twice' });
    checkRoom(file);
    this.#begun = true;
    const sealed = await seal(file, secrets.sealing);
    if (this.#made) this.#sealed = sealed;
  }

  async frame(number: number): Promise<string> {
    const { senderKey, secrets } = this.#require();
    const sealed = this.#sealed;
    if (!sealed) throw new WalletError('internal', { detail: 'transfer not sealed' });
    return writeFrame({ senderKey, length: sealed.length, number: number >>> 0, piece: pieceOf(sealed, number >>> 0) }, secrets.frames);
  }

  end(): void {
    wipe(this.#sealed);
    this.#made = this.#sealed = null;
    this.#confirmed = false;
  }

  #confirm(typed: string): boolean | null {
    if (!this.#made) throw new WalletError('transfer.code-wrong');
    const answer = readDigits(typed, ANSWER_DIGITS);
    if (answer === null) return null;
    this.#confirmed = equal(utf8(answer), utf8(this.#made.expected));
    if (!this.#confirmed && ++this.#misses >= ANSWERS_MAX) {
      this.end();
      throw new WalletError('transfer.code-wrong');
    }
    return this.#confirmed;
  }

  #require(): Made {
    if (!this.#made || !this.#confirmed) throw new WalletError('transfer.code-wrong');
    return this.#made;
  }
}

/** @param text of the receiver's invitation @throws `transfer.malformed`, `transfer.newer-version` */
export async function startSending(text: string, random: Random): Promise<Sending> {
  const invitation = readInvitation(text);
  const other = await readPublicKey(invitation.publicKey);
  const { privateKey, publicKey: senderKey } = await makeKeyPair();
  // Not before the invitation stands: a challenge known earlier could be met with a key made to fit.
  const challenge = drawChallenge(random);
  const expected = await answerTo(invitation, challenge);
  const secrets = await deriveSecrets(privateKey, other, { invitation, senderKey, challenge });
  return new Sender({ challenge, expected, senderKey, secrets });
}
