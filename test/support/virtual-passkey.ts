/**
 * A virtual authenticator of one page, through the browser's debugger. It lives as long as the page, and until another
 * session of the debugger on that page ends (as after `lookAt`).
 */
import type { Page } from '@playwright/test';

export interface VirtualPasskey {
  /** Whether the person's finger or PIN is found right. */
  verified(right: boolean): Promise<void>;
  /** Has its answers say that nobody was verified, although it was asked for. */
  badVerification(on: boolean): Promise<void>;
  /** Has its passkeys be of another relying party, as where they were made under another id of the extension. */
  moveTo(rpId: string): Promise<void>;
  /** Deletes every passkey in it. */
  forget(): Promise<void>;
  remove(): Promise<void>;
}

export async function addVirtualPasskey(page: Page, { prf = true }: { prf?: boolean } = {}): Promise<VirtualPasskey> {
  const session = await page.context().newCDPSession(page);
  await session.send('WebAuthn.enable');
  const { authenticatorId } = await session.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      protocol: 'ctap2',
      ctap2Version: 'ctap2_1',
      transport: 'internal',
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
      hasPrf: prf,
    },
  });
  return {
    verified: async (right) => {
      await session.send('WebAuthn.setUserVerified', { authenticatorId, isUserVerified: right });
    },
    badVerification: async (on) => {
      await session.send('WebAuthn.setResponseOverrideBits', { authenticatorId, isBadUV: on });
    },
    moveTo: async (rpId) => {
      const { credentials } = await session.send('WebAuthn.getCredentials', { authenticatorId });
      await session.send('WebAuthn.clearCredentials', { authenticatorId });
      for (const credential of credentials) await session.send('WebAuthn.addCredential', { authenticatorId, credential: { ...credential, rpId } });
    },
    forget: async () => {
      await session.send('WebAuthn.clearCredentials', { authenticatorId });
    },
    remove: async () => {
      await session.send('WebAuthn.removeVirtualAuthenticator', { authenticatorId });
      await session.detach();
    },
  };
}
