/** Issues the two pairs of a person of the demo. */
import { concat, type Bytes } from '../lib/bytes/bytes.ts';
import type { Certificate } from '../lib/npki/certificate.ts';
import { virtualId } from '../lib/npki/identity.ts';
import { holderSubject, issueToHolder, statusAddresses, USUAL_PORT } from './ca/profile.ts';
import { DAY, holderDigits, makeKeyPair, type Authority, type KeyPair } from './issue.ts';
import type { Person } from './people.ts';

export interface IssuedPerson {
  readonly sign: Certificate;
  readonly signKeys: KeyPair;
  readonly km: Certificate;
  readonly kmKeys: KeyPair;
  /** R: 20 octets. */
  readonly random: Bytes;
}

/**
 * Issues the sign and the km certificate of a person; the km serial follows the sign serial.
 * @param serial a running number from 1, also the digits behind the name
 */
export async function issuePerson(person: Person, serial: number, start: number, issuer: Authority): Promise<IssuedPerson> {
  const notBefore = start + person.fromDay * DAY;
  const random = crypto.getRandomValues(new Uint8Array(20));
  const [signKeys, kmKeys] = await Promise.all([makeKeyPair(), makeKeyPair()]);
  const common = {
    subject: holderSubject(person, holderDigits(notBefore, serial)),
    notBefore,
    notAfter: start + person.untilDay * DAY - 1000,
    realName: person.realName,
    policy: person.policy,
    addresses: statusAddresses(`http://127.0.0.1:${String(USUAL_PORT)}`),
  };
  const number = (offset: number): Bytes => concat(Uint8Array.of(0x20, 0x26), Uint8Array.of(0, 2 * serial + offset));
  const vid = await virtualId('SHA-256', person.idNumber, random);
  const sign = await issueToHolder(issuer, { ...common, kind: 'sign', serial: number(0), spki: signKeys.spki, vid });
  const km = await issueToHolder(issuer, { ...common, kind: 'km', serial: number(1), spki: kmKeys.spki, vid: null });
  return { sign, signKeys, km, kmKeys, random };
}
