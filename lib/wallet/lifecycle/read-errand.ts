/** Reads what `write-errand.ts` writes. It passed through a seal of ours; it is read as strictly as if it had not. */
import type { Bytes } from '../../bytes/bytes.ts';
import { ACTS, ISSUE_WARNINGS, type Asked, type Course, type IssuedCertificate } from '../../cmp/course.ts';
import type { Credential } from '../../cmp/credential.ts';
import { FAILURES } from '../../cmp/fail-info.ts';
import { CMP_LIMITS } from '../../cmp/limits.ts';
import { REFUSAL_WORDS, type Refusal } from '../../cmp/refusal.ts';
import { damaged } from '../../vault/fault.ts';
import { checkKeys, readBase64Url, readBytesText, readFields, readInteger, readList } from '../../vault/fields.ts';
import type { Fields, Json } from '../../vault/json.ts';
import { ID_SIZE, TIME_MAX } from '../../vault/limits.ts';
import { readSealedJson } from '../../vault/sealed-json.ts';
import type { Errand } from './errand.ts';

const USES = ['sign', 'km'] as const;
const { answerBytes, certificateBytes, requestBytes, codeMost, referenceMost, nonceMost } = CMP_LIMITS;
/** Octets of a name, a public key or a virtual identifier. */
const PART_MOST = 8_192;
const TEXT_MOST = 4_000;
const COUNT_MOST = CMP_LIMITS.requests;

function bytesOf(from: Fields, key: string, most: number, least = 1): Bytes {
  const value = from.get(key);
  if (typeof value !== 'string' || value.length > Math.ceil((most * 4) / 3)) throw damaged(key);
  const bytes = readBase64Url(value, key);
  if (bytes.length < least || bytes.length > most) throw damaged(key);
  return bytes;
}

const optional = <Value>(from: Fields, key: string, read: (from: Fields, key: string) => Value): Value | null =>
  from.has(key) ? read(from, key) : null;

const partOf = (from: Fields, key: string): Bytes | null => optional(from, key, () => bytesOf(from, key, PART_MOST));
const timeOf = (from: Fields, key: string): number => readInteger(from, key, 0, TIME_MAX);
const idOf = (from: Fields, key: string): string => readBytesText(from, key, ID_SIZE);

function textOf(from: Fields, key: string, most = TEXT_MOST): string {
  const value = from.get(key);
  if (typeof value !== 'string' || value.length > most) throw damaged(key);
  return value;
}

/** One of a closed list of words. */
function oneOf<Word extends string>(value: Json | undefined, words: readonly Word[], name: string): Word {
  const found = words.find((word) => word === value);
  if (found === undefined) throw damaged(name);
  return found;
}

function readCredential(value: Json | undefined): Credential {
  const from = readFields(value, 'cred');
  if (from.has('der')) {
    checkKeys(from, ['der']);
    return { kind: 'certificate', certificate: bytesOf(from, 'der', certificateBytes) };
  }
  checkKeys(from, ['ref', 'secret']);
  return { kind: 'code', reference: bytesOf(from, 'ref', referenceMost), secret: bytesOf(from, 'secret', codeMost) };
}

function readAsked(value: Json): Asked {
  const from = readFields(value, 'asked');
  checkKeys(from, ['id', 'use', 'spki'], ['issuer', 'subject', 'vid']);
  return {
    requestId: readInteger(from, 'id', 0, COUNT_MOST),
    use: oneOf(from.get('use'), USES, 'use'),
    spki: bytesOf(from, 'spki', PART_MOST),
    issuer: partOf(from, 'issuer'),
    subject: partOf(from, 'subject'),
    vid: partOf(from, 'vid'),
  };
}

function readIssued(value: Json): IssuedCertificate {
  const from = readFields(value, 'certs');
  checkKeys(from, ['id', 'use', 'spki', 'der', 'warn']);
  return {
    requestId: readInteger(from, 'id', 0, COUNT_MOST),
    use: oneOf(from.get('use'), USES, 'use'),
    spki: bytesOf(from, 'spki', PART_MOST),
    certificate: bytesOf(from, 'der', certificateBytes),
    warnings: readList(from, 'warn', ISSUE_WARNINGS.length).map((word) => oneOf(word, ISSUE_WARNINGS, 'warn')),
  };
}

