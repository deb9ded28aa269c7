/**
 * Finds identities among files: what each file is by its content, which belong together by folder and name. Nothing is
 * opened here, so that the pairs are guesses until `openIdentity` proves them.
 */
import { WalletError } from '../errors.ts';
import type { Certificate } from './certificate.ts';
import { issuerChain } from './chain.ts';
import { expectedName } from './file-name.ts';
import { NPKI_LIMITS } from './limits.ts';
import { sameName } from './name.ts';
import { pairFiles, type Group, type SealedPair } from './pairing.ts';
import { readPickedFile, type PathAndBytes, type PickedContent } from './picked-file.ts';
import { namesAlgorithm, type Refusal } from './refusal.ts';
import { gatherScattered } from './scattered.ts';
import type { Bytes } from '../bytes/bytes.ts';

/** An identity (`refusal` is null), or something that cannot be one. */
export interface FoundIdentity {
  readonly kind: 'identity';
  readonly form: 'npki' | 'pem';
  /** The folder, or the file where it was picked by itself, there is no folder, or the folder holds several. */
  readonly path: string;
  readonly refusal: Refusal | null;
  /** The certificate to show: of the sign pair, else of the km pair, else of the refused half; null if none reads. */
  readonly certificate: Certificate | null;
  /** Null in a refusal, and where only a km pair was found, which is good for opening old messages. */
  readonly sign: SealedPair | null;
  readonly km: SealedPair | null;
  /** From the issuer of the certificate upwards, as far as the folder has it. Never a trust anchor. */
  readonly chain: readonly Certificate[];
}

/** One file that holds keys: PKCS#12, or a text. What is in it shows when it is opened. */
export interface FoundContainer {
  readonly kind: 'container';
  readonly form: 'pfx' | 'pem';
  readonly path: string;
  readonly file: Bytes;
  /** Those that show without a password, holders' first. */
  readonly certificates: readonly Certificate[];
  readonly needsPassword: boolean;
}

export type Found = FoundIdentity | FoundContainer;

/** Endings that no other kind of file has. */
const PFX_NAME = /\.(?:pfx|p12)$/i;

/** In a folder, files of other programs are passed over; a file that was picked by itself gets an answer. */
function concernsUs({ name, content, refusal }: PickedContent, everyFile: boolean): boolean {
  if (everyFile || content !== null || name.slot !== null || name.isChain || name.folder === '' || PFX_NAME.test(name.name)) return true;
  return refusal !== null && namesAlgorithm(refusal);
}

/** A certificate of an authority under a name that is not one of a pair. */
function isChainMaterial({ name, content }: PickedContent): boolean {
  if (content?.kind === 'chain') return true;
  return content?.kind === 'certificate' && name.slot === null && content.certificate.basicConstraints?.ca === true;
}

function chainCertificates({ content }: PickedContent): readonly Certificate[] {
  if (content?.kind === 'chain') return content.certificates;
  return content?.kind === 'certificate' ? [content.certificate, ...content.more] : [];
}

/** What came along with a holder's certificate in one file. */
function companions({ content }: PickedContent): readonly Certificate[] {
  return content?.kind === 'certificate' ? content.more : [];
}

function containerOf({ path, content }: PickedContent): FoundContainer[] {
  return content?.kind === 'container' ? [{ ...content, path }] : [];
}

function refused(path: string, refusal: Refusal, certificate: Certificate | null = null): FoundIdentity {
  return { kind: 'identity', form: 'npki', path, refusal, certificate, sign: null, km: null, chain: [] };
}

/** The km pair that belongs to a sign pair has its holder's name. */
function isKmOf(km: Group, sign: Group, alone: boolean): boolean {
  if (km.pair === null || sign.pair === null || !sameName(km.pair.certificate.subject, sign.pair.certificate.subject)) return false;
  return alone || km.base === sign.base;
}

/** Certificates of authorities alone are no identity; nobody asked for them unless they were picked by themselves. */
function loneMaterial(files: readonly PickedContent[]): FoundIdentity[] {
  return files.map((file) => {
    const [certificate = null] = chainCertificates(file);
    const detail = expectedName(file.name, file.name.isChain ? 'certificate' : 'key');
    return refused(file.path, { code: 'file.pair-missing', detail }, certificate);
  });
}

