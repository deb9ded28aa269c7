/** The first requests of a run, with the keys that they ask certificates for or sign with. */
import { wipe } from '../../bytes/bytes.ts';
import type { Prepared } from '../../cmp/course.ts';
import type { CodeCredential, Credential } from '../../cmp/credential.ts';
import type { Partner } from '../../cmp/directory/partner.ts';
import { DUMMY_NUMBER, writeEncryptedVid } from '../../cmp/encrypted-vid.ts';
import { askEncryptionCertificate } from '../../cmp/encryption-certificate.ts';
import { makeNewKey, type NewKey } from '../../cmp/new-key.ts';
import type { Signer } from '../../cmp/possession.ts';
import { prepareIssue, prepareRenewal, type VidRequest } from '../../cmp/prepare.ts';
import type { RunPorts } from '../../cmp/run.ts';
import { errorCode, WalletError } from '../../errors.ts';
import { readCertificate, type Certificate } from '../../npki/certificate.ts';
import { virtualId } from '../../npki/identity.ts';
import type { KeyRole } from '../../npki/prove.ts';
import type { OpenItem } from '../../vault/item.ts';
import { digitsOf } from '../identity-check.ts';

export type AskingPorts = Pick<RunPorts, 'clock' | 'random' | 'post'>;

export interface Application {
  readonly prepared: Prepared;
  /** The caller seals and wipes them. */
  readonly keys: readonly NewKey[];
}

/** A certificate that is here, whose key signs. */
export interface Holder {
  readonly item: OpenItem;
  readonly certificate: Certificate;
  readonly sign: Signer;
}

export function wipeKeys(keys: readonly NewKey[]): void {
  for (const { privateKeyInfo, random } of keys) wipe(privateKeyInfo, random);
}

interface VidOrder {
  readonly partner: Partner;
  readonly credential: Credential;
  readonly sign: Signer | null;
  readonly key: NewKey;
  readonly idNumber: string | null;
}

/** The identifier from R for the authority alone, where it takes one. An authority that could do without gets none where it has no certificate for it. */
async function vidRequest({ partner, credential, sign, key, idNumber }: VidOrder, ports: AskingPorts): Promise<VidRequest | null> {
  const { vid, vidNumber } = partner.adapter;
  const random = key.random;
  if (vid === 'no' || random === null) return null;
  const number = vidNumber === 'dummy' ? DUMMY_NUMBER : digitsOf(idNumber ?? '');
  try {
    const certificate = await askEncryptionCertificate(partner, credential, ports, sign);
    const encrypted = await writeEncryptedVid({ idNumber: number, random, certificate }, ports.random);
    return { encrypted, vid: vidNumber === 'dummy' ? null : await virtualId('SHA-256', number, random) };
  } catch (thrown) {
    if (vid === 'required' || errorCode(thrown) !== 'ca.refused') throw thrown;
    return null;
  }
}

async function withKeys(uses: readonly KeyRole[], ports: AskingPorts, make: (keys: readonly NewKey[]) => Promise<Prepared>): Promise<Application> {
  const keys = await Promise.all(uses.map((use) => makeNewKey(use, ports.random)));
  try {
    return { prepared: await make(keys), keys };
  } catch (thrown) {
    wipeKeys(keys);
    throw thrown;
  }
}

function signKey(keys: readonly NewKey[]): NewKey {
  const found = keys.find(({ use }) => use === 'sign');
  if (found === undefined) throw new WalletError('internal', { detail: 'key to sign' });
  return found;
}

export interface IssueRequest {
  readonly act: 'issue' | 'reissue';
  readonly partner: Partner;
  readonly credential: CodeCredential;
  readonly km: boolean;
  readonly idNumber: string | null;
}

/** @throws `ca.unreachable`, `ca.refused`, `request.malformed` for the number */
export function applyForIssue({ act, partner, credential, km, idNumber }: IssueRequest, ports: AskingPorts): Promise<Application> {
  const uses: readonly KeyRole[] = km && partner.adapter.requests === 2 ? ['sign', 'km'] : ['sign'];
  return withKeys(uses, ports, async (keys) => {
    const vid = await vidRequest({ partner, credential, sign: null, key: signKey(keys), idNumber }, ports);
    return prepareIssue({ act, partner, credential, keys, vid }, ports);
  });
}

/** Sign certificate and, where one message may, the km certificate beside it. Throws as `applyForIssue`. */
export function applyForRenewal(
  { item, certificate, sign }: Holder,
  partner: Partner,
  idNumber: string | null,
  ports: AskingPorts,
): Promise<Application> {
  const km = partner.adapter.requests === 2 && item.kmCertificate !== null ? readCertificate(item.kmCertificate) : null;
  const olds = new Map<KeyRole, Certificate>([['sign', certificate], ...(km === null ? [] : [['km', km] as const])]);
  return withKeys([...olds.keys()], ports, async (keys) => {
    const credential: Credential = { kind: 'certificate', certificate: certificate.der };
    const vid = await vidRequest({ partner, credential, sign, key: signKey(keys), idNumber }, ports);
    const pairs = keys.map((key) => ({ old: olds.get(key.use) ?? certificate, key }));
    return prepareRenewal({ partner, certificate, sign, pairs, vid }, ports);
  });
}
