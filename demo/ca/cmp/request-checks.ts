/** What every request for a certificate must hold: a key worth certifying, and the proof that the applicant has its private half. */
import { bitString, octetString, objectIdentifier, readDer, sequence } from '../../../lib/asn1/reader.ts';
import { equal, type Bytes } from '../../../lib/bytes/bytes.ts';
import { utf8 } from '../../../lib/bytes/text.ts';
import type { CertificateRequest, KeyAndMac } from '../../../lib/cmp/certificate-request.ts';
import { CMP_LIMITS } from '../../../lib/cmp/limits.ts';
import { isMacOf, readMacAlgorithm } from '../../../lib/cmp/mac.ts';
import { OID } from '../../../lib/npki/oids.ts';
import { readPublicKey, type RsaPublicKey } from '../../../lib/npki/public-key.ts';
import { usableKey } from '../../../lib/npki/rsa.ts';
import { isSignedBy, SIGNATURE_HASHES } from '../../../lib/trust/rsa-signature.ts';
import type { CaContext } from '../context.ts';
import type { Kind } from '../profile.ts';
import type { Caller } from './caller.ts';
import { Refusal } from './refusal.ts';

/** A request that passed: what will stand in the certificate. */
export interface SoundRequest {
  readonly request: CertificateRequest;
  readonly kind: Kind;
  readonly spki: Bytes;
}

const KEY_ENCIPHERMENT = 0x20;
const DIGITAL_SIGNATURE = 0x80;

/** `km` where the template asks for keyEncipherment and not for signatures; a template without key usage is for signing. */
function kindOf({ template }: CertificateRequest): Kind {
  const usage = template.extensions.map((extension) => sequence(readDer(extension))).find(([id]) => objectIdentifier(id) === OID.keyUsage);
  if (usage === undefined) return 'sign';
  const [bits = 0] = bitString(readDer(octetString(usage.at(-1)))).bytes;
  if ((bits & DIGITAL_SIGNATURE) !== 0) return 'sign';
  if ((bits & KEY_ENCIPHERMENT) !== 0) return 'km';
  throw new Refusal('badCertTemplate');
}

/** The key, if it is one worth certifying. */
function readKey({ certificates }: CaContext, spki: Bytes): RsaPublicKey {
  const { algorithm, rsa } = readPublicKey(readDer(spki));
  if (!isUsable(algorithm, rsa)) throw new Refusal('badCertTemplate', 'RSA 2048비트 이상의 열쇠만 받습니다.');
  if (certificates.knowsKey(spki)) throw new Refusal('duplicateCertReq');
  return rsa;
}

function isUsable(publicKeyAlgorithm: string, publicKey: RsaPublicKey | null): publicKey is RsaPublicKey {
  try {
    return usableKey({ publicKey, publicKeyAlgorithm }).bits <= CMP_LIMITS.rsaBitsMost;
  } catch {
    return false;
  }
}

/** RFC 4211 4.1: the MAC ties the key to whoever knows the code; it counts only beside a message under the same code. */
async function isTied(caller: Caller, spki: Bytes, input: KeyAndMac): Promise<boolean> {
  const algorithm = readMacAlgorithm(input.macAlgorithm);
  if (caller.kind !== 'reference' || algorithm?.way !== 'pbm' || !equal(input.spki, spki)) return false;
  return isMacOf(algorithm, utf8(caller.registration.code), spki, input.mac);
}

/** Either the whole request is signed, with its subject in it, or key and MAC where no subject is known; nothing in between. */
async function checkPossession(
  caller: Caller,
  { possession, template, der }: CertificateRequest,
  spki: Bytes,
  publicKey: RsaPublicKey,
): Promise<void> {
  if (possession.kind !== 'signature') throw new Refusal('badPOP');
  const { input, algorithm, signature } = possession;
  if ((input === null) !== (template.subject !== null)) throw new Refusal('badPOP');
  if (input !== null && !(await isTied(caller, spki, input))) throw new Refusal('badPOP');
  const hash = SIGNATURE_HASHES.get(algorithm.id);
  if (hash === undefined || !(await isSignedBy({ spki, publicKey }, hash, signature, input?.signed ?? der))) throw new Refusal('badPOP');
}

async function checkOne(ca: CaContext, caller: Caller, request: CertificateRequest): Promise<SoundRequest> {
  const { spki } = request.template;
  if (spki === null) throw new Refusal('badCertTemplate');
  await checkPossession(caller, request, spki, readKey(ca, spki));
  return { request, kind: kindOf(request), spki };
}

/** One request, or one of each kind; all are checked before anything is issued. @throws `Refusal` */
export async function checkRequests(ca: CaContext, caller: Caller, requests: readonly CertificateRequest[]): Promise<SoundRequest[]> {
  const [first, second, third] = requests;
  if (first === undefined || third !== undefined || first.requestId === second?.requestId) throw new Refusal('badRequest');
  const sound = await Promise.all(requests.map((request) => checkOne(ca, caller, request)));
  const [one, other] = sound;
  if (one !== undefined && other !== undefined && (one.kind === other.kind || equal(one.spki, other.spki))) throw new Refusal('badCertTemplate');
  return sound;
}
