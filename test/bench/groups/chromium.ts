/** The same work as in `key`, `sign`, `x509` and `vault`, in Chromium: another WebCrypto, another engine, another base64. */
import { buildCases } from '../browser/build.ts';
import type { Given } from '../browser/in-extension-cases.ts';
import { openScene, type Scene } from '../browser/scene.ts';
import { COUNT } from '../filled-vault.ts';
import { fixture, identityFiles, NOW, same, sha256Hex } from '../fixtures.ts';
import type { Case, Comparison, OpenGroup } from '../harness.ts';
import { contentForOpenssl, NO_OPENSSL, OPENSSL_VERSION } from '../openssl.ts';

const SAMPLE_MS = 20;
const WARM_MS = 150;

interface Named {
  readonly name: string;
  readonly goal?: number;
  readonly reach?: number;
  /** Compares one output; the time of a case without it is a base's. */
  readonly judge?: (output: unknown) => unknown;
}

type CaseOf = (key: string, named: Named, timed?: string) => Case;

function casesOf(scene: Scene): CaseOf {
  return (key, { judge, ...rest }, timed = key) => {
    let times = 1;
    const sample = async (): Promise<number> => Number(await scene.ask(`sample(${JSON.stringify(timed)}, ${times})`, 'dojangCases')) * 1000;
    return {
      ...rest,
      prove: async () => judge?.(await scene.ask(`output(${JSON.stringify(key)})`, 'dojangCases')),
      prepare: async () => {
        for (let spent = 0; spent < WARM_MS;) {
          const took = ((await sample()) / 1000) * times;
          spent += took;
          if (took < SAMPLE_MS) times = Math.ceil(times * Math.min(10, Math.max(1.2, (1.1 * SAMPLE_MS) / Math.max(took, 0.1))));
        }
      },
      sample,
    };
  };
}

const octets = (output: unknown): Uint8Array<ArrayBuffer> => new Uint8Array(Buffer.from(String(output), 'base64'));

function comparisons(caseOf: CaseOf, root: Uint8Array<ArrayBuffer>, expected: { a: string; b: string }): Comparison[] {
  const isKey = (sha256: string) => (output: unknown) => same(sha256Hex(octets(output)), sha256, 'private key');
  return [
    {
      id: 'K1',
      base: caseOf('pbkdf2 for A', { name: 'WebCrypto PBKDF2-SHA1, 1024 rounds' }),
      cases: [caseOf('open A', { name: 'dojang, PBKDF1 2,048 + SEED', goal: 2, reach: 1, judge: isKey(expected.a) })],
    },
    {
      id: 'K4',
      base: caseOf('pbkdf2 for B', { name: 'WebCrypto PBKDF2-SHA1, 2048 rounds' }),
      cases: [caseOf('open B', { name: 'dojang, PBKDF2 2,048 + SEED', goal: 1.2, judge: isKey(expected.b) })],
    },
    {
      id: 'S1',
      base: caseOf('digest and sign', { name: 'WebCrypto digest + sign, 1 kB' }),
      cases: [
        caseOf('sign', {
          name: 'dojang, 1 kB',
          goal: 1.1,
          judge: (output) => same(Buffer.from(contentForOpenssl(octets(output), root)).toString(), 'x'.repeat(1000), 'content'),
        }),
      ],
    },
    {
      id: 'X2',
      base: caseOf('3 × verify', { name: 'WebCrypto 3 × verify' }),
      cases: [caseOf('path', { name: 'dojang, parsing included', goal: 4, reach: 2.5, judge: (output) => same(output, 3, 'path') })],
    },
    {
      id: 'W1',
      base: caseOf('decrypt', { name: `WebCrypto ${COUNT} × AES-GCM decrypt, one key` }),
      cases: [
        caseOf(
          'open records',
          { name: `dojang, open ${COUNT} records`, goal: 2.3, judge: (output) => same(output, COUNT, 'records') },
          'open records, timed',
        ),
      ],
    },
  ];
}

export async function openChromiumGroup(): Promise<OpenGroup> {
  if (OPENSSL_VERSION === null) return { comparisons: [], skipped: [`chromium (${NO_OPENSSL})`] };
  const scene = await openScene();
  const [a, b] = [identityFiles('personal-bank-sha1seed'), identityFiles('pbes2-keylength-field')];
  const text = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64');
  const root = fixture('ca/root.der');
  const given: Given = {
    now: NOW,
    password: a.password,
    keyA: text(a.keyFile),
    keyB: text(b.keyFile),
    certificate: text(a.certificate),
    issuer: text(fixture('ca/yessign.der')),
    root: text(root),
  };
  await scene.load(await buildCases());
  await scene.ask(`take(${JSON.stringify(given)})`, 'dojangCases');
  const expected = { a: a.made.privateKeyInfoSha256, b: b.made.privateKeyInfoSha256 };
  return { comparisons: comparisons(casesOf(scene), root, expected), close: () => scene.close() };
}
