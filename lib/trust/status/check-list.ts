/** Whether a revocation list is believed, and what it says of a certificate (RFC 5280 6.3). */
import { equal, type Bytes } from '../../bytes/bytes.ts';
import { WalletError } from '../../errors.ts';
import type { Certificate } from '../../npki/certificate.ts';
import { readAuthorityKeyId } from '../../npki/extensions.ts';
import { OID } from '../../npki/oids.ts';
import { isSignedBy, SIGNATURE_HASHES } from '../rsa-signature.ts';
import { checkTimes } from './check-ocsp.ts';
import { covers } from './list-scope.ts';
import { STATUS_OID } from './oids.ts';
import { lookUp, readRevocationList, type RevocationList } from './read-list.ts';
import { unknown, type CertificateState } from './state.ts';

export interface ListQuestion {
  readonly certificate: Certificate;
  /** Its issuer, already believed by the caller. Lists that another signs for it are not taken. */
  readonly issuer: Certificate;
  /** Milliseconds since 1970 UTC. */
  readonly now: number;
  /** Number of the newest list seen of this issuer and address before; null where none was. */
  readonly seen: Bytes | null;
}

export interface ListAnswer {
  readonly state: CertificateState;
  /** To be kept as `seen` of the next question; null where the list was not believed or has none. */
  readonly number: Bytes | null;
}

/** What is critical in a list and understood. A delta list is not: it says what changed, and not what is. */
const UNDERSTOOD: readonly string[] = [OID.authorityKeyIdentifier, STATUS_OID.crlNumber, STATUS_OID.issuingDistributionPoint];

function isLower(a: Bytes, b: Bytes): boolean {
  if (a.length !== b.length) return a.length < b.length;
  const at = a.findIndex((octet, index) => octet !== b[index]);
  return at >= 0 && (a[at] ?? 0) < (b[at] ?? 0);
}

/** Whether names, key identifiers and key usage let the issuer sign this list. */
function mayHaveSigned({ subject, subjectKeyId, keyUsage }: Certificate, { issuer, extensions }: RevocationList): boolean {
  const value = extensions.get(OID.authorityKeyIdentifier)?.value;
  const keyId = value === undefined ? null : readAuthorityKeyId(value);
  if (!equal(subject.der, issuer) || keyUsage?.includes('cRLSign') === false) return false;
  return keyId === null || subjectKeyId === null || equal(keyId, subjectKeyId);
}

async function isTrusted(issuer: Certificate, list: RevocationList): Promise<boolean> {
  const hash = SIGNATURE_HASHES.get(list.signatureAlgorithm);
  return hash !== undefined && mayHaveSigned(issuer, list) && (await isSignedBy(issuer, hash, list.signature, list.signed));
}

function isUnderstood({ extensions }: RevocationList): boolean {
  const ids = [...extensions].filter(([, { critical }]) => critical).map(([id]) => id);
  return !extensions.has(STATUS_OID.deltaIndicator) && ids.every((id) => UNDERSTOOD.includes(id));
}

function stateIn(list: RevocationList, certificate: Certificate): CertificateState {
  const { thisUpdate, nextUpdate } = list;
  const { found, hasCritical } = lookUp(list, certificate.serial);
  if (hasCritical) return unknown('critical');
  if (found?.reason === 'removeFromCRL') return unknown('malformed'); // only a delta list has such entries
  if (found !== null) return { state: 'revoked', ...found, thisUpdate, nextUpdate };
  if (certificate.notAfter < thisUpdate) return unknown('expired');
  // Lists are made for everybody, and for nobody's question.
  return { state: 'good', thisUpdate, nextUpdate, reused: false };
}

async function judge(list: RevocationList, { certificate, issuer, now, seen }: ListQuestion): Promise<ListAnswer> {
  const without = (state: CertificateState): ListAnswer => ({ state, number: null });
  if (!(await isTrusted(issuer, list))) return without(unknown('untrusted'));
  if (!isUnderstood(list)) return without(unknown('critical'));
  if (!covers(list, certificate)) return without(unknown('scope'));
  const why = checkTimes(list.thisUpdate, list.nextUpdate, false, now);
  if (why !== null) return without(unknown(why));
  if (seen !== null && (list.number === null || isLower(list.number, seen))) return without(unknown('older'));
  return { state: stateIn(list, certificate), number: list.number };
}

/** What a list's octets say of the certificate. Whatever fails makes it unknown. */
export async function checkRevocationList(bytes: Bytes, question: ListQuestion): Promise<ListAnswer> {
  try {
    return await judge(readRevocationList(bytes), question);
  } catch (thrown) {
    if (thrown instanceof WalletError) return { state: unknown('malformed'), number: null };
    throw thrown;
  }
}
