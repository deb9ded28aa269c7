/** How the owner wants to hear of one certificate's end. It stands in the meta part of its record, as labels do. */
import { TIME_MAX } from '../vault/limits.ts';

export interface NoticeChoice {
  /** Nobody is to hear of its end. */
  readonly muted: boolean;
  /** A day on which the owner asked to be reminded (milliseconds since 1970), or null. */
  readonly remindAt: number | null;
}

const NAMES: readonly string[] = ['muted', 'remindAt'] satisfies readonly (keyof NoticeChoice)[];

/** What the record says; the usual where it says nothing that we would write. */
export function readNoticeChoice(meta: object): NoticeChoice {
  const fields = new Map<string, unknown>(Object.entries(meta));
  const at = fields.get('remindAt');
  const remindAt = typeof at === 'number' && Number.isSafeInteger(at) && at >= 0 && at <= TIME_MAX ? at : null;
  return { muted: fields.get('muted') === true, remindAt };
}

/** The meta of a record with another choice; the usual takes no room. */
export function withNoticeChoice(meta: object, { muted, remindAt }: NoticeChoice): object {
  const kept = Object.entries(meta).filter(([name]) => !NAMES.includes(name));
  const own: readonly (readonly [string, unknown])[] = [
    ['muted', muted ? true : null],
    ['remindAt', remindAt],
  ];
  return Object.fromEntries([...kept, ...own.filter(([, value]) => value !== null)]);
}
