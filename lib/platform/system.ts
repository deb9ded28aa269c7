/** The small ports: clock, randomness, locks, alarms. */
import type { Clock, Random, SchedulePort, WithLock } from '../wallet/ports.ts';
import { browser } from './browser.ts';

export const clock: Clock = () => Date.now();

export const random: Random = (length) => crypto.getRandomValues(new Uint8Array(length));

export const withLock: WithLock = (name, act) => navigator.locks.request(name, act);

export const schedule: SchedulePort = {
  async at(name, time) {
    await browser.alarms.create(name, { when: time });
  },
  async clear(name) {
    await browser.alarms.clear(name);
  },
};

/** Sentence version of this extension, e.g. `0.1.0`. */
export function ownVersion(): string {
  return browser.runtime.getManifest().version;
}
