/** An authority that the owner of a demo build adds for tests: a name, an address, its root and its issuing certificate. */
import { equal, type Bytes } from '../../bytes/bytes.ts';
import { WalletError } from '../../errors.ts';
import { certificateFingerprint, readCertificate, type Certificate } from '../../npki/certificate.ts';
import { checkPath } from '../../trust/path.ts';
import type { Adapter, CaEntry } from './entry.ts';

export interface TestAuthority {
  readonly name: string;
  /** Of its CMP service: https, or http on this computer. */
  readonly url: string;
  /** DER: at least one root and one certificate that it issued. */
  readonly certificates: readonly Bytes[];
}

export interface TestEntry {
  readonly entry: CaEntry;
  readonly certificates: readonly Certificate[];
}

const NAME_MOST = 40;
const URL_MOST = 200;
const CERTIFICATES_MOST = 8;
const ID_DIGITS = 12;
const LOOPBACK: readonly string[] = ['127.0.0.1', 'localhost'];

/** What RFC 9810 leaves open, as the demo authority has it. */
const ADAPTER: Adapter = {
  requests: 2,
  mac: 'pbm',
  macIterations: 10_000,
  vid: 'optional',
  vidNumber: 'dummy',
  resend: true,
  signedAnswers: false,
  revokeMany: true,
  holds: true,
  stripHyphens: true,
  confirmGraceHours: 24,
};

function malformed(detail: 'name' | 'url' | 'certificates', cause?: unknown): WalletError {
  return new WalletError('request.malformed', { detail, cause });
}

function readUrl(text: string): URL {
  const url = text.length <= URL_MOST ? URL.parse(text) : null;
  const loopback = url?.protocol === 'http:' && LOOPBACK.includes(url.hostname);
  if (url === null || (url.protocol !== 'https:' && !loopback) || url.username !== '' || url.password !== '' || url.hash !== '')
    throw malformed('url');
  return url;
}

async function readCertificates(ders: readonly Bytes[], at: number): Promise<{ roots: readonly Certificate[]; issuers: readonly Certificate[] }> {
  if (ders.length > CERTIFICATES_MOST) throw malformed('certificates');
  try {
    const all = ders.map((der) => readCertificate(der));
    const roots = all.filter(({ issuer, subject }) => equal(issuer.der, subject.der));
    const issuers = all.filter((one) => !roots.includes(one));
    for (const leaf of issuers) await checkPath({ leaf, intermediates: [], anchors: roots, at });
    if (roots.length > 0 && issuers.length > 0) return { roots, issuers };
  } catch (cause) {
    throw malformed('certificates', cause);
  }
  throw malformed('certificates');
}

/** The id under which pages name a test authority. @param fingerprint SHA-256 of its issuing certificate, lower-case hex */
export function testAuthorityId(fingerprint: string): string {
  return `test-${fingerprint.slice(0, ID_DIGITS)}`;
}

/**
 * The entry of a test authority; it is called a test wherever it appears.
 * @param at milliseconds since 1970
 * @throws `request.malformed` (detail: `name`, `url` or `certificates`)
 */
export async function testEntry({ name, url: address, certificates }: TestAuthority, at: number): Promise<TestEntry> {
  if (name.trim() === '' || name.length > NAME_MOST || /\p{C}/u.test(name)) throw malformed('name');
  const url = readUrl(address);
  const { roots, issuers } = await readCertificates(certificates, at);
  const fingerprints = (ones: readonly Certificate[]): Promise<readonly string[]> => Promise.all(ones.map(certificateFingerprint));
  const [rootPrints, issuerPrints] = await Promise.all([fingerprints(roots), fingerprints(issuers)]);
  const entry: CaEntry = {
    id: testAuthorityId(issuerPrints[0] ?? ''),
    name: { ko: name, en: name },
    test: true,
    cmp: { url: url.href, adapter: ADAPTER },
    issuers: issuerPrints,
    roots: rootPrints,
    ocspHosts: [url.host],
    crlHosts: [url.host],
    renewalDays: 30,
    holdMonths: 6,
    guides: { issue: null, reissue: null, renew: null, revoke: null },
    source: 'added by hand',
    date: new Date(at).toISOString().slice(0, 10),
  };
  return { entry, certificates: [...issuers, ...roots] };
}
