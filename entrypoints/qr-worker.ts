import { decodeQR } from 'qr/decode.js';
import { defineUnlistedScript } from 'wxt/utils/define-unlisted-script';
import type { QrAnswer, QrCall } from '../lib/platform/qr-reader.ts';

/** Whoever holds something before the camera chooses the picture, so it is read here, where it can be ended. */
export default defineUnlistedScript(() => {
  const canvas = new OffscreenCanvas(1, 1);
  const context = canvas.getContext('2d', { willReadFrequently: true });

  function read(picture: ImageBitmap): string | null {
    const { width, height } = picture;
    canvas.width = width;
    canvas.height = height;
    context?.drawImage(picture, 0, 0);
    picture.close();
    const pixels = context?.getImageData(0, 0, width, height);
    if (!pixels) return null;
    try {
      return decodeQR(pixels, { effort: 3, timeLimit: 60 });
    } catch {
      return null; // No code in it, which is the usual case.
    }
  }

  self.onmessage = ({ data }: MessageEvent<QrCall>): void => {
    self.postMessage({ text: read(data.picture) } satisfies QrAnswer);
  };
});
