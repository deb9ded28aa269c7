/** Sealing opened rows as items of the vault. */
import { toBase64Url } from '../bytes/base64.ts';
import type { Bytes } from '../bytes/bytes.ts';
import { WalletError } from '../errors.ts';
import type { OpenItem } from '../vault/item.ts';
import { BODY_MAX, CHAIN_MAX } from '../vault/limits.ts';
import type { NewItem } from '../vault/save.ts';
import { sealKey } from '../vault/sealed-key.ts';
import type { Row } from './candidates.ts';
import type { OpenedKeyPair, Random } from './ports.ts';
import { carriesRandom, endOfItem, type ItemMeta } from './rows.ts';

const ID_BYTES = 16;
/** Octets of a record that are left for certificates and keys, beside what says so and seals them. */
const ROOM = BODY_MAX - 4_096;
/** Rows that are sealed between two turns of the page; a few milliseconds. */
const BATCH = 8;

function octetsOf(...pairs: readonly (OpenedKeyPair | null)[]): number {
  return pairs.reduce((sum, pair) => sum + (pair ? pair.certificate.length + pair.privateKeyInfo.length : 0), 0);
}

/** Whether its certificates and keys have room in one record. The chain is no reason to refuse anything. */
export function fitsRecord({ sign, km }: Pick<Row, 'sign' | 'km'>): boolean {
  return octetsOf(sign, km) <= ROOM;
}

function cutChain(authorities: readonly Bytes[], room: number): readonly Bytes[] {
  let left = room;
  const chain = authorities.slice(0, CHAIN_MAX);
  const end = chain.findIndex((certificate) => (left -= certificate.length) < 0);
  return end < 0 ? chain : chain.slice(0, end);
}

/** The authorities that have room beside its pairs. */
export function fittingChain({ sign, km }: Pick<Row, 'sign' | 'km'>): readonly Bytes[] {
  return cutChain(sign?.chain ?? [], ROOM - octetsOf(sign, km));
}

export interface SealOrder {
  readonly vid: string;
  readonly signingKey: Bytes;
  /** Milliseconds since 1970. */
  readonly now: number;
  readonly random: Random;
  /** Gives the page a turn. */
  readonly pause: () => Promise<void>;
}

function endOf({ certificate }: Row): number | null {
  return certificate ? Math.floor(certificate.facts.notAfter / 1000) : null;
}

type Seal = (pair: OpenedKeyPair, role: 'sign' | 'km') => Promise<Bytes>;

function sealer(id: string, { vid, signingKey, random }: SealOrder): Seal {
  return ({ spki, privateKeyInfo }, role) => sealKey({ signingKey, vid, id, role, spki, privateKeyInfo, random });
}

async function sealRow(row: Row, order: SealOrder): Promise<NewItem> {
  const { sign, km } = row;
  const { now, random } = order;
  if (!sign) throw new WalletError('internal', { detail: 'not open' });
  const id = toBase64Url(random(ID_BYTES));
  const seal = sealer(id, order);
  const meta: ItemMeta = { importedAt: now, random: sign.hasRandom };
  return {
    id,
    na: endOf(row),
    meta,
    signCertificate: sign.certificate,
    kmCertificate: km?.certificate ?? null,
    chain: fittingChain(row),
    sealedSignKey: await seal(sign, 'sign'),
    sealedKmKey: km ? await seal(km, 'km') : null,
  };
}

export async function sealRows(rows: readonly Row[], order: SealOrder): Promise<readonly NewItem[]> {
  const items: NewItem[] = [];
  for (let at = 0; at < rows.length; at += BATCH) {
    if (at > 0) await order.pause();
    items.push(...(await Promise.all(rows.slice(at, at + BATCH).map((row) => sealRow(row, order)))));
  }
  return items;
}

/**
 * The record of the same certificate with what it lacks out of opened pairs: R, the km pair, a longer chain. Nothing that it
 * has is taken from it; sealed keys stay as they are, for they belong to the record's id. Null where there is no room for more.
 */
export async function completeItem({ sign, km }: Pick<Row, 'sign' | 'km'>, item: OpenItem, order: SealOrder): Promise<NewItem | null> {
  if (!sign) throw new WalletError('internal', { detail: 'not open' });
  const seal = sealer(item.id, order);
  const newKm = item.kmCertificate === null ? km : null;
  const bringsRandom = sign.hasRandom && !carriesRandom(item);
  const certificates = { signCertificate: item.signCertificate, kmCertificate: newKm?.certificate ?? item.kmCertificate };
  const sealedSignKey = bringsRandom ? await seal(sign, 'sign') : item.sealedSignKey;
  const sealedKmKey = newKm ? await seal(newKm, 'km') : item.sealedKmKey;
  const parts = [certificates.signCertificate, certificates.kmCertificate, sealedSignKey, sealedKmKey];
  const room = parts.reduce((left, part) => left - (part?.length ?? 0), ROOM);
  if (room < 0) return null;
  const chain = cutChain(sign.chain.length > item.chain.length ? sign.chain : item.chain, room);
  const meta = bringsRandom ? { ...item.meta, random: true } : item.meta;
  return { id: item.id, na: endOfItem(item), meta, ...certificates, chain, sealedSignKey, sealedKmKey };
}
