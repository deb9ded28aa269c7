/** What an authenticator says (Web Authentication, "Authenticator Data"), read with bounds; nothing in it is proven here. */
import { copy, type Bytes } from '../bytes/bytes.ts';
import { readCborItem, readCborMap } from './cbor.ts';
import { damaged } from './fault.ts';

export interface AuthenticatorData {
  /** SHA-256 of the RP id. */
  readonly rpIdHash: Bytes;
  readonly userPresent: boolean;
  readonly userVerified: boolean;
  /** The passkey may be synchronised to other devices. */
  readonly backupEligible: boolean;
  /** The new passkey; only where one was made. */
  readonly attested: AttestedCredential | null;
}

export interface AttestedCredential {
  readonly id: Bytes;
  /** COSE_Key, octet for octet. */
  readonly publicKey: Bytes;
}

const DATA_MAX = 8_192;
const ATTESTATION_MAX = 65_536;
const CREDENTIAL_ID_MAX = 1_023;
const HASH_SIZE = 32;
/** Hash, flags, counter. */
const FIXED_SIZE = 37;
const AAGUID_SIZE = 16;
const FLAG = { present: 0x01, verified: 0x04, eligible: 0x08, attested: 0x40, extensions: 0x80 } as const;

function part(octets: Bytes, at: number, length: number): Bytes {
  if (at + length > octets.length) throw damaged('authenticator data');
  return copy(octets.subarray(at, at + length));
}

function readAttested(octets: Bytes): { attested: AttestedCredential; end: number } {
  const at = FIXED_SIZE + AAGUID_SIZE;
  const [high = 0, low = 0] = part(octets, at, 2);
  const length = high * 256 + low;
  if (length === 0 || length > CREDENTIAL_ID_MAX) throw damaged('credential id');
  const id = part(octets, at + 2, length);
  const start = at + 2 + length;
  const { size } = readCborItem(octets.subarray(start));
  return { attested: { id, publicKey: part(octets, start, size) }, end: start + size };
}

/** @throws `vault.damaged` */
export function readAuthenticatorData(octets: Bytes): AuthenticatorData {
  if (octets.length > DATA_MAX) throw damaged('authenticator data');
  const rpIdHash = part(octets, 0, HASH_SIZE);
  const [flags = 0] = part(octets, HASH_SIZE, FIXED_SIZE - HASH_SIZE);
  const { attested, end } = flags & FLAG.attested ? readAttested(octets) : { attested: null, end: FIXED_SIZE };
  const rest = octets.subarray(end);
  if (flags & FLAG.extensions) readCborMap(rest);
  else if (rest.length > 0) throw damaged('authenticator data');
  return {
    rpIdHash,
    userPresent: (flags & FLAG.present) !== 0,
    userVerified: (flags & FLAG.verified) !== 0,
    backupEligible: (flags & FLAG.eligible) !== 0,
    attested,
  };
}

/**
 * The authenticator data inside an attestation object. No attestation was asked for, so no statement is looked at.
 * @throws `vault.damaged`
 */
export function readAttestationObject(octets: Bytes): AuthenticatorData {
  if (octets.length > ATTESTATION_MAX) throw damaged('attestation');
  const data = readCborMap(octets).get('authData');
  if (!(data instanceof Uint8Array)) throw damaged('attestation');
  return readAuthenticatorData(data);
}
