/** First messages of a run: requests for certificates (RFC 9810 5.3.1 to 5.3.5) and for revocation (5.3.9). */
import * as der from '../asn1/writer.ts';
import type { Bytes } from '../bytes/bytes.ts';
import { WalletError } from '../errors.ts';
import type { Certificate } from '../npki/certificate.ts';
import { OID } from '../npki/oids.ts';
import type { KeyRole } from '../npki/prove.ts';
import type { BodyType } from './body-types.ts';
import { writeCertificateRequest, type OldCertificate } from './certificate-request.ts';
import type { Act, Asked, Prepared } from './course.ts';
import type { CodeCredential, Credential } from './credential.ts';
import type { Partner } from './directory/partner.ts';
import { encryptedVidAttribute } from './encrypted-vid.ts';
import { CMP_LIMITS } from './limits.ts';
import { macProtector } from './mac.ts';
import type { NewKey } from './new-key.ts';
import { writeOutgoing, type Ports } from './outgoing.ts';
import { proveByMac, proveByRequest, type Signer } from './possession.ts';
import { writeRevocations, type RevocationReason } from './revocation.ts';
import type { TemplateFields } from './template.ts';

type AskingKey = Pick<NewKey, 'use' | 'spki' | 'sign'>;

/** KeyUsage, critical: digitalSignature and nonRepudiation, or keyEncipherment. */
const KEY_USAGE: Readonly<Record<KeyRole, Bytes>> = {
  sign: keyUsage(Uint8Array.of(0xc0), 6),
  km: keyUsage(Uint8Array.of(0x20), 5),
};

function keyUsage(bits: Bytes, unused: number): Bytes {
  return der.sequence(der.objectIdentifier(OID.keyUsage), der.boolean(true), der.octetString(der.bitString(bits, unused)));
}

/** The identifier of the holder, for the authority: encrypted in the request, and as the certificate should show it. */
export interface VidRequest {
  /** From `writeEncryptedVid`. */
  readonly encrypted: Bytes;
  /** Null where the number is not known here. */
  readonly vid: Bytes | null;
}

function templateOf({ use, spki }: AskingKey, subject?: Bytes): TemplateFields {
  return { spki, extensions: [KEY_USAGE[use]], ...(subject === undefined ? {} : { subject }) };
}

/** CertReqMsg: request, proof, and regInfo for the key that is to sign. */
function requestMessage(use: KeyRole, request: Bytes, proof: Bytes, vid: VidRequest | null): Bytes {
  const registration = vid === null || use !== 'sign' ? [] : [der.sequence(encryptedVidAttribute(vid.encrypted))];
  return der.sequence(request, proof, ...registration);
}

interface First {
  readonly act: Act;
  readonly partner: Partner;
  readonly credential: Credential;
  readonly sign: Signer | null;
  readonly type: BodyType;
  readonly body: Bytes;
  readonly asked: readonly Asked[];
  readonly revocations: number;
}

async function prepared({ act, partner, credential, asked, revocations, ...rest }: First, { clock, random }: Ports): Promise<Prepared> {
  const transactionId = random(CMP_LIMITS.nonceBytes);
  const outgoing = { ...rest, partner, credential, transactionId, recipientNonce: null, messageTime: clock() };
  const { bytes: request, nonce } = await writeOutgoing(outgoing, random);
  return { state: 'PREPARED', act, caId: partner.id, credential, transactionId, nonce, asked, revocations, request };
}

function checkCount({ adapter }: Partner, keys: readonly AskingKey[]): void {
  const distinct = new Set(keys.map(({ use }) => use)).size === keys.length;
  if (keys.length === 0 || keys.length > adapter.requests || !distinct) throw new WalletError('internal', { detail: 'requests' });
}

export interface IssueInput {
  readonly act: 'issue' | 'reissue';
  readonly partner: Partner;
  readonly credential: CodeCredential;
  /** The key that is to sign, and where the authority takes two requests at once the other. */
  readonly keys: readonly AskingKey[];
  readonly vid: VidRequest | null;
}

