import { defineUnlistedScript } from 'wxt/utils/define-unlisted-script';
import { followTheme } from '../lib/platform/theme.ts';

/** Stands in the head of every page, before anything is painted. */
export default defineUnlistedScript(() => {
  followTheme();
});
