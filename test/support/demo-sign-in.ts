/** What the wallet of a person of the demo would sign for a site. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { DemoAuthority } from '../../demo/authority.ts';
import { fromBase64, toBase64 } from '../../lib/bytes/base64.ts';
import type { Bytes } from '../../lib/bytes/bytes.ts';
import { readCertificate } from '../../lib/npki/certificate.ts';
import { openPrivateKey } from '../../lib/npki/private-key.ts';
import { writeSignedData } from '../../lib/sign/cms.ts';
import { writeEnvelope } from '../../lib/sign/envelope.ts';
import { writeIdentityValue } from '../../lib/sign/identity-value.ts';
import { writeStatement } from '../../lib/sign/statement.ts';

export interface DemoSignIn {
  readonly authority: DemoAuthority;
  /** In the order of the demo's people. */
  readonly person: number;
  readonly nonce: string;
  readonly origin: string;
  /** Milliseconds since 1970 UTC. */
  readonly now: number;
  readonly pair?: 'sign' | 'km';
}

/** The identity value of that person for the bank, in base64; of another R where one is given. */
export async function identityOf({ authority, person, nonce, origin }: DemoSignIn, recipient: string, otherRandom?: Bytes): Promise<string> {
  const { folder, password } = authority.people[person]!;
  const { random } = await openPrivateKey(new Uint8Array(readFileSync(join(folder, 'signPri.key'))), password);
  const fill = (length: number): Bytes => crypto.getRandomValues(new Uint8Array(length));
  const content = writeIdentityValue({ origin, nonce, random: otherRandom ?? random! });
  return toBase64(await writeEnvelope(content, readCertificate(fromBase64(recipient)), fill));
}

/** CMS in base64. */
export function signInAs({ nonce, origin, now, ...who }: DemoSignIn): Promise<string> {
  return signAs({ ...who, now, content: writeStatement({ origin, nonce, issuedAt: now }) });
}

export interface DemoSignature extends Pick<DemoSignIn, 'authority' | 'person' | 'now' | 'pair'> {
  readonly content: Bytes;
  /** Of a document: the page that asked. */
  readonly origin?: string;
}

/** CMS in base64 over any content. */
export async function signAs({ authority, person, now, content, origin, pair = 'sign' }: DemoSignature): Promise<string> {
  const { folder, password } = authority.people[person]!;
  const load = (name: string): Bytes => new Uint8Array(readFileSync(join(folder, name)));
  const algorithm = { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' };
  const { privateKeyInfo } = await openPrivateKey(load(`${pair}Pri.key`), password);
  const key = await crypto.subtle.importKey('pkcs8', privateKeyInfo, algorithm, false, ['sign']);
  const cms = await writeSignedData({
    content,
    certificate: load(`${pair}Cert.der`),
    chain: [authority.issuing],
    signingTime: now,
    form: 'cms',
    ...(origin === undefined ? {} : { origin }),
    sign: async (bytes) => new Uint8Array(await crypto.subtle.sign(algorithm, key, bytes)),
  });
  return toBase64(cms);
}
