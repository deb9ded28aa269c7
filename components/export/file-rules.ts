/** How the rules for a new file password stand, for a list that follows what is typed. */
import type { FilePasswordRule } from '../../lib/wallet/model.ts';

export type RuleState = 'waiting' | 'met' | 'unmet';

const RULES: Readonly<Record<FilePasswordRule, true>> = { length: true, letter: true, digit: true, special: true, characters: true, runs: true };

export const RULE_NAMES = Object.keys(RULES) as readonly FilePasswordRule[];

/** @param broken the rules that the password breaks, or null while nothing is typed */
export function ruleStates(broken: readonly FilePasswordRule[] | null): readonly { readonly rule: FilePasswordRule; readonly state: RuleState }[] {
  return RULE_NAMES.map((rule) => ({ rule, state: broken === null ? 'waiting' : broken.includes(rule) ? 'unmet' : 'met' }));
}
