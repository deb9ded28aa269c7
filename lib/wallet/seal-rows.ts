/** Sealing opened rows as items of the vault. */
import { toBase64Url } from '../bytes/base64.ts';
import type { Bytes } from '../bytes/bytes.ts';
import { WalletError } from '../errors.ts';
import { BODY_MAX, CHAIN_MAX } from '../vault/limits.ts';
import type { NewItem } from '../vault/save.ts';
import { sealKey } from '../vault/sealed-key.ts';
import type { Row } from './candidates.ts';
import type { OpenedKeyPair, Random } from './ports.ts';
import type { ItemMeta } from './rows.ts';

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

function fittingChain({ sign, km }: Row): readonly Bytes[] {
  let room = ROOM - octetsOf(sign, km);
  const chain = (sign?.chain ?? []).slice(0, CHAIN_MAX);
  const end = chain.findIndex((certificate) => (room -= certificate.length) < 0);
  return end < 0 ? chain : chain.slice(0, end);
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

async function sealRow(row: Row, { vid, signingKey, now, random }: SealOrder): Promise<NewItem> {
  const { sign, km, certificate } = row;
  if (!sign) throw new WalletError('internal', { detail: 'not open' });
  const id = toBase64Url(random(ID_BYTES));
  const seal = ({ spki, privateKeyInfo }: OpenedKeyPair, role: 'sign' | 'km'): Promise<Bytes> =>
    sealKey({ signingKey, vid, id, role, spki, privateKeyInfo, random });
  const meta: ItemMeta = { importedAt: now, random: sign.hasRandom };
  return {
    id,
    na: certificate ? Math.floor(certificate.facts.notAfter / 1000) : null,
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
