/**
 * Writes CMS EnvelopedData (RFC 5652 6) for one recipient: AES-256-CBC under a fresh key, which RSAES-PKCS1-v1_5 encrypts to
 * the key of the recipient's certificate (RFC 3370 4.2.1). Korean back ends read that; few read OAEP.
 */
import { contextTag } from '../asn1/tags.ts';
import * as der from '../asn1/writer.ts';
import { wipe, type Bytes } from '../bytes/bytes.ts';
import type { Certificate } from '../npki/certificate.ts';
import { encryptRsaes, type Random } from '../npki/encrypt-rsaes.ts';
import { OID } from '../npki/oids.ts';
import { usableKey } from '../npki/rsa.ts';
import { CMS_OID } from './oids.ts';
import { issuerAndSerialNumber } from './signer-identifier.ts';

const KEY_BYTES = 32;
const BLOCK_BYTES = 16;

/** KeyTransRecipientInfo (RFC 5652 6.2.1). Version 0 names the recipient by issuer and serial. */
function recipientInfo(recipient: Certificate, key: Bytes, random: Random): Bytes {
  return der.sequence(
    der.integer(0),
    issuerAndSerialNumber(recipient.der),
    der.sequence(der.objectIdentifier(OID.rsaEncryption), der.nullValue()), // RFC 3370 4.2.1: parameters NULL
    der.octetString(encryptRsaes(usableKey(recipient), key, random)),
  );
}

/** EncryptedContentInfo (RFC 5652 6.1) of type data. */
async function encryptedContent(content: Bytes, key: Bytes, iv: Bytes): Promise<Bytes> {
  const cipherKey = await crypto.subtle.importKey('raw', key, 'AES-CBC', false, ['encrypt']);
  const encrypted = new Uint8Array(await crypto.subtle.encrypt({ name: 'AES-CBC', iv }, cipherKey, content));
  return der.sequence(
    der.objectIdentifier(CMS_OID.data),
    der.sequence(der.objectIdentifier(OID.aes256Cbc), der.octetString(iv)),
    der.element(contextTag(0, false), encrypted),
  );
}

/**
 * Encrypts `content` to the holder of `recipient`, which `readRecipient` found fit.
 *
 * @returns ContentInfo in DER; nothing in it says whether it was changed on the way
 * @throws what `usableKey` throws
 */
export async function writeEnvelope(content: Bytes, recipient: Certificate, random: Random): Promise<Bytes> {
  const key = random(KEY_BYTES);
  try {
    const inside = await encryptedContent(content, key, random(BLOCK_BYTES));
    const envelopedData = der.sequence(der.integer(0), der.setOf(recipientInfo(recipient, key, random)), inside);
    return der.sequence(der.objectIdentifier(CMS_OID.envelopedData), der.context(0, envelopedData));
  } finally {
    wipe(key);
  }
}
