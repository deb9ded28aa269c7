/**
 * Where a certificate says that its status is asked (RFC 5280 4.2.2.1 and 4.2.1.13). Both extensions come from whoever wrote the
 * certificate: an address is a wish, and whether its host is asked is decided elsewhere.
 */
import { children, objectIdentifier, readDer, sequence, type DerNode } from '../../asn1/reader.ts';
import { contextTag } from '../../asn1/tags.ts';
import type { Bytes } from '../../bytes/bytes.ts';
import { WalletError } from '../../errors.ts';
import type { Certificate } from '../../npki/certificate.ts';
import { STATUS_LIMITS } from './limits.ts';
import { STATUS_OID } from './oids.ts';

/** Where to ask, `http:` and `https:` only, as the certificate spells it and in its order. */
export interface StatusAddresses {
  readonly ocsp: readonly string[];
  readonly crl: readonly string[];
}

const URI = contextTag(6, false);
const FULL_NAME = contextTag(0);

/** The address in a GeneralName; empty for all that cannot be fetched, such as the `ldap:` of older certificates. */
function addressesIn({ tag, content }: DerNode): string[] {
  if (tag !== URI || content.length > STATUS_LIMITS.addressLength) return [];
  const text = String.fromCharCode(...content);
  return /^https?:\/\/[\x21-\x7e]+$/i.test(text) && URL.canParse(text) ? [text] : [];
}

/** The GeneralNames in the fullName of a distribution point; empty where it has another form. */
export function fullNames(point: DerNode | undefined): DerNode[] {
  const names = point === undefined ? undefined : children(point)[0];
  return names?.tag === FULL_NAME ? children(names) : [];
}

/** The DistributionPointNames of a certificate's points that cover all reasons and its own issuer. @throws `file.unreadable` */
export function distributionPoints({ crlDistributionPoints }: Pick<Certificate, 'crlDistributionPoints'>): DerNode[] {
  if (crlDistributionPoints === null) return [];
  return sequence(readDer(crlDistributionPoints)).flatMap((point) => {
    const parts = sequence(point);
    const [name] = parts;
    return name?.tag === FULL_NAME && parts.length === 1 ? [name] : [];
  });
}

function ocspAddresses(value: Bytes | null): string[] {
  if (value === null) return [];
  return sequence(readDer(value)).flatMap((description) => {
    const [method, location] = sequence(description);
    return objectIdentifier(method) === STATUS_OID.ocspAccess && location !== undefined ? addressesIn(location) : [];
  });
}

/** None where the extension does not read: a certificate is not refused for it. */
function quietly(read: () => string[]): string[] {
  try {
    return [...new Set(read())].slice(0, STATUS_LIMITS.addresses);
  } catch (thrown) {
    if (thrown instanceof WalletError) return [];
    throw thrown;
  }
}

export function statusAddresses(certificate: Pick<Certificate, 'authorityInfoAccess' | 'crlDistributionPoints'>): StatusAddresses {
  return {
    ocsp: quietly(() => ocspAddresses(certificate.authorityInfoAccess)),
    crl: quietly(() => distributionPoints(certificate).flatMap(fullNames).flatMap(addressesIn)),
  };
}
