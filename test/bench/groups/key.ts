/** Key files at import: one file of each scheme, the first call of a fresh engine, one whole import. */
import { execFile } from 'node:child_process';
import { createDecipheriv, createHash, hkdfSync, pbkdf2Sync, verify } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { Bytes } from '../../../lib/bytes/bytes.ts';
import { utf8 } from '../../../lib/bytes/text.ts';
import { readCertificate } from '../../../lib/npki/certificate.ts';
import { readEncryptedKey } from '../../../lib/npki/encryption.ts';
import { openSign } from '../../../lib/npki/open-identity.ts';
import { openPrivateKey } from '../../../lib/npki/private-key.ts';
import { sealKey } from '../../../lib/vault/sealed-key.ts';
import { identityFiles, same, sha256Hex, SIGNING, type IdentityFiles } from '../fixtures.ts';
import { warm, type Case, type Comparison, type OpenGroup } from '../harness.ts';
import { nobleSeedOpener, SEED_PEER } from '../noble-seed.ts';
import { notInstalled, peerUrl } from '../peers.ts';

const SCHEME_A = 'personal-bank-sha1seed';
/** PBES2 with PBKDF2-HMAC-SHA1 of 2,048 rounds and SEED. */
const SCHEME_B = 'pbes2-keylength-field';
const FIRST_CALL = fileURLToPath(import.meta.resolve('../first-call.ts'));
const COLD_ROUNDS = 21;

/** PBKDF2-HMAC-SHA1, one block of output: two SHA-1 blocks a round. The key is imported beforehand. */
async function pbkdf2Case(password: string, salt: Bytes, iterations: number): Promise<Case> {
  const key = await crypto.subtle.importKey('raw', utf8(password), 'PBKDF2', false, ['deriveBits']);
  const run = (): Promise<ArrayBuffer> => crypto.subtle.deriveBits({ name: 'PBKDF2', hash: 'SHA-1', salt, iterations }, key, 128);
  return warm({
    name: `WebCrypto PBKDF2-SHA1, ${iterations} rounds`,
    run,
    prove: async () => same(new Uint8Array(await run()), new Uint8Array(pbkdf2Sync(password, salt, iterations, 16, 'sha1')), 'PBKDF2'),
  });
}

function openCase(name: string, { keyFile, password, made }: IdentityFiles, goal: number, reach?: number): Case {
  const run = async (): Promise<Bytes> => (await openPrivateKey(keyFile, password)).privateKeyInfo;
  return warm({
    name,
    goal,
    ...(reach === undefined ? {} : { reach }),
    run,
    prove: async () => same(sha256Hex(await run()), made.privateKeyInfoSha256, 'private key'),
  });
}

async function schemeA(): Promise<Comparison> {
  const files = identityFiles(SCHEME_A);
  const { encryption } = readEncryptedKey(files.keyFile);
  const peer = await nobleSeedOpener(files.keyFile, files.password);
  const peers =
    peer === null
      ? []
      : [warm({ name: 'noble + kisa-seed', run: peer, prove: () => same(sha256Hex(peer()), files.made.privateKeyInfoSha256, 'private key') })];
  return {
    id: 'K1',
    base: await pbkdf2Case(files.password, encryption.salt, encryption.iterations / 2),
    cases: [openCase('dojang, PBKDF1 2,048 + SEED', files, 3, 1), ...peers],
  };
}

async function schemeB(): Promise<Comparison> {
  const files = identityFiles(SCHEME_B);
  const { encryption } = readEncryptedKey(files.keyFile);
  return {
    id: 'K4',
    base: await pbkdf2Case(files.password, encryption.salt, encryption.iterations),
    cases: [openCase('dojang, PBKDF2 2,048 + SEED', files, 1.2)],
  };
}

const execute = promisify(execFile);

function firstCallCase(name: string, who: string, goal?: number): Case {
  const call = async (): Promise<{ us: number; sha256: string }> => {
    const { stdout } = await execute(process.execPath, [FIRST_CALL, who]);
    return JSON.parse(stdout) as { us: number; sha256: string };
  };
  return {
    name,
    ...(goal === undefined ? {} : { goal }),
    prove: async () => same((await call()).sha256, identityFiles(SCHEME_A).made.privateKeyInfoSha256, 'private key'),
    sample: async () => (await call()).us,
  };
}

