import { describe, expect, test } from 'vitest';
import { fittingGuides, GUIDES_MAX, type Guide } from '../../../lib/vault/guides-text.ts';
import { attempt } from './carried-support.ts';
import { codeOf, newId, NOW } from './support.ts';

const guide = (ended: number | null, places = 1): Guide => ({
  item: newId(),
  places: Array.from({ length: places }, (_, n) => ({
    sort: 'own',
    name: `세무서 ${String(n)} ${'가'.repeat(20)}`,
    done: null,
    note: '메모',
    off: false,
  })),
  tried: null,
  proved: null,
  later: null,
  ended,
});

describe('guides in the settings', () => {
  test('all stay where there is room', () => {
    const guides = [guide(NOW), guide(null)];
    expect(fittingGuides(guides)).toBe(guides);
  });

  test('the oldest that the owner ended goes first where there is none', () => {
    const guides = [guide(null), guide(NOW), ...Array.from({ length: 10 }, () => guide(NOW, 40)), guide(null)];
    const kept = fittingGuides(guides);
    expect([kept[0], kept.at(-1)]).toEqual([guides[0], guides.at(-1)]);
    expect(kept).not.toContain(guides[1]);
    expect(kept.slice(1, -1)).toEqual(guides.slice(1 - kept.length, -1));
  });

  test.each([
    ['more of them than may be', Array.from({ length: GUIDES_MAX + 1 }, () => guide(null, 0))],
    ['longer ones than the record has room for', Array.from({ length: 10 }, () => guide(null, 40))],
  ])('%s, none of them ended, are refused', async (_, guides) => {
    expect(await codeOf(attempt(() => fittingGuides(guides)))).toBe('vault.full');
  });

  test('a bookkeeper has room for hundreds of one place', () => {
    const guides = Array.from({ length: 200 }, () => ({
      ...guide(null, 0),
      places: [{ sort: 'known', name: 'hometax', done: NOW, note: '', off: false }] as const,
    }));
    expect(fittingGuides(guides)).toBe(guides);
  });
});
