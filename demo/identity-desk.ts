/** Who somebody is, as the demo bank finds out: the identity value that a wallet released, against the number on file. */
import { createPrivateKey } from 'node:crypto';
import { toBase64 } from '../lib/bytes/base64.ts';
import { WalletError } from '../lib/errors.ts';
import { OID } from '../lib/npki/oids.ts';
import type { SignIn } from '../lib/verify/result.ts';
import type { IdentityReceiver, Verifier } from '../lib/verify/verifier.ts';
import type { DemoAuthority } from './authority.ts';
import { readCaKeys } from './ca/keys.ts';
import { CUSTOMERS } from './customers.ts';
import { keyUsage, policies } from './extensions.ts';
import { DAY, issueBelow, makeKeyPair, NOTICE, ORGANIZATION } from './issue.ts';
import { writeName } from './x509.ts';

/** The bank's pair for identity values and nothing else. It lives as long as this process: nothing that it opens is kept. */
async function makeReceiver({ caFolder, root }: DemoAuthority, now: number): Promise<IdentityReceiver> {
  const [{ issuing }, keys] = await Promise.all([readCaKeys(caFolder, root), makeKeyPair()]);
  const certificate = await issueBelow(issuing, {
    serial: Uint8Array.of(0x10, ...crypto.getRandomValues(new Uint8Array(7))),
    subject: writeName([
      [OID.country, 'KR'],
      [OID.organization, ORGANIZATION],
      [OID.organizationalUnit, 'Server'],
      [OID.commonName, '도장 시연 은행'],
    ]),
    notBefore: now - DAY,
    notAfter: now + 365 * DAY,
    spki: keys.spki,
    extensions: [keyUsage('keyEncipherment', 'dataEncipherment'), policies(OID.anyPolicy, ...NOTICE)],
  });
  return {
    certificate: certificate.der,
    privateKey: createPrivateKey({ key: Buffer.from(keys.privateKeyInfo), format: 'der', type: 'pkcs8' }),
  };
}

export class IdentityDesk {
  readonly #authority: DemoAuthority;
  readonly #verifier: Verifier;
  readonly #clock: () => number;
  #receiver: Promise<IdentityReceiver> | null = null;

  constructor(authority: DemoAuthority, verifier: Verifier, clock: () => number) {
    this.#authority = authority;
    this.#verifier = verifier;
    this.#clock = clock;
  }

  /** The certificate that wallets encrypt identity values to: DER in base64. */
  async recipient(): Promise<string> {
    return toBase64((await this.#open()).certificate);
  }

  /**
   * Checks that the certificate of a verified sign-in was issued to the holder of the number on file.
   * @param envelope as the page sent it
   * @throws what `openIdentity` throws; `verify.identity` where the numbers differ, or there is none on file
   */
  async check({ holder, certificate }: SignIn, envelope: string, nonce: string): Promise<void> {
    const random = await this.#verifier.openIdentity(envelope, { receiver: await this.#open(), nonce });
    try {
      // A real bank finds its customer by the certificate that was registered; here the names are all different.
      const idNumber = CUSTOMERS.find(({ realName }) => realName === holder)?.idNumber;
      if (idNumber === undefined) throw new WalletError('verify.identity');
      await this.#verifier.verifyIdentity({ certificate, random, idNumber });
    } finally {
      random.fill(0);
    }
  }

  #open(): Promise<IdentityReceiver> {
    return (this.#receiver ??= makeReceiver(this.#authority, this.#clock()));
  }
}
