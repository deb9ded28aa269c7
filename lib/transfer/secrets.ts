/** What both sides derive from the two ephemeral keys: ECDH on P-256 (SEC 1, 3.3.1), then HKDF-SHA-256 (RFC 5869). */
import { concat, wipe, type Bytes } from '../bytes/bytes.ts';
import { utf8 } from '../bytes/text.ts';
import { WalletError } from '../errors.ts';
import { writeFilePassword } from './file-password.ts';
import type { Invitation } from './invitation.ts';

export interface Secrets {
  /** AES-256-GCM, used for one message. */
  readonly sealing: CryptoKey;
  /** HMAC-SHA-256 over each frame. */
  readonly frames: CryptoKey;
  /** Of the files inside, fit for the rules of file passwords. */
  readonly filePassword: string;
}

/** What the secrets belong to. Another key on either side, another nonce or another challenge gives other secrets. */
export interface Context {
  readonly invitation: Invitation;
  readonly senderKey: Bytes;
  readonly challenge: string;
}

const CURVE = { name: 'ECDH', namedCurve: 'P-256' } as const;
const PROTOCOL = 'Dojang transfer 1';
const PASSWORD_OCTETS = 120;

/** A key pair for one transfer. The private key cannot leave WebCrypto. */
export async function makeKeyPair(): Promise<{ readonly privateKey: CryptoKey; readonly publicKey: Bytes }> {
  const { privateKey, publicKey } = await crypto.subtle.generateKey(CURVE, false, ['deriveBits']);
  return { privateKey, publicKey: new Uint8Array(await crypto.subtle.exportKey('raw', publicKey)) };
}

/** Reads the other side's key. @throws `transfer.malformed` where the point is not on the curve */
export async function readPublicKey(point: Bytes): Promise<CryptoKey> {
  try {
    return await crypto.subtle.importKey('raw', point, CURVE, false, []);
  } catch (cause) {
    throw new WalletError('transfer.malformed', { detail: 'point', cause });
  }
}

export async function hkdf(secret: Bytes, salt: Bytes, info: Bytes, length: number): Promise<Bytes> {
  const key = await crypto.subtle.importKey('raw', secret, 'HKDF', false, ['deriveBits']);
  return new Uint8Array(await crypto.subtle.deriveBits({ name: 'HKDF', hash: 'SHA-256', salt, info }, key, length * 8));
}

/** @param own private key of this side @param other public key of the other side */
export async function deriveSecrets(own: CryptoKey, other: CryptoKey, context: Context): Promise<Secrets> {
  const { invitation, senderKey, challenge } = context;
  const shared = new Uint8Array(await crypto.subtle.deriveBits({ name: 'ECDH', public: other }, own, 256));
  const parts: Bytes[] = [];
  const derive = async (purpose: string, length: number): Promise<Bytes> => {
    const info = concat(utf8(`${PROTOCOL} ${purpose}`), invitation.publicKey, senderKey, utf8(challenge));
    const part = await hkdf(shared, invitation.nonce, info, length);
    parts.push(part);
    return part;
  };
  try {
    return {
      sealing: await crypto.subtle.importKey('raw', await derive('sealing', 32), 'AES-GCM', false, ['encrypt', 'decrypt']),
      frames: await crypto.subtle.importKey('raw', await derive('frames', 32), { name: 'HMAC', hash: 'SHA-256' }, false, ['sign', 'verify']),
      filePassword: writeFilePassword(await derive('file password', PASSWORD_OCTETS)),
    };
  } finally {
    wipe(shared, ...parts);
  }
}
