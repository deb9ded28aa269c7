/** Whether a certificate is the one that was asked for. Nothing is confirmed, and nothing saved, before. */
import { equal, type Bytes } from '../bytes/bytes.ts';
import { WalletError } from '../errors.ts';
import { readCertificate, type Certificate } from '../npki/certificate.ts';
import { checkPath } from '../trust/path.ts';
import type { Authority } from './authority.ts';
import type { Act, Asked, IssueWarning } from './course.ts';
import { CMP_LIMITS } from './limits.ts';

const DAY = 86_400_000;
const TOLERANCE = 5 * 60_000;

/** Why a certificate is not what was asked for, in the order of the checks. */
export const CERTIFICATE_FLAWS = ['form', 'key', 'authority', 'usage', 'holder', 'untrusted', 'not-valid', 'ends-soon'] as const;
export type CertificateFlaw = (typeof CERTIFICATE_FLAWS)[number];

export interface Checked {
  readonly certificate: Certificate;
  readonly warnings: readonly IssueWarning[];
}

function read(der: Bytes): Certificate | null {
  try {
    return readCertificate(der);
  } catch {
    return null;
  }
}

function fits({ keyUsage }: Certificate, { use }: Asked): boolean {
  if (keyUsage === null) return false;
  if (use === 'sign') return keyUsage.includes('digitalSignature');
  return keyUsage.includes('keyEncipherment') || keyUsage.includes('dataEncipherment');
}

function hasUsableLength({ publicKey }: Certificate): boolean {
  return publicKey !== null && publicKey.bits >= CMP_LIMITS.rsaBitsLeast && publicKey.bits <= CMP_LIMITS.rsaBitsMost;
}

function isHeldAs({ issuer, subject }: Certificate, asked: Asked): boolean {
  return (asked.issuer === null || equal(asked.issuer, issuer.der)) && (asked.subject === null || equal(asked.subject, subject.der));
}

/** Clocks differ a little; what begins or ended within five minutes counts as valid now. */
function momentOf({ notBefore, notAfter }: Certificate, at: number): number {
  if (at < notBefore && notBefore - at <= TOLERANCE) return notBefore;
  return at > notAfter && at - notAfter <= TOLERANCE ? notAfter : at;
}

async function pathFlaw(authority: Authority, certificate: Certificate, at: number): Promise<CertificateFlaw | null> {
  try {
    const moment = momentOf(certificate, at);
    const [, issuer] = await checkPath({ leaf: certificate, intermediates: authority.issuers, anchors: authority.roots, at: moment });
    return issuer !== undefined && authority.issuers.some(({ der }) => equal(der, issuer.der)) ? null : 'untrusted';
  } catch (thrown) {
    if (!(thrown instanceof WalletError)) throw thrown;
    return thrown.code === 'certificate.untrusted' ? 'untrusted' : 'not-valid';
  }
}

function vidWarning({ identity }: Certificate, { use, vid }: Asked, wanted: boolean): IssueWarning[] {
  if (use !== 'sign' || !wanted) return [];
  const found = identity?.vid?.value ?? null;
  if (found === null) return ['vid-missing'];
  return vid !== null && !equal(found, vid) ? ['vid-differs'] : [];
}

export interface CheckOptions {
  readonly act: Act;
  readonly authority: Authority;
  /** Whether the certificate should show a virtual identifier. */
  readonly vidWanted: boolean;
  /** Milliseconds since 1970 UTC. */
  readonly at: number;
}

/** The certificate with what its owner is to be told, or why it is not the one that was asked for. */
export async function checkIssued(der: Bytes, asked: Asked, { act, authority, vidWanted, at }: CheckOptions): Promise<Checked | CertificateFlaw> {
  const certificate = read(der);
  if (certificate === null) return 'form';
  if (!equal(certificate.spki, asked.spki) || !hasUsableLength(certificate)) return 'key';
  if (certificate.basicConstraints?.ca === true) return 'authority';
  if (!fits(certificate, asked)) return 'usage';
  if (!isHeldAs(certificate, asked)) return 'holder';
  const flaw = await pathFlaw(authority, certificate, at);
  if (flaw !== null) return flaw;
  const endsSoon = certificate.notAfter - at < DAY;
  if (endsSoon && act !== 'reissue') return 'ends-soon';
  return { certificate, warnings: [...(endsSoon ? (['ends-soon'] as const) : []), ...vidWarning(certificate, asked, vidWanted)] };
}