function firstCall(): Comparison {
  return {
    id: 'K2',
    base: firstCallCase('noble + kisa-seed, first call', 'peer'),
    cases: [firstCallCase('dojang, first call', 'dojang', 0.5)],
    rounds: COLD_ROUNDS,
  };
}

const PLACE = { vid: Buffer.alloc(16, 1).toString('base64url'), id: Buffer.alloc(16, 2).toString('base64url'), role: 'sign' } as const;

/** Opens what was sealed as docs/VAULT.md says, with OpenSSL alone. */
function unsealWithNode(sealed: Bytes, signingKey: Bytes, spki: Bytes): Bytes {
  const field = (value: Uint8Array | string): Buffer => {
    const octets = Buffer.from(value);
    return Buffer.concat([Buffer.from([octets.length >> 8, octets.length & 0xff]), octets]);
  };
  const names = [field(Buffer.from(PLACE.vid, 'base64url')), field(Buffer.from(PLACE.id, 'base64url')), field(PLACE.role)];
  const info = Buffer.concat([field('djw1/key'), ...names]);
  const key = Buffer.from(hkdfSync('sha256', signingKey, sealed.subarray(0, 32), info, 32));
  const decipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(32, 44));
  decipher.setAAD(Buffer.concat([field('djw1/key'), field('1'), ...names, field(createHash('sha256').update(spki).digest())]));
  decipher.setAuthTag(sealed.subarray(sealed.length - 16));
  return new Uint8Array(Buffer.concat([decipher.update(sealed.subarray(44, sealed.length - 16)), decipher.final()]));
}

async function platformProof(privateKeyInfo: Bytes, spki: Bytes): Promise<Case> {
  const { subtle } = crypto;
  const message = utf8('trial of a key pair');
  const publicKey = await subtle.importKey('spki', spki, SIGNING, true, ['verify']);
  const pem = Buffer.from(await subtle.exportKey('spki', publicKey));
  const run = async (): Promise<ArrayBuffer> => {
    const key = await subtle.importKey('pkcs8', privateKeyInfo, SIGNING, false, ['sign']);
    const signature = await subtle.sign(SIGNING, key, message);
    if (!(await subtle.verify(SIGNING, publicKey, signature, message))) throw new Error('signature');
    return signature;
  };
  return warm({
    name: 'WebCrypto import + sign + verify',
    run,
    prove: async () =>
      same(verify('sha256', message, { key: pem, format: 'der', type: 'spki' }, new Uint8Array(await run())), true, 'signature for OpenSSL'),
  });
}

/** One certificate of an import: open, import, trial sign, verify, seal. */
async function wholeImport(): Promise<Comparison> {
  const { certificate: der, keyFile, password, made } = identityFiles(SCHEME_A);
  const certificate = readCertificate(der);
  const found = { sign: { certificate, keyFile, plain: false } };
  const signingKey = new Uint8Array(32).fill(3);
  const random = (length: number): Bytes => crypto.getRandomValues(new Uint8Array(length));
  const run = async (): Promise<Bytes> => {
    const { key } = await openSign(found, password);
    return sealKey({ ...PLACE, signingKey, spki: certificate.spki, privateKeyInfo: key.privateKeyInfo, random });
  };
  const { privateKeyInfo } = await openPrivateKey(keyFile, password);
  return {
    id: 'K5',
    base: await platformProof(privateKeyInfo, certificate.spki),
    cases: [
      warm({
        name: 'dojang, open + prove + seal',
        goal: 2,
        run,
        prove: async () => same(sha256Hex(unsealWithNode(await run(), signingKey, certificate.spki)), made.privateKeyInfoSha256, 'private key'),
      }),
    ],
  };
}

export async function openKeyGroup(): Promise<OpenGroup> {
  const hasPeer = peerUrl(SEED_PEER) !== null;
  return {
    comparisons: [await schemeA(), ...(hasPeer ? [firstCall()] : []), await schemeB(), await wholeImport()],
    skipped: hasPeer ? [] : [notInstalled(SEED_PEER), 'K2 (its base is noble + kisa-seed)'],
  };
}
