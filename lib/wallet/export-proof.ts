/**
 * The proof of an export: the files as they were written are found and opened by the import's own worker with the new
 * password, and what comes out, keys, certificates and authorities, is compared octet by octet with what went in.
 */
import { equal, wipe, type Bytes } from '../bytes/bytes.ts';
import { toHex } from '../bytes/hex.ts';
import { WalletError } from '../errors.ts';
import { certificateFingerprint } from '../npki/certificate.ts';
import { issuerChain } from '../npki/chain.ts';
import { carriedChain, type ExportForm, type ExportIdentity, type ExportPair, type WrittenFile } from '../npki/export-files.ts';
import type { FilesWorker, FoundInFiles, OpenedInContainer, OpenedKeyPair } from './ports.ts';

type Opened = Pick<OpenedInContainer, 'sign' | 'km'>;

/** What was written and cannot be read back is a fault of ours; nothing of it reaches the person. */
function unproven(detail: string): WalletError {
  return new WalletError('internal', { detail: `read-back: ${detail}` });
}

function samePair(written: ExportPair | null, read: OpenedKeyPair | null): boolean {
  if (written === null || read === null) return written === read;
  return equal(written.certificate.der, read.certificate) && equal(written.privateKeyInfo, read.privateKeyInfo);
}

/** Authorities are a set: forms differ in their order, and a reader puts them in order again. */
function sameChain({ sign, chain }: ExportIdentity, form: ExportForm, read: readonly Bytes[]): boolean {
  const carried = sign === null ? [] : issuerChain(sign.certificate, carriedChain(form, { chain }));
  const there = new Set(read.map(toHex));
  return there.size === carried.length && carried.every(({ der }) => there.has(toHex(der)));
}

/** What was written and not read back yet. */
class Waiting {
  readonly #form: ExportForm;
  readonly #byCertificate: Map<string, ExportIdentity[]>;

  constructor(identities: readonly ExportIdentity[], form: ExportForm) {
    this.#form = form;
    this.#byCertificate = Map.groupBy(identities, ({ sign }) => (sign ? toHex(sign.certificate.der) : ''));
  }

  get size(): number {
    return [...this.#byCertificate.values()].reduce((sum, { length }) => sum + length, 0);
  }

  /** @throws `internal` where nothing like it was written */
  take({ sign, km }: Opened): void {
    const alike = this.#byCertificate.get(sign ? toHex(sign.certificate) : '') ?? [];
    const chain = sign?.chain ?? [];
    const at = alike.findIndex((written) => samePair(written.sign, sign) && samePair(written.km, km) && sameChain(written, this.#form, chain));
    if (at < 0) throw unproven('difference');
    alike.splice(at, 1);
  }
}

async function openFound({ sealed, hasKm }: FoundInFiles, password: string, worker: FilesWorker, signal: AbortSignal): Promise<readonly Opened[]> {
  if (sealed === null) return [];
  if (sealed.kind === 'container') return worker.openContainer(sealed, password, signal);
  const sign = await worker.open(sealed, 'sign', password, signal);
  try {
    return [{ sign, km: hasKm ? await worker.open(sealed, 'km', password, signal) : null }];
  } catch (thrown) {
    wipe(sign.privateKeyInfo);
    throw thrown;
  }
}

export interface ProofOrder {
  readonly form: ExportForm;
  readonly identities: readonly ExportIdentity[];
  readonly files: readonly WrittenFile[];
  readonly password: string;
  readonly worker: FilesWorker;
  readonly signal: AbortSignal;
  /** Called after each identity that was proven. */
  readonly onProven: () => void;
}

/** Reads back files with keys. @throws `internal` for any difference, `user.cancelled` */
export async function proveKeys({ form, identities, files, password, worker, signal, onProven }: ProofOrder): Promise<void> {
  const waiting = new Waiting(identities, form);
  const found = (await worker.find(files)).values();
  const lane = async (): Promise<void> => {
    for (const inFiles of found) {
      const opened = await openFound(inFiles, password, worker, signal);
      try {
        for (const one of opened) {
          waiting.take(one);
          onProven();
        }
      } finally {
        for (const { sign, km } of opened) wipe(sign?.privateKeyInfo, km?.privateKeyInfo);
      }
    }
  };
  const lanes = await Promise.allSettled(Array.from({ length: worker.lanes }, lane));
  for (const ended of lanes) if (ended.status === 'rejected') throw ended.reason;
  if (waiting.size > 0) throw unproven(`${waiting.size} missing`);
}

/** Reads back certificates without keys. @throws `internal` for any difference */
export async function proveCertificates({ identities, files, worker, onProven }: Omit<ProofOrder, 'form' | 'password' | 'signal'>): Promise<void> {
  const read = new Set((await worker.find(files)).map(({ certificate }) => certificate?.facts.fingerprint));
  for (const { sign, km } of identities) {
    for (const pair of [sign, km]) {
      if (pair && !read.has(await certificateFingerprint(pair.certificate))) throw unproven('certificate');
    }
    onProven();
  }
}

/** The octets of files that hold nothing any more. */
export function wipeFiles(files: readonly { readonly bytes: Bytes }[]): void {
  wipe(...files.map(({ bytes }) => bytes));
}
