/** What a row of the import is called, and what can still be done with it. */
import { foldText } from '../../lib/i18n/find-text.ts';
import type { TextKey, TextParams } from '../../lib/i18n/texts.ts';
import type { ImportCandidate } from '../../lib/wallet/model.ts';
import { certificateName, issuerWord, purposeWord } from '../certificate/certificate-words.ts';

type Translate = (key: TextKey, params?: TextParams) => string;

/** The order of the rows: what is ready first, then what the person can do something about. */
export const STATES: readonly ImportCandidate['state'][] = ['opened', 'wrong-password', 'sealed', 'refused', 'present', 'duplicate'];

/** Names that stand in one sentence. */
const NAMES = 3;

export function isUnopened({ state }: Pick<ImportCandidate, 'state'>): boolean {
  return state === 'sealed' || state === 'wrong-password';
}

/** Whether the person decides if it goes into the wallet. */
export function isOffered(candidate: Pick<ImportCandidate, 'state'>): boolean {
  return candidate.state === 'opened' || isUnopened(candidate);
}

export function isKmClosed({ state, kmOpened }: Pick<ImportCandidate, 'state' | 'kmOpened'>): boolean {
  return state === 'opened' && kmOpened === false;
}

/** A file that shows all it holds only after it is opened. */
export function isClosedFile(candidate: Pick<ImportCandidate, 'state' | 'form' | 'facts'>): boolean {
  return isUnopened(candidate) && (candidate.form === 'pfx' || candidate.facts === null);
}

export function fileName({ path }: Pick<ImportCandidate, 'path'>): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

/** "홍길동 · 은행/신용카드/보험용", or the name of the file. */
export function candidateName(t: Translate, candidate: Pick<ImportCandidate, 'facts' | 'path'>): string {
  return candidate.facts === null ? fileName(candidate) : certificateName(t, candidate.facts);
}

/** Names of the first few, and how many more there are. */
export function fewNames(t: Translate, candidates: readonly Pick<ImportCandidate, 'facts' | 'path'>[]): string {
  const names = [...new Set(candidates.map((candidate) => candidateName(t, candidate)))];
  const shown = names.slice(0, NAMES).join(', ');
  const more = names.length - NAMES;
  return more > 0 ? t('import_names_more', { names: shown, n: more }) : shown;
}

/** What it adds to the wallet's record, or might; null where it adds nothing. */
export function addedWords(t: Translate, { state, adds }: Pick<ImportCandidate, 'state' | 'adds'>): string | null {
  if (adds.length === 0) return null;
  const what = adds.map((part) => t(`record_part_${part}`)).join(', ');
  return t(state === 'opened' ? 'import_adds' : 'import_could_add', { what });
}

/** All words under which a row is found. */
export function searchText(t: Translate, day: (time: number) => string, { facts, path }: Pick<ImportCandidate, 'facts' | 'path'>): string {
  const words = facts === null ? [] : [facts.holder, purposeWord(t, facts), issuerWord(t, facts), day(facts.notAfter)];
  return foldText([...words, path].join('\n'));
}

type Counted = Pick<ImportCandidate, 'state'>;

/** The states that occur, in their order, and how many rows have each. */
export function countStates(candidates: readonly Counted[]): readonly { readonly state: ImportCandidate['state']; readonly count: number }[] {
  const counts = new Map<ImportCandidate['state'], number>();
  for (const { state } of candidates) counts.set(state, (counts.get(state) ?? 0) + 1);
  return STATES.map((state) => ({ state, count: counts.get(state) ?? 0 })).filter(({ count }) => count > 0);
}

/** Different certificates among the rows. */
export function countCertificates(candidates: readonly Pick<ImportCandidate, 'facts'>[]): number {
  return new Set(candidates.flatMap(({ facts }) => (facts === null ? [] : [facts.fingerprint]))).size;
}

/** By state, then by holder and end; files that show nothing follow by their path. */
export function inOrder(candidates: readonly ImportCandidate[]): readonly ImportCandidate[] {
  const { compare } = new Intl.Collator('ko', { numeric: true });
  return candidates.toSorted((a, b) => {
    const states = STATES.indexOf(a.state) - STATES.indexOf(b.state);
    if (states !== 0) return states;
    if (a.facts && b.facts) return compare(a.facts.holder, b.facts.holder) || a.facts.notAfter - b.facts.notAfter;
    return Number(a.facts === null) - Number(b.facts === null) || compare(a.path, b.path);
  });
}