function readRefusal(value: Json | undefined): Refusal {
  const from = readFields(value, 'why');
  checkKeys(from, ['word', 'bits'], ['text', 'ahead', 'flaw']);
  return {
    word: oneOf(from.get('word'), REFUSAL_WORDS, 'word'),
    failures: readList(from, 'bits', FAILURES.length).map((word) => oneOf(word, FAILURES, 'bits')),
    text: optional(from, 'text', textOf),
    clockAhead: optional(from, 'ahead', () => readInteger(from, 'ahead', -TIME_MAX, TIME_MAX)),
    flaw: optional(from, 'flaw', () => textOf(from, 'flaw', 64)),
  };
}

const RUNNING = ['cred', 'tx', 'nonce', 'asked', 'revs'] as const;
/** Fields of each state besides those of every course, and those that may be absent. */
const OWN = {
  PREPARED: [[...RUNNING, 'req'], []],
  SENT: [[...RUNNING, 'req', 'sent', 'again'], []],
  WAITING: [[...RUNNING, 'heard', 'for', 'check', 'since'], ['poll']],
  SAVED: [[...RUNNING, 'certs', 'conf', 'came', 'tries'], ['before']],
  CONFIRMED: [['certs'], []],
  FAILED: [['why'], []],
  UNKNOWN: [['until'], []],
} as const satisfies Partial<Record<Course['state'], readonly (readonly string[])[]>>;
const STATES = Object.keys(OWN) as (keyof typeof OWN)[];

const issuedOf = (from: Fields): readonly IssuedCertificate[] => readList(from, 'certs', COUNT_MOST).map(readIssued);
const countOf = (from: Fields, key: string): number => readInteger(from, key, 0, 1_000_000);

function readRunningPart(from: Fields): Pick<Extract<Course, { state: 'SENT' }>, 'credential' | 'transactionId' | 'nonce' | 'asked' | 'revocations'> {
  return {
    credential: readCredential(from.get('cred')),
    transactionId: bytesOf(from, 'tx', nonceMost),
    nonce: bytesOf(from, 'nonce', nonceMost),
    asked: readList(from, 'asked', COUNT_MOST).map(readAsked),
    revocations: readInteger(from, 'revs', 0, COUNT_MOST),
  };
}

function readCourse(from: Fields): Course {
  const ended = { act: oneOf(from.get('act'), ACTS, 'act'), caId: textOf(from, 'ca', 64) };
  const running = (): typeof ended & ReturnType<typeof readRunningPart> => ({ ...ended, ...readRunningPart(from) });
  const state = oneOf(from.get('state'), STATES, 'state');
  switch (state) {
    case 'PREPARED':
      return { ...running(), state, request: bytesOf(from, 'req', requestBytes) };
    case 'SENT':
      return { ...running(), state, request: bytesOf(from, 'req', requestBytes), sentAt: timeOf(from, 'sent'), resends: countOf(from, 'again') };
    case 'WAITING': {
      const waitingFor = readList(from, 'for', COUNT_MOST).map((id) => readInteger(new Map([['for', id]]), 'for', -1, COUNT_MOST));
      const times = { checkAt: timeOf(from, 'check'), since: timeOf(from, 'since') };
      const poll = optional(from, 'poll', () => bytesOf(from, 'poll', requestBytes));
      return { ...running(), state, answerNonce: bytesOf(from, 'heard', nonceMost), waitingFor, poll, ...times };
    }
    case 'SAVED':
      return {
        ...running(),
        state,
        certificates: issuedOf(from),
        confirmation: bytesOf(from, 'conf', answerBytes),
        confirmBefore: optional(from, 'before', timeOf),
        receivedAt: timeOf(from, 'came'),
        tries: countOf(from, 'tries'),
      };
    case 'CONFIRMED':
      return { ...ended, state, certificates: issuedOf(from) };
    case 'FAILED':
      return { ...ended, state, refusal: readRefusal(from.get('why')) };
    case 'UNKNOWN':
      return { ...ended, state, keepUntil: timeOf(from, 'until') };
  }
}

/** @throws `vault.damaged`, `vault.newer-version` */
export function readErrand(plain: Bytes): Omit<Errand, 'id' | 'keys'> {
  const from = readSealedJson(plain);
  const [own, absent] = OWN[oneOf(from.get('state'), STATES, 'state')];
  checkKeys(from, ['v', 'at', 'state', 'act', 'ca', ...own], ['item', 'old', ...absent]);
  return { startedAt: timeOf(from, 'at'), item: optional(from, 'item', idOf), old: optional(from, 'old', idOf), course: readCourse(from) };
}
