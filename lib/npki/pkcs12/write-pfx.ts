/** Writes PKCS#12 files (RFC 7292). */
import { bitString, readDer, sequence } from '../../asn1/reader.ts';
import { TAG } from '../../asn1/tags.ts';
import * as der from '../../asn1/writer.ts';
import { equal, type Bytes } from '../../bytes/bytes.ts';
import { WalletError } from '../../errors.ts';
import type { Certificate } from '../certificate.ts';
import { sealOctets, type SealForm } from '../encrypt.ts';
import { sha1 } from '../legacy/sha1.ts';
import { NPKI_LIMITS } from '../limits.ts';
import { OID } from '../oids.ts';
import { writePrivateKey } from '../write-private-key.ts';
import { writeMac } from './mac.ts';
import { PFX_VERSION } from './read-container.ts';

export interface PfxPair {
  readonly certificate: Certificate;
  readonly privateKeyInfo: Bytes;
}

export interface PfxIdentity {
  /** The holder's name, which other programs show. */
  readonly name: string;
  readonly sign: PfxPair | null;
  readonly km: PfxPair | null;
  /** Certificates of authorities that go along. */
  readonly chain: readonly Certificate[];
}

/** `legacy`: what Korean programs read, 3DES and SHA-1, certificates in the clear. `modern`: AES-256 and SHA-256 throughout. */
export type PfxForm = 'legacy' | 'modern';

export interface WritePfxOptions {
  readonly form: PfxForm;
  readonly random: (length: number) => Bytes;
  /** Rounds of each derivation, where they are to be other than usual. */
  readonly iterations?: { readonly bags?: number; readonly mac?: number };
}

interface Style {
  readonly seal: SealForm;
  readonly iterations: number;
  readonly hash: 'SHA-1' | 'SHA-256';
  readonly macSalt: number;
  readonly macIterations: number;
  /** What a round of a bag and one of the MAC cost a reader, as `derivation-work.ts` has it. */
  readonly work: { readonly bags: number; readonly mac: number };
}

const STYLES: Readonly<Record<PfxForm, Style>> = {
  legacy: { seal: 'pkcs12-3des', iterations: 2048, hash: 'SHA-1', macSalt: 8, macIterations: 2048, work: { bags: 3, mac: 1 } },
  modern: { seal: 'pbes2-aes', iterations: 600_000, hash: 'SHA-256', macSalt: 16, macIterations: 100_000, work: { bags: 1, mac: 5 } },
};

/** A pair and the name under which other programs list it. */
interface NamedPair extends PfxPair {
  readonly name: string;
}

/**
 * Sign pairs first, since many programs take the first bag only. Java keeps one entry for each name, in whatever case: two
 * pairs of one name would lose it a key.
 */
function namedPairs(identities: readonly PfxIdentity[]): NamedPair[] {
  const taken = new Set<string>();
  const unused = (name: string): string => {
    let candidate = name;
    for (let number = 2; taken.has(candidate.toLowerCase()); number++) candidate = `${name} ${number}`;
    taken.add(candidate.toLowerCase());
    return candidate;
  };
  return identities.flatMap(({ name, sign, km }) => [
    ...(sign === null ? [] : [{ ...sign, name: unused(name) }]),
    ...(km === null ? [] : [{ ...km, name: unused(`${name} (km)`) }]),
  ]);
}

/** The subject key identifier, or what RFC 5280 4.2.1.2 (1) makes of the key where the certificate has none. */
function localKeyId({ subjectKeyId, spki }: Certificate): Bytes {
  return subjectKeyId ?? sha1(bitString(sequence(readDer(spki))[1]).bytes);
}

function bmpString(text: string): Bytes {
  const octets = new Uint8Array(2 * text.length);
  const view = new DataView(octets.buffer);
  for (let i = 0; i < text.length; i++) view.setUint16(2 * i, text.charCodeAt(i));
  return der.element(TAG.BMP_STRING, octets);
}

function attribute(type: string, value: Bytes): Bytes {
  return der.sequence(der.objectIdentifier(type), der.setOf(value));
}

