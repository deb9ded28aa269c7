/** Who may sign OCSP answers for an authority (RFC 6960 4.2.2.2). */
import { equal, type Bytes } from '../../bytes/bytes.ts';
import { WalletError } from '../../errors.ts';
import { readCertificate, type Certificate } from '../../npki/certificate.ts';
import { nameValue } from '../../npki/name.ts';
import { OID } from '../../npki/oids.ts';
import { checkPath } from '../path.ts';
import { isSignedBy, SIGNATURE_HASHES } from '../rsa-signature.ts';
import { keyHash } from './ocsp-request.ts';
import { STATUS_OID } from './oids.ts';
import type { BasicAnswer } from './read-ocsp.ts';

/** The authority whose certificate is asked about, already believed by the caller. */
export interface AnsweringAuthority {
  readonly issuer: Certificate;
  /**
   * Authorities whose delegates of the issuer's own organization speak for it as well. Korean responders are certified by the
   * root and not by the authority they answer for; the standard leaves that to local configuration. Empty: the issuer's alone.
   */
  readonly appointing: readonly Certificate[];
}

function readQuietly(der: Bytes): Certificate[] {
  try {
    return [readCertificate(der)];
  } catch {
    return []; // what else an answer brings along is no reason to refuse it
  }
}

async function isNamed({ responder }: BasicAnswer, certificate: Certificate): Promise<boolean> {
  return 'name' in responder ? equal(responder.name, certificate.subject.der) : equal(responder.keyHash, await keyHash(certificate));
}

/** A certificate made for signing such answers, which no certificate of a person is. */
function isDelegate({ extendedKeyUsage, keyUsage, basicConstraints }: Certificate): boolean {
  const may = extendedKeyUsage?.includes(STATUS_OID.ocspSigning) === true;
  const signs = keyUsage === null || keyUsage.includes('digitalSignature') || keyUsage.includes('nonRepudiation');
  return may && signs && basicConstraints?.ca !== true;
}

function sameOrganization(a: Certificate, b: Certificate): boolean {
  const organization = nameValue(a.subject, OID.organization);
  return organization !== null && organization === nameValue(b.subject, OID.organization);
}

/** Whether one of `anchors` itself issued the certificate, and it is valid at the time. */
async function isIssuedBy(anchors: readonly Certificate[], leaf: Certificate, at: number): Promise<boolean> {
  try {
    await checkPath({ leaf, intermediates: [], anchors, at });
    return true;
  } catch (thrown) {
    if (thrown instanceof WalletError) return false;
    throw thrown;
  }
}

async function speaksFor({ issuer, appointing }: AnsweringAuthority, signer: Certificate, at: number): Promise<boolean> {
  if (equal(signer.der, issuer.der)) return true;
  if (!isDelegate(signer)) return false;
  if (await isIssuedBy([issuer], signer, at)) return true;
  return sameOrganization(signer, issuer) && (await isIssuedBy(appointing, signer, at));
}

/** Whether an answer is signed by one who speaks for the authority at a time (milliseconds since 1970 UTC). */
export async function isAnsweredFor(authority: AnsweringAuthority, answer: BasicAnswer, at: number): Promise<boolean> {
  const hash = SIGNATURE_HASHES.get(answer.signatureAlgorithm);
  if (hash === undefined) return false;
  for (const signer of [authority.issuer, ...answer.certificates.flatMap(readQuietly)]) {
    if (!(await isNamed(answer, signer)) || !(await speaksFor(authority, signer, at))) continue;
    if (await isSignedBy(signer, hash, answer.signature, answer.signed)) return true;
  }
  return false;
}
