/** For tests: protections that a client must not believe, or must be able to read all the same. */
import { createHash, createHmac } from 'node:crypto';
import * as der from '../../../lib/asn1/writer.ts';
import type { Bytes } from '../../../lib/bytes/bytes.ts';
import { writeAlgorithm } from '../../../lib/cmp/algorithm.ts';
import type { MacOptions } from '../../../lib/cmp/mac.ts';
import type { Protector } from '../../../lib/cmp/message.ts';
import { CMP_OID } from '../../../lib/cmp/oids.ts';
import { OID } from '../../../lib/npki/oids.ts';
import { DAY, makeKeyPair, type Authority } from '../../issue.ts';
import type { CaContext } from '../context.ts';
import { holderSubject, issueToHolder } from '../profile.ts';

function baseKey({ secret, salt, iterations }: MacOptions): Buffer {
  let key: Buffer = Buffer.concat([secret, salt]);
  for (let i = 0; i < iterations; i++) key = createHash('sha256').update(key).digest();
  return key;
}

function pbm(options: MacOptions, named: number, hash: 'sha1' | 'sha256', spoil: boolean): Protector {
  const mac = writeAlgorithm(hash === 'sha1' ? CMP_OID.hmacSha1 : OID.hmacWithSha256);
  const parameters = der.sequence(der.octetString(options.salt), writeAlgorithm(OID.sha256), der.integer(named), mac);
  return {
    algorithm: writeAlgorithm(CMP_OID.passwordBasedMac, parameters),
    protect: (part: Bytes) => {
      const made = new Uint8Array(createHmac(hash, baseKey(options)).update(part).digest());
      if (spoil) made[0] = (made[0] ?? 0) ^ 1;
      return Promise.resolve(made);
    },
  };
}

/** A MAC under a fault, or null where none is waiting. `iterations:n` names n rounds and makes as many as the request had. */
export function faultyMac({ faults }: CaContext, options: MacOptions): Protector | null {
  if (faults.takes('mac-wrong')) return pbm(options, options.iterations, 'sha256', true);
  if (faults.takes('mac-sha1')) return pbm(options, options.iterations, 'sha1', false);
  const rounds = faults.take('iterations');
  return rounds === null ? null : pbm(options, rounds, 'sha256', false);
}

/** A certificate as anybody gets it, to sign what only the authority may. It is in no register. */
export async function ordinaryUser({ keys, clock }: CaContext): Promise<Authority> {
  const pair = await makeKeyPair();
  const certificate = await issueToHolder(keys.issuing, {
    kind: 'sign',
    serial: Uint8Array.of(0x66, 0x66),
    subject: holderSubject({ realName: '시험', latin: '', unit: 'personal4IB' }, '0099'),
    realName: '시험',
    policy: '1.2.410.200005.1.1.4',
    vid: null,
    spki: pair.spki,
    notBefore: clock() - DAY,
    notAfter: clock() + DAY,
    addresses: null,
  });
  return { certificate, keys: pair };
}
