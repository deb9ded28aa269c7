/**
 * The shipped roots and authorities of Korean joint certificates. They are data (`roots.json`): each with its fingerprint,
 * date and source, replaceable without touching code. Only `roots` are trusted by themselves; an intermediate merely saves
 * the search, since these certificates do not say where their issuer's can be fetched.
 */
import { fromBase64 } from '../bytes/base64.ts';
import { readCertificate, type Certificate } from '../npki/certificate.ts';
import shipped from './roots.json' with { type: 'json' };

function read(entries: readonly { readonly certificate: string }[]): Certificate[] {
  return entries.map(({ certificate }) => readCertificate(fromBase64(certificate)));
}

/** The roots that Korean authorities chain to, read anew at each call. */
export function shippedRoots(): Certificate[] {
  return read(shipped.roots);
}

/** Authorities below those roots. They are checked like any other certificate of a path. */
export function shippedIntermediates(): Certificate[] {
  return read(shipped.intermediates);
}
