/** Asking for passkeys: one of the wallet's to open it, or a new one for another way in. */
import { wipe, type Bytes } from '../bytes/bytes.ts';
import { WalletError } from '../errors.ts';
import type { VaultHead } from './head.ts';
import { SALT_SIZE } from './limits.ts';
import { PasskeyChallenge } from './passkey-challenge.ts';
import { checkNewPasskey, checkPasskey, prfInputs } from './passkey.ts';
import type { PasskeyCredential } from './passkey-credential.ts';
import type { AllowedPasskey, Passkeys } from './passkey-port.ts';
import type { PasskeySlot } from './slot.ts';

export interface TouchPorts {
  readonly passkeys: Passkeys;
  readonly random: (length: number) => Bytes;
  /** Milliseconds since 1970. */
  readonly clock: () => number;
}

/** A passkey that belongs to a place among the slots. */
interface Placed {
  readonly sid: string;
  readonly credential: PasskeyCredential;
}

export interface Touched {
  readonly sid: string;
  /** Both PRF outputs, 64 octets; for `openWithPasskey` or the caller to wipe. */
  readonly outputs: Bytes;
}

/** A passkey that was made and has answered once. */
export interface EnrolledPasskey extends Touched {
  readonly credential: PasskeyCredential;
}

const USER_ID_SIZE = 32;

async function ask(vid: string, placed: readonly Placed[], { passkeys, random, clock }: TouchPorts): Promise<Touched> {
  const allow: AllowedPasskey[] = [];
  for (const { sid, credential } of placed) {
    const { id, transports, prfSalt } = credential;
    allow.push({ id, transports, ...(await prfInputs(vid, sid, prfSalt)) });
  }
  const challenge = new PasskeyChallenge(random, clock());
  const answer = await passkeys.ask({ challenge: challenge.octets, allow });
  try {
    const expected = { challenge: challenge.take(clock()), origin: passkeys.origin };
    const checked = await checkPasskey(
      answer,
      expected,
      placed.map(({ credential }) => credential),
    );
    const owner = placed.find(({ credential }) => credential === checked.credential);
    if (!owner) throw new WalletError('internal', { detail: 'passkey' });
    return { sid: owner.sid, outputs: checked.outputs };
  } finally {
    wipe(answer.first, answer.second);
  }
}

/** The passkey slots that can answer where we are. */
export function passkeySlots({ slots }: Pick<VaultHead, 'slots'>, rp = ''): readonly PasskeySlot[] {
  return slots.filter((slot) => slot.kind === 'prf').filter(({ credential }) => credential.rp === rp);
}

/**
 * Asks for a touch of one of the wallet's passkeys, or of the one in slot `only`.
 * @throws `user.cancelled`, `passkey.refused`, `passkey.wrong`, `passkey.unsupported`
 */
export async function touchPasskey(head: VaultHead, ports: TouchPorts, only: string | null = null): Promise<Touched> {
  const slots = passkeySlots(head, ports.passkeys.rp).filter(({ sid }) => only === null || sid === only);
  if (slots.length === 0) throw new WalletError('passkey.wrong', { detail: 'no slot' });
  return ask(head.vid, slots, ports);
}

/**
 * Makes a passkey for the slot `sid` and has it answer once, since outputs come with a touch only. `name` is what the
 * browser's windows show.
 * @throws `user.cancelled`, `passkey.exists`, `passkey.unsupported`, `passkey.refused`
 */
export async function enrolPasskey(head: VaultHead, sid: string, name: string, ports: TouchPorts): Promise<EnrolledPasskey> {
  const { passkeys, random, clock } = ports;
  const { origin, rp } = passkeys;
  const challenge = new PasskeyChallenge(random, clock());
  const exclude = passkeySlots(head, rp).map(({ credential }) => credential);
  const answer = await passkeys.create({ challenge: challenge.octets, userId: random(USER_ID_SIZE), name, exclude });
  const made = await checkNewPasskey(answer, { challenge: challenge.take(clock()), origin, rp });
  const credential = { ...made, prfSalt: random(SALT_SIZE) };
  return { credential, ...(await ask(head.vid, [{ sid, credential }], ports)) };
}
