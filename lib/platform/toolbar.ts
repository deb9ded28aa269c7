import type { TextKey } from '../i18n/texts.ts';
import type { Badge } from '../wallet/badge.ts';
import type { ToolbarPort } from '../wallet/ports.ts';
import { browser } from './browser.ts';

interface Look {
  /** What stands on the icon; `{n}` is the badge's number. */
  readonly text: string;
  /** What the icon is called; an empty title brings back that of the manifest. */
  readonly title: string;
  readonly color: string;
}

const CALM = '#1e4785';
const PRESSING = '#a9231a';
const OPEN = '#8a4b00';

/** In the language of the browser, as the extension's own name beside it. */
const words = (key: TextKey, n = 0): string => browser.i18n.getMessage(key).replace('{n}', String(n));

function lookOf(badge: Badge): Look {
  switch (badge.about) {
    case 'nothing':
      return { text: '', title: '', color: CALM };
    case 'signing':
      return { text: words('signing_badge', badge.n), title: words('signing_title', badge.n), color: OPEN };
    case 'runs':
      return { text: '…', title: words('badge_runs'), color: CALM };
    case 'days':
      return { text: String(badge.n), title: words('badge_days', badge.n), color: CALM };
    case 'last-days':
      return { text: '!', title: badge.n === 0 ? words('badge_today') : words('badge_days', badge.n), color: PRESSING };
    case 'ended':
      return { text: '!', title: words('badge_ended'), color: PRESSING };
  }
}

export const toolbar: ToolbarPort = {
  async show(badge) {
    const { action } = browser;
    const { text, title, color } = lookOf(badge);
    await Promise.all([
      action.setBadgeText({ text }),
      action.setTitle({ title }),
      action.setBadgeBackgroundColor({ color }),
      action.setBadgeTextColor({ color: '#ffffff' }),
    ]);
  },
};
