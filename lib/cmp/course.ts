/**
 * The course of one run with an authority: a state, and what the next step needs. Each state is a record that the caller keeps
 * durably before it goes on; code, request and confirmation leave it at its end.
 *
 * ```
 * PREPARED -> SENT -> (WAITING ->) RECEIVED -> SAVED -> CONFIRMED       revocation: SENT -> CONFIRMED
 *                \-> FAILED    \-> UNKNOWN
 * ```
 */
import type { Bytes } from '../bytes/bytes.ts';
import type { KeyRole } from '../npki/prove.ts';
import type { Credential } from './credential.ts';
import type { Refusal } from './refusal.ts';

/**
 * `complete`: the km certificate to a sign certificate that is here already. `hold` pauses a certificate, `release` ends the pause;
 * by the protocol both are revocations with reasons of their own.
 */
export const ACTS = ['issue', 'reissue', 'complete', 'renew', 'revoke', 'hold', 'release'] as const;
export type Act = (typeof ACTS)[number];

/** One certificate that was asked for. */
export interface Asked {
  readonly requestId: number;
  readonly use: KeyRole;
  /** SubjectPublicKeyInfo: the certificate must have this very key. */
  readonly spki: Bytes;
  /** Names as DER that the certificate must have: those of the one it replaces, or belongs to. */
  readonly issuer: Bytes | null;
  readonly subject: Bytes | null;
  /** The virtual identifier that the certificate should have; null where it is not known here. */
  readonly vid: Bytes | null;
}

export interface Ended {
  readonly act: Act;
  readonly caId: string;
}

interface Running extends Ended {
  readonly credential: Credential;
  readonly transactionId: Bytes;
  /** senderNonce of our last message; the next answer must name it. */
  readonly nonce: Bytes;
  /** Certificates that were asked for; empty for a revocation. */
  readonly asked: readonly Asked[];
  /** Revocations that were asked for; 0 for anything else. */
  readonly revocations: number;
}

interface Requested extends Running {
  /** The first request. It is sent again as it is, or not at all. */
  readonly request: Bytes;
}

export interface Prepared extends Requested {
  readonly state: 'PREPARED';
}

export interface Sent extends Requested {
  readonly state: 'SENT';
  /** Milliseconds since 1970 UTC. */
  readonly sentAt: number;
  /** How often it was sent again. */
  readonly resends: number;
}

export interface Waiting extends Running {
  readonly state: 'WAITING';
  /** senderNonce of the last answer; our next message names it. */
  readonly answerNonce: Bytes;
  /** certReqIds that are waited for; -1 for a whole message. */
  readonly waitingFor: readonly number[];
  /** Our last poll, as long as no answer to it can be believed. */
  readonly poll: Bytes | null;
  /** When to ask again, and since when it is waited, in milliseconds since 1970 UTC. */
  readonly checkAt: number;
  readonly since: number;
}

export interface IssuedCertificate {
  readonly requestId: number;
  readonly use: KeyRole;
  readonly spki: Bytes;
  /** DER. */
  readonly certificate: Bytes;
  /** What its owner is told at once. */
  readonly warnings: readonly IssueWarning[];
}

export const ISSUE_WARNINGS = ['ends-soon', 'vid-missing', 'vid-differs'] as const;
export type IssueWarning = (typeof ISSUE_WARNINGS)[number];

interface Issued extends Running {
  readonly certificates: readonly IssuedCertificate[];
  /** The confirmation as it will be sent: made while the key is at hand, without a time, so that it does not go stale. */
  readonly confirmation: Bytes;
  /** Until when the authority waits for it, in milliseconds since 1970 UTC; null where it did not say. */
  readonly confirmBefore: number | null;
  /** When it came, in milliseconds since 1970 UTC. */
  readonly receivedAt: number;
}

/** In memory only: it becomes SAVED in the write that keeps certificates and keys. */
export interface Received extends Issued {
  readonly state: 'RECEIVED';
}

export interface Saved extends Issued {
  readonly state: 'SAVED';
  /** How often the confirmation was sent without an answer. */
  readonly tries: number;
}

export interface Confirmed extends Ended {
  readonly state: 'CONFIRMED';
  /** Empty for a revocation. */
  readonly certificates: readonly IssuedCertificate[];
}

export interface Failed extends Ended {
  readonly state: 'FAILED';
  readonly refusal: Refusal;
}

/** What the authority did is not known. The keys are kept until `keepUntil`. */
export interface Unknown extends Ended {
  readonly state: 'UNKNOWN';
  readonly keepUntil: number;
}

export type Course = Prepared | Sent | Waiting | Received | Saved | Confirmed | Failed | Unknown;
export type RunningCourse = Exclude<Course, Confirmed | Failed | Unknown>;
