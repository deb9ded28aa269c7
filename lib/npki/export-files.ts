/** Certificates with their keys as files for other programs. The app and the command line write through this one place. */
import * as der from '../asn1/writer.ts';
import { concat, type Bytes } from '../bytes/bytes.ts';
import { toBase64 } from '../bytes/base64.ts';
import { utf8 } from '../bytes/text.ts';
import { WalletError } from '../errors.ts';
import type { Certificate } from './certificate.ts';
import type { SealForm } from './encrypt.ts';
import { holderName } from './holder.ts';
import { NPKI_LIMITS } from './limits.ts';
import { identityFolder, safeName } from './npki-tree.ts';
import { writePfx } from './pkcs12/write-pfx.ts';
import { writePrivateKey } from './write-private-key.ts';

export const EXPORT_FORMS = [
  /** `NPKI/<CA>/USER/<DN>/…` as every Korean program reads it. */
  'npki',
  /** The same folders with keys under PBES2 and SEED. */
  'npki-pbes2',
  /** PKCS#12 as old Korean programs read it: 3DES. */
  'pfx-legacy',
  /** PKCS#12 with AES-256 and SHA-256. */
  'pfx-modern',
  /** Certificate and encrypted key as texts. */
  'pem',
  /** The certificate alone, no key. */
  'certificate',
] as const;
export type ExportForm = (typeof EXPORT_FORMS)[number];

export interface ExportPair {
  readonly certificate: Certificate;
  /** The octets as they were decrypted at import, R and all. */
  readonly privateKeyInfo: Bytes;
}

export interface ExportIdentity {
  readonly sign: ExportPair | null;
  readonly km: ExportPair | null;
  /** Authorities above, from the issuer upwards. */
  readonly chain: readonly Certificate[];
}

export interface ExportOptions {
  readonly random: (length: number) => Bytes;
  /** Called before each identity; throws to stop. */
  readonly onIdentity?: () => Promise<void>;
  /** Called after each identity with its files. */
  readonly onWritten?: (files: readonly WrittenFile[]) => void;
}

export interface WrittenFile {
  /** With `/` between folders; safe on every system. */
  readonly path: string;
  readonly bytes: Bytes;
}

export interface WrittenFiles {
  readonly files: readonly WrittenFile[];
  /** Of the one file, else of an archive that would hold them. */
  readonly name: string;
}

interface Named {
  readonly identity: ExportIdentity;
  readonly certificate: Certificate;
  readonly holder: string;
}

/**
 * The authorities that go along: none in a certificate alone and in the old form of PKCS#12, whose readers take the first
 * certificate they meet for the holder's; elsewhere as many as our reader takes, from the issuer upwards.
 */
export function carriedChain(form: ExportForm, { chain }: Pick<ExportIdentity, 'chain'>): readonly Certificate[] {
  return form === 'pfx-legacy' || form === 'certificate' ? [] : chain.slice(0, NPKI_LIMITS.chainCertificates);
}

/** A day in Korea, `20271024`. */
function koreanDay(time: number): string {
  return new Date(time + 9 * 3_600_000).toISOString().slice(0, 10).replaceAll('-', '');
}

function nameIdentity(given: ExportIdentity, form: ExportForm): Named {
  const identity = { ...given, chain: carriedChain(form, given) };
  const certificate = (identity.sign ?? identity.km)?.certificate;
  if (!certificate) throw new WalletError('certificate.none');
  return { identity, certificate, holder: holderName(certificate.subject, certificate.identity) };
}

/** Gives out each name once, whatever its case: `name`, `name-2`, … before the ending. */
function distinct(): (name: string, ending?: string) => string {
  const taken = new Set<string>();
  return (name, ending = '') => {
    let candidate = name + ending;
    for (let nth = 2; taken.has(candidate.toLowerCase()); nth++) candidate = `${name}-${nth}${ending}`;
    taken.add(candidate.toLowerCase());
    return candidate;
  };
}

/** Holder and last day: `홍길동-20271024`. */
function stem({ certificate, holder }: Named): string {
  return safeName(`${holder}-${koreanDay(certificate.notAfter)}`).replaceAll(/\s+/g, '_');
}

function pem(label: string, bytes: Bytes): Bytes {
  const lines = toBase64(bytes).match(/.{1,64}/g) ?? [];
  return utf8(`-----BEGIN ${label}-----\n${lines.join('\n')}\n-----END ${label}-----\n`);
}