function attributes({ name, certificate }: NamedPair): Bytes {
  return der.setOf(attribute(OID.friendlyName, bmpString(name)), attribute(OID.localKeyId, der.octetString(localKeyId(certificate))));
}

function bag(type: string, value: Bytes, ...more: readonly Bytes[]): Bytes {
  return der.sequence(der.objectIdentifier(type), der.context(0, value), ...more);
}

function certificateBag({ der: octets }: Certificate, ...more: readonly Bytes[]): Bytes {
  return bag(OID.certificateBag, der.sequence(der.objectIdentifier(OID.x509Certificate), der.context(0, der.octetString(octets))), ...more);
}

/** Certificates of authorities that no pair and no other identity brings. */
function chainOf(identities: readonly PfxIdentity[], pairs: readonly NamedPair[]): Certificate[] {
  const found: Certificate[] = [];
  const isThere = (one: Certificate): boolean =>
    [...pairs.map(({ certificate }) => certificate), ...found].some((other) => equal(other.der, one.der));
  for (const one of identities.flatMap(({ chain }) => chain)) if (!isThere(one)) found.push(one);
  return found;
}

function content(type: string, value: Bytes): Bytes {
  return der.sequence(der.objectIdentifier(type), der.context(0, value));
}

function plainSafe(safeContents: Bytes): Bytes {
  return content(OID.data, der.octetString(safeContents));
}

async function sealedSafe(safeContents: Bytes, password: string, style: Style, random: WritePfxOptions['random']): Promise<Bytes> {
  const { algorithm, encrypted } = await sealOctets(style.seal, safeContents, password, { random, iterations: style.iterations });
  const info = der.sequence(der.objectIdentifier(OID.data), algorithm, der.element(0x80, encrypted));
  return content(OID.encryptedData, der.sequence(der.integer(0), info));
}

/** The rounds asked for, or as many as a reader with our own bound on a whole file still takes. */
function styleOf({ form, iterations }: WritePfxOptions, derivations: number): Style {
  const style = STYLES[form];
  const macIterations = iterations?.mac ?? style.macIterations;
  const most = Math.floor((NPKI_LIMITS.workOfFile - macIterations * style.work.mac) / (derivations * style.work.bags));
  return { ...style, macIterations, iterations: Math.min(iterations?.bags ?? style.iterations, most) };
}

/**
 * Writes one PKCS#12 file. Certificates stand before keys, sign pairs before km pairs; each pair has a name and the subject
 * key identifier as its localKeyID. The octets of each `privateKeyInfo` are kept, so that R goes along.
 *
 * @throws `internal` where there is nothing to write, or more than a file of ours may hold
 */
export async function writePfx(identities: readonly PfxIdentity[], password: string, options: WritePfxOptions): Promise<Bytes> {
  const pairs = namedPairs(identities);
  const chain = chainOf(identities, pairs);
  if (pairs.length === 0 || 2 * pairs.length + chain.length > NPKI_LIMITS.pfxBags) throw new WalletError('internal', { detail: 'bags' });
  const { form, random } = options;
  const style = styleOf(options, pairs.length + 1);
  const certificates = der.sequence(
    ...pairs.map((pair) => certificateBag(pair.certificate, attributes(pair))),
    ...chain.map((one) => certificateBag(one)),
  );
  const keys: Bytes[] = [];
  for (const pair of pairs) {
    const shrouded = await writePrivateKey(pair.privateKeyInfo, password, { form: style.seal, random, iterations: style.iterations });
    keys.push(bag(OID.shroudedKeyBag, shrouded, attributes(pair)));
  }
  const certificateSafe = form === 'legacy' ? plainSafe(certificates) : await sealedSafe(certificates, password, style, random);
  const authenticated = der.sequence(certificateSafe, plainSafe(der.sequence(...keys)));
  const mac = { hash: style.hash, salt: random(style.macSalt), iterations: style.macIterations };
  return der.sequence(der.integer(PFX_VERSION), plainSafe(authenticated), writeMac(mac, password, authenticated));
}
