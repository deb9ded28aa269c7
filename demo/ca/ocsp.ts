/** The OCSP responder (RFC 6960 4.2, nonce of RFC 9654): a delegate of the issuing authority signs what the register says. */
import { createHash } from 'node:crypto';
import { bitString, readDer, sequence } from '../../lib/asn1/reader.ts';
import { TAG } from '../../lib/asn1/tags.ts';
import * as der from '../../lib/asn1/writer.ts';
import { equal, type Bytes } from '../../lib/bytes/bytes.ts';
import { OID } from '../../lib/npki/oids.ts';
import type { Authority } from '../issue.ts';
import { writeExtension } from '../x509.ts';
import type { CaContext } from './context.ts';
import { OCSP_NONCE, readOcspRequest, type AskedCertificate, type OcspRequest } from './ocsp-request.ts';

const BASIC_RESPONSE = '1.3.6.1.5.5.7.48.1.1';
const HOUR = 3_600_000;
const LIFE_MS = HOUR;

const STATUS = { successful: 0, malformedRequest: 1, internalError: 2, tryLater: 3 } as const;

const HASHES: ReadonlyMap<string, string> = new Map([
  [OID.sha1, 'sha1'],
  [OID.sha256, 'sha256'],
]);

/** An answer without a response: that the request did not read, or that it should come again. */
export function ocspRefusal(status: Exclude<keyof typeof STATUS, 'successful'>): Bytes {
  return der.sequence(der.element(TAG.ENUMERATED, Uint8Array.of(STATUS[status])));
}

function digest(hash: string, bytes: Bytes): Bytes {
  return new Uint8Array(createHash(hash).update(bytes).digest());
}

function isOurs({ issuing }: CaContext['keys'], asked: AskedCertificate): boolean {
  const hash = HASHES.get(asked.hash);
  if (hash === undefined) return false;
  const { subject, spki } = issuing.certificate;
  const key = bitString(sequence(readDer(spki))[1]).bytes;
  return equal(asked.issuerNameHash, digest(hash, subject.der)) && equal(asked.issuerKeyHash, digest(hash, key));
}

const UNKNOWN = der.element(0x82);

/** CertStatus: good `[0]`, revoked `[1] { time, [0] reason }`, unknown `[2]`. A certificate on hold is revoked with reason 6. */
function writeCertStatus({ certificates, keys, faults }: CaContext, asked: AskedCertificate): Bytes {
  const found = isOurs(keys, asked) ? certificates.find(asked.serial) : null;
  if (found === null || (found.state === 'pending' && faults.takes('pending-unknown'))) return UNKNOWN;
  if (found.reason === null) return der.element(0x80);
  return der.context(1, der.generalizedTime(found.changed), der.context(0, der.element(TAG.ENUMERATED, Uint8Array.of(found.reason))));
}

function writeSingle(ca: CaContext, asked: AskedCertificate, thisUpdate: number): Bytes {
  const id = ca.faults.takes('ocsp-other-serial') ? withOtherSerial(asked.id) : asked.id;
  const next = der.context(0, der.generalizedTime(thisUpdate + LIFE_MS));
  return der.sequence(id, writeCertStatus(ca, asked), der.generalizedTime(thisUpdate), next);
}

function withOtherSerial(id: Bytes): Bytes {
  const parts = sequence(readDer(id)).map(({ raw }) => raw);
  return der.sequence(...parts.slice(0, 3), der.integer(0x7f));
}

function nonceExtension({ faults }: CaContext, nonce: Bytes | null): Bytes[] {
  if (nonce === null || faults.takes('ocsp-no-nonce')) return [];
  const echoed = faults.takes('ocsp-other-nonce') ? der.octetString(new Uint8Array(32)) : nonce;
  return [der.context(1, der.sequence(writeExtension(OCSP_NONCE, false, echoed)))];
}

async function writeResponse(ca: CaContext, { asked, nonce }: OcspRequest, signer: Authority): Promise<Bytes> {
  const now = ca.clock();
  const thisUpdate = ca.faults.takes('ocsp-stale') ? now - 72 * HOUR : now;
  const data = der.sequence(
    der.context(1, signer.certificate.subject.der),
    der.generalizedTime(now),
    der.sequence(...asked.map((one) => writeSingle(ca, one, thisUpdate))),
    ...nonceExtension(ca, nonce),
  );
  const algorithm = der.sequence(der.objectIdentifier(OID.sha256WithRsa), der.nullValue());
  const certificates = der.context(0, der.sequence(signer.certificate.der));
  const basic = der.sequence(data, algorithm, der.bitString(await signer.keys.sign(data)), certificates);
  const response = der.sequence(der.objectIdentifier(BASIC_RESPONSE), der.octetString(basic));
  return der.sequence(der.element(TAG.ENUMERATED, Uint8Array.of(STATUS.successful)), der.context(0, response));
}

/** Answers a request in DER; what is none is told so, as the protocol has it. */
export async function answerOcsp(ca: CaContext, request: Bytes): Promise<Bytes> {
  if (ca.faults.takes('ocsp-later')) return ocspRefusal('tryLater');
  let read: OcspRequest;
  try {
    read = readOcspRequest(request);
  } catch {
    return ocspRefusal('malformedRequest');
  }
  return writeResponse(ca, read, ca.faults.takes('ocsp-wrong-signer') ? ca.keys.recipient : ca.keys.responder);
}
