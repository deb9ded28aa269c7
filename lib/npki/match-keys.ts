/** Brings keys and certificates of one file together: by their numbers, since neither order nor labels can be believed. */
import { equal, wipe } from '../bytes/bytes.ts';
import type { Certificate } from './certificate.ts';
import { issuerChain } from './chain.ts';
import { sameName } from './name.ts';
import { openPlainKey } from './plain-key.ts';
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

function sameNumbers(a: OpenedKey, b: OpenedKey): boolean {
  return equal(a.modulus, b.modulus) && equal(a.exponent, b.exponent);
}

/** Each key once, with R where one of its copies has it. The others are wiped. */
function eachOnce(keys: readonly OpenedKey[]): OpenedKey[] {
  const once: OpenedKey[] = [];
  for (const key of keys) {
    const at = once.findIndex((one) => sameNumbers(one, key));
    const kept = once[at];
    if (kept === undefined) once.push(key);
    else if (kept.random !== null || key.random === null) wipe(key.privateKeyInfo);
    else {
      wipe(kept.privateKeyInfo);
      once[at] = key;
    }
  }
  return once;
}

/** Those that are for one key, more than one where the authority wrote a new one for it: holders', else those of authorities. */
function certificatesOf(key: OpenedKey, certificates: readonly Certificate[]): Certificate[] {
  const all = certificates.filter((one) => belongs(one, key));
  const holders = all.filter((one) => !isAuthority(one));
  return holders.length > 0 ? holders : all.slice(0, 1);
}

/** The key itself for the first certificate, a copy for each other one: whoever takes the pairs wipes them one by one. */
function keyFor(key: OpenedKey, nth: number): OpenedKey {
  return nth === 0 ? key : { ...openPlainKey(key.privateKeyInfo), plain: key.plain };
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
  const prove = async (certificate: Certificate, key: OpenedKey): Promise<void> => {
    used.add(certificate);
    const role = roleOf(certificate);
    try {
      await proveKey(certificate, key, role);
      pairs.push({ certificate, key, role });
    } catch (thrown) {
      wipe(key.privateKeyInfo);
      problems.push(problemEntry(refusalOf(thrown, 'key'), certificate));
    }
  };
  for (const key of eachOnce(keys)) {
    const own = certificatesOf(key, certificates).map((certificate, nth) => ({ certificate, key: keyFor(key, nth) }));
    if (own.length === 0) {
      wipe(key.privateKeyInfo);
      problems.push(problemEntry({ code: 'file.pair-missing', detail: 'signCert.der' }, null));
    }
    for (const pair of own) await prove(pair.certificate, pair.key);
  }
  const alone = certificates.filter((one) => !isAuthority(one) && !used.has(one));
  for (const one of alone) problems.push(problemEntry({ code: 'file.pair-missing', detail: `${roleOf(one)}Pri.key` }, one));
  return [...join(pairs, certificates), ...problems];
}
