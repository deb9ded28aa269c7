/** Signing in: the statement that the wallet writes, signed, and R for the server where it is released too. */
import { toBase64 } from '../bytes/base64.ts';
import type { SignInRequest, SignInResult } from '../protocol/sign-in.ts';
import { writeSignedData } from '../sign/cms.ts';
import { writeStatement } from '../sign/statement.ts';
import { releaseIdentity } from './identity-release.ts';
import type { Random } from './ports.ts';
import type { Signer } from './signer.ts';

/** Signs the sign-in statement of an approved request of a page of `origin`. @throws `request.recipient` */
export async function signIn(origin: string, { nonce, identity: wish }: SignInRequest, signer: Signer, fill: Random): Promise<SignInResult> {
  const { certificate, intermediates, now, sign, random } = signer;
  const cms = await writeSignedData({
    content: writeStatement({ origin, nonce, issuedAt: now }),
    certificate: certificate.der,
    chain: intermediates,
    signingTime: now,
    form: 'cms',
    sign,
  });
  const result = { cms: toBase64(cms), certificate: toBase64(certificate.der) };
  if (wish === undefined || random === null) return result;
  return { ...result, identity: await releaseIdentity({ wish, origin, nonce, random, now }, fill) };
}
