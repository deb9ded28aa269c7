/** Which rows of an import a password is for, and what it brought. */
import type { ImportCandidate } from '../../lib/wallet/model.ts';
import { isKmClosed, isUnopened } from './candidate-words.ts';

/** What a password brought. */
export interface Opening {
  readonly rows: number;
  /** Encryption keys of rows that were open already. */
  readonly kms: number;
}

/**
 * The wanted rows that are not wholly open, and copies of their certificates, which may have what they lack. A copy of a
 * certificate that the person does not want stays closed.
 */
export function passwordKeys(candidates: readonly ImportCandidate[], isWanted: (key: string) => boolean): readonly string[] {
  const declined = new Set<string>();
  for (const { key, state, facts } of candidates) if (state !== 'duplicate' && facts !== null && !isWanted(key)) declined.add(facts.fingerprint);
  return candidates
    .filter((candidate) => {
      const { key, state, facts } = candidate;
      if (state === 'duplicate') return facts !== null && !declined.has(facts.fingerprint);
      return (isUnopened(candidate) || isKmClosed(candidate)) && isWanted(key);
    })
    .map(({ key }) => key);
}

/** What is open now that was not before. */
export function newlyOpened(before: readonly ImportCandidate[], now: readonly ImportCandidate[]): Opening {
  const opened = new Map(before.filter(({ state }) => state === 'opened').map((row) => [row.key, row]));
  const open = now.filter(({ state }) => state === 'opened');
  return {
    rows: open.filter(({ key }) => !opened.has(key)).length,
    kms: open.filter(({ key, kmOpened }) => kmOpened === true && opened.get(key)?.kmOpened === false).length,
  };
}
