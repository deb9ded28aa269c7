/** The record of certificates that an authority issued, before and after they are confirmed. */
import { WalletError } from '../../errors.ts';
import type { IssuedCertificate, Saved } from '../../cmp/course.ts';
import { equal, type Bytes } from '../../bytes/bytes.ts';
import { readCertificate, type Certificate } from '../../npki/certificate.ts';
import type { OpenItem } from '../../vault/item.ts';
import type { JournalKey } from '../../vault/journal.ts';
import type { NewItem } from '../../vault/save.ts';
import { readLabels, withLabels } from '../labels.ts';
import { endOfItem, withConfirmed, type ItemMeta } from '../rows.ts';
import type { Errand } from './errand.ts';

type Pair = { readonly certificate: Bytes; readonly sealed: Bytes } | null;

/** The certificate of one use beside the key that it was asked for. */
function pairOf(certificates: readonly IssuedCertificate[], keys: readonly JournalKey[], use: 'sign' | 'km'): Pair {
  const issued = certificates.find((one) => one.use === use);
  if (issued === undefined) return null;
  const key = keys.find(({ role, spki }) => role === use && equal(spki, issued.spki));
  if (key === undefined) throw new WalletError('internal', { detail: 'key of a certificate' });
  return { certificate: issued.certificate, sealed: key.sealed };
}

export interface NewRecord {
  readonly errand: Errand;
  readonly course: Saved;
  /** Issuing certificates of the authority. */
  readonly issuers: readonly Certificate[];
  /** The record that it renews, whose labels it takes over. */
  readonly old: OpenItem | null;
  /** Milliseconds since 1970. */
  readonly now: number;
}

/** As it is saved before the authority hears that it was: listed, and not to be used. */
export function unconfirmedItem({ errand, course, issuers, old, now }: NewRecord): NewItem {
  const sign = pairOf(course.certificates, errand.keys, 'sign');
  const km = pairOf(course.certificates, errand.keys, 'km');
  if (sign === null || errand.item === null) throw new WalletError('internal', { detail: 'certificate to sign' });
  const { issuer, notAfter } = readCertificate(sign.certificate);
  const meta: ItemMeta = { importedAt: now, random: true, unconfirmed: errand.item };
  return {
    id: errand.item,
    na: Math.floor(notAfter / 1000),
    meta: old === null ? meta : withLabels(meta, readLabels(old.meta)),
    signCertificate: sign.certificate,
    kmCertificate: km?.certificate ?? null,
    chain: issuers.filter(({ subject }) => equal(subject.der, issuer.der)).map(({ der }) => der),
    sealedSignKey: sign.sealed,
    sealedKmKey: km?.sealed ?? null,
  };
}

/** The same once the authority knows; where it lies, in the list or the wastebasket, is the owner's. */
export function confirmedItem(item: OpenItem): NewItem {
  return { ...item, na: item.deleted === null ? endOfItem(item) : null, meta: withConfirmed(item.meta) };
}