type Write = (one: Named) => Promise<readonly WrittenFile[]>;

function writeTree(form: SealForm, password: string, { random }: ExportOptions): Write {
  const folders = distinct();
  const write = async (folder: string, slot: 'sign' | 'km', pair: ExportPair | null): Promise<WrittenFile[]> => {
    if (pair === null) return [];
    return [
      { path: `${folder}/${slot}Cert.der`, bytes: pair.certificate.der },
      { path: `${folder}/${slot}Pri.key`, bytes: await writePrivateKey(pair.privateKeyInfo, password, { form, random }) },
    ];
  };
  return async ({ identity: { sign, km, chain }, certificate }) => {
    const folder = folders(identityFolder(certificate));
    const pairs = [...(await write(folder, 'sign', sign)), ...(await write(folder, 'km', km))];
    // CaPubs stands root first where programs of the authorities write it.
    const authorities = [...chain].reverse().map((one) => one.der);
    return authorities.length === 0 ? pairs : [...pairs, { path: `${folder}/CaPubs`, bytes: der.sequence(...authorities) }];
  };
}

function writePem(password: string, { random }: ExportOptions): Write {
  const names = distinct();
  const write = async (name: string, pair: ExportPair | null): Promise<WrittenFile[]> => {
    if (pair === null) return [];
    const key = await writePrivateKey(pair.privateKeyInfo, password, { form: 'pbes2-aes', random });
    return [
      { path: `${name}Cert.pem`, bytes: pem('CERTIFICATE', pair.certificate.der) },
      { path: `${name}Pri.pem`, bytes: pem('ENCRYPTED PRIVATE KEY', key) },
    ];
  };
  return async (one) => {
    const { sign, km, chain } = one.identity;
    const folder = names(stem(one));
    const authorities = concat(...chain.map((authority) => pem('CERTIFICATE', authority.der)));
    const files = [...(await write(`${folder}/sign`, sign)), ...(await write(`${folder}/km`, km))];
    return authorities.length === 0 ? files : [...files, { path: `${folder}/chain.pem`, bytes: authorities }];
  };
}

function writePkcs12(form: 'legacy' | 'modern', password: string, { random }: ExportOptions): Write {
  const names = distinct();
  return async (one) => {
    const { identity, holder } = one;
    const bytes = await writePfx([{ name: holder, ...identity }], password, { form, random });
    return [{ path: names(stem(one), '.pfx'), bytes }];
  };
}

function writeCertificates(): Write {
  const names = distinct();
  return (one) => {
    const { sign, km } = one.identity;
    const files = sign ? [{ path: names(stem(one), '.cer'), bytes: sign.certificate.der }] : [];
    return Promise.resolve(km ? [...files, { path: names(`${stem(one)}-km`, '.cer'), bytes: km.certificate.der }] : files);
  };
}

function writerOf(form: ExportForm, password: string, options: ExportOptions): Write {
  switch (form) {
    case 'npki':
      return writeTree('seed', password, options);
    case 'npki-pbes2':
      return writeTree('pbes2-seed', password, options);
    case 'pfx-legacy':
      return writePkcs12('legacy', password, options);
    case 'pfx-modern':
      return writePkcs12('modern', password, options);
    case 'pem':
      return writePem(password, options);
    case 'certificate':
      return writeCertificates();
  }
}

/**
 * Writes each identity in the given form, one after the other. Salts are fresh for every file, and every path is distinct.
 *
 * @param password of the files; its rules are the caller's. Unused for `certificate`
 * @throws `certificate.none` for an identity without certificate, `internal`, and what `onIdentity` throws
 */
export async function exportIdentities(
  identities: readonly ExportIdentity[],
  form: ExportForm,
  password: string,
  options: ExportOptions,
): Promise<WrittenFiles> {
  const named = identities.map((identity) => nameIdentity(identity, form));
  const write = writerOf(form, password, options);
  const files: WrittenFile[] = [];
  for (const one of named) {
    await options.onIdentity?.();
    const own = await write(one);
    files.push(...own);
    options.onWritten?.(own);
  }
  const [only, ...others] = files;
  const [first] = named;
  if (!only || !first) throw new WalletError('certificate.none');
  if (others.length === 0) return { files, name: only.path };
  const main = named.length === 1 ? stem(first) : `certificates-${named.length}`;
  return { files, name: `${form.startsWith('npki') ? 'NPKI' : form}-${main}.zip` };
}
