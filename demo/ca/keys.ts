/** The keys of the issuing authority on disk, in the clear: it is a demo, and nothing outside this computer believes it. */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Bytes } from '../../lib/bytes/bytes.ts';
import { readCertificate, type Certificate } from '../../lib/npki/certificate.ts';
import { openAuthorityKeys, type Authority } from '../issue.ts';
import { makeRecipient, makeResponder } from './delegates.ts';

/** Below the folder of the demo. */
export const CA_FOLDER = 'ca';

export interface CaKeys {
  readonly root: Certificate;
  /** Signs certificates, revocation lists and CMP answers. */
  readonly issuing: Authority;
  /** Signs OCSP answers. */
  readonly responder: Authority;
  /** Opens what applicants encrypt. */
  readonly recipient: Authority;
}

async function writePair(folder: string, name: string, { certificate, keys }: Authority): Promise<void> {
  await writeFile(join(folder, `${name}.der`), certificate.der);
  await writeFile(join(folder, `${name}.key`), keys.privateKeyInfo, { mode: 0o600 });
}

/** Makes the authority's delegates and writes all three pairs: `name.der` and `name.key` (PrivateKeyInfo). */
export async function writeCaKeys(folder: string, issuing: Authority): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  await writePair(folder, 'issuing', issuing);
  await writePair(folder, 'responder', await makeResponder(issuing));
  await writePair(folder, 'recipient', await makeRecipient(issuing));
}

async function readPair(folder: string, name: string): Promise<Authority> {
  const load = async (file: string): Promise<Bytes> => new Uint8Array(await readFile(join(folder, file)));
  return openAuthorityKeys(readCertificate(await load(`${name}.der`)), await load(`${name}.key`));
}

/** @param root the root's certificate in DER */
export async function readCaKeys(folder: string, root: Bytes): Promise<CaKeys> {
  const [issuing, responder, recipient] = await Promise.all(['issuing', 'responder', 'recipient'].map((name) => readPair(folder, name)));
  if (issuing === undefined || responder === undefined || recipient === undefined) throw new Error(`no keys in ${folder}`);
  return { root: readCertificate(root), issuing, responder, recipient };
}
