import type { SchedulePort } from '../wallet/ports.ts';
import { browser } from './browser.ts';

const DAY_MINUTES = 1_440;

/** Alarms wake the background; the browser may drop them when it closes, so whoever needs one asks for it at each wake. */
export const schedule: SchedulePort = {
  async at(name, time) {
    await browser.alarms.create(name, { when: time });
  },
  async daily(name) {
    const there = (await browser.alarms.get(name)) as unknown;
    if (there === undefined || there === null) await browser.alarms.create(name, { delayInMinutes: DAY_MINUTES, periodInMinutes: DAY_MINUTES });
  },
  async clear(name) {
    await browser.alarms.clear(name);
  },
};
