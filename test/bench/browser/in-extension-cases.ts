/** The library's own work in Chromium, evaluated in a page of the extension: what `key`, `sign`, `x509` and `vault` time in Node. */
import { fromBase64, toBase64 } from '../../../lib/bytes/base64.ts';
import type { Bytes } from '../../../lib/bytes/bytes.ts';
import { utf8 } from '../../../lib/bytes/text.ts';
import { readCertificate } from '../../../lib/npki/certificate.ts';
import { readEncryptedKey } from '../../../lib/npki/encryption.ts';
import { openPrivateKey } from '../../../lib/npki/private-key.ts';
import { writeSignedData } from '../../../lib/sign/cms.ts';
import { checkPath } from '../../../lib/trust/path.ts';
import { openItems } from '../../../lib/vault/vault.ts';
import { decryptAll, fillVault } from '../filled-vault.ts';

/** Octets in base64. */
export interface Given {
  readonly now: number;
  readonly password: string;
  /** Key files of schemes A and B. */
  readonly keyA: string;
  readonly keyB: string;
  readonly certificate: string;
  readonly issuer: string;
  readonly root: string;
}

const { subtle } = crypto;
const SIGNING = { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' } as const;
const random = (length: number): Bytes => crypto.getRandomValues(new Uint8Array(length));

type Run = () => unknown;
const cases = new Map<string, Run>();

async function pbkdf2(file: Bytes, password: string, blocks: number): Promise<Run> {
  const { salt, iterations } = readEncryptedKey(file).encryption;
  const key = await subtle.importKey('raw', utf8(password), 'PBKDF2', false, ['deriveBits']);
  return () => subtle.deriveBits({ name: 'PBKDF2', hash: 'SHA-1', salt, iterations: (iterations * blocks) / 2 }, key, 128);
}

function keyCases(name: string, file: Bytes, password: string): void {
  cases.set(name, async () => (await openPrivateKey(file, password)).privateKeyInfo);
}

async function signCases({ now, issuer }: Given, certificate: Bytes, privateKeyInfo: Bytes): Promise<void> {
  const content = utf8('x'.repeat(1000));
  const chain = [fromBase64(issuer)];
  const key = await subtle.importKey('pkcs8', privateKeyInfo, SIGNING, false, ['sign']);
  const sign = async (bytes: Bytes): Promise<Bytes> => new Uint8Array(await subtle.sign(SIGNING, key, bytes));
  cases.set('sign', () => writeSignedData({ content, certificate, chain, signingTime: now, form: 'cms', sign }));
  cases.set('digest and sign', async () => {
    await subtle.digest('SHA-256', content);
    return sign(content.subarray(0, 180));
  });
}

async function pathCases({ now, issuer, root }: Given, certificate: Bytes, privateKeyInfo: Bytes): Promise<void> {
  const message = utf8('x'.repeat(1000));
  const key = await subtle.importKey('pkcs8', privateKeyInfo, SIGNING, false, ['sign']);
  const signature = await subtle.sign(SIGNING, key, message);
  const publicKey = await subtle.importKey('spki', readCertificate(certificate).spki, SIGNING, false, ['verify']);
  cases.set('3 × verify', async () => {
    for (let i = 0; i < 3; i++) if (!(await subtle.verify(SIGNING, publicKey, signature, message))) throw new Error('signature');
  });
  cases.set('path', async () => {
    const intermediates = [readCertificate(fromBase64(issuer))];
    const path = await checkPath({ leaf: readCertificate(certificate), intermediates, anchors: [readCertificate(fromBase64(root))], at: now });
    return path.length;
  });
}

async function vaultCases({ now }: Given): Promise<void> {
  const { store, head, listKey, items } = await fillVault(random, now);
  cases.set('open records', async () => {
    const opened = await openItems(store, head, listKey);
    const sent = new Map(items.map(({ id, signCertificate }) => [id, toBase64(signCertificate ?? new Uint8Array(0))]));
    const isRight = opened.items.every((item) => sent.get(item.id) === toBase64(item.signCertificate ?? new Uint8Array(1)));
    return isRight ? opened.items.length : 0;
  });
  cases.set('open records, timed', () => openItems(store, head, listKey));
  cases.set('decrypt', await decryptAll(random));
}

async function take(given: Given): Promise<void> {
  const [keyA, keyB, certificate] = [fromBase64(given.keyA), fromBase64(given.keyB), fromBase64(given.certificate)];
  cases.set('pbkdf2 for A', await pbkdf2(keyA, given.password, 1));
  cases.set('pbkdf2 for B', await pbkdf2(keyB, given.password, 2));
  keyCases('open A', keyA, given.password);
  keyCases('open B', keyB, given.password);
  const { privateKeyInfo } = await openPrivateKey(keyA, given.password);
  await signCases(given, certificate, privateKeyInfo);
  await pathCases(given, certificate, privateKeyInfo);
  await vaultCases(given);
}

function find(name: string): Run {
  const run = cases.get(name);
  if (run === undefined) throw new Error(`no case ${name}`);
  return run;
}

/** Milliseconds for one run. */
async function sample(name: string, times: number): Promise<number> {
  const run = find(name);
  const start = performance.now();
  for (let i = 0; i < times; i++) await run();
  return (performance.now() - start) / times;
}

/** One output; octets as base64. */
async function output(name: string): Promise<unknown> {
  const made = await find(name)();
  return made instanceof Uint8Array ? toBase64(made) : made;
}

Object.assign(globalThis, { dojangCases: { take, sample, output } });
