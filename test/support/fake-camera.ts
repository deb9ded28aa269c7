/** A camera of Chromium that shows pictures of ours: a YUV4MPEG2 file that the browser plays over and over. */
import { writeFileSync } from 'node:fs';

export const CAMERA = { width: 640, height: 480 } as const;
const GREY = 128;
const DARK = 20;
const LIGHT = 235;

/** A drawing of a code as our pages make them. */
export interface Drawing {
  readonly size: number;
  readonly path: string;
}

/** Options for the browser; the file must be there before the camera is first used. */
export function cameraArgs(file: string): string[] {
  return ['--use-fake-device-for-media-stream', '--use-fake-ui-for-media-stream', `--use-file-for-fake-video-capture=${file}`];
}

/** Dark squares of a path of `M x y h w v1 h-w z` runs. */
function squaresOf({ size, path }: Drawing): boolean[][] {
  const rows = Array.from({ length: size }, () => new Array<boolean>(size).fill(false));
  for (const [, x, y, width] of path.matchAll(/M(\d+) (\d+)h(\d+)v1h-\d+z/g)) {
    for (let at = Number(x); at < Number(x) + Number(width); at++) rows[Number(y)]![at] = true;
  }
  return rows;
}

/** One picture: the code in the middle of a light field, in a dull room. */
function picture(drawing: Drawing | null): Buffer {
  const { width, height } = CAMERA;
  const luma = Buffer.alloc(width * height, GREY);
  if (drawing) {
    const squares = squaresOf(drawing);
    const side = drawing.size + 8;
    const scale = Math.floor(height / side);
    const left = (width - side * scale) >> 1;
    const top = (height - side * scale) >> 1;
    for (let y = 0; y < side * scale; y++) {
      for (let x = 0; x < side * scale; x++) {
        const dark = squares[Math.floor(y / scale) - 4]?.[Math.floor(x / scale) - 4] === true;
        luma[(top + y) * width + left + x] = dark ? DARK : LIGHT;
      }
    }
  }
  return Buffer.concat([Buffer.from('FRAME\n'), luma, Buffer.alloc((width * height) / 2, GREY)]);
}

/** Puts these pictures before the camera, five a second; null is an empty room. */
export function showToCamera(file: string, drawings: readonly (Drawing | null)[]): void {
  const { width, height } = CAMERA;
  writeFileSync(file, Buffer.concat([Buffer.from(`YUV4MPEG2 W${width} H${height} F5:1 Ip A1:1 C420jpeg\n`), ...drawings.map(picture)]));
}
