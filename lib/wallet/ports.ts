/** What the use cases need of the world. The platform implements these; tests bring their own. */
import type { Bytes } from '../bytes/bytes.ts';
import type { ErrorCode } from '../errors.ts';
import type { CertificateFacts } from './model.ts';

export type Clock = () => number;

/** Fresh random octets of a cryptographic source. */
export type Random = (length: number) => Bytes;

/** Runs `act` alone among all contexts of the extension that use the same name. */
export type WithLock = <Result>(name: string, act: () => Promise<Result>) => Promise<Result>;

/** A store of texts that lives as long as the browser session and is closed to content scripts. */
export interface SessionStore {
  get(keys: readonly string[]): Promise<ReadonlyMap<string, string>>;
  set(entries: ReadonlyMap<string, string>): Promise<void>;
  remove(keys: readonly string[]): Promise<void>;
  /** Calls back with the keys that changed; returns the way to stop. */
  onChange(listener: (keys: readonly string[]) => void): () => void;
}

/** The document that asked, as the browser names it. Nothing in it comes from the page. */
export interface Asker {
  readonly origin: string;
  readonly tabId: number;
  readonly documentId: string;
}

/** A message of the background to the content script of one document. */
export type ContentMessage =
  | { readonly to: 'content'; readonly type: 'answer'; readonly id: string; readonly message: unknown }
  | { readonly to: 'content'; readonly type: 'waiting'; readonly id: string };

/** What goes to the page: everything but `id`, which names the request, travels over its port. */
export interface Delivery {
  readonly id: string;
  readonly result?: unknown;
  readonly error?: { readonly code: string };
  readonly extend?: { readonly seconds: number };
}

/** Talks to the content script of one document, and to no other. */
export interface AskerPort {
  /** Delivers an answer; false where the document is gone. */
  deliver(asker: Asker, delivery: Delivery): Promise<boolean>;
  /** Whether that very document is still there, active, and waiting for the request. */
  isWaiting(asker: Asker, pageId: string): Promise<boolean>;
}

/** Windows of our own. */
export interface WindowPort {
  openApproval(requestId: string): Promise<number>;
  isOpen(windowId: number): Promise<boolean>;
  /** Closes it soon, but after whoever asks now was answered. */
  close(windowId: number): void;
}

/** Wakes the background at a time, even if it stopped meanwhile. */
export interface SchedulePort {
  at(name: string, time: number): Promise<void>;
  clear(name: string): Promise<void>;
}

/** One thing that the import worker found in picked files: an identity, or a file that cannot be one. */
export interface FoundInFiles {
  readonly key: string;
  readonly path: string;
  /** Why it cannot be taken, with the file name or OID that belongs to it. */
  readonly code: ErrorCode | null;
  readonly detail: string | null;
  readonly facts: CertificateFacts | null;
  readonly hasKm: boolean;
}

/** A private key that the worker opened and proved against its certificate. All in DER. */
export interface OpenedKeyPair {
  readonly certificate: Bytes;
  readonly spki: Bytes;
  readonly privateKeyInfo: Bytes;
  readonly hasRandom: boolean;
  readonly chain: readonly Bytes[];
}

/** Parsers and key derivations of foreign files, in a worker that can be stopped. */
export interface FilesWorker {
  find(files: readonly { readonly path: string; readonly bytes: Bytes }[]): Promise<readonly FoundInFiles[]>;
  /** @throws `password.wrong`, `file.*` */
  open(key: string, role: 'sign' | 'km', password: string): Promise<OpenedKeyPair>;
  stop(): void;
}
