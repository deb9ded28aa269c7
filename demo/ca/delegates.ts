/**
 * Two certificates that the issuing authority gives to itself: one signs OCSP answers (RFC 6960 4.2.2.2), to the other people
 * encrypt R when they apply (the caProtEncCert of RFC 9810 5.3.19.1). Both last as long as the issuing certificate.
 */
import type { Bytes } from '../../lib/bytes/bytes.ts';
import { OID } from '../../lib/npki/oids.ts';
import { extendedKeyUsage, keyUsage, ocspNoCheck, policies } from '../extensions.ts';
import { issueBelow, makeKeyPair, NOTICE, ORGANIZATION, type Authority } from '../issue.ts';
import { writeName } from '../x509.ts';

const OCSP_SIGNING = '1.3.6.1.5.5.7.3.9';

async function issueDelegate(issuing: Authority, name: string, serial: number, extensions: readonly Bytes[]): Promise<Authority> {
  const keys = await makeKeyPair();
  const certificate = await issueBelow(issuing, {
    serial: Uint8Array.of(0x10, serial),
    subject: writeName([
      [OID.country, 'KR'],
      [OID.organization, ORGANIZATION],
      [OID.organizationalUnit, 'DemoCA'],
      [OID.commonName, name],
    ]),
    notBefore: issuing.certificate.notBefore,
    notAfter: issuing.certificate.notAfter,
    spki: keys.spki,
    extensions: [...extensions, policies(OID.anyPolicy, ...NOTICE)],
  });
  return { certificate, keys };
}

export function makeResponder(issuing: Authority): Promise<Authority> {
  return issueDelegate(issuing, 'Dojang Demo OCSP 1', 0x11, [keyUsage('digitalSignature'), extendedKeyUsage(OCSP_SIGNING), ocspNoCheck()]);
}

export function makeRecipient(issuing: Authority): Promise<Authority> {
  return issueDelegate(issuing, 'Dojang Demo CMP 1', 0x12, [keyUsage('keyEncipherment', 'dataEncipherment')]);
}
