/** What the use cases need of the world. The platform implements these; tests bring their own. */
import type { Bytes } from '../bytes/bytes.ts';
import type { ErrorCode } from '../errors.ts';
import type { Badge } from './badge.ts';
import type { Notice } from './expiry.ts';
import type { CertificateFacts, FileForm } from './model.ts';

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
  /** Once a day from now on; what is there already stays as it is. */
  daily(name: string): Promise<void>;
  clear(name: string): Promise<void>;
}

/** Where the browser lets our script run, by origins without a port. */
export interface SiteAccessPort {
  /** It runs there since the extension was installed. */
  isListed(origin: string): boolean;
  /** The listed domain that the host of an origin resembles without being of it; null for none. */
  resembles(origin: string): Promise<string | null>;
  /** Where the browser's person let it run for good. */
  added(): Promise<readonly string[]>;
  /** Asks them, from a click; gives the answer. */
  add(origin: string): Promise<boolean>;
  remove(origin: string): Promise<void>;
  /** The tab in front of the person, where it shows a site whose address we are told. */
  tab(): Promise<{ readonly id: number; readonly origin: string } | null>;
  isRunning(tabId: number): Promise<boolean>;
  /** Runs it in one tab, until its page goes; false where the browser does not let us. */
  run(tabId: number): Promise<boolean>;
}

/** The button in the browser's toolbar. */
export interface ToolbarPort {
  show(badge: Badge): Promise<void>;
}

/** Notices of the system. They may be read by anybody, on a locked screen too. One of the same name takes the place of the last. */
export interface NotificationPort {
  show(name: string, notice: Notice): Promise<void>;
  /** One that an authority is to be asked again. */
  showRuns(name: string): Promise<void>;
  /** One of no certificate. False where the browser says that it shows none. */
  showTrial(name: string): Promise<boolean>;
}

/** Keeps one text, where no page reaches it. */
export interface TextStore {
  read(): Promise<string | null>;
  write(text: string): Promise<void>;
}

/** Octets by the id of the request that they wait for. */
export interface SnapshotStore {
  get(id: string): Promise<Bytes | null>;
  put(id: string, octets: Bytes): Promise<void>;
  remove(id: string): Promise<void>;
  list(): Promise<readonly string[]>;
}

/** A certificate and its key file as they were picked, both in DER. */
export interface SealedPairFiles {
  readonly certificate: Bytes;
  readonly keyFile: Bytes;
  /** The key file is not encrypted. */
  readonly plain: boolean;
}

/** The files of one identity. */
export interface SealedIdentity {
  readonly kind: 'identity';
  readonly form: 'npki' | 'pem';
  readonly sign: SealedPairFiles | null;
  readonly km: SealedPairFiles | null;
  readonly chain: readonly Bytes[];
}

/** One file that holds keys: PKCS#12, or a text. */
export interface SealedContainer {
  readonly kind: 'container';
  readonly form: 'pfx' | 'pem';
  readonly file: Bytes;
}

/** All that a worker needs to open a candidate. The page keeps it and looks at nothing in it. */
export type Sealed = SealedIdentity | SealedContainer;

/** What is known of a certificate. */
export interface Described {
  readonly facts: CertificateFacts;
  /** DER of issuer and subject in hex: equal for certificates that one authority issued to one holder. */
  readonly names: string;
}

/** Why something cannot be taken, with the file name or OID that belongs to it. */
export interface Refused {
  readonly code: ErrorCode;
  readonly detail: string | null;
}

/** One thing that the import worker found in picked files: an identity, a container, or a file that cannot be one. */
export interface FoundInFiles {
  readonly path: string;
  readonly form: FileForm;
  readonly refusal: Refused | null;
  /** Of the certificate to show; null where none can be read yet. */
  readonly certificate: Described | null;
  readonly hasKm: boolean;
  /** It opens without any password. */
  readonly plain: boolean;
  /** Null where it is refused. */
  readonly sealed: Sealed | null;
}

/** A private key that the worker opened and proved against its certificate. All in DER. */
export interface OpenedKeyPair {
  readonly certificate: Bytes;
  readonly spki: Bytes;
  readonly privateKeyInfo: Bytes;
  readonly hasRandom: boolean;
  readonly chain: readonly Bytes[];
}

/** One identity out of a container. The caller wipes the keys. */
export interface OpenedInContainer {
  readonly refusal: Refused | null;
  readonly certificate: Described | null;
  /** A key of it lay there without encryption, even where the file has a password. */
  readonly plain: boolean;
  /** Null in a refusal. */
  readonly sign: OpenedKeyPair | null;
  readonly km: OpenedKeyPair | null;
}

/**
 * Parsers and key derivations of foreign files, in workers that can be stopped. Whatever takes too long fails alone as
 * `file.hostile`; an aborted call fails as `user.cancelled` at once, and so does every call after `stop`.
 */
export interface FilesWorker {
  /** Calls that are worked on at a time; more are taken and wait. */
  readonly lanes: number;
  /** @throws `file.hostile` for too many files */
  find(files: readonly { readonly path: string; readonly bytes: Bytes }[]): Promise<readonly FoundInFiles[]>;
  /** @throws `password.wrong`, `file.*` */
  open(sealed: SealedIdentity, role: 'sign' | 'km', password: string, signal?: AbortSignal): Promise<OpenedKeyPair>;
  /** One item for each identity in it. @throws `password.wrong`, `file.*` */
  openContainer(sealed: SealedContainer, password: string, signal?: AbortSignal): Promise<readonly OpenedInContainer[]>;
  stop(): void;
}
