/** Documents from the moment a page asks until its request has ended: their octets wait apart, by the id of the request. */
import type { Bytes } from '../bytes/bytes.ts';
import { errorCode, WalletError } from '../errors.ts';
import type { SignRequest } from '../protocol/documents.ts';
import type { KeptDocuments } from '../protocol/kept-documents.ts';
import { takeDocuments, type EncodeKorean } from './documents.ts';
import type { Snapshots } from './snapshots.ts';

export class WaitingDocuments {
  readonly #snapshots: Snapshots;
  readonly #encodeKorean: EncodeKorean;
  /** Kept since this background started: their request may not be remembered yet. */
  readonly #fresh = new Set<string>();

  constructor(snapshots: Snapshots, encodeKorean: EncodeKorean) {
    this.#snapshots = snapshots;
    this.#encodeKorean = encodeKorean;
  }

  /** @throws `request.malformed`, `request.too-large`, `internal` where the browser does not store */
  async keep(request: string, asked: SignRequest): Promise<KeptDocuments> {
    const { kept, octets } = await takeDocuments(asked, this.#encodeKorean);
    this.#fresh.add(request);
    const key = await this.#snapshots.put(request, octets).catch((cause: unknown) => {
      // What is wrong with the store here is nothing for a page.
      throw new WalletError('internal', { detail: errorCode(cause), cause });
    });
    return { ...asked, documents: kept, key };
  }

  /** The octets of all documents of a request, in a row. @throws `request.gone` */
  read(request: string, { key }: KeptDocuments): Promise<Bytes> {
    return this.#snapshots.read(request, key);
  }

  /** Forgets the octets of a request that ended. What cannot be removed now is at the next start. */
  async forget(request: string): Promise<void> {
    await this.#snapshots.remove(request).catch(() => undefined);
    this.#fresh.delete(request);
  }

  /** Forgets what no request needs that waits. */
  async sweep(waiting: readonly string[]): Promise<void> {
    await this.#snapshots.sweep([...waiting, ...this.#fresh]).catch(() => undefined);
  }
}
