/** CertRepMessage (RFC 9810 5.3.4), the body of ip, cp and kup. */
import { explicit, expectTag, sequence, signedInteger, type DerNode } from '../asn1/reader.ts';
import { contextTag, TAG } from '../asn1/tags.ts';
import * as der from '../asn1/writer.ts';
import type { Bytes } from '../bytes/bytes.ts';
import { CMP_LIMITS } from './limits.ts';
import { malformed, strictly } from './malformed.ts';
import { fewOf, readCertificates } from './message.ts';
import { readStatusInfo, writeStatusInfo, type StatusInfo } from './status.ts';

export interface CertificateResponse {
  readonly requestId: number;
  readonly status: StatusInfo;
  /** DER; null where none is there. */
  readonly certificate: Bytes | null;
}

export interface CertificateResponses {
  /** Certificates that the authority sends along. Material for a path, never an anchor. */
  readonly authorityCertificates: readonly Bytes[];
  readonly responses: readonly CertificateResponse[];
}

const CERTIFICATE = contextTag(0);

/** CertifiedKeyPair without the keys and encrypted certificates of authorities that make the keys. */
function readKeyPair(node: DerNode): Bytes {
  const [certificate, more] = sequence(node);
  if (certificate?.tag !== CERTIFICATE || more !== undefined) throw malformed('certified key pair');
  const { raw } = expectTag(explicit(certificate, CERTIFICATE), TAG.SEQUENCE);
  if (raw.length > CMP_LIMITS.certificateBytes) throw malformed('certificate too large');
  return raw;
}

function readResponse(node: DerNode): CertificateResponse {
  const [id, status, ...rest] = sequence(node);
  const pair = rest[0]?.tag === TAG.SEQUENCE ? rest.shift() : undefined;
  if (rest[0]?.tag === TAG.OCTET_STRING) rest.shift(); // rspInfo: nothing of it is used
  if (rest.length > 0) throw malformed('certificate response');
  return { requestId: signedInteger(id), status: readStatusInfo(status), certificate: pair === undefined ? null : readKeyPair(pair) };
}

/** @throws `request.malformed`, also for keys made by the authority and for encrypted certificates */
export function readCertificateResponses(content: DerNode): CertificateResponses {
  return strictly(() => {
    const parts = sequence(content);
    const authorities = parts[0]?.tag === contextTag(1) ? parts.shift() : undefined;
    const [responses, more] = parts;
    if (responses === undefined || more !== undefined) throw malformed('certificate responses');
    return {
      authorityCertificates: authorities === undefined ? [] : readCertificates(explicit(authorities, contextTag(1))),
      responses: fewOf(responses).map(readResponse),
    };
  });
}

type StatusFields = Parameters<typeof writeStatusInfo>[0];

export interface CertificateResponseFields {
  readonly requestId: number;
  readonly status: StatusFields;
  readonly certificate?: Bytes;
}

export function writeCertificateResponses(responses: readonly CertificateResponseFields[], authorityCertificates: readonly Bytes[] = []): Bytes {
  const written = responses.map(({ requestId, status, certificate }) => {
    const pair = certificate === undefined ? [] : [der.sequence(der.context(0, certificate))];
    return der.sequence(der.integer(requestId), writeStatusInfo(status), ...pair);
  });
  const authorities = authorityCertificates.length === 0 ? [] : [der.context(1, der.sequence(...authorityCertificates))];
  return der.sequence(...authorities, der.sequence(...written));
}
