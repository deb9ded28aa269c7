/** Signing in: the statement that the wallet writes, signed. */
import { toBase64 } from '../bytes/base64.ts';
import type { SignInRequest, SignInResult } from '../protocol/sign-in.ts';
import { writeSignedData } from '../sign/cms.ts';
import { writeStatement } from '../sign/statement.ts';
import type { Signer } from './signer.ts';

/** Signs the sign-in statement of an approved request of a page of `origin`. */
export async function signIn(origin: string, { nonce }: SignInRequest, signer: Signer): Promise<SignInResult> {
  const { certificate, intermediates, now, sign } = signer;
  const cms = await writeSignedData({
    content: writeStatement({ origin, nonce, issuedAt: now }),
    certificate: certificate.der,
    chain: intermediates,
    signingTime: now,
    form: 'cms',
    sign,
  });
  return { cms: toBase64(cms), certificate: toBase64(certificate.der) };
}
