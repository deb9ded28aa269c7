/**
 * What the background keeps about notices, in the clear and for this browser alone: how the owner wants them, and what was
 * told on which day. Ids and days, no names. It can be lost: then a notice comes twice.
 */
import { isPlain, malformed, readRecord } from '../protocol/read.ts';
import { ITEMS_MAX } from '../vault/limits.ts';
import { FIRST_RUNGS, NOTHING_SHOWN, type FirstRung, type Shown, type Told } from './expiry.ts';
import type { RunsTold } from './run-notice.ts';

export interface NoticeSettings {
  /** Whether notices of the system and the number on the toolbar come at all. */
  readonly on: boolean;
  /** Days before the end on which the first one comes. */
  readonly first: FirstRung;
}

export interface NoticeMemory {
  readonly settings: NoticeSettings;
  readonly shown: Shown;
  readonly runs: RunsTold;
}

export const USUAL_SETTINGS: NoticeSettings = { on: true, first: 30 };
/** Held by whoever reads the memory to write it. */
export const NOTICES_LOCK = 'djw1-notices';
export const FRESH_MEMORY: NoticeMemory = { settings: USUAL_SETTINGS, shown: NOTHING_SHOWN, runs: new Map() };

/** Characters; a longer text is not read. */
const TEXT_MAX = 1_048_576;
const RUNGS_MAX = 64;
const RUN = /^[A-Za-z0-9_-]{22}$/;
/** As `watchedKey`. */
const KEY = /^[A-Za-z0-9_-]{22}:\d{1,13}$/;

function readDay(value: unknown): number {
  if (typeof value !== 'number' || !Number.isSafeInteger(value)) throw malformed('day');
  return value;
}

/** @throws `request.malformed` */
export function readNoticeSettings(value: unknown): NoticeSettings {
  const fields = readRecord(value, ['on', 'first']);
  const on = fields.get('on');
  const first = FIRST_RUNGS.find((rung) => rung === fields.get('first'));
  if (typeof on !== 'boolean' || first === undefined) throw malformed('notices');
  return { on, first };
}

function readTold(value: unknown): Told {
  if (!isPlain(value)) throw malformed('told');
  const entries = Object.entries(value);
  if (entries.length > RUNGS_MAX) throw malformed('told');
  return new Map(entries.map(([rung, day]) => [readDay(Number(rung)), readDay(day)]));
}

function readAllTold(value: unknown): Shown['told'] {
  if (!isPlain(value)) throw malformed('told');
  const entries = Object.entries(value);
  if (entries.length > ITEMS_MAX || !entries.every(([key]) => KEY.test(key))) throw malformed('told');
  return new Map(entries.map(([key, told]) => [key, readTold(told)]));
}

function readRuns(value: unknown): RunsTold {
  if (!isPlain(value)) throw malformed('runs');
  const entries = Object.entries(value);
  if (entries.length > ITEMS_MAX || !entries.every(([id]) => RUN.test(id))) throw malformed('runs');
  return new Map(entries.map(([id, day]) => [id, readDay(day)]));
}

/** Reads what `writeNoticeMemory` wrote; anything else is a fresh one. */
export function readNoticeMemory(text: string | null): NoticeMemory {
  if (text === null || text.length > TEXT_MAX) return FRESH_MEMORY;
  try {
    const fields = readRecord(JSON.parse(text) as unknown, ['v', 'settings', 'lastDay', 'told', 'runs']);
    if (fields.get('v') !== 1) throw malformed('version');
    const lastDay = fields.get('lastDay');
    const shown = { lastDay: lastDay === null ? null : readDay(lastDay), told: readAllTold(fields.get('told')) };
    return { settings: readNoticeSettings(fields.get('settings')), shown, runs: readRuns(fields.get('runs')) };
  } catch {
    return FRESH_MEMORY;
  }
}

export function writeNoticeMemory({ settings, shown, runs }: NoticeMemory): string {
  const told = Object.fromEntries([...shown.told].map(([key, days]) => [key, Object.fromEntries(days)]));
  return JSON.stringify({ v: 1, settings, lastDay: shown.lastDay, told, runs: Object.fromEntries(runs) });
}
