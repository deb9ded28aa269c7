/** Brings the two halves of pairs together within one folder. */
import { equal, type Bytes } from '../bytes/bytes.ts';
import type { Certificate } from './certificate.ts';
import { expectedName, type Slot } from './file-name.ts';
import type { PickedContent } from './picked-file.ts';
import { refusalOf, type Refusal } from './refusal.ts';
import { usableKey } from './rsa.ts';

/** A certificate and the key file that should belong to it. */
export interface SealedPair {
  readonly certificate: Certificate;
  /** EncryptedPrivateKeyInfo in DER; PrivateKeyInfo where `plain`. */
  readonly keyFile: Bytes;
  /** The key is not encrypted: whoever has the file has the key. */
  readonly plain: boolean;
}

/** A pair, or the reason why there is none. */
export interface Group {
  readonly slot: Slot;
  readonly base: string;
  /** Of the certificate file, else of the first file. */
  readonly path: string;
  /** Its files are texts. */
  readonly text: boolean;
  readonly pair: SealedPair | null;
  readonly refusal: Refusal | null;
  /** Also where the pair is refused but the certificate reads. */
  readonly certificate: Certificate | null;
  readonly files: readonly PickedContent[];
}

/** Files that their names bring together. */
interface Bundle {
  readonly files: PickedContent[];
}

function certificateIn(files: readonly PickedContent[]): { file: PickedContent; certificate: Certificate } | null {
  for (const file of files) if (file.content?.kind === 'certificate') return { file, certificate: file.content.certificate };
  return null;
}

function keyIn(files: readonly PickedContent[]): Pick<SealedPair, 'keyFile' | 'plain'> | null {
  for (const { content } of files) if (content?.kind === 'key') return { keyFile: content.file, plain: content.plain };
  return null;
}

/** The slot by name; files with other names are told by what the certificate may be used for. */
function slotOf(files: readonly PickedContent[]): Slot {
  const named = files.find(({ name }) => name.slot !== null)?.name.slot;
  if (named) return named;
  const usage = certificateIn(files)?.certificate.keyUsage;
  return usage && !usage.includes('digitalSignature') && !usage.includes('nonRepudiation') ? 'km' : 'sign';
}

/** The same octets under two names are one file; other twins stay, and find no partner. */
function sameContent(a: PickedContent, b: PickedContent): boolean {
  if (a.content?.kind === 'certificate' && b.content?.kind === 'certificate') return equal(a.content.certificate.der, b.content.certificate.der);
  return a.content?.kind === 'key' && b.content?.kind === 'key' && equal(a.content.file, b.content.file);
}

function bundleByName(files: readonly PickedContent[]): Bundle[] {
  const bundles = new Map<string, Bundle>();
  const twins: Bundle[] = [];
  for (const file of files) {
    const key = `${file.name.slot ?? ''} ${file.name.base}`;
    const bundle = bundles.get(key);
    const twin = bundle?.files.find(({ content }) => content !== null && content.kind === file.content?.kind);
    if (bundle === undefined) bundles.set(key, { files: [file] });
    else if (twin === undefined) bundle.files.push(file);
    else if (!sameContent(twin, file)) twins.push({ files: [file] });
  }
  return [...bundles.values(), ...twins];
}

/** One lone certificate and one lone key in a folder are a pair, whatever they are called, unless the names speak against it. */
function joinLeftovers(bundles: readonly Bundle[]): Bundle[] {
  const lone = bundles.filter(({ files }) => files.every(({ refusal }) => refusal === null) && !(certificateIn(files) && keyIn(files)));
  const [certificate, ...certificates] = lone.filter(({ files }) => certificateIn(files));
  const [key, ...keys] = lone.filter(({ files }) => keyIn(files));
  if (!certificate || !key || certificates.length > 0 || keys.length > 0) return [...bundles];
  const named = key.files.every(({ name }) => name.slot !== null);
  if (named && slotOf(certificate.files) !== slotOf(key.files)) return [...bundles];
  const joined = { files: [...certificate.files, ...key.files] };
  return bundles.filter((bundle) => bundle !== key).map((bundle) => (bundle === certificate ? joined : bundle));
}

/** Keys that cannot be taken are refused before anyone types a password for them. */
function keyRefusal({ file, certificate }: { file: PickedContent; certificate: Certificate }): Refusal | null {
  try {
    usableKey(certificate);
    return null;
  } catch (thrown) {
    return refusalOf(thrown, file.name.name);
  }
}

function groupOf({ files }: Bundle): Group | null {
  const [first] = files;
  if (first === undefined) return null;
  const certificate = certificateIn(files);
  const key = keyIn(files);
  const group = {
    slot: slotOf(files),
    base: first.name.base,
    path: (certificate?.file ?? first).path,
    text: files.some(({ content }) => content !== null && content.kind !== 'container' && content.text),
    certificate: certificate?.certificate ?? null,
    files,
  };
  const broken = files.find(({ refusal }) => refusal !== null)?.refusal ?? files.flatMap(({ refusedBlocks }) => refusedBlocks)[0] ?? null;
  if (certificate && key) {
    const refusal = keyRefusal(certificate);
    return { ...group, pair: refusal ? null : { certificate: certificate.certificate, ...key }, refusal };
  }
  if (broken) return { ...group, pair: null, refusal: broken };
  const detail = expectedName(first.name, certificate ? 'key' : 'certificate');
  return { ...group, pair: null, refusal: { code: 'file.pair-missing', detail } };
}

/** Pairs the certificates and keys of one folder, in the order in which they came. */
export function pairFiles(files: readonly PickedContent[]): Group[] {
  return joinLeftovers(bundleByName(files))
    .map(groupOf)
    .filter((group) => group !== null);
}
