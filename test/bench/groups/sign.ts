/** Signed messages of 1 kB, 1 MB and 50 MB, against the platform's digest and signature of the same content. */
import { randomFillSync, verify } from 'node:crypto';
import { equal, type Bytes } from '../../../lib/bytes/bytes.ts';
import { readCertificate } from '../../../lib/npki/certificate.ts';
import { writeSignedData } from '../../../lib/sign/cms.ts';
import { fixture, NOW, same, signer, SIGNING, type Signer } from '../fixtures.ts';
import { warm, type Comparison, type OpenGroup } from '../harness.ts';
import { contentForOpenssl, NO_OPENSSL, OPENSSL_VERSION } from '../openssl.ts';
import { PKIJS, signWithPkijs } from '../pkijs.ts';

const { subtle } = crypto;
/** What a message's digest of its signed attributes amounts to in length. */
const ATTRIBUTES = new Uint8Array(180).fill(1);

/** The wallet's own message, as its background writes it. */
export function writeMessage(content: Bytes, { certificate, key }: Signer, chain: readonly Bytes[]): Promise<Bytes> {
  const sign = async (bytes: Bytes): Promise<Bytes> => new Uint8Array(await subtle.sign(SIGNING, key, bytes));
  return writeSignedData({ content, certificate, chain, signingTime: NOW, form: 'cms', sign });
}

function comparison(id: string, length: number, goal: number, by: Signer, issuer: Bytes, root: Bytes): Comparison {
  const content = randomFillSync(new Uint8Array(length));
  const platform = async (): Promise<ArrayBuffer> => {
    await subtle.digest('SHA-256', content);
    return subtle.sign(SIGNING, by.key, ATTRIBUTES);
  };
  const ours = (): Promise<Bytes> => writeMessage(content, by, [issuer]);
  const peer = (): Promise<Bytes> => signWithPkijs(content, by.certificate, by.key, NOW);
  const { spki } = readCertificate(by.certificate);
  const size = length >= 1_000_000 ? `${length / 1_000_000} MB` : `${length / 1000} kB`;
  return {
    id,
    base: warm({
      name: `WebCrypto digest + sign, ${size}`,
      run: platform,
      prove: async () => {
        const key = { key: Buffer.from(spki), format: 'der', type: 'spki' } as const;
        same(verify('sha256', ATTRIBUTES, key, new Uint8Array(await platform())), true, 'signature for OpenSSL');
      },
    }),
    cases: [
      warm({
        name: `dojang, ${size}`,
        goal,
        run: ours,
        prove: async () => same(equal(contentForOpenssl(await ours(), root), content), true, 'content'),
      }),
      warm({
        name: `${PKIJS}, ${size}`,
        run: peer,
        // It sends no intermediate along, so OpenSSL is not asked for the path.
        prove: async () => same((await peer()).length > length, true, 'message'),
      }),
    ],
  };
}

export async function openSignGroup(): Promise<OpenGroup> {
  if (OPENSSL_VERSION === null) return { comparisons: [], skipped: [`sign (${NO_OPENSSL})`] };
  const by = await signer();
  const [issuer, root] = [fixture('ca/yessign.der'), fixture('ca/root.der')];
  return {
    comparisons: [
      comparison('S1', 1000, 1.1, by, issuer, root),
      comparison('S2', 1_000_000, 1.3, by, issuer, root),
      comparison('S3', 50_000_000, 1.1, by, issuer, root),
    ],
  };
}
