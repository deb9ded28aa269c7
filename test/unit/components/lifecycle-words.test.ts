import { describe, expect, it } from 'vitest';
import { runSentence } from '../../../components/lifecycle/lifecycle-words.ts';
import type { LifecycleRun } from '../../../lib/wallet/lifecycle-api.ts';

const RUN: LifecycleRun = {
  id: 'one',
  act: 'renew',
  state: 'FAILED',
  authority: null,
  startedAt: 0,
  item: null,
  old: 'old',
  dueAt: null,
  needsSecret: false,
  canResume: false,
  refusal: { word: 'not-allowed', flaw: null, text: null, clockAhead: null },
  warnings: [],
  unanswered: false,
};
const sentence = (run: Partial<LifecycleRun>): string => runSentence((key) => key, { ...RUN, ...run }, { time: String, day: String });

describe('the sentence of a run', () => {
  it.each([
    ['renew', 'refusal_not_allowed', 'run_sent', 'run_unknown'],
    ['revoke', 'refusal_not_allowed_state', 'run_sent_state', 'run_unknown_state'],
    ['hold', 'refusal_not_allowed_state', 'run_sent_state', 'run_unknown_state'],
    ['release', 'refusal_not_allowed_state', 'run_sent_state', 'run_unknown_state'],
  ] as const)('of %s speaks of keys and of renewal where these are its matter only', (act, refused, sent, unknown) => {
    expect([sentence({ act }), sentence({ act, state: 'SENT' }), sentence({ act, state: 'UNKNOWN' })]).toEqual([refused, sent, unknown]);
  });
});
