/** Opening with a passkey: whether one can be asked for here, and the secret that a touch gives. */
import { WalletError } from '../errors.ts';
import type { VaultHead } from '../vault/head.ts';
import { passwordBytes } from '../vault/password.ts';
import type { Passkeys } from '../vault/passkey-port.ts';
import type { Throttle } from '../vault/throttle.ts';
import { passkeySlots, touchPasskey } from '../vault/touch-passkey.ts';
import type { Secret } from '../vault/unlock.ts';
import type { Door } from './door.ts';
import type { Clock, Random } from './ports.ts';
import type { ActSecret, PasskeySupport } from './ways-api.ts';

export interface TouchPorts extends PasskeyPorts {
  readonly door: Door;
}

export interface PasskeyPorts {
  readonly throttle: Pick<Throttle, 'waitSeconds'>;
  readonly random: Random;
  readonly clock: Clock;
  readonly passkeys: () => Passkeys;
  readonly passkeySupport: () => Promise<PasskeySupport>;
}

/** Whether a touch can open this wallet in this browser. */
export async function canTouch({ door, ...ports }: TouchPorts): Promise<boolean> {
  return canTouchHead(await door.head(), ports);
}

/** Whether a touch can open that state in this browser. */
export async function canTouchHead(head: VaultHead, { passkeySupport }: Pick<PasskeyPorts, 'passkeySupport'>): Promise<boolean> {
  return passkeySlots(head).length > 0 && (await passkeySupport()) === 'ready';
}

/** Nobody is asked for a touch that would have to wait afterwards. @throws `password.wait` */
async function checkNoWait(throttle: TouchPorts['throttle']): Promise<void> {
  const seconds = await throttle.waitSeconds();
  if (seconds > 0) throw new WalletError('password.wait', { detail: String(seconds) });
}

/** Asks for a touch and gives the secret for `Door.openWith`. @throws `password.wait`, `user.cancelled`, `passkey.*`, `vault.*` */
export async function touchToOpen({ door, ...ports }: TouchPorts): Promise<Secret> {
  return touchHead(await door.head(), ports);
}

/** The secret for `Door.openWith` of an act that takes either. @throws as `touchToOpen`, `password.too-long` */
export async function secretOfAct(secret: ActSecret, ports: TouchPorts): Promise<Secret> {
  return secret.kind === 'touch' ? touchToOpen(ports) : { kind: 'pw', password: passwordBytes(secret.text) };
}

/** As `touchToOpen`, for a state that was chosen. */
export async function touchHead(head: VaultHead, { throttle, random, clock, passkeys }: PasskeyPorts): Promise<Secret> {
  await checkNoWait(throttle);
  const touched = await touchPasskey(head, { passkeys: passkeys(), random, clock });
  return { kind: 'prf', ...touched };
}
