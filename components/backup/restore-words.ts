/** What a restore is called, by what it is brought back from. */
import type { TextKey } from '../../lib/i18n/texts.ts';
import type { RestoreSource } from './restore-view.svelte.ts';

export interface RestoreWords {
  readonly heading: TextKey;
  readonly merge: TextKey;
  readonly found: TextKey;
  readonly caption: TextKey;
  readonly nothing: TextKey;
  readonly other: TextKey;
  /** Of the password of a new wallet. */
  readonly hint: TextKey;
}

export const RESTORE_WORDS: Readonly<Record<RestoreSource, RestoreWords>> = {
  file: {
    heading: 'restore_from_backup',
    merge: 'restore_merge_hint',
    found: 'restore_found',
    caption: 'restore_caption',
    nothing: 'restore_nothing_new',
    other: 'restore_other_file',
    hint: 'restore_password_hint',
  },
  copy: {
    heading: 'sync_open',
    merge: 'sync_merge_hint',
    found: 'sync_opened',
    caption: 'sync_caption',
    nothing: 'sync_nothing_new',
    other: 'sync_other_copy',
    hint: 'sync_password_hint',
  },
};
