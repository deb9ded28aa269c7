/**
 * Opens the envelope of an identity value with the server's key. Node's own RSA is used: its decryption of PKCS#1 v1.5 goes on with
 * octets that nobody can foretell where the padding is wrong (implicit rejection), so that nothing tells one failure from another.
 */
import { constants, privateDecrypt, type KeyObject } from 'node:crypto';
import { copy, equal, wipe, type Bytes } from '../bytes/bytes.ts';
import { WalletError } from '../errors.ts';
import { readIdentityValue, type IdentityValue } from '../sign/identity-value.ts';
import { readEnvelope, type Envelope } from '../sign/read-envelope.ts';
import { issuerAndSerialNumber } from '../sign/signer-identifier.ts';

/** Whom identity values are encrypted to. */
export interface IdentityReceiver {
  /** DER. */
  readonly certificate: Uint8Array;
  /** The RSA key of that certificate, from `createPrivateKey` of `node:crypto`. */
  readonly privateKey: KeyObject;
}

/** Message and value are far smaller; the page protocol allows more for what it does not look at. */
const MAX_BYTES = 8 * 1024;

function unopened(cause?: unknown): WalletError {
  return new WalletError('request.malformed', { detail: 'identity', cause });
}

/** The content key; another one of the right length where what was encrypted is no key. */
function contentKey({ encryptedKey, keyBytes }: Envelope, privateKey: KeyObject): Bytes {
  const key = copy(privateDecrypt({ key: privateKey, padding: constants.RSA_PKCS1_PADDING }, encryptedKey));
  if (key.length === keyBytes) return key;
  wipe(key);
  return crypto.getRandomValues(new Uint8Array(keyBytes));
}

async function decrypt(envelope: Envelope, privateKey: KeyObject): Promise<Bytes> {
  const { iv, encrypted } = envelope;
  const raw = contentKey(envelope, privateKey);
  try {
    const key = await crypto.subtle.importKey('raw', raw, 'AES-CBC', false, ['decrypt']);
    return new Uint8Array(await crypto.subtle.decrypt({ name: 'AES-CBC', iv }, key, encrypted));
  } finally {
    wipe(raw);
  }
}

/** @throws `request.malformed`, `request.too-large`; `file.*` where the receiver's certificate does not read */
export async function openIdentityValue(bytes: Bytes, { certificate, privateKey }: IdentityReceiver): Promise<IdentityValue> {
  const envelope = readEnvelope(bytes, MAX_BYTES);
  if (!equal(envelope.recipient, issuerAndSerialNumber(copy(certificate)))) throw unopened();
  let content: Bytes | null = null;
  try {
    content = await decrypt(envelope, privateKey);
    return readIdentityValue(content);
  } catch (cause) {
    throw unopened(cause);
  } finally {
    wipe(content);
  }
}
