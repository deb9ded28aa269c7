/**
 * What an import worker does: finds identities in picked files, and opens their keys with the passwords it is told. It
 * remembers nothing between two calls, so that any worker can open what another one found.
 */
import { wipe, type Bytes } from '../bytes/bytes.ts';
import { certificateFingerprint, readCertificate, type Certificate } from '../npki/certificate.ts';
import { certificateFacts } from '../npki/facts.ts';
import { findIdentities, type Found, type FoundContainer, type FoundIdentity } from '../npki/folder.ts';
import { openContainer, openKm, openSign, type OpenedEntry, type OpenedPair } from '../npki/open-identity.ts';
import type { SealedPair } from '../npki/pairing.ts';
import { namesOf } from './replaced.ts';
import type {
  Described,
  FoundInFiles,
  OpenedInContainer,
  OpenedKeyPair,
  Refused,
  SealedContainer,
  SealedIdentity,
  SealedPairFiles,
} from './ports.ts';
import { cameWithFolder, type ReadFile } from './read-files.ts';
import { emptyArchives, unpack } from './unpack.ts';

/** A km pair alone opens old messages, which the wallet does not do yet. */
const KM_ALONE: Refused = { code: 'certificate.wrong-use', detail: null };

async function describe(certificate: Certificate | null): Promise<Described | null> {
  if (certificate === null) return null;
  return { facts: certificateFacts(certificate, await certificateFingerprint(certificate)), names: namesOf(certificate) };
}

function pairFiles(pair: SealedPair | null): SealedPairFiles | null {
  return pair && { certificate: pair.certificate.der, keyFile: pair.keyFile, plain: pair.plain };
}

async function identityFound(found: FoundIdentity): Promise<FoundInFiles> {
  const { path, form, sign, km, chain } = found;
  const refusal = found.refusal ?? (sign === null ? KM_ALONE : null);
  return {
    path,
    form,
    refusal,
    certificate: await describe(found.certificate),
    hasKm: km !== null,
    plain: sign?.plain ?? false,
    sealed: refusal ? null : { kind: 'identity', form, sign: pairFiles(sign), km: pairFiles(km), chain: chain.map(({ der }) => der) },
  };
}

async function containerFound({ path, form, file, certificates, needsPassword }: FoundContainer): Promise<FoundInFiles> {
  const shown = certificates.find(({ basicConstraints }) => basicConstraints?.ca !== true) ?? null;
  return {
    path,
    form,
    refusal: null,
    certificate: await describe(shown),
    hasKm: false,
    plain: !needsPassword,
    sealed: { kind: 'container', form, file },
  };
}

function describeFound(found: Found): Promise<FoundInFiles> {
  return found.kind === 'container' ? containerFound(found) : identityFound(found);
}

function refusedFile({ path, code, detail }: Refused & { readonly path: string }): FoundInFiles {
  return { path, form: 'npki', refusal: { code, detail }, certificate: null, hasKm: false, plain: false, sealed: null };
}

/** Candidates in the order of the pick, then the archives that cannot be taken. @throws `file.hostile` for too many files */
export async function findInFiles(picked: readonly ReadFile[]): Promise<readonly FoundInFiles[]> {
  const unpacked = await unpack(picked);
  const found = findIdentities(unpacked.files, { everyFile: unpacked.files.every(({ path }) => !cameWithFolder(path)) });
  const described = await Promise.all(found.map(describeFound));
  return [...described, ...[...unpacked.refused, ...emptyArchives(unpacked, found)].map(refusedFile)];
}

function sealedPair(pair: SealedPairFiles | null): SealedPair | null {
  return pair && { certificate: readCertificate(pair.certificate), keyFile: pair.keyFile, plain: pair.plain };
}

function openedPair({ certificate, key }: OpenedPair, chain: readonly Bytes[]): OpenedKeyPair {
  return {
    certificate: certificate.der,
    spki: certificate.spki,
    privateKeyInfo: key.privateKeyInfo,
    hasRandom: key.random !== null,
    chain,
  };
}

/** The caller wipes the key. @throws `password.wrong`, `file.*` */
export async function openSealed(sealed: SealedIdentity, role: 'sign' | 'km', password: string): Promise<OpenedKeyPair> {
  const [sign, km] = role === 'sign' ? [sealedPair(sealed.sign), null] : [null, sealedPair(sealed.km)];
  const opened = await (role === 'sign' ? openSign({ sign }, password) : openKm({ km }, password));
  return openedPair(opened, sealed.chain);
}

async function openedEntry({ sign, km, chain, problem, certificate }: OpenedEntry): Promise<OpenedInContainer> {
  const described = await describe(sign?.certificate ?? certificate ?? km?.certificate ?? null);
  const refusal = problem ?? (sign === null ? KM_ALONE : null);
  if (refusal) {
    wipe(sign?.key.privateKeyInfo, km?.key.privateKeyInfo);
    return { refusal, certificate: described, plain: false, sign: null, km: null };
  }
  const ders = chain.map(({ der }) => der);
  const plain = sign?.key.plain === true || km?.key.plain === true;
  return { refusal, certificate: described, plain, sign: sign && openedPair(sign, ders), km: km && openedPair(km, ders) };
}

/** The caller wipes the keys. @throws `password.wrong`, `file.*` */
export async function openSealedContainer(sealed: SealedContainer, password: string): Promise<readonly OpenedInContainer[]> {
  return Promise.all((await openContainer(sealed, password)).map(openedEntry));
}
