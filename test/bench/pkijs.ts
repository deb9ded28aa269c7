/** The peer for CMS: pkijs 3.4.3, which the tests of this project use as a judge too. */
import * as asn1js from 'asn1js';
import * as pkijs from 'pkijs';
import type { Bytes } from '../../lib/bytes/bytes.ts';

export const PKIJS = 'pkijs 3.4.3';

function attribute(type: string, value: asn1js.BaseBlock): pkijs.Attribute {
  return new pkijs.Attribute({ type, values: [value] });
}

/** Attached content, signed attributes contentType, signingTime and messageDigest, one certificate, as DER. */
export async function signWithPkijs(content: Bytes, certificate: Bytes, key: CryptoKey, time: number): Promise<Bytes> {
  const signer = pkijs.Certificate.fromBER(certificate);
  const digest = await crypto.subtle.digest('SHA-256', content);
  const signedData = new pkijs.SignedData({
    version: 1,
    encapContentInfo: new pkijs.EncapsulatedContentInfo({
      eContentType: pkijs.ContentInfo.DATA,
      eContent: new asn1js.OctetString({ valueHex: content.buffer }),
    }),
    signerInfos: [
      new pkijs.SignerInfo({
        version: 1,
        sid: new pkijs.IssuerAndSerialNumber({ issuer: signer.issuer, serialNumber: signer.serialNumber }),
        signedAttrs: new pkijs.SignedAndUnsignedAttributes({
          type: 0,
          attributes: [
            attribute('1.2.840.113549.1.9.3', new asn1js.ObjectIdentifier({ value: pkijs.ContentInfo.DATA })),
            attribute('1.2.840.113549.1.9.5', new asn1js.UTCTime({ valueDate: new Date(time) })),
            attribute('1.2.840.113549.1.9.4', new asn1js.OctetString({ valueHex: digest })),
          ],
        }),
      }),
    ],
    certificates: [signer],
  });
  await signedData.sign(key, 0, 'SHA-256');
  const message = new pkijs.ContentInfo({ contentType: pkijs.ContentInfo.SIGNED_DATA, content: signedData.toSchema(true) });
  return new Uint8Array(message.toSchema().toBER());
}

/** Whether the message verifies; with `root` and `at` also the path of its signer. */
export async function verifyWithPkijs(cms: Bytes, path?: { readonly root: Bytes; readonly at: number }): Promise<boolean> {
  const message = pkijs.ContentInfo.fromBER(cms);
  const signedData = new pkijs.SignedData({ schema: message.content as asn1js.Sequence });
  if (path === undefined) return signedData.verify({ signer: 0, checkChain: false });
  const trustedCerts = [pkijs.Certificate.fromBER(path.root)];
  return signedData.verify({ signer: 0, trustedCerts, checkChain: true, checkDate: new Date(path.at) });
}

/** Whether a path from the leaf to the root holds. */
export async function pathWithPkijs(leaf: Bytes, intermediate: Bytes, root: Bytes, at: number): Promise<boolean> {
  const engine = new pkijs.CertificateChainValidationEngine({
    certs: [pkijs.Certificate.fromBER(intermediate), pkijs.Certificate.fromBER(leaf)],
    trustedCerts: [pkijs.Certificate.fromBER(root)],
    checkDate: new Date(at),
  });
  return (await engine.verify()).result;
}
