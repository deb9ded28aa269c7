/** Opens what is converted: each identity with its keys, or why it cannot be taken. */
import { equal, wipe } from '../lib/bytes/bytes.ts';
import { errorCode, WalletError, type ErrorCode } from '../lib/errors.ts';
import type { Certificate } from '../lib/npki/certificate.ts';
import type { ExportIdentity, ExportPair } from '../lib/npki/export-files.ts';
import { findIdentities, type Found, type FoundContainer, type FoundIdentity } from '../lib/npki/folder.ts';
import { holderName } from '../lib/npki/holder.ts';
import { openContainer, openIdentity, type OpenedPair } from '../lib/npki/open-identity.ts';
import type { SealedPair } from '../lib/npki/pairing.ts';
import type { ReadGroup } from './read-paths.ts';

/** An identity that was found; `identity` is null where it is not converted. */
export interface Source {
  readonly path: string;
  readonly kind: 'identity' | 'file' | 'folder';
  readonly identity: ExportIdentity | null;
  readonly holder: string | null;
  /** Whether the key carries R; null where it was not opened. */
  readonly random: boolean | null;
  readonly km: boolean | null;
  readonly error: ErrorCode | null;
  readonly detail?: string;
}

export interface Opening {
  readonly password: string;
  /** Nobody needs the keys. */
  readonly certificatesOnly: boolean;
}

function refused(path: string, kind: Source['kind'], thrown: unknown, certificate: Certificate | null = null): Source {
  const detail = thrown instanceof WalletError && thrown.detail !== undefined ? { detail: thrown.detail } : {};
  const holder = certificate && holderName(certificate.subject, certificate.identity);
  return { path, kind, identity: null, holder, random: null, km: null, error: errorCode(thrown), ...detail };
}

function pairOf(opened: OpenedPair | null): ExportPair | null {
  return opened && { certificate: opened.certificate, privateKeyInfo: opened.key.privateKeyInfo };
}

function withoutKey(sealed: SealedPair | null): ExportPair | null {
  return sealed && { certificate: sealed.certificate, privateKeyInfo: new Uint8Array() };
}

interface OpenedSource {
  readonly sign: OpenedPair | null;
  readonly km: OpenedPair | null;
  readonly chain: readonly Certificate[];
}

function opened(path: string, { sign, km, chain }: OpenedSource, kmProblem: ErrorCode | null = null): Source {
  if (sign === null) {
    wipe(km?.key.privateKeyInfo);
    return refused(path, 'identity', new WalletError('certificate.wrong-use', { detail: 'km' }), km?.certificate ?? null);
  }
  const { subject, identity: data } = sign.certificate;
  const identity = { sign: pairOf(sign), km: pairOf(km), chain };
  const about = { holder: holderName(subject, data), random: sign.key.random !== null, km: km !== null, error: null };
  return { path, kind: 'identity', identity, ...about, ...(kmProblem ? { detail: `km: ${kmProblem}` } : {}) };
}

async function fromIdentity(found: FoundIdentity, { password, certificatesOnly }: Opening): Promise<Source> {
  const { path, refusal, certificate, sign, km, chain } = found;
  if (refusal) return refused(path, 'file', new WalletError(refusal.code, { detail: refusal.detail }), certificate);
  if (certificatesOnly && sign) {
    const holder = holderName(sign.certificate.subject, sign.certificate.identity);
    const identity = { sign: withoutKey(sign), km: withoutKey(km), chain };
    return { path, kind: 'identity', identity, holder, random: null, km: km !== null, error: null };
  }
  try {
    const { kmProblem, ...pairs } = await openIdentity(found, password);
    return opened(path, { ...pairs, chain }, kmProblem);
  } catch (thrown) {
    return refused(path, 'identity', thrown, certificate);
  }
}

async function fromContainer(found: FoundContainer, { password }: Opening): Promise<Source[]> {
  const { path, certificates } = found;
  try {
    const entries = await openContainer(found, password);
    if (entries.length === 0) throw new WalletError('file.pair-missing');
    return entries.map(({ problem, certificate, ...pairs }) =>
      problem ? refused(path, 'file', new WalletError(problem.code, { detail: problem.detail }), certificate) : opened(path, pairs),
    );
  } catch (thrown) {
    return [refused(path, 'identity', thrown, certificates[0] ?? null)];
  }
}

async function fromFound(found: Found, opening: Opening): Promise<Source[]> {
  return found.kind === 'container' ? fromContainer(found, opening) : [await fromIdentity(found, opening)];
}

function samePair(a: ExportPair | null, b: ExportPair | null): boolean {
  if (a === null || b === null) return a === b;
  return equal(a.certificate.der, b.certificate.der) && equal(a.privateKeyInfo, b.privateKeyInfo);
}

function sameIdentity(a: ExportIdentity | null, b: ExportIdentity): boolean {
  return a !== null && samePair(a.sign, b.sign) && samePair(a.km, b.km);
}

/**
 * Many people keep a PKCS#12 file beside the folder it was made from: one of the two is enough, with the longer chain of them.
 */
function eachOnce(sources: readonly Source[]): Source[] {
  const kept: Source[] = [];
  for (const source of sources) {
    const { identity } = source;
    const at = identity === null ? -1 : kept.findIndex((one) => sameIdentity(one.identity, identity));
    const twin = kept[at];
    if (identity === null || !twin?.identity) {
      kept.push(source);
      continue;
    }
    wipe(identity.sign?.privateKeyInfo, identity.km?.privateKeyInfo);
    kept.push({ ...source, identity: null, detail: `same as ${twin.path}` });
    if (identity.chain.length > twin.identity.chain.length) kept[at] = { ...twin, identity: { ...twin.identity, chain: identity.chain } };
  }
  return kept;
}

/** Everything in the groups, in order. The caller wipes the keys. */
export async function openSources(groups: readonly ReadGroup[], opening: Opening): Promise<readonly Source[]> {
  const sources: Source[] = [];
  for (const { path, kind, files, refused: unread } of groups) {
    const before = sources.length;
    sources.push(...unread.map((one) => refused(one.path, one.kind, new WalletError(one.code))));
    try {
      for (const found of findIdentities(files, { everyFile: path === '' })) sources.push(...(await fromFound(found, opening)));
    } catch (thrown) {
      sources.push(refused(path, kind, thrown));
    }
    if (sources.length === before && path !== '') sources.push(refused(path, kind, new WalletError('file.nothing-found')));
  }
  return eachOnce(sources);
}
