/** Why a request is refused, as it goes into the answer. */
import type { Failure } from '../../../lib/cmp/fail-info.ts';

export class Refusal extends Error {
  readonly failure: Failure;
  /** For the person, in Korean; null where the failure says it all. */
  readonly text: string | null;

  constructor(failure: Failure, text: string | null = null) {
    super(failure);
    this.failure = failure;
    this.text = text;
  }
}
