/** What the acts on the ways in share: their ports, and how passkeys are listed. */
import type { Bytes } from '../bytes/bytes.ts';
import type { VaultHead } from '../vault/head.ts';
import type { Passkeys } from '../vault/passkey-port.ts';
import type { PrivateSettings } from '../vault/settings-text.ts';
import type { DoorPorts, Opened } from './door.ts';
import type { NewestPorts } from './newest.ts';
import type { Random } from './ports.ts';
import type { PasskeySupport, PasskeyWay } from './ways-api.ts';

export interface WaysPorts extends DoorPorts, NewestPorts {
  readonly random: Random;
  readonly passkeys: () => Passkeys;
  readonly passkeySupport: () => Promise<PasskeySupport>;
  /** What there is to do after each unlocking. */
  readonly afterUnlock: (opened: Opened) => Promise<void>;
  /** Replaces the sync copy after a change of the secrets; false where one that opens with former ones is left. */
  readonly replaceSyncCopy: (head: VaultHead, listKey: Bytes) => Promise<boolean>;
  readonly pause: () => Promise<void>;
  /** Asks the background to lock, which ends waiting requests too. */
  readonly lock: () => Promise<void>;
}

export type PasskeyNames = PrivateSettings['passkeys'];

/** The passkeys of a head; `names` only where the wallet is open. */
export function passkeyWays({ slots }: VaultHead, names: PasskeyNames): readonly PasskeyWay[] {
  return slots
    .filter((slot) => slot.kind === 'prf')
    .map(({ sid, credential }) => ({ sid, name: names.find((one) => one.sid === sid)?.name ?? '', synced: credential.synced }));
}
