/** Holding signing open: the secret is proven here, and the signing key goes into the session store until its deadline. */
import { wipe } from '../bytes/bytes.ts';
import { passwordBytes } from '../vault/password.ts';
import type { Secret } from '../vault/unlock.ts';
import type { DoorPorts } from './door.ts';
import type { SigningApi, SigningMinutes } from './signing-api.ts';
import { touchToOpen, type TouchPorts } from './ways-touch.ts';

export type SigningPorts = TouchPorts & Pick<DoorPorts, 'sessions' | 'announceOpened'>;

export class HeldSigning implements SigningApi {
  readonly #ports: SigningPorts;

  constructor(ports: SigningPorts) {
    this.#ports = ports;
  }

  async hold(minutes: SigningMinutes, walletPassword: string): Promise<void> {
    await this.#hold(minutes, { kind: 'pw', password: passwordBytes(walletPassword) });
  }

  async holdByTouch(minutes: SigningMinutes): Promise<void> {
    await this.#hold(minutes, await touchToOpen(this.#ports));
  }

  async release(): Promise<void> {
    await this.#ports.sessions.releaseSigning();
    await this.#ports.announceOpened();
  }

  async #hold(minutes: SigningMinutes, secret: Secret): Promise<void> {
    const { door, sessions, announceOpened } = this.#ports;
    const opened = await door.openWith(secret);
    const { slot } = opened;
    try {
      await door.enterNow(opened);
      await sessions.holdSigning(slot, minutes);
    } finally {
      wipe(slot.listKey, slot.signingKey);
    }
    await announceOpened();
  }
}
