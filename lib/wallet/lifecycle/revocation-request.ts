/** The first request of a run that revokes, holds or releases: of which certificates, and who asks. */
import { fromHex } from '../../bytes/hex.ts';
import type { Bytes } from '../../bytes/bytes.ts';
import type { CodeCredential } from '../../cmp/credential.ts';
import type { Partner } from '../../cmp/directory/partner.ts';
import { prepareRevocation, type RevokeInput } from '../../cmp/prepare.ts';
import { WalletError } from '../../errors.ts';
import { readCertificate } from '../../npki/certificate.ts';
import type { VaultHead } from '../../vault/head.ts';
import type { OpenItem } from '../../vault/item.ts';
import type { VaultStore } from '../../vault/store.ts';
import type { OpenSlot } from '../../vault/unlock.ts';
import { openItem } from '../../vault/vault.ts';
import type { RevocationOrder } from '../lifecycle-api.ts';
import { presentItem } from '../open-items.ts';
import { signCertificate } from '../rows.ts';
import type { Beginning } from './beginning.ts';
import { holderOf } from './keys-at-hand.ts';
import type { AskingPorts } from './requests.ts';

type Asker = Pick<RevokeInput, 'certificates' | 'credential' | 'sign'>;

export interface RevocationPorts extends AskingPorts {
  readonly store: VaultStore;
}

interface AtHand {
  readonly head: VaultHead;
  readonly slot: OpenSlot;
  readonly partner: Partner;
  /** Number and code of the bank; the caller wipes them. */
  readonly code: CodeCredential | null;
}

const SERIAL = /^(?:0x)?([0-9a-f]{1,40})$/i;

/** Content octets of the INTEGER. @throws `request.malformed` (detail: `serial`) */
function readSerial(typed: string): Bytes {
  const digits = SERIAL.exec(typed.replaceAll(/[\s:-]/g, ''))?.[1]?.replace(/^0+/, '') ?? '';
  if (digits === '') throw new WalletError('request.malformed', { detail: 'serial' });
  const even = digits.length % 2 === 0 ? digits : `0${digits}`;
  return fromHex(/^[89a-f]/i.test(even) ? `00${even}` : even);
}

/** Sign and, where one message may, km certificate of a record. */
function certificatesOf(item: OpenItem, { adapter }: Partner): Asker['certificates'] {
  const km = adapter.revokeMany && item.kmCertificate !== null ? [readCertificate(item.kmCertificate)] : [];
  return [signCertificate(item), ...km];
}

async function askerOf(
  certificate: RevocationOrder['certificate'],
  { head, slot, partner, code }: AtHand,
  { store }: RevocationPorts,
): Promise<Asker> {
  if ('id' in certificate && code === null) {
    const { item, certificate: own, sign } = await holderOf(store, head, slot, certificate.id);
    return { certificates: certificatesOf(item, partner), credential: { kind: 'certificate', certificate: own.der }, sign };
  }
  if (code === null) throw new WalletError('certificate.wrong-use');
  if ('id' in certificate) {
    const item = presentItem(await openItem(store, head, slot.listKey, certificate.id));
    return { certificates: certificatesOf(item, partner), credential: code, sign: null };
  }
  const [issuer] = partner.issuers;
  if (issuer === undefined) throw new WalletError('internal', { detail: 'issuing certificate' });
  return { certificates: [{ issuer: issuer.subject, serial: readSerial(certificate.serial) }], credential: code, sign: null };
}

/** @throws `certificate.wrong-use`, `certificate.not-found`, `request.malformed` (detail: `serial`) */
export async function applyForRevocation(
  { certificate, reason }: Pick<RevocationOrder, 'certificate' | 'reason'>,
  atHand: AtHand,
  ports: RevocationPorts,
): Promise<Beginning> {
  const asker = await askerOf(certificate, atHand, ports);
  const prepared = await prepareRevocation({ ...asker, partner: atHand.partner, reason }, ports);
  return { prepared, keys: [], old: 'id' in certificate ? certificate.id : null, sign: asker.sign };
}