/** ir. The name is the authority's to choose, so the code proves in the proof, too, whose key it is. */
export async function prepareIssue({ act, partner, credential, keys, vid }: IssueInput, ports: Ports): Promise<Prepared> {
  checkCount(partner, keys);
  const messages: Bytes[] = [];
  for (const [requestId, key] of keys.entries()) {
    const salt = ports.random(CMP_LIMITS.nonceBytes);
    const mac = macProtector('pbm', { secret: credential.secret, salt, iterations: partner.adapter.macIterations });
    const proof = await proveByMac(key.spki, key.sign, mac);
    messages.push(requestMessage(key.use, writeCertificateRequest(requestId, templateOf(key)), proof, vid));
  }
  const asked = keys.map(({ use, spki }, requestId) => ({
    requestId,
    use,
    spki,
    issuer: null,
    subject: null,
    vid: use === 'sign' ? (vid?.vid ?? null) : null,
  }));
  return prepared({ act, partner, credential, sign: null, type: 'ir', body: der.sequence(...messages), asked, revocations: 0 }, ports);
}

/** What is signed by a certificate that is here already. */
interface BySignature {
  readonly partner: Partner;
  /** The sign certificate, and its key. */
  readonly certificate: Certificate;
  readonly sign: Signer;
}

/** The request for one certificate under a name that is known: its new key signs the request itself. */
async function namedRequest(requestId: number, key: AskingKey, subject: Bytes, vid: VidRequest | null, old?: OldCertificate): Promise<Bytes> {
  const request = writeCertificateRequest(requestId, templateOf(key, subject), old);
  return requestMessage(key.use, request, await proveByRequest(request, key.sign), vid);
}

function askedUnder(requestId: number, { use, spki }: AskingKey, { issuer, subject }: Certificate, vid: VidRequest | null): Asked {
  return { requestId, use, spki, issuer: issuer.der, subject: subject.der, vid: use === 'sign' ? (vid?.vid ?? null) : null };
}

/** cr: the km certificate to a sign certificate, from an authority that takes one request at a time. */
export async function prepareComplete(
  { partner, certificate, sign, key }: BySignature & { readonly key: AskingKey },
  ports: Ports,
): Promise<Prepared> {
  const body = der.sequence(await namedRequest(0, key, certificate.subject.der, null));
  const credential: Credential = { kind: 'certificate', certificate: certificate.der };
  const asked = [askedUnder(0, key, certificate, null)];
  return prepared({ act: 'complete', partner, credential, sign, type: 'cr', body, asked, revocations: 0 }, ports);
}

export interface RenewInput extends BySignature {
  /** Each certificate to be replaced, with the new key for it. Keys are always new. */
  readonly pairs: readonly { readonly old: Certificate; readonly key: AskingKey }[];
  /** A new R, and so a new identifier. */
  readonly vid: VidRequest | null;
}

/** kur, signed by the old sign key. */
export async function prepareRenewal({ partner, certificate, sign, pairs, vid }: RenewInput, ports: Ports): Promise<Prepared> {
  checkCount(
    partner,
    pairs.map(({ key }) => key),
  );
  const messages: Bytes[] = [];
  for (const [requestId, { old, key }] of pairs.entries()) {
    messages.push(await namedRequest(requestId, key, old.subject.der, vid, { issuer: old.issuer.der, serial: old.serial }));
  }
  const credential: Credential = { kind: 'certificate', certificate: certificate.der };
  const asked = pairs.map(({ old, key }, requestId) => askedUnder(requestId, key, old, vid));
  return prepared({ act: 'renew', partner, credential, sign, type: 'kur', body: der.sequence(...messages), asked, revocations: 0 }, ports);
}

export interface RevokeInput {
  readonly partner: Partner;
  /** A code where the key is lost. */
  readonly credential: Credential;
  readonly sign: Signer | null;
  readonly certificates: readonly Pick<Certificate, 'issuer' | 'serial'>[];
  readonly reason: RevocationReason;
}

const isPause = (reason: RevocationReason): reason is 'hold' | 'release' => reason === 'hold' || reason === 'release';

/** rr; holding and releasing are revocations with reasons of their own. */
export async function prepareRevocation({ partner, credential, sign, certificates, reason }: RevokeInput, ports: Ports): Promise<Prepared> {
  if (certificates.length === 0 || (certificates.length > 1 && !partner.adapter.revokeMany))
    throw new WalletError('internal', { detail: 'revocations' });
  const body = writeRevocations(certificates.map(({ issuer, serial }) => ({ issuer: issuer.der, serial, reason })));
  const act = isPause(reason) ? reason : 'revoke';
  return prepared({ act, partner, credential, sign, type: 'rr', body, asked: [], revocations: certificates.length }, ports);
}
