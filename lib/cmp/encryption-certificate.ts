/** Asks an authority for the certificate that EncryptedVID is encrypted to (RFC 9810 5.3.19.1). It changes nothing there. */
import * as der from '../asn1/writer.ts';
import { equal } from '../bytes/bytes.ts';
import { errorCode, WalletError } from '../errors.ts';
import { readCertificate, type Certificate } from '../npki/certificate.ts';
import { checkPath } from '../trust/path.ts';
import { judgeAnswer, type HttpAnswer } from './answer.ts';
import type { Credential } from './credential.ts';
import type { Partner } from './directory/partner.ts';
import { readErrorMessage } from './error-message.ts';
import { readInfos, writeInfo } from './info.ts';
import { CMP_LIMITS } from './limits.ts';
import { strictly } from './malformed.ts';
import type { Body } from './message.ts';
import { CMP_OID } from './oids.ts';
import { writeOutgoing } from './outgoing.ts';
import type { Signer } from './possession.ts';
import { refusalWord } from './refusal.ts';
import type { RunPorts } from './run.ts';

function refused(detail: string, cause?: unknown): WalletError {
  return new WalletError('ca.refused', { detail, cause });
}

function readAnswer({ type, content }: Body): Certificate {
  if (type === 'error') throw refused(refusalWord(readErrorMessage(content)));
  if (type !== 'genp') throw refused('body');
  const found = strictly(() => readInfos(content)).filter((info) => info.type === CMP_OID.caProtEncCert);
  const value = found[0]?.value;
  if (found.length !== 1 || value === null || value === undefined) throw refused('no certificate for encryption');
  return readCertificate(value.raw);
}

/** It must be the authority's own, or issued by it; lead to a pinned root; be valid now; and be meant for encryption. */
async function checkUse(certificate: Certificate, { issuers, roots }: Partner, at: number): Promise<void> {
  const path = await checkPath({ leaf: certificate, intermediates: issuers, anchors: roots, at });
  const ours = path.slice(0, 2).some((one) => issuers.some(({ der: known }) => equal(known, one.der)));
  if (!ours || certificate.keyUsage?.includes('keyEncipherment') !== true) throw refused('certificate for encryption');
}

/**
 * @param ports only clock, randomness and `post` are used
 * @param sign the key of a certificate credential
 * @throws `ca.unreachable` where no answer came that can be believed (detail: a `Disbelief`), `ca.refused` where the authority
 *   refused, has none, or sent one that may not be used
 */
export async function askEncryptionCertificate(
  partner: Partner,
  credential: Credential,
  { clock, random, post }: Pick<RunPorts, 'clock' | 'random' | 'post'>,
  sign: Signer | null = null,
): Promise<Certificate> {
  const transactionId = random(CMP_LIMITS.nonceBytes);
  const body = der.sequence(writeInfo(CMP_OID.caProtEncCert));
  const message = { partner, credential, sign, transactionId, recipientNonce: null, messageTime: clock() };
  const { bytes, nonce } = await writeOutgoing({ ...message, type: 'genm', body }, random);
  const answer: HttpAnswer | null = await post(bytes).catch(() => null);
  const at = clock();
  const judged = await judgeAnswer(answer, { partner, credential, transactionId, nonce, at });
  if ('disbelief' in judged) throw new WalletError('ca.unreachable', { detail: judged.disbelief });
  try {
    const certificate = readAnswer(judged.message.body);
    await checkUse(certificate, partner, at);
    return certificate;
  } catch (thrown) {
    throw errorCode(thrown) === 'ca.refused' ? thrown : refused('certificate for encryption', thrown);
  }
}
