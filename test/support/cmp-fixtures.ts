/** The certificate management messages of test/fixtures/cmp; its README.txt says who made them and with which secrets. */
import { utf8 } from '../../lib/bytes/text.ts';
import type { Authority } from '../../lib/cmp/authority.ts';
import { readMessage, type Message } from '../../lib/cmp/message.ts';
import { readCertificate, type Certificate } from '../../lib/npki/certificate.ts';
import { readTextBlocks } from '../../lib/npki/pem.ts';
import { readFixture } from './npki-fixtures.ts';

export const CODE = utf8('VECTOR-CODE-0123456789');
/** When the messages were made. */
export const VECTOR_TIME = Date.parse('2026-11-23T06:42:00Z');

export function fixtureMessage(name: string): Message {
  return readMessage(readFixture('cmp', `${name}.der`));
}

export function fixtureCertificate(name: 'root' | 'ca'): Certificate {
  return readCertificate(readFixture('cmp', `${name}.der`));
}

export function fixtureHolder(name: 'c1' | 'c2' | 'c3'): Certificate {
  return readCertificate(readTextBlocks(readFixture('cmp', `${name}.pem`))![0]!.der!);
}

export function fixtureAuthority(): Authority {
  return { issuers: [fixtureCertificate('ca')], roots: [fixtureCertificate('root')] };
}
