/** Whom a page wants the identity value encrypted to, as far as anything is known of it. */
import { certificateFingerprint } from '../npki/certificate.ts';
import { plainText } from '../npki/holder.ts';
import { nameValue } from '../npki/name.ts';
import { OID } from '../npki/oids.ts';
import type { IdentityWish } from '../protocol/sign-in.ts';
import { shippedIntermediates } from '../trust/roots.ts';
import type { Receiver } from './api.ts';
import { recipientOf } from './identity-release.ts';
import { isRooted } from './rooted.ts';

/** @param now milliseconds since 1970. @throws `request.recipient` */
export async function receiverOf(wish: IdentityWish, now: number): Promise<Receiver> {
  const certificate = recipientOf(wish, now);
  const valueOf = (type: string): string => plainText(nameValue(certificate.subject, type) ?? '');
  const [name, organization] = [valueOf(OID.commonName), valueOf(OID.organization)];
  return {
    name: name || organization,
    organization: name === '' || name === organization ? '' : organization,
    fingerprint: await certificateFingerprint(certificate),
    rooted: await isRooted(certificate, shippedIntermediates(), now),
  };
}
