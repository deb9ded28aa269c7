/** Brings keys and certificates of one file together: by their numbers, since neither order nor labels can be believed. */
import { equal, wipe } from '../bytes/bytes.ts';
import type { Certificate } from './certificate.ts';
import { issuerChain } from './chain.ts';
import { sameName } from './name.ts';
import type { OpenedKey } from './private-key.ts';
import { proveKey, type KeyRole } from './prove.ts';
import { refusalOf, type Refusal } from './refusal.ts';
import { isAuthority } from './text-content.ts';

/** A proven pair. The caller wipes `key.privateKeyInfo` after use. */
export interface OpenedPair {
  readonly certificate: Certificate;
  readonly key: OpenedKey;
}

/** One identity of a file, or what in it cannot be one (`problem`). */
export interface OpenedEntry {
  readonly sign: OpenedPair | null;
  /** Alone where the file has no sign pair of that holder. */
  readonly km: OpenedPair | null;
  readonly chain: readonly Certificate[];
  readonly problem: Refusal | null;
  /** The certificate to show. */
  readonly certificate: Certificate | null;
}

interface Matched extends OpenedPair {
  readonly role: KeyRole;
}

function roleOf({ keyUsage }: Certificate): KeyRole {
  return keyUsage && !keyUsage.includes('digitalSignature') && !keyUsage.includes('nonRepudiation') ? 'km' : 'sign';
}

function belongs({ publicKey }: Certificate, { modulus, exponent }: OpenedKey): boolean {
  return publicKey !== null && equal(publicKey.modulus, modulus) && equal(publicKey.exponent, exponent);
}

function problemEntry(problem: Refusal, certificate: Certificate | null): OpenedEntry {
  return { sign: null, km: null, chain: [], problem, certificate };
}

function sameHolder(a: Certificate, b: Certificate): boolean {
  return sameName(a.subject, b.subject) && sameName(a.issuer, b.issuer);
}

/** A sign pair takes the km pair of its holder; renewed ones lie side by side in the order of the file. */
function join(pairs: readonly Matched[], certificates: readonly Certificate[]): OpenedEntry[] {
  const kms = pairs.filter(({ role }) => role === 'km');
  const entry = (sign: Matched | null, km: Matched | null, { certificate }: Matched): OpenedEntry => ({
    sign,
    km,
    chain: issuerChain(certificate, certificates.filter(isAuthority)),
    problem: null,
    certificate,
  });
  const entries = pairs
    .filter(({ role }) => role === 'sign')
    .map((sign) => {
      const at = kms.findIndex((km) => sameHolder(km.certificate, sign.certificate));
      return entry(sign, at < 0 ? null : (kms.splice(at, 1)[0] ?? null), sign);
    });
  return [...entries, ...kms.map((km) => entry(null, km, km))];
}

/**
 * @param keys opened ones; those that end up in no pair are wiped
 * @returns an entry for each holder's identity, then one for each key and each holder's certificate that stays alone
 */
export async function matchKeys(certificates: readonly Certificate[], keys: readonly OpenedKey[]): Promise<OpenedEntry[]> {
  const pairs: Matched[] = [];
  const problems: OpenedEntry[] = [];
  const used = new Set<Certificate>();
  for (const key of keys) {
    const candidates = certificates.filter((one) => !used.has(one) && belongs(one, key));
    const certificate = candidates.find((one) => !isAuthority(one)) ?? candidates[0];
    if (certificate === undefined) {
      wipe(key.privateKeyInfo);
      problems.push(problemEntry({ code: 'file.pair-missing', detail: 'signCert.der' }, null));
      continue;
    }
    used.add(certificate);
    const role = roleOf(certificate);
    try {
      await proveKey(certificate, key, role);
      pairs.push({ certificate, key, role });
    } catch (thrown) {
      wipe(key.privateKeyInfo);
      problems.push(problemEntry(refusalOf(thrown, 'key'), certificate));
    }
  }
  const alone = certificates.filter((one) => !isAuthority(one) && !used.has(one));
  for (const one of alone) problems.push(problemEntry({ code: 'file.pair-missing', detail: `${roleOf(one)}Pri.key` }, one));
  return [...join(pairs, certificates), ...problems];
}
