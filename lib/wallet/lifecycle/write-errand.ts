/**
 * The text of a run in a journal entry: canonical JSON (`sealed-json.ts`), octets as base64url, absent for null. `read-errand.ts`
 * reads it.
 */
import { toBase64Url } from '../../bytes/base64.ts';
import type { Bytes } from '../../bytes/bytes.ts';
import type { Asked, Course, IssuedCertificate } from '../../cmp/course.ts';
import type { Credential } from '../../cmp/credential.ts';
import type { Refusal } from '../../cmp/refusal.ts';
import { damaged } from '../../vault/fault.ts';
import type { Json } from '../../vault/json.ts';
import { writeSealedJson } from '../../vault/sealed-json.ts';
import type { Errand } from './errand.ts';

type Entries = readonly (readonly [string, Json | null])[];

function present(entries: Entries): (readonly [string, Json])[] {
  return entries.flatMap(([key, value]) => (value === null ? [] : [[key, value] as const]));
}

const fields = (...entries: Entries): Json => new Map(present(entries));
const octets = (bytes: Bytes | null): string | null => (bytes === null ? null : toBase64Url(bytes));

function writeCredential(credential: Credential): Json {
  if (credential.kind === 'certificate') return fields(['der', octets(credential.certificate)]);
  return fields(['ref', octets(credential.reference)], ['secret', octets(credential.secret)]);
}

function writeAsked({ requestId, use, spki, issuer, subject, vid }: Asked): Json {
  const names: Entries = [
    ['issuer', octets(issuer)],
    ['subject', octets(subject)],
    ['vid', octets(vid)],
  ];
  return fields(['id', requestId], ['use', use], ['spki', octets(spki)], ...names);
}

function writeIssued({ requestId, use, spki, certificate, warnings }: IssuedCertificate): Json {
  return fields(['id', requestId], ['use', use], ['spki', octets(spki)], ['der', octets(certificate)], ['warn', warnings]);
}

function writeRefusal({ word, failures, text, clockAhead, flaw }: Refusal): Json {
  return fields(['word', word], ['bits', failures], ['text', text], ['ahead', clockAhead], ['flaw', flaw]);
}

/** What each state has of its own. */
function writeState(course: Course): Entries {
  switch (course.state) {
    case 'PREPARED':
      return [['req', octets(course.request)]];
    case 'SENT':
      return [
        ['req', octets(course.request)],
        ['sent', course.sentAt],
        ['again', course.resends],
      ];
    case 'WAITING':
      return [
        ['heard', octets(course.answerNonce)],
        ['for', course.waitingFor],
        ['poll', octets(course.poll)],
        ['check', course.checkAt],
        ['since', course.since],
      ];
    case 'RECEIVED':
      throw damaged('RECEIVED is kept nowhere');
    case 'SAVED':
      return [
        ['certs', course.certificates.map(writeIssued)],
        ['conf', octets(course.confirmation)],
        // An authority may name any day.
        ['before', course.confirmBefore === null ? null : Math.max(0, course.confirmBefore)],
        ['came', course.receivedAt],
        ['tries', course.tries],
      ];
    case 'CONFIRMED':
      return [['certs', course.certificates.map(writeIssued)]];
    case 'FAILED':
      return [['why', writeRefusal(course.refusal)]];
    case 'UNKNOWN':
      return [['until', course.keepUntil]];
  }
}

function writeRunning(course: Course): Entries {
  if (!('credential' in course)) return [];
  const { credential, transactionId, nonce, asked, revocations } = course;
  return [
    ['cred', writeCredential(credential)],
    ['tx', octets(transactionId)],
    ['nonce', octets(nonce)],
    ['asked', asked.map(writeAsked)],
    ['revs', revocations],
  ];
}

/** Octets for a journal entry, with number and code in them while it runs; the caller wipes them. */
export function writeErrand({ startedAt, item, old, course }: Omit<Errand, 'id' | 'keys'>): Bytes {
  const about: Entries = [
    ['at', startedAt],
    ['item', item],
    ['old', old],
    ['state', course.state],
    ['act', course.act],
    ['ca', course.caId],
  ];
  return writeSealedJson(present([...about, ...writeRunning(course), ...writeState(course)]));
}
