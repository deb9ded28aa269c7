/** Signing in: opens one private key with the one key that may, signs the statement, wipes. Runs in the background. */
import { toBase64 } from '../bytes/base64.ts';
import { equal, wipe, type Bytes } from '../bytes/bytes.ts';
import { WalletError } from '../errors.ts';
import { readCertificate, type Certificate } from '../npki/certificate.ts';
import type { SignInRequest, SignInResult } from '../protocol/sign-in.ts';
import { writeSignedData } from '../sign/cms.ts';
import { writeStatement } from '../sign/statement.ts';
import type { OpenItem } from '../vault/item.ts';
import { openSealedKey } from '../vault/sealed-key.ts';
import type { Copies } from '../vault/copies.ts';
import { headOfKey } from '../vault/heads-to-open.ts';
import { openItem } from '../vault/vault.ts';
import { whyNotOffered } from './offers.ts';
import type { Clock } from './ports.ts';
import { rowOf } from './rows.ts';
import type { Sessions } from './session.ts';

const ALGORITHM = { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' } as const;

export interface SignInPorts {
  readonly store: Copies;
  readonly sessions: Sessions;
  readonly clock: Clock;
}

export interface SignInOrder {
  readonly origin: string;
  readonly request: SignInRequest;
  /** Record id of the chosen certificate. */
  readonly itemId: string;
  /** Opens that record's private key and nothing else; wiped here. */
  readonly recordKey: Bytes;
}

/** The item of the open wallet, and the wallet's id. */
async function readItem(ports: SignInPorts, itemId: string): Promise<{ vid: string; item: OpenItem }> {
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

async function importSigningKey(vid: string, item: OpenItem, certificate: Certificate, recordKey: Bytes): Promise<CryptoKey> {
  if (!item.sealedSignKey) throw new WalletError('certificate.wrong-use');
  const pkcs8 = await openSealedKey({ key: recordKey, vid, id: item.id, role: 'sign', sealed: item.sealedSignKey, spki: certificate.spki });
  try {
    return await crypto.subtle.importKey('pkcs8', pkcs8, ALGORITHM, false, ['sign']);
  } finally {
    wipe(pkcs8);
  }
}

/** Certificates between the signer's and the root: whoever verifies has the root of its own. */
function intermediates(chain: readonly Bytes[]): Bytes[] {
  return chain.filter((der) => {
    const { issuer, subject } = readCertificate(der);
    return !equal(issuer.der, subject.der);
  });
}

/**
 * Signs the sign-in statement of an approved request.
 * @throws `vault.*`, `certificate.*`
 */
export async function signIn(ports: SignInPorts, order: SignInOrder): Promise<SignInResult> {
  try {
    const { vid, item } = await readItem(ports, order.itemId);
    if (!item.signCertificate) throw new WalletError('certificate.wrong-use');
    const certificate = readCertificate(item.signCertificate);
    const now = ports.clock();
    const reason = whyNotOffered(await rowOf(item), order.request.accept, now);
    if (reason !== null) throw new WalletError(reason);
    const key = await importSigningKey(vid, item, certificate, order.recordKey);
    const cms = await writeSignedData({
      content: writeStatement({ origin: order.origin, nonce: order.request.nonce, issuedAt: now }),
      certificate: certificate.der,
      chain: intermediates(item.chain),
      signingTime: now,
      form: 'cms',
      sign: async (bytes) => new Uint8Array(await crypto.subtle.sign(ALGORITHM, key, bytes)),
    });
    return { cms: toBase64(cms), certificate: toBase64(certificate.der) };
  } finally {
    wipe(order.recordKey);
  }
}
