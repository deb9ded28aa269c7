/** Signed messages verified, and what one sign-in costs a bank's server. */
import { randomFillSync } from 'node:crypto';
import type { Bytes } from '../../../lib/bytes/bytes.ts';
import { errorCode } from '../../../lib/errors.ts';
import { readCertificate } from '../../../lib/npki/certificate.ts';
import { checkSignedData, signerCertificate } from '../../../lib/sign/check-cms.ts';
import { readSignedData } from '../../../lib/sign/read-cms.ts';
import { writeStatement } from '../../../lib/sign/statement.ts';
import { createVerifier } from '../../../lib/verify/verifier.ts';
import { fixture, NOW, same, signer, SIGNING, type Signer } from '../fixtures.ts';
import { warm, type Case, type Comparison, type OpenGroup } from '../harness.ts';
import { contentForOpenssl, NO_OPENSSL, OPENSSL_VERSION } from '../openssl.ts';
import { PKIJS, verifyWithPkijs } from '../pkijs.ts';
import { writeMessage } from './sign.ts';

const { subtle } = crypto;
const ORIGIN = 'https://bank.example';
const NONCE = Buffer.alloc(32, 5).toString('base64url');
const MOST = 64 * 1024 * 1024;
/** Our own reader of messages must not be slower than the library it stands in for. */
const LIKE_PEER = 1.05;

/** As many verifications by the platform as a check needs, after one digest of the content. */
async function platform(content: Bytes, by: Signer, verifications: number): Promise<Case> {
  const message = new Uint8Array(180).fill(1);
  const signature = await subtle.sign(SIGNING, by.key, message);
  const key = await subtle.importKey('spki', readCertificate(by.certificate).spki, SIGNING, false, ['verify']);
  const run = async (): Promise<boolean> => {
    let isGood = true;
    if (content.length > 0) await subtle.digest('SHA-256', content);
    for (let i = 0; i < verifications; i++) isGood = (await subtle.verify(SIGNING, key, signature, message)) && isGood;
    return isGood;
  };
  const name = content.length > 0 ? `WebCrypto digest + ${verifications} × verify` : `WebCrypto ${verifications} × verify`;
  return warm({ name, run, prove: async () => same(await run(), true, 'signature') });
}

async function verifyMessage(cms: Bytes): Promise<Bytes> {
  const message = readSignedData(cms, MOST);
  return checkSignedData(message, readCertificate(signerCertificate(message)));
}

/** A message whose content has one other octet must be refused. */
async function requireRefused(cms: Bytes, content: Bytes, check: (changed: Bytes) => Promise<unknown>): Promise<void> {
  const changed = cms.slice();
  const at = Buffer.from(cms).indexOf(content) + content.length - 1;
  changed[at] = (changed[at] ?? 0) ^ 1;
  const outcome = await check(changed).then((value) => (value === false ? 'refused' : 'taken'), errorCode);
  same(outcome !== 'taken', true, 'a changed message was taken: outcome');
}

async function message(
  id: string,
  length: number,
  limits: { goal?: number; reach?: number },
  by: Signer,
  issuer: Bytes,
  root: Bytes,
): Promise<Comparison[]> {
  const content = randomFillSync(new Uint8Array(length));
  const cms = await writeMessage(content, by, [issuer]);
  const size = length >= 1_000_000 ? `${length / 1_000_000} MB` : `${length / 1000} kB`;
  const ours = warm({
    name: `dojang, ${size}`,
    ...limits,
    run: () => verifyMessage(cms),
    prove: async () => {
      same(await verifyMessage(cms), contentForOpenssl(cms, root), 'content');
      await requireRefused(cms, content, verifyMessage);
    },
  });
  // As published it reads nothing over 16 MiB.
  const isReadByPeer = length < 16_000_000;
  const peer = warm({
    name: `${PKIJS}, ${size}`,
    run: () => verifyWithPkijs(cms),
    prove: async () => {
      same(await verifyWithPkijs(cms), true, 'message');
      await requireRefused(cms, content, (changed) => verifyWithPkijs(changed));
    },
  });
  const comparison = { id, base: await platform(content, by, 1), cases: [ours] };
  return isReadByPeer ? [comparison, { id, base: peer, cases: [{ ...ours, goal: LIKE_PEER }] }] : [comparison];
}

async function signIn(by: Signer, issuer: Bytes, root: Bytes): Promise<Comparison> {
  const statement = writeStatement({ origin: ORIGIN, nonce: NONCE, issuedAt: NOW });
  const cms = await writeMessage(statement, by, [issuer]);
  const verifier = createVerifier({ origin: ORIGIN, roots: [root], nonces: { issue: () => NONCE, use: () => true }, clock: () => NOW });
  const text = Buffer.from(cms).toString('base64');
  const ours = (): Promise<unknown> => verifier.verifySignIn(text, { nonce: NONCE });
  const check = (changed: Bytes): Promise<unknown> => verifier.verifySignIn(changed, { nonce: NONCE });
  return {
    id: 'V3',
    base: await platform(statement, by, 4),
    cases: [
      warm({
        name: 'dojang, one sign-in',
        goal: 12,
        reach: 4,
        run: ours,
        prove: async () => {
          same(Buffer.from(contentForOpenssl(cms, root)).includes(NONCE), true, 'statement');
          await ours();
          await requireRefused(cms, statement, check);
        },
      }),
      warm({
        name: `${PKIJS}, message and path`,
        run: () => verifyWithPkijs(cms, { root, at: NOW }),
        prove: async () => same(await verifyWithPkijs(cms, { root, at: NOW }), true, 'message'),
      }),
    ],
  };
}

export async function openVerifyGroup(): Promise<OpenGroup> {
  if (OPENSSL_VERSION === null) return { comparisons: [], skipped: [`verify (${NO_OPENSSL})`] };
  const by = await signer();
  const [issuer, root] = [fixture('ca/yessign.der'), fixture('ca/root.der')];
  return {
    comparisons: [
      ...(await message('V1', 1000, { reach: 3 }, by, issuer, root)),
      ...(await message('V2', 50_000_000, { goal: 1.3 }, by, issuer, root)),
      await signIn(by, issuer, root),
    ],
    skipped: [`V2 of ${PKIJS} (reads nothing over 16 MiB)`],
  };
}
