/** Certificates read in bulk, and one path checked. */
import { X509Certificate } from 'node:crypto';
import type { Bytes } from '../../../lib/bytes/bytes.ts';
import { errorCode } from '../../../lib/errors.ts';
import { readCertificate, type Certificate } from '../../../lib/npki/certificate.ts';
import { checkPath, type Path } from '../../../lib/trust/path.ts';
import { allCertificates, fixture, NOW, same, signer, SIGNING } from '../fixtures.ts';
import { warm, type Comparison, type OpenGroup } from '../harness.ts';
import { NO_OPENSSL, OPENSSL_VERSION, requirePathForOpenssl } from '../openssl.ts';
import { pathWithPkijs, PKIJS } from '../pkijs.ts';

const COUNT = 1000;

function isRead(der: Bytes): boolean {
  try {
    readCertificate(der);
    return true;
  } catch {
    return false; // a root of version 1
  }
}

/** Values of Node's lines (`CN=…`) without its escapes, sorted. */
function valuesFromNode(subject: string): string {
  const lines = subject.split(/\n|(?<!\\)\+/);
  return lines
    .map((line) => line.slice(line.indexOf('=') + 1).replace(/\\(.)/g, '$1'))
    .sort()
    .join('\n');
}

function requireSame(certificate: Certificate, judge: X509Certificate): void {
  const values = certificate.subject.attributes.map(({ value }) => value);
  same(values.sort().join('\n'), valuesFromNode(judge.subject), 'subject');
  same(certificate.notBefore, judge.validFromDate.getTime(), 'notBefore');
  same(certificate.notAfter, judge.validToDate.getTime(), 'notAfter');
  same(BigInt(`0x${certificate.serialHex}`), BigInt(`0x${judge.serialNumber}`), 'serial');
  same(certificate.basicConstraints?.ca ?? false, judge.ca, 'authority');
}

function reading(): Comparison {
  const different = allCertificates().filter(isRead);
  const all = Array.from({ length: COUNT }, (_, i) => different[i % different.length] as Bytes);
  return {
    id: 'X1',
    base: warm({
      name: "Node's X509Certificate: subject, end date",
      run: () => all.map((der) => new X509Certificate(der)).map(({ subject, validTo }) => subject.length + validTo.length),
      prove: () => undefined,
    }),
    cases: [
      warm({
        name: `dojang: all fields and extensions of ${COUNT}`,
        goal: 0.5,
        run: () => all.map(readCertificate),
        prove: () => different.forEach((der) => requireSame(readCertificate(der), new X509Certificate(der))),
      }),
    ],
  };
}

async function path(): Promise<Comparison> {
  const { subtle } = crypto;
  const { certificate: leaf, key } = await signer();
  const [issuer, root] = [fixture('ca/yessign.der'), fixture('ca/root.der')];
  const message = new Uint8Array(1000).fill(1);
  const signature = await subtle.sign(SIGNING, key, message);
  const publicKey = await subtle.importKey('spki', readCertificate(leaf).spki, SIGNING, false, ['verify']);
  const platform = async (): Promise<boolean> => {
    let isGood = true;
    for (let i = 0; i < 3; i++) isGood = (await subtle.verify(SIGNING, publicKey, signature, message)) && isGood;
    return isGood;
  };
  const ours = (given: Bytes): Promise<Path> =>
    checkPath({ leaf: readCertificate(given), intermediates: [readCertificate(issuer)], anchors: [readCertificate(root)], at: NOW });
  return {
    id: 'X2',
    base: warm({ name: 'WebCrypto 3 × verify', run: platform, prove: async () => same(await platform(), true, 'signature') }),
    cases: [
      warm({
        name: 'dojang, parsing included',
        goal: 4,
        reach: 2.5,
        run: () => ours(leaf),
        prove: async () => {
          requirePathForOpenssl(leaf, issuer, root);
          same((await ours(leaf)).length, 3, 'path');
          const changed = leaf.slice();
          changed[changed.length - 1] = (changed.at(-1) ?? 0) ^ 1;
          same(await ours(changed).then(() => 'taken', errorCode), 'certificate.untrusted', 'a changed signature');
        },
      }),
      warm({
        name: `${PKIJS}, parsing included`,
        run: () => pathWithPkijs(leaf, issuer, root, NOW),
        prove: async () => same(await pathWithPkijs(leaf, issuer, root, NOW), true, 'path'),
      }),
    ],
  };
}

export async function openX509Group(): Promise<OpenGroup> {
  if (OPENSSL_VERSION === null) return { comparisons: [reading()], skipped: [`X2 (${NO_OPENSSL})`] };
  return { comparisons: [reading(), await path()] };
}
