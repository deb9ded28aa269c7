/** What an answer says, before it has a header and a protection. */
import type { BodyType } from '../../../lib/cmp/body-types.ts';
import type { Bytes } from '../../../lib/bytes/bytes.ts';

export interface AnswerBody {
  readonly type: BodyType;
  /** DER of the body's content. */
  readonly content: Bytes;
  /** InfoTypeAndValue elements of the header. */
  readonly info?: readonly Bytes[];
}
