/** One private key of the open wallet, opened with the one key that may, for one request of a page. Runs in the background. */
import { copy, equal, wipe, type Bytes } from '../bytes/bytes.ts';
import { WalletError } from '../errors.ts';
import { readCertificate, type Certificate } from '../npki/certificate.ts';
import { readPrivateKeyInfo } from '../npki/private-key-info.ts';
import type { Accept } from '../protocol/sign-in.ts';
import type { Copies } from '../vault/copies.ts';
import { headOfKey } from '../vault/heads-to-open.ts';
import type { OpenItem } from '../vault/item.ts';
import { openSealedKey } from '../vault/sealed-key.ts';
import { openItem } from '../vault/vault.ts';
import { whyNotOffered, type UseCircumstances } from './offers.ts';
import type { Clock } from './ports.ts';
import { rowOf } from './rows.ts';
import type { Sessions } from './session.ts';

const ALGORITHM = { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' } as const;

export interface SignerPorts {
  readonly store: Copies;
  readonly sessions: Sessions;
  readonly clock: Clock;
}

export interface SignerOrder {
  /** Which certificates the request takes. */
  readonly accept: Accept | undefined;
  readonly use: UseCircumstances;
  /** Whether R is released too. */
  readonly releasesRandom: boolean;
  /** Record id of the chosen certificate. */
  readonly itemId: string;
  /** Opens that record's private key and nothing else; the caller wipes it. */
  readonly recordKey: Bytes;
}

export interface Signer {
  readonly certificate: Certificate;
  /** Certificates between the signer's and the root: whoever verifies has the root of its own. DER. */
  readonly intermediates: readonly Bytes[];
  /** Milliseconds since 1970 at which the certificate was found fit. */
  readonly now: number;
  /** RSASSA-PKCS1-v1_5 with SHA-256 over the octets. */
  readonly sign: (bytes: Bytes) => Promise<Bytes>;
  /** R of the key; null unless it is released. The caller wipes it. */
  readonly random: Bytes | null;
}

type OpenedKey = Pick<Signer, 'sign' | 'random'>;

/** The item of the open wallet, and the wallet's id. */
async function readItem(ports: SignerPorts, itemId: string): Promise<{ vid: string; item: OpenItem }> {
  const [session, choice] = await Promise.all([ports.sessions.require(), ports.store.choice()]);
  try {
    const start = choice.state === 'ready' && choice.head.vid === session.vid ? choice.head : null;
    const head = start && (await headOfKey(ports.store, start, session.listKey));
    if (!head) throw new WalletError('vault.locked');
    const item = await openItem(ports.store, head, session.listKey, itemId);
    if (item.deleted !== null) throw new WalletError('certificate.not-found');
    return { vid: session.vid, item };
  } finally {
    wipe(session.listKey);
  }
}

/** @throws `certificate.no-random` where R is to be released and the key has none */
function randomOf(pkcs8: Bytes): Bytes {
  const { random } = readPrivateKeyInfo(pkcs8);
  if (random === null) throw new WalletError('certificate.no-random');
  return copy(random);
}

async function openKey(vid: string, item: OpenItem, certificate: Certificate, { recordKey, releasesRandom }: SignerOrder): Promise<OpenedKey> {
  if (!item.sealedSignKey) throw new WalletError('certificate.wrong-use');
  const pkcs8 = await openSealedKey({ key: recordKey, vid, id: item.id, role: 'sign', sealed: item.sealedSignKey, spki: certificate.spki });
  try {
    const key = await crypto.subtle.importKey('pkcs8', pkcs8, ALGORITHM, false, ['sign']);
    return {
      sign: async (bytes) => new Uint8Array(await crypto.subtle.sign(ALGORITHM, key, bytes)),
      random: releasesRandom ? randomOf(pkcs8) : null,
    };
  } finally {
    wipe(pkcs8);
  }
}

function intermediatesOf(chain: readonly Bytes[]): Bytes[] {
  return chain.filter((der) => {
    const { issuer, subject } = readCertificate(der);
    return !equal(issuer.der, subject.der);
  });
}

/** @throws `vault.*`, `certificate.*` where it may not be used for the request now */
export async function openSigner(ports: SignerPorts, order: SignerOrder): Promise<Signer> {
  const { vid, item } = await readItem(ports, order.itemId);
  if (!item.signCertificate) throw new WalletError('certificate.wrong-use');
  const certificate = readCertificate(item.signCertificate);
  const now = ports.clock();
  const reason = whyNotOffered(await rowOf(item), order.accept, now, order.use);
  if (reason !== null) throw new WalletError(reason);
  return { certificate, intermediates: intermediatesOf(item.chain), now, ...(await openKey(vid, item, certificate, order)) };
}
