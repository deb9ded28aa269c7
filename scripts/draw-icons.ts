/**
 * Draws public/icon from the seal that the screens show. Run it after changing the seal: `node scripts/draw-icons.ts`.
 * The Chromium it draws with is /usr/bin/chromium, or the one that CHROMIUM names.
 */
import { mkdir, writeFile } from 'node:fs/promises';
import { chromium } from '@playwright/test';
import { SEAL } from '../components/icons/seal.ts';

const SIZES = [16, 32, 48, 96, 128];
const RED = '#b5281e';
const WHITE = '#ffffff';

const svg = (size: number): string =>
  `<svg xmlns="http://www.w3.org/2000/svg" width="${size}" height="${size}" viewBox="0 0 ${SEAL.size} ${SEAL.size}">` +
  `<path fill="${RED}" d="${SEAL.stamp}"/><path fill="${WHITE}" d="${SEAL.strokes}"/></svg>`;

const folder = new URL('../public/icon/', import.meta.url);
await mkdir(folder, { recursive: true });
await writeFile(new URL('seal.svg', folder), `${svg(128)}\n`);

const browser = await chromium.launch({ executablePath: process.env['CHROMIUM'] ?? '/usr/bin/chromium', args: ['--no-sandbox'] });
const page = await browser.newPage();
for (const size of SIZES) {
  await page.setViewportSize({ width: size, height: size });
  await page.setContent(`<body style="margin:0">${svg(size).replace('<svg', '<svg style="display:block"')}</body>`);
  await writeFile(new URL(`${size}.png`, folder), await page.screenshot({ omitBackground: true }));
}
await browser.close();
