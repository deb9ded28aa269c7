import { constants, createPrivateKey, privateDecrypt } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import { readDer } from '../../../lib/asn1/reader.ts';
import * as der from '../../../lib/asn1/writer.ts';
import type { Bytes } from '../../../lib/bytes/bytes.ts';
import { fromHex, toHex } from '../../../lib/bytes/hex.ts';
import { utf8 } from '../../../lib/bytes/text.ts';
import { readCertificateRequests, writeCertificateRequest, type Possession } from '../../../lib/cmp/certificate-request.ts';
import { DUMMY_NUMBER, encryptedVidAttribute, readEncryptedVid, readVidAndRandom, writeEncryptedVid } from '../../../lib/cmp/encrypted-vid.ts';
import { encryptRsaes } from '../../../lib/npki/encrypt-rsaes.ts';
import { isMacOf, macProtector, readMacAlgorithm } from '../../../lib/cmp/mac.ts';
import { CMP_OID } from '../../../lib/cmp/oids.ts';
import { proveByMac, proveByRequest } from '../../../lib/cmp/possession.ts';
import { readJson } from '../../support/npki-fixtures.ts';
import { isSignedBy } from '../../../lib/trust/rsa-signature.ts';
import { holderExtensions, issue, makeKeys, signerOf, type Issued } from '../../support/test-authority.ts';

const CODE = utf8('a-code-of-the-bank');
const SALT = fromHex('00112233445566778899aabbccddeeff');

let holder: Issued;

beforeAll(async () => {
  holder = await issue({ name: 'New Holder', keys: await makeKeys(), extensions: holderExtensions() });
});

function readBack(request: Bytes, proof: Bytes, ...registration: readonly Bytes[]): Extract<Possession, { kind: 'signature' }> {
  const information = registration.length === 0 ? [] : [der.sequence(...registration)];
  const [read] = readCertificateRequests(readDer(der.sequence(der.sequence(request, proof, ...information))));
  if (read?.possession.kind !== 'signature') throw new Error(read?.possession.kind);
  return read.possession;
}

describe('proof of possession', () => {
  it('signs the request itself where subject and key are in it', async () => {
    const { spki, subject } = holder.certificate;
    const request = writeCertificateRequest(0, { subject: subject.der, spki });
    const { input, signature } = readBack(request, await proveByRequest(request, signerOf(holder.key)));
    expect(input).toBeNull();
    expect(await isSignedBy(holder.certificate, 'SHA-256', signature, request)).toBe(true);
  });

  it('signs key and MAC with the tag of a SEQUENCE, and sends them with [0]', async () => {
    const { spki } = holder.certificate;
    const request = writeCertificateRequest(0, { spki });
    const proof = await proveByMac(spki, signerOf(holder.key), macProtector('pbm', { secret: CODE, salt: SALT, iterations: 100 }));
    const { input, signature } = readBack(request, proof);
    expect(input!.spki).toEqual(spki);
    expect(toHex(input!.signed.subarray(0, 2))).toBe('3082');
    expect(toHex(proof)).toContain(`a082${toHex(input!.signed).slice(4)}`);
    expect(await isSignedBy(holder.certificate, 'SHA-256', signature, input!.signed)).toBe(true);
    const mac = readMacAlgorithm(input!.macAlgorithm)!;
    expect(mac.salt).toEqual(SALT);
    expect(await isMacOf(mac, CODE, spki, input!.mac)).toBe(true);
  });

  it.each([
    ['raVerified', der.element(0x80), 'unsupported'],
    ['none', null, 'none'],
    ['keyEncipherment', der.context(2, der.context(1, der.element(0x80))), 'unsupported'],
  ])('%s is told from a signature', (_, proof, kind) => {
    const request = writeCertificateRequest(0, { spki: holder.certificate.spki });
    const [read] = readCertificateRequests(readDer(der.sequence(der.sequence(request, ...(proof === null ? [] : [proof])))));
    expect(read!.possession.kind).toBe(kind);
  });
});

describe('EncryptedVID', () => {
  const { vectors } = readJson('vid-vector', 'vid-vector.json') as {
    vectors: readonly { idn: string; rHex: string; hash: string; vidHex: string }[];
  };
  const sha256 = vectors.filter(({ hash }) => hash === 'sha256');
  let authority: Issued;
  let open: (encrypted: Bytes) => Bytes;
  const random = (length: number): Bytes => crypto.getRandomValues(new Uint8Array(length));

  beforeAll(async () => {
    const keys = await makeKeys();
    authority = await issue({ name: 'Encryption', keys, serial: 0x42, extensions: [] });
    const pkcs8 = Buffer.from(await crypto.subtle.exportKey('pkcs8', keys.privateKey));
    const key = createPrivateKey({ key: pkcs8, format: 'der', type: 'pkcs8' });
    open = (encrypted) => Uint8Array.from(privateDecrypt({ key, padding: constants.RSA_PKCS1_PADDING }, encrypted));
  });

  it.each([...sha256, { idn: DUMMY_NUMBER, rHex: '0412'.padEnd(40, 'a'), vidHex: null }])(
    'holds identifier and R of $idn, for the authority alone (R $rHex)',
    async ({ idn, rHex, vidHex }) => {
      const value = await writeEncryptedVid({ idNumber: idn, random: fromHex(rHex), certificate: authority.certificate }, random);
      const { recipient, encrypted } = readEncryptedVid(readDer(value));
      const { issuer, serialDer } = authority.certificate;
      expect(recipient).toEqual(der.sequence(issuer.der, serialDer));
      const inside = readVidAndRandom(open(encrypted));
      expect(toHex(inside.random)).toBe(rHex);
      if (vidHex !== null) expect(toHex(inside.vid)).toBe(vidHex);
      expect(toHex(value)).not.toContain(rHex);
    },
  );

  it('travels in regInfo, EXPLICIT throughout', async () => {
    const value = await writeEncryptedVid({ idNumber: DUMMY_NUMBER, random: fromHex('11'.repeat(20)), certificate: authority.certificate }, random);
    const { spki } = holder.certificate;
    const request = writeCertificateRequest(0, { spki });
    const proof = await proveByRequest(request, signerOf(holder.key));
    const [read] = readCertificateRequests(readDer(der.sequence(der.sequence(request, proof, der.sequence(encryptedVidAttribute(value))))));
    expect(read!.registration.get(CMP_OID.encryptedVid)!.raw).toEqual(value);
    expect(toHex(value).slice(8, 18 + 30)).toBe('a003020100a10d300b0609608648016503040201');
  });

  it('draws its padding anew where an octet is zero', () => {
    const drawn: number[] = [];
    const mostlyZero = (length: number): Bytes => {
      drawn.push(length);
      return Uint8Array.from({ length }, (_, at) => (at % 2 === 0 ? 0 : 0xaa));
    };
    const message = utf8('R');
    const key = authority.certificate.publicKey!;
    expect(open(encryptRsaes(key, message, (length) => (length === 1 ? Uint8Array.of(0xbb) : mostlyZero(length))))).toEqual(message);
    expect(drawn[0]).toBe(256 - 3 - 1);
    expect(drawn.length).toBeGreaterThan(2);
  });

  it('encrypts what OpenSSL opens, to the longest message and no longer', () => {
    const key = authority.certificate.publicKey!;
    for (const length of [0, 1, 32, 245]) {
      const message = random(length);
      const encrypted = encryptRsaes(key, message, random);
      expect([encrypted.length, open(encrypted)]).toEqual([256, message]);
    }
    expect(() => encryptRsaes(key, random(246), random)).toThrow('internal');
  });
});