/** An identity is named after its folder where it is the only one in it. */
function pathIn(folder: string, groups: readonly Group[]): (group: Group) => string {
  const signs = groups.filter(({ slot }) => slot === 'sign');
  const main = signs.length > 0 ? signs : groups;
  const [only] = main;
  return (group) => (folder !== '' && main.length === 1 && group === only ? folder : group.path);
}

/** Sign pairs with the km pairs that belong to them, then what stays alone or is refused. */
function identitiesOf(groups: readonly Group[], material: readonly Certificate[], pathOf: (group: Group) => string): FoundIdentity[] {
  const signs = groups.filter(({ slot }) => slot === 'sign');
  const kms = new Set(groups.filter(({ slot, pair }) => slot === 'km' && pair !== null));
  const identities: FoundIdentity[] = [];
  const add = (group: Group, pairs: Pick<FoundIdentity, 'sign' | 'km'>, { certificate }: SealedPair): void => {
    const form = group.text ? 'pem' : 'npki';
    identities.push({ kind: 'identity', form, path: pathOf(group), refusal: null, certificate, ...pairs, chain: issuerChain(certificate, material) });
  };
  for (const group of signs) {
    if (group.pair === null) continue;
    const km = [...kms].find((candidate) => isKmOf(candidate, group, signs.length === 1)) ?? null;
    if (km !== null) kms.delete(km);
    add(group, { sign: group.pair, km: km?.pair ?? null }, group.pair);
  }
  for (const group of kms) if (group.pair !== null) add(group, { sign: null, km: group.pair }, group.pair);
  for (const group of groups) if (group.refusal !== null) identities.push(refused(pathOf(group), group.refusal, group.certificate));
  return identities;
}

/** Blocks of texts that cannot be taken, but for those that are told as the refusal of a pair. */
function refusedBlocks(files: readonly PickedContent[], groups: readonly Group[]): FoundIdentity[] {
  const told = new Set(groups.map(({ refusal }) => refusal));
  return files.flatMap((file) => file.refusedBlocks.filter((block) => !told.has(block)).map((block) => refused(file.path, block)));
}

function searchFolder(folder: string, files: readonly PickedContent[], everyFile: boolean): Found[] {
  const material = files.filter(isChainMaterial);
  const holding = files.filter(({ content }) => content?.kind === 'container');
  const rest = files.filter((file) => !material.includes(file) && !holding.includes(file));
  const named = pairFiles(rest.filter(({ name }) => !name.isChain));
  const authorities = [...material.flatMap(chainCertificates), ...rest.flatMap(companions)];
  const scattered = gatherScattered(named, holding, authorities);
  const groups = named.filter((group) => scattered?.groups.includes(group) !== true);
  const containers = holding.filter((file) => scattered?.files.includes(file) !== true).flatMap(containerOf);
  const pathOf = everyFile ? ({ path }: Group): string => path : pathIn(folder, groups);
  const found: Found[] = [...identitiesOf(groups, authorities, pathOf), ...(scattered ? [scattered.container] : []), ...containers];
  found.push(...refusedBlocks(files, groups));
  for (const { path, name, refusal } of rest) if (name.isChain && refusal !== null) found.push(refused(path, refusal));
  return found.length === 0 && (everyFile || folder === '') ? loneMaterial(material) : found;
}

/**
 * @param options.everyFile the person picked each file by itself, so that each gets an answer under its own path even if it is not ours
 * @returns one item for each identity, each file that holds keys, and each thing that was refused, folder by folder; empty where nothing of ours
 *   is among the files
 * @throws `file.hostile` for more files than are looked at in one go
 */
export function findIdentities(files: readonly PathAndBytes[], { everyFile = false } = {}): Found[] {
  if (files.length > NPKI_LIMITS.names) throw new WalletError('file.hostile', { detail: `${files.length} files` });
  const folders = new Map<string, PickedContent[]>();
  for (const file of files.flatMap(readPickedFile).filter((one) => concernsUs(one, everyFile))) {
    // As written: two folders may differ in nothing but how their Hangul is composed.
    const { folder } = file.name;
    const inside = folders.get(folder);
    if (inside) inside.push(file);
    else folders.set(folder, [file]);
  }
  return [...folders].flatMap(([folder, inside]) => searchFolder(folder, inside, everyFile));
}
