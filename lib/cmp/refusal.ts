/** What a refusal means to the person who asked (words for the screens), and whether the request may still live. */
import type { Credential } from './credential.ts';
import type { Failure } from './fail-info.ts';
import type { StatusInfo } from './status.ts';

/** Each has a sentence on the screens that says what to do next. */
export const REFUSAL_WORDS = [
  /** Number or code is wrong; usually nothing is used up. */
  'code-wrong',
  /** The number was used, has expired, or is not for this. */
  'number-used',
  /** Not with this certificate, or not now: it is too early to renew. */
  'not-allowed',
  /** This computer's clock and the authority's differ. */
  'clock',
  /** The certificate is confirmed already. */
  'confirmed',
  /** The certificate in question is revoked. */
  'revoked',
  /** The transaction is known: an earlier copy of the request has arrived. */
  'in-use',
  /** Already renewed, or the key is known. */
  'duplicate',
  /** Not now; nothing is lost. */
  'later',
  /** The authority does not know itself what became of it. */
  'unclear',
  /** The authority does not know the certificate. */
  'unknown-certificate',
  /** Authority and wallet do not fit together. */
  'mismatch',
  /** Refused without a reason. */
  'unspecified',
  /** We refused what came: an answer or a certificate that is not what was asked for. */
  'not-as-asked',
] as const;
export type RefusalWord = (typeof REFUSAL_WORDS)[number];

/** The failures behind each word; all others are `mismatch`. The first word with a failure among those told is taken. */
const WORDS: readonly (readonly [RefusalWord, readonly Failure[]])[] = [
  ['confirmed', ['certConfirmed']],
  ['revoked', ['certRevoked']],
  ['in-use', ['transactionIdInUse']],
  ['unclear', ['systemFailure']],
  ['number-used', ['notAuthorized']],
  ['code-wrong', ['badMessageCheck', 'wrongIntegrity']],
  ['clock', ['badTime', 'missingTimeStamp', 'timeNotAvailable']],
  ['duplicate', ['duplicateCertReq']],
  ['later', ['systemUnavail']],
  ['unknown-certificate', ['badCertId', 'wrongAuthority']],
];

export function refusalWord({ status, failures }: Pick<StatusInfo, 'status' | 'failures'>): RefusalWord {
  if (status === 'keyUpdateWarning') return 'duplicate';
  for (const [word, meaning] of WORDS) if (meaning.some((failure) => failures.includes(failure))) return word;
  return failures.length === 0 ? 'unspecified' : 'mismatch';
}

export interface Refusal {
  readonly word: RefusalWord;
  readonly failures: readonly Failure[];
  /** The authority's own words, made harmless; for our screens as text, never for a page. */
  readonly text: string | null;
  /** How far the authority's clock is ahead of ours in milliseconds, where it told the time. */
  readonly clockAhead: number | null;
  /** What was not as asked; null where the authority refused. */
  readonly flaw: string | null;
}

/** What the words about number and code mean where a certificate asked. */
const OF_CERTIFICATES: Readonly<Partial<Record<RefusalWord, RefusalWord>>> = { 'number-used': 'not-allowed', 'code-wrong': 'mismatch' };

/** @param by what protected the request */
export function refusalOf(info: StatusInfo, clockAhead: number | null, by: Credential['kind']): Refusal {
  const word = refusalWord(info);
  const told = by === 'certificate' ? (OF_CERTIFICATES[word] ?? word) : word;
  return { word: told, failures: info.failures, text: info.text, clockAhead, flaw: null };
}

export function notAsAsked(flaw: string): Refusal {
  return { word: 'not-as-asked', failures: [], text: null, clockAhead: null, flaw };
}
