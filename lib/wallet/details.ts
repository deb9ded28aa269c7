/** Everything that the details view shows of one record. */
import { toHex } from '../bytes/hex.ts';
import { fromUtf8 } from '../bytes/text.ts';
import { readCertificate } from '../npki/certificate.ts';
import { issuerChain } from '../npki/chain.ts';
import { nameText } from '../npki/name.ts';
import { writeTextBlocks } from '../npki/pem.ts';
import { shippedIntermediates, shippedRoots } from '../trust/roots.ts';
import type { OpenItem } from '../vault/item.ts';
import type { CertificateDetails } from './model.ts';
import { isRooted } from './rooted.ts';
import { importedAt, rowFrom, signCertificate } from './rows.ts';

async function sha1(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  return toHex(new Uint8Array(await crypto.subtle.digest('SHA-1', bytes)));
}

/** @param now milliseconds since 1970. @throws what the certificate's reader throws */
export async function detailsOf(item: OpenItem, now: number): Promise<CertificateDetails> {
  const certificate = signCertificate(item);
  const known = [...item.chain.map((der) => readCertificate(der)), ...shippedIntermediates()];
  return {
    ...(await rowFrom(item, certificate)),
    subject: nameText(certificate.subject),
    issuerDn: nameText(certificate.issuer),
    keyBits: certificate.publicKey?.bits ?? 0,
    keyUsage: certificate.keyUsage ?? [],
    signatureAlgorithm: certificate.signatureAlgorithm,
    kmSerialHex: item.kmCertificate ? readCertificate(item.kmCertificate).serialHex : null,
    chainLength: item.chain.length,
    issuers: issuerChain(certificate, [...known, ...shippedRoots()]).map(({ subject, notAfter }) => ({ name: nameText(subject), notAfter })),
    rooted: await isRooted(certificate, known, now),
    fingerprintSha1: await sha1(certificate.der),
    pem: fromUtf8(writeTextBlocks([{ label: 'CERTIFICATE', der: certificate.der }])),
    importedAt: importedAt(item),
  };
}
