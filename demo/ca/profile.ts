/** What the demo authority writes into a holder's certificates (KCAC.TS.CERTPROF, KCAC.TS.DN): the sign and the km profile. */
import type { Bytes } from '../../lib/bytes/bytes.ts';
import type { Certificate } from '../../lib/npki/certificate.ts';
import { OID } from '../../lib/npki/oids.ts';
import { authorityInfoAccess, crlDistributionPoints, identifyData, keyUsage, policies } from '../extensions.ts';
import { issueBelow, NOTICE, ORGANIZATION, type Authority } from '../issue.ts';
import { writeName } from '../x509.ts';

export type Kind = 'sign' | 'km';

/** Where the status of a certificate is asked: both http. */
export interface StatusAddresses {
  readonly ocsp: string;
  readonly crl: string;
}

/** The port of the demo authority unless told otherwise; the people's first certificates name it. */
export const USUAL_PORT = 4081;

/** @param url of the authority, without a slash at the end */
export function statusAddresses(url: string): StatusAddresses {
  return { ocsp: `${url}/ocsp`, crl: `${url}/crl/ca.crl` };
}

export interface HolderCertificate {
  readonly kind: Kind;
  /** Content octets of the serial INTEGER. */
  readonly serial: Bytes;
  /** Name as DER; a renewal keeps the octets of the old certificate. */
  readonly subject: Bytes;
  readonly realName: string;
  readonly policy: string;
  /** SHA-256 virtual identifier; null for km certificates and where the request brought no R. */
  readonly vid: Bytes | null;
  readonly spki: Bytes;
  /** Milliseconds since 1970 UTC. */
  readonly notBefore: number;
  readonly notAfter: number;
  /** Null where no server is known yet. */
  readonly addresses: StatusAddresses | null;
}

/** `C=KR, O=DojangDemo, OU=personal4IB, OU=DEMO, CN=홍길동()0099041…` */
export function holderSubject(holder: { readonly realName: string; readonly latin: string; readonly unit: string }, digits: string): Bytes {
  return writeName([
    [OID.country, 'KR'],
    [OID.organization, ORGANIZATION],
    [OID.organizationalUnit, holder.unit],
    [OID.organizationalUnit, 'DEMO'],
    [OID.commonName, `${holder.realName}(${holder.latin})${digits}`],
  ]);
}

/** Issues one certificate. subjectAltName stands in sign certificates only, as with the Korean authorities. */
export function issueToHolder(issuer: Authority, holder: HolderCertificate): Promise<Certificate> {
  const { kind, serial, subject, spki, notBefore, notAfter, policy, realName, vid, addresses } = holder;
  const extensions = [
    kind === 'sign' ? keyUsage('digitalSignature', 'nonRepudiation') : keyUsage('keyEncipherment'),
    policies(policy, ...NOTICE),
    ...(kind === 'sign' ? [identifyData(realName, vid)] : []),
    ...(addresses === null ? [] : [crlDistributionPoints(addresses.crl), authorityInfoAccess(addresses.ocsp)]),
  ];
  return issueBelow(issuer, { serial, subject, spki, notBefore, notAfter, extensions });
}
