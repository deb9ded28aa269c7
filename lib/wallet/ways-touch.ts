/** Opening with a passkey: whether one can be asked for here, and the secret that a touch gives. */
import { WalletError } from '../errors.ts';
import type { Passkeys } from '../vault/passkey-port.ts';
import type { Throttle } from '../vault/throttle.ts';
import { passkeySlots, touchPasskey } from '../vault/touch-passkey.ts';
import type { Secret } from '../vault/unlock.ts';
import type { Door } from './door.ts';
import type { Clock, Random } from './ports.ts';
import type { PasskeySupport } from './ways-api.ts';

export interface TouchPorts {
  readonly door: Door;
  readonly throttle: Pick<Throttle, 'waitSeconds'>;
  readonly random: Random;
  readonly clock: Clock;
  readonly passkeys: () => Passkeys;
  readonly passkeySupport: () => Promise<PasskeySupport>;
}

/** Whether a touch can open this wallet in this browser. */
export async function canTouch({ door, passkeySupport }: TouchPorts): Promise<boolean> {
  if ((await passkeySupport()) !== 'ready') return false;
  return passkeySlots(await door.head()).length > 0;
}

/** Nobody is asked for a touch that would have to wait afterwards. @throws `password.wait` */
async function checkNoWait(throttle: TouchPorts['throttle']): Promise<void> {
  const seconds = await throttle.waitSeconds();
  if (seconds > 0) throw new WalletError('password.wait', { detail: String(seconds) });
}

/** Asks for a touch and gives the secret for `Door.openWith`. @throws `password.wait`, `user.cancelled`, `passkey.*`, `vault.*` */
export async function touchToOpen({ door, throttle, random, clock, passkeys }: TouchPorts): Promise<Secret> {
  await checkNoWait(throttle);
  const touched = await touchPasskey(await door.head(), { passkeys: passkeys(), random, clock });
  return { kind: 'prf', ...touched };
}
