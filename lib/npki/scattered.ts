/**
 * Pairs whose halves lie in other files than those of one name: two certificates in one text, their keys in another or in files of
 * their own. Names say nothing there, so that all becomes one text, whose keys and certificates are matched once it is opened.
 */
import type { Bytes } from '../bytes/bytes.ts';
import type { Certificate } from './certificate.ts';
import type { FoundContainer } from './folder.ts';
import { NPKI_LIMITS } from './limits.ts';
import type { Group } from './pairing.ts';
import { writeTextBlocks } from './pem.ts';
import type { PickedContent } from './picked-file.ts';
import { isAuthority, leavesFirst, readTextContent, type StoredKey } from './text-content.ts';

export interface Scattered {
  readonly container: FoundContainer;
  /** Whose files went into it. */
  readonly groups: readonly Group[];
  readonly files: readonly PickedContent[];
}

function certificatesIn({ content }: PickedContent): readonly Certificate[] {
  return content?.kind === 'certificate' ? [content.certificate, ...content.more] : [];
}

function holdersIn(file: PickedContent): readonly Certificate[] {
  return certificatesIn(file).filter((one) => !isAuthority(one));
}

/** A text of keys without a certificate of a holder. */
function isKeysAlone({ content }: PickedContent): boolean {
  return content?.kind === 'container' && content.form === 'pem' && content.certificates.every(isAuthority);
}

function keysIn({ content }: PickedContent): readonly StoredKey[] {
  if (content?.kind === 'key') return [content];
  return content?.kind === 'container' ? (readTextContent(content.file)?.keys ?? []) : [];
}

/**
 * @param groups what names bring together, among it what stays alone
 * @param containers files that hold keys
 * @returns null where there is nothing to bring together
 */
export function gatherScattered(
  groups: readonly Group[],
  containers: readonly PickedContent[],
  authorities: readonly Certificate[],
): Scattered | null {
  const taken = groups.filter(({ refusal, files }) => refusal?.code === 'file.pair-missing' || files.some((file) => holdersIn(file).length > 1));
  const texts = containers.filter(isKeysAlone);
  const files = [...taken.flatMap((group) => group.files), ...texts];
  const loose = taken.filter(({ refusal }) => refusal !== null).flatMap((group) => group.files);
  const holders = leavesFirst(files.flatMap(holdersIn));
  const keys = files.flatMap(keysIn);
  const hasMany = texts.length > 0 || files.some((file) => holdersIn(file).length > 1);
  const hasLooseKeys = texts.length > 0 || loose.some((file) => keysIn(file).length > 0);
  const certificates = leavesFirst([...holders, ...files.flatMap(certificatesIn), ...authorities]);
  const [first] = files.filter((file) => holdersIn(file).length > 0);
  if (!hasMany || !hasLooseKeys || first === undefined || certificates.length + keys.length > NPKI_LIMITS.textBlocks) return null;
  const file: Bytes = writeTextBlocks([
    ...certificates.map(({ der }) => ({ label: 'CERTIFICATE', der })),
    ...keys.map(({ file: der }) => ({ label: 'PRIVATE KEY', der })),
  ]);
  const needsPassword = keys.some(({ plain }) => !plain);
  return { container: { kind: 'container', form: 'pem', path: first.path, file, certificates, needsPassword }, groups: taken, files };
}
