/** What the import worker does: finds identities in picked files, and opens their keys with the passwords it is told. */
import type { Bytes } from '../bytes/bytes.ts';
import { WalletError } from '../errors.ts';
import { certificateFingerprint } from '../npki/certificate.ts';
import { certificateFacts } from '../npki/facts.ts';
import { findIdentities, type FoundIdentity } from '../npki/folder.ts';
import { openKm, openSign } from '../npki/open-identity.ts';
import type { FoundInFiles, OpenedKeyPair } from './ports.ts';

async function describe(found: FoundIdentity, key: string): Promise<FoundInFiles> {
  const { path, refusal, certificate, sign, km } = found;
  // A km pair alone opens old messages, which the wallet does not do yet.
  const kmAlone = refusal === null && sign === null;
  return {
    key,
    path,
    code: refusal?.code ?? (kmAlone ? 'certificate.wrong-use' : null),
    detail: refusal?.detail ?? null,
    facts: certificate ? certificateFacts(certificate, await certificateFingerprint(certificate)) : null,
    hasKm: km !== null,
  };
}

export class FilesBench {
  readonly #found = new Map<string, FoundIdentity>();

  /** @throws `file.hostile` for too many files */
  async find(files: readonly { readonly path: string; readonly bytes: Bytes }[]): Promise<readonly FoundInFiles[]> {
    const everyFile = files.every(({ path }) => !path.includes('/'));
    const found = findIdentities(files, { everyFile });
    this.#found.clear();
    for (const [at, identity] of found.entries()) this.#found.set(String(at), identity);
    return Promise.all(found.map((identity, at) => describe(identity, String(at))));
  }

  /** @throws `password.wrong`, `file.*` */
  async open(key: string, role: 'sign' | 'km', password: string): Promise<OpenedKeyPair> {
    const found = this.#found.get(key);
    if (!found) throw new WalletError('internal', { detail: 'key' });
    const opened = await (role === 'sign' ? openSign : openKm)(found, password);
    return {
      certificate: opened.certificate.der,
      spki: opened.certificate.spki,
      privateKeyInfo: opened.key.privateKeyInfo,
      hasRandom: opened.key.random !== null,
      chain: found.chain.map(({ der }) => der),
    };
  }
}
