import { readdirSync, readFileSync } from 'node:fs';
import type * as asn1js from 'asn1js';
import * as pkijs from 'pkijs';
import { describe, expect, it } from 'vitest';
import { wipe, type Bytes } from '../../../lib/bytes/bytes.ts';
import { openPrivateKey } from '../../../lib/npki/private-key.ts';
import { writeSignedData } from '../../../lib/sign/cms.ts';
import { writeStatement } from '../../../lib/sign/statement.ts';
import { memoryNonces } from '../../../lib/verify/nonces.ts';
import { createVerifier } from '../../../lib/verify/verifier.ts';
import { certificatePem, openssl, OPENSSL_TITLE, OPENSSL_VERSION } from '../../support/openssl.ts';

const FIXTURES = new URL('../../fixtures/npki/', import.meta.url);
const NOW = Date.parse('2026-11-23T00:00:00Z');
const ORIGIN = 'https://bank.example';

interface Identity {
  readonly id: string;
  readonly folder: string;
  readonly password: string;
  readonly ca: string;
  readonly serialHex: string;
  readonly realName: string;
}

const { identities } = JSON.parse(readFileSync(new URL('manifest.json', FIXTURES), 'utf8')) as { identities: readonly Identity[] };
const inDate = identities.filter(({ id }) => id !== 'expired-yesterday' && id !== 'not-yet-valid');

function load(path: string): Bytes {
  return new Uint8Array(readFileSync(new URL(path, FIXTURES)));
}

function loadFrom(folder: string, name: string): Bytes {
  const found = readdirSync(new URL(`${folder}/`, FIXTURES)).find((entry) => entry.toLowerCase() === name) ?? name;
  return load(`${folder}/${found}`);
}

const rootOf = ({ ca }: Identity): Bytes => load(ca.includes('3072') ? 'ca/root3072.der' : 'ca/root.der');

/** A sign-in as the wallet writes it, from the key file and its password on. */
async function signIn({ folder, password, ca }: Identity, nonce: string): Promise<Bytes> {
  const algorithm = { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' };
  const { privateKeyInfo } = await openPrivateKey(loadFrom(folder, 'signpri.key'), password);
  const key = await crypto.subtle.importKey('pkcs8', privateKeyInfo, algorithm, false, ['sign']);
  wipe(privateKeyInfo);
  return writeSignedData({
    content: writeStatement({ origin: ORIGIN, nonce, issuedAt: NOW }),
    certificate: loadFrom(folder, 'signcert.der'),
    chain: [load(ca)],
    signingTime: NOW,
    form: 'cms',
    sign: async (bytes) => new Uint8Array(await crypto.subtle.sign(algorithm, key, bytes)),
  });
}

const nonces = memoryNonces({ clock: () => NOW });

describe('a sign-in with each identity that Bouncy Castle made', () => {
  it.each(inDate)('$id: our own verifier', async (identity) => {
    const verifier = createVerifier({ origin: ORIGIN, roots: [rootOf(identity)], nonces, clock: () => NOW });
    const result = await verifier.verifySignIn(await signIn(identity, await nonces.issue()));
    expect(result).toMatchObject({ serialHex: identity.serialHex, holder: identity.realName });
  });

  it.each(inDate)('$id: pkijs, path included', async (identity) => {
    const message = await signIn(identity, await nonces.issue());
    const signedData = new pkijs.SignedData({ schema: pkijs.ContentInfo.fromBER(message).content as asn1js.Sequence });
    const trustedCerts = [pkijs.Certificate.fromBER(rootOf(identity))];
    expect(await signedData.verify({ signer: 0, trustedCerts, checkChain: true, checkDate: new Date(NOW) })).toBe(true);
  });

  it.each(identities.filter((one) => !inDate.includes(one)))('$id is refused', async (identity) => {
    const verifier = createVerifier({ origin: ORIGIN, roots: [rootOf(identity)], nonces, clock: () => NOW });
    const code = identity.id === 'not-yet-valid' ? 'certificate.not-yet-valid' : 'certificate.expired';
    await expect(verifier.verifySignIn(await signIn(identity, await nonces.issue()))).rejects.toMatchObject({ code });
  });
});

describe.runIf(OPENSSL_VERSION !== null)(`a sign-in with each identity before ${OPENSSL_TITLE}`, () => {
  it.each(inDate)('$id', async (identity) => {
    const message = await signIn(identity, await nonces.issue());
    const args = [
      'cms',
      '-verify',
      '-binary',
      '-inform',
      'DER',
      '-in',
      'x.p7',
      '-CAfile',
      'root.pem',
      '-purpose',
      'any',
      '-attime',
      String(NOW / 1000),
    ];
    const { ok, stderr } = openssl(args, { 'x.p7': message, 'root.pem': certificatePem(rootOf(identity)) });
    expect({ ok, stderr }).toEqual({ ok: true, stderr: expect.stringContaining('CMS Verification successful') as string });
  });
});
