import { decodeQR } from 'qr/decode.js';
import { describe, expect, it } from 'vitest';
import type { Bytes } from '../../../lib/bytes/bytes.ts';
import { drawQr } from '../../../lib/platform/qr-drawing.ts';
import type { QrDrawing } from '../../../lib/transfer/api.ts';
import { startReceiving } from '../../../lib/transfer/receiver.ts';
import { startSending } from '../../../lib/transfer/sender.ts';

const random = (length: number): Bytes => crypto.getRandomValues(new Uint8Array(length));

interface Picture {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array;
}

/** The drawing as grey pixels, `scale` to a square, with four light squares around. */
function picture(
  { size, path }: QrDrawing,
  scale: number,
  spoil: (x: number, y: number, value: number) => number = (_x, _y, value) => value,
): Picture {
  const dark = new Set<number>();
  for (const [, x, y, width] of path.matchAll(/M(\d+) (\d+)h(\d+)v1h-\d+z/g)) {
    for (let at = Number(x); at < Number(x) + Number(width); at++) dark.add(Number(y) * size + at);
  }
  const side = (size + 8) * scale;
  const data = new Uint8Array(side * side * 4);
  for (let y = 0; y < side; y++) {
    for (let x = 0; x < side; x++) {
      const column = Math.floor(x / scale) - 4;
      const row = Math.floor(y / scale) - 4;
      const inside = column >= 0 && column < size && row >= 0 && row < size;
      const value = spoil(x, y, inside && dark.has(row * size + column) ? 25 : 230);
      data.set([value, value, value, 255], 4 * (y * side + x));
    }
  }
  return { width: side, height: side, data };
}

async function oneFrame(): Promise<string> {
  const receiver = await startReceiving(random);
  const sender = await startSending(receiver.invitation, random);
  await sender.confirm((await receiver.answer(sender.challenge)) ?? '');
  await sender.seal(random(2_000));
  return sender.frame(3);
}

describe('a code', () => {
  it('of an invitation has 41 squares a side at most, and is read again', async () => {
    const { invitation } = await startReceiving(random);
    const drawing = drawQr(invitation);
    expect(drawing.size).toBeLessThanOrEqual(41);
    expect(decodeQR(picture(drawing, 4))).toBe(invitation);
  });

  it('of a frame has 69 squares a side, and is read again at three pixels a square', async () => {
    const frame = await oneFrame();
    const drawing = drawQr(frame);
    expect(drawing.size).toBe(69);
    expect(decodeQR(picture(drawing, 3))).toBe(frame);
  });

  it('is read in noise and in a slope of light', async () => {
    const frame = await oneFrame();
    const drawing = drawQr(frame);
    let state = 1;
    const noise = (): number => (state = (Math.imul(state, 48_271) + 11) & 0x7fff_ffff) % 41;
    expect(decodeQR(picture(drawing, 6, (_x, _y, value) => Math.max(0, Math.min(255, value + noise() - 20))))).toBe(frame);
    expect(decodeQR(picture(drawing, 6, (x, _y, value) => value * (0.5 + x / 1_200)))).toBe(frame);
  });

  it('stays within its field and covers nothing twice', async () => {
    const { size, path } = drawQr(await oneFrame());
    const runs = [...path.matchAll(/M(\d+) (\d+)h(\d+)v1h-(\d+)z/g)];
    expect(runs.map(([text]) => text).join('')).toBe(path);
    expect(runs.filter(([, x, y, width, back]) => width !== back || Number(x) + Number(width) > size || Number(y) >= size)).toEqual([]);
  });
});
