/**
 * Checking what passkeys answer (Web Authentication Level 3, "Registering a New Credential" and "Verifying an
 * Authentication Assertion", the steps that concern a page which is its own relying party), and their PRF inputs.
 */
import { toBase64Url } from '../bytes/base64.ts';
import { concat, equal, type Bytes } from '../bytes/bytes.ts';
import { fromUtf8, utf8 } from '../bytes/text.ts';
import { errorCode, WalletError } from '../errors.ts';
import { readAttestationObject, readAuthenticatorData, type AuthenticatorData } from './authenticator-data.ts';
import { isSignedBy, readCoseKey } from './cose-key.ts';
import { readBase64Url } from './fields.ts';
import { lp } from './keys.ts';
import { knownTransports, type PasskeyCredential } from './passkey-credential.ts';
import type { NewPasskeyAnswer, PasskeyAnswer } from './passkey-port.ts';

/** What an answer must fit. */
export interface PasskeyExpectation {
  /** As it was asked with, 32 octets; see `PasskeyChallenge`. */
  readonly challenge: Bytes;
  /** Origin of the page that asked. */
  readonly origin: string;
  /** RP id, or empty for the origin itself. */
  readonly rp: string;
}

const OUTPUT_SIZE = 32;
const CLIENT_DATA_MAX = 8_192;

function refused(detail: string, cause?: unknown): WalletError {
  return new WalletError('passkey.refused', { detail, cause });
}

async function sha256(octets: Bytes): Promise<Bytes> {
  return new Uint8Array(await crypto.subtle.digest('SHA-256', octets));
}

/** The two PRF inputs of a slot. Two, so that one touch which somebody else asks for one input opens nothing. */
export async function prfInputs(vid: string, sid: string, prfSalt: Bytes): Promise<{ readonly first: Bytes; readonly second: Bytes }> {
  const input = (nth: number): Promise<Bytes> => sha256(lp('djw1/prf', nth, readBase64Url(vid, 'vid'), readBase64Url(sid, 'sid'), prfSalt));
  return { first: await input(1), second: await input(2) };
}

/** What an answer is made of comes from outside: that it does not read is one more reason to refuse it. */
function reading<Value>(read: () => Value): Value {
  try {
    return read();
  } catch (thrown) {
    if (errorCode(thrown) === 'internal') throw thrown;
    throw refused(thrown instanceof WalletError ? (thrown.detail ?? 'form') : 'form', thrown);
  }
}

function readClientData(octets: Bytes): ReadonlyMap<string, unknown> {
  if (octets.length > CLIENT_DATA_MAX) throw refused('client data');
  let value: unknown;
  try {
    value = JSON.parse(fromUtf8(octets));
  } catch (cause) {
    throw refused('client data', cause);
  }
  if (typeof value !== 'object' || value === null) throw refused('client data');
  return new Map(Object.entries(value)); // More fields may stand there, by the specification.
}

function checkClientData(octets: Bytes, type: 'webauthn.create' | 'webauthn.get', { challenge, origin }: PasskeyExpectation): void {
  const fields = readClientData(octets);
  if (fields.get('type') !== type) throw refused('type');
  const answered = fields.get('challenge');
  if (typeof answered !== 'string' || !equal(utf8(answered), utf8(toBase64Url(challenge)))) throw refused('challenge');
  if (fields.get('origin') !== origin) throw refused('origin');
  const crossOrigin = fields.get('crossOrigin') ?? false;
  if (crossOrigin !== false || fields.has('topOrigin')) throw refused('cross origin');
}

async function checkAuthenticator(data: AuthenticatorData, { origin, rp }: PasskeyExpectation): Promise<void> {
  if (!equal(data.rpIdHash, await sha256(utf8(rp === '' ? origin : rp)))) throw refused('rp id');
  if (!data.userPresent) throw refused('user not present');
  if (!data.userVerified) throw refused('user not verified');
}

/**
 * Checks the answer to making a passkey. Gives what a slot keeps of it, but the PRF salt.
 * @throws `passkey.refused` (the detail says what does not fit), `passkey.unsupported` without the PRF
 */
export async function checkNewPasskey(answer: NewPasskeyAnswer, expected: PasskeyExpectation): Promise<Omit<PasskeyCredential, 'prfSalt'>> {
  checkClientData(answer.clientData, 'webauthn.create', expected);
  const data = reading(() => readAttestationObject(answer.attestationObject));
  await checkAuthenticator(data, expected);
  const { attested } = data;
  if (!attested || !equal(attested.id, answer.id)) throw refused('credential id');
  const { algorithm } = reading(() => readCoseKey(attested.publicKey));
  if (!answer.prf) throw new WalletError('passkey.unsupported', { detail: 'prf' });
  return {
    id: attested.id,
    publicKey: attested.publicKey,
    algorithm,
    transports: knownTransports(answer.transports),
    rp: expected.rp,
    synced: data.backupEligible,
  };
}

async function checkSignature({ publicKey }: PasskeyCredential, { clientData, authenticatorData, signature }: PasskeyAnswer): Promise<void> {
  const signed = concat(authenticatorData, await sha256(clientData));
  let proven: boolean;
  try {
    proven = await isSignedBy(readCoseKey(publicKey), signature, signed);
  } catch (cause) {
    throw refused('signature', cause);
  }
  if (!proven) throw refused('signature');
}

function checkOutput(output: Bytes | null, name: string): Bytes {
  if (!output) throw new WalletError('passkey.unsupported', { detail: 'prf' });
  if (output.length !== OUTPUT_SIZE || output.every((octet) => octet === 0)) throw refused(name);
  return output;
}

/**
 * Checks the answer of one of the wallet's passkeys. Gives both PRF outputs, one after the other (64 octets), for the
 * caller to wipe.
 * @throws `passkey.refused` (the detail says what does not fit), `passkey.wrong` for a passkey that is not ours,
 *   `passkey.unsupported` without PRF outputs
 */
export async function checkPasskey(
  answer: PasskeyAnswer,
  expected: Omit<PasskeyExpectation, 'rp'>,
  credentials: readonly PasskeyCredential[],
): Promise<{ readonly credential: PasskeyCredential; readonly outputs: Bytes }> {
  const credential = credentials.find(({ id }) => equal(id, answer.id));
  if (!credential) throw new WalletError('passkey.wrong', { detail: 'credential id' });
  checkClientData(answer.clientData, 'webauthn.get', { ...expected, rp: credential.rp });
  const data = reading(() => readAuthenticatorData(answer.authenticatorData));
  await checkAuthenticator(data, { ...expected, rp: credential.rp });
  await checkSignature(credential, answer);
  const first = checkOutput(answer.first, 'first output');
  const second = checkOutput(answer.second, 'second output');
  if (equal(first, second)) throw refused('equal outputs');
  return { credential, outputs: concat(first, second) };
}
