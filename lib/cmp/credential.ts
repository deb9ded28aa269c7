/** What proves to an authority who is asking: a number and code of its registration desk, or a certificate of its own. */
import { wipe, type Bytes } from '../bytes/bytes.ts';
import { utf8 } from '../bytes/text.ts';
import { WalletError } from '../errors.ts';
import { readCertificate } from '../npki/certificate.ts';
import type { Random } from '../npki/encrypt-rsaes.ts';
import type { Adapter } from './directory/entry.ts';
import { NULL_NAME, type HeaderFields } from './header.ts';
import { CMP_LIMITS } from './limits.ts';
import { macProtector } from './mac.ts';
import type { Protector } from './message.ts';
import { SHA256_WITH_RSA, type Signer } from './possession.ts';

/** Reference number (참조번호) and authorization code (인가코드). Both are secrets until the run has ended. */
export interface CodeCredential {
  readonly kind: 'code';
  readonly reference: Bytes;
  readonly secret: Bytes;
}

/** The certificate (DER) whose key signs. The key itself never comes here: a `Signer` does. */
export interface CertificateCredential {
  readonly kind: 'certificate';
  readonly certificate: Bytes;
}

export type Credential = CodeCredential | CertificateCredential;

const PRINTABLE = /^[\x21-\x7e]+$/;

function refuse(detail: 'reference' | 'code'): WalletError {
  return new WalletError('request.malformed', { detail });
}

/**
 * Takes number and code as people type them: blanks are for reading, hyphens where the authority says so.
 *
 * @throws `request.malformed` with detail `reference` or `code` where one is not printable ASCII (a Hangul keyboard left on), the
 *   number has more than 64 characters, or the code less than 8 or more than 128
 */
export function readCode(reference: string, code: string, { stripHyphens }: Pick<Adapter, 'stripHyphens'>): CodeCredential {
  const number = reference.replaceAll(/\s/g, '');
  if (!PRINTABLE.test(number) || number.length > CMP_LIMITS.referenceMost) throw refuse('reference');
  const written = code.replaceAll(stripHyphens ? /[\s-]/g : /\s/g, '');
  if (!PRINTABLE.test(written) || written.length < CMP_LIMITS.codeLeast || written.length > CMP_LIMITS.codeMost) throw refuse('code');
  return { kind: 'code', reference: utf8(number), secret: utf8(written) };
}

/** Overwrites number and code. */
export function wipeCredential(credential: Credential): void {
  if (credential.kind === 'code') wipe(credential.reference, credential.secret);
}

/** Who the header says is asking. A certificate goes along, first among those beside the message. */
export function senderOf(credential: Credential): Pick<HeaderFields, 'sender' | 'senderKeyId'> & { readonly extraCerts: readonly Bytes[] } {
  if (credential.kind === 'code') return { sender: NULL_NAME, senderKeyId: credential.reference, extraCerts: [] };
  const { subject, subjectKeyId } = readCertificate(credential.certificate);
  const senderKeyId = subjectKeyId === null ? {} : { senderKeyId: subjectKeyId };
  return { sender: subject.der, ...senderKeyId, extraCerts: [credential.certificate] };
}

/** A MAC with a salt of its own; every message, and every proof, gets another. */
export function codeProtector({ secret }: CodeCredential, { mac, macIterations }: Adapter, random: Random): Protector {
  return macProtector(mac, { secret, salt: random(CMP_LIMITS.nonceBytes), iterations: macIterations });
}

/**
 * What protects our messages.
 * @throws `vault.locked` where a certificate is to sign and its key is not at hand
 */
export function protectorOf(credential: Credential, adapter: Adapter, random: Random, sign: Signer | null): Protector {
  if (credential.kind === 'code') return codeProtector(credential, adapter, random);
  if (sign === null) throw new WalletError('vault.locked', { detail: 'signing key' });
  return { algorithm: SHA256_WITH_RSA, protect: sign };
}
