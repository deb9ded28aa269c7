/** The certificate revocation list (RFC 5280 5, KCAC.TS.CRLPROF): version 2, signed by the issuing authority. */
import * as der from '../../lib/asn1/writer.ts';
import { TAG } from '../../lib/asn1/tags.ts';
import { copy, type Bytes } from '../../lib/bytes/bytes.ts';
import { fromHex } from '../../lib/bytes/hex.ts';
import { OID } from '../../lib/npki/oids.ts';
import { authorityKeyId } from '../extensions.ts';
import type { Authority } from '../issue.ts';
import { writeExtension } from '../x509.ts';
import type { CaContext } from './context.ts';

const CRL_NUMBER = '2.5.29.20';
const REASON_CODE = '2.5.29.21';
const ISSUING_DISTRIBUTION_POINT = '2.5.29.28';

const HOUR = 3_600_000;
/** A list is replaced when something changed, or after half its life. */
const LIFE_MS = 24 * HOUR;

export interface ListEntry {
  /** Content octets of the serial in hex. */
  readonly serial: string;
  readonly reason: number;
  /** Milliseconds since 1970 UTC. */
  readonly changed: number;
}

export interface ListFields {
  readonly number: number;
  readonly entries: readonly ListEntry[];
  readonly thisUpdate: number;
  readonly nextUpdate: number;
  /** For tests: says that it also lists certificates of others. */
  readonly indirect?: boolean;
}

function writeEntry({ serial, reason, changed }: ListEntry): Bytes {
  const code = writeExtension(REASON_CODE, false, der.element(TAG.ENUMERATED, Uint8Array.of(reason)));
  return der.sequence(der.element(TAG.INTEGER, fromHex(serial)), der.time(changed), der.sequence(code));
}

function listExtensions({ certificate }: Authority, { number, indirect }: ListFields): Bytes {
  const aki = certificate.subjectKeyId === null ? [] : [authorityKeyId(certificate.subjectKeyId, certificate.issuer.der, certificate.serial)];
  const scope = indirect === true ? [writeExtension(ISSUING_DISTRIBUTION_POINT, true, der.sequence(der.element(0x84, Uint8Array.of(0xff))))] : [];
  return der.sequence(...aki, writeExtension(CRL_NUMBER, false, der.integer(number)), ...scope);
}

/** Writes and signs a list. */
export async function writeRevocationList(issuing: Authority, fields: ListFields): Promise<Bytes> {
  const { entries, thisUpdate, nextUpdate } = fields;
  const algorithm = der.sequence(der.objectIdentifier(OID.sha256WithRsa), der.nullValue());
  const toBeSigned = der.sequence(
    der.integer(1),
    algorithm,
    issuing.certificate.subject.der,
    der.time(thisUpdate),
    der.time(nextUpdate),
    ...(entries.length === 0 ? [] : [der.sequence(...entries.map(writeEntry))]), // RFC 5280 5.1.2.6: absent where nothing is revoked
    der.context(0, listExtensions(issuing, fields)),
  );
  return der.sequence(toBeSigned, algorithm, der.bitString(await issuing.keys.sign(toBeSigned)));
}

/** For tests: a list that must not be believed, signed all the same; null where no fault is waiting. */
async function faultyList({ faults, keys, clock }: CaContext, fields: ListFields): Promise<Bytes | null> {
  const { issuing } = keys;
  const past = clock() - 3 * LIFE_MS;
  if (faults.takes('crl-stale')) return writeRevocationList(issuing, { ...fields, thisUpdate: past, nextUpdate: past + LIFE_MS });
  if (faults.takes('crl-indirect')) return writeRevocationList(issuing, { ...fields, indirect: true });
  return faults.takes('crl-older-number') ? writeRevocationList(issuing, { ...fields, number: 0 }) : null;
}

/** The list of this moment: the last one while nothing changed, else a new one with the next number. */
export async function currentList(ca: CaContext): Promise<Bytes> {
  const { database, certificates, keys, clock } = ca;
  const now = clock();
  const entries = JSON.stringify(certificates.notGood());
  const last = database.prepare('SELECT * FROM revocation_lists ORDER BY number DESC LIMIT 1').get();
  const age = now - Number(last?.['made'] ?? 0);
  const number = Number(last?.['number'] ?? 0) + 1;
  const fields = { number, entries: JSON.parse(entries) as ListEntry[], thisUpdate: now, nextUpdate: now + LIFE_MS };
  const faulty = await faultyList(ca, fields);
  if (faulty !== null) return faulty;
  if (last?.['entries'] === entries && age >= 0 && age < LIFE_MS / 2) return copy(last['der'] as Uint8Array);
  const list = await writeRevocationList(keys.issuing, fields);
  database.prepare('INSERT INTO revocation_lists (number, made, entries, der) VALUES (?, ?, ?, ?)').run(number, now, entries, list);
  return list;
}
