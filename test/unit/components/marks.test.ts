import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { MARK_NAMES } from '../../../components/icons/marks.ts';
import { MARKS } from '../../../lib/wallet/model.ts';

const drawing = (name: string): URL => new URL(`../../../public/icon/mark/${name}.svg`, import.meta.url);

describe('the wallet pictures', () => {
  it('are the ones that a wallet may have', () => {
    expect(MARK_NAMES).toEqual(MARKS);
  });

  it.each(MARKS)('%s is drawn, alone, small, and loads nothing', (name) => {
    expect(existsSync(drawing(name))).toBe(true);
    const svg = readFileSync(drawing(name), 'utf8');
    expect(svg.length).toBeLessThan(2_000);
    expect(svg).not.toMatch(/href|url\(|<script|<style|<text/);
  });

  it('differ from each other', () => {
    expect(new Set(MARKS.map((name) => readFileSync(drawing(name), 'utf8'))).size).toBe(MARKS.length);
  });
});
