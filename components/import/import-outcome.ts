/** The end of an import in the terms of its last screen. */
import type { CertificateFacts, CertificateRow, ImportCandidate, ImportResult } from '../../lib/wallet/model.ts';
import type { Failure } from '../failure.ts';

/** A row that stayed outside, and why. */
export interface LeftOut extends Failure {
  readonly path: string;
  /** Of the row, where the path names one alone. */
  readonly facts: CertificateFacts | null;
}

export interface Outcome {
  readonly stored: number;
  readonly left: readonly LeftOut[];
  readonly samePassword: boolean;
  /** Rows stored without R, but for those that only complete what the wallet has. */
  readonly withoutRandom: number;
  /** Stored rows whose key file lies about without a password. */
  readonly plain: number;
  /** Certificates of the wallet now that took the place of one that was in it before. */
  readonly renewed: readonly CertificateRow[];
}

/** Reasons that are nobody's fault come last. */
function weight({ code }: LeftOut): number {
  if (code === 'user.cancelled') return 1;
  return code === 'vault.exists' ? 2 : 0;
}

/** @param candidates all rows as they were before the write; `wanted`: those that were to be stored */
export function outcomeOf(result: ImportResult, candidates: readonly ImportCandidate[], wanted: readonly ImportCandidate[]): Outcome {
  const named = new Map<string, ImportCandidate | null>();
  for (const candidate of candidates) named.set(candidate.path, named.has(candidate.path) ? null : candidate);
  const left = result.left.map(({ path, code }) => {
    const row = named.get(path) ?? null;
    return { path, code, detail: row?.code === code ? row.detail : null, facts: row?.facts ?? null };
  });
  return {
    stored: result.stored,
    left: left.toSorted((a, b) => weight(a) - weight(b)),
    samePassword: result.samePassword,
    withoutRandom: wanted.filter(({ hasRandom, adds }) => hasRandom === false && adds.length === 0).length,
    plain: wanted.filter(({ plain }) => plain).length,
    renewed: [],
  };
}

/** Rows that stayed outside, by the sentence that says why. */
export function groupLeft(
  left: readonly LeftOut[],
  reason: (left: LeftOut) => string,
): readonly (readonly [reason: string, rows: readonly LeftOut[]])[] {
  const groups = new Map<string, LeftOut[]>();
  for (const one of left) {
    const why = reason(one);
    const same = groups.get(why);
    if (same) same.push(one);
    else groups.set(why, [one]);
  }
  return [...groups];
}

/** Which of the stored rows took the place of one that the wallet had before. @param rows all certificates after the write */
export function renewedRows(wanted: readonly ImportCandidate[], rows: readonly CertificateRow[]): readonly CertificateRow[] {
  const before = new Map(rows.map((row) => [row.id, row]));
  const stored = new Map(rows.map((row) => [row.fingerprint, row]));
  return wanted.flatMap(({ facts, replaces }) => {
    const row = facts && stored.get(facts.fingerprint);
    return row && replaces && before.get(replaces.id)?.replacedBy === row.id ? [row] : [];
  });
}
