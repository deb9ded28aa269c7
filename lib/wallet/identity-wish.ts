import type { PageCall, WaitingCall } from '../protocol/calls.ts';
import type { IdentityWish } from '../protocol/sign-in.ts';

/** Whether and for whom a page wants the identity value of the key that signs. */
export function identityWish({ payload }: PageCall | WaitingCall): IdentityWish | null {
  return 'identity' in payload ? (payload.identity ?? null) : null;
}
