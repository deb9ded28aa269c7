/** An authority that is spoken to, and which signers speak for it. */
import { equal, type Bytes } from '../bytes/bytes.ts';
import { WalletError } from '../errors.ts';
import { readCertificate, type Certificate } from '../npki/certificate.ts';
import { checkPath } from '../trust/path.ts';
import { isSignedBy, SIGNATURE_HASHES } from '../trust/rsa-signature.ts';
import type { Message } from './message.ts';
import { CMP_OID } from './oids.ts';

export interface Authority {
  /** Its issuing certificates, at least one; the first is the one that requests go to. */
  readonly issuers: readonly Certificate[];
  /** Roots that are trusted by themselves. Nothing that a message brings is ever added to them. */
  readonly roots: readonly Certificate[];
}

const MAY_ANSWER: readonly string[] = [CMP_OID.cmcCa, CMP_OID.cmcRa];

function isIssuer({ issuers }: Authority, certificate: Certificate): boolean {
  return issuers.some(({ der }) => equal(der, certificate.der));
}

/** Whether the certificate says that its holder answers for the authority that issued it (RFC 9480 2.2). */
function isDelegate({ extendedKeyUsage, keyUsage }: Certificate): boolean {
  const may = extendedKeyUsage?.some((usage) => MAY_ANSWER.includes(usage)) ?? false;
  return may && (keyUsage === null || keyUsage.includes('digitalSignature'));
}

/**
 * Whether a signer speaks for the authority at a time: its issuing certificate, or one issued by that which is marked for
 * answering; up to a pinned root. An ordinary certificate of the same authority is not enough.
 */
async function speaksFor(authority: Authority, signer: Certificate, at: number): Promise<boolean> {
  if (!isIssuer(authority, signer) && !isDelegate(signer)) return false;
  try {
    const path = await checkPath({ leaf: signer, intermediates: authority.issuers, anchors: authority.roots, at });
    return path.slice(0, 2).some((certificate) => isIssuer(authority, certificate));
  } catch (thrown) {
    if (thrown instanceof WalletError) return false;
    throw thrown;
  }
}

function readQuietly(der: Bytes): Certificate[] {
  try {
    return [readCertificate(der)];
  } catch {
    return []; // what else a message brings along is no reason to refuse it
  }
}

/** Certificates that the header names as its signer's: by name, and by key identifier where there is one. */
function namedSigners(authority: Authority, { header, extraCerts }: Message): Certificate[] {
  const { sender, senderKeyId } = header;
  return [...authority.issuers, ...extraCerts.flatMap(readQuietly)].filter(
    ({ subject, subjectKeyId }) =>
      sender !== null && equal(subject.der, sender) && (senderKeyId === null || subjectKeyId === null || equal(senderKeyId, subjectKeyId)),
  );
}

/** Whether a message is signed by one who speaks for the authority at a time (milliseconds since 1970 UTC). */
export async function isSignedFor(authority: Authority, message: Message, at: number): Promise<boolean> {
  const { header, protection, protectedPart } = message;
  const hash = SIGNATURE_HASHES.get(header.protection?.id ?? '');
  if (hash === undefined || protection === null) return false;
  for (const signer of namedSigners(authority, message)) {
    if ((await speaksFor(authority, signer, at)) && (await isSignedBy(signer, hash, protection, protectedPart))) return true;
  }
  return false;
}
