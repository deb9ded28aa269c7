/** The camera, as long as a screen of ours shows what it sees. Pictures go to the QR worker and nowhere else. */
import { WalletError, type ErrorCode } from '../errors.ts';
import type { Watching } from '../transfer/api.ts';
import type { QrReader } from './qr-reader.ts';

/** Enough for codes of 69 squares a side; more costs time for nothing. */
const WANTED = { width: { ideal: 1280 }, height: { ideal: 720 } } as const;
const SIDE_MAX = 1280;
/** Rest between two pictures, so that the page and the other core live on. */
const REST_MS = 30;

const REASONS: ReadonlyMap<string, ErrorCode> = new Map([
  ['NotAllowedError', 'camera.denied'],
  ['SecurityError', 'camera.denied'],
  ['NotFoundError', 'camera.none'],
  ['OverconstrainedError', 'camera.none'],
]);

async function openStream(): Promise<MediaStream> {
  // Some profiles switch media off altogether, and then the browser has no such property.
  const devices = navigator.mediaDevices as MediaDevices | undefined;
  if (!devices) throw new WalletError('camera.none', { detail: 'mediaDevices' });
  try {
    return await devices.getUserMedia({ audio: false, video: WANTED });
  } catch (cause) {
    const name = cause instanceof DOMException ? cause.name : 'unknown';
    throw new WalletError(REASONS.get(name) ?? 'camera.busy', { detail: name, cause });
  }
}

/** One picture, not larger than is of use; null where the camera has none yet. */
async function takePicture(video: HTMLVideoElement): Promise<ImageBitmap | null> {
  const { videoWidth, videoHeight, readyState } = video;
  if (readyState < HTMLMediaElement.HAVE_CURRENT_DATA || videoWidth === 0 || videoHeight === 0) return null;
  const shrink = Math.min(1, SIDE_MAX / Math.max(videoWidth, videoHeight));
  const size = { resizeWidth: Math.round(videoWidth * shrink), resizeHeight: Math.round(videoHeight * shrink) };
  return createImageBitmap(video, shrink < 1 ? size : {});
}

export interface WatchOrder {
  readonly video: HTMLVideoElement;
  readonly reader: QrReader;
  readonly onText: (text: string) => Promise<void>;
  readonly onTrouble: (thrown: unknown) => void;
}

/** Throws as `TransferApi.watch`. The reader is stopped with the camera. */
export async function watchCamera({ video, reader, onText, onTrouble }: WatchOrder): Promise<Watching> {
  const stream = await openStream();
  const tracks = stream.getTracks();
  let stopped = false;
  const stop = (): void => {
    stopped = true;
    for (const track of tracks) track.stop();
    reader.stop();
    if (video.srcObject === stream) video.srcObject = null;
  };
  const giveUp = (thrown: unknown): void => {
    if (stopped) return;
    stop();
    onTrouble(thrown);
  };
  const look = async (): Promise<void> => {
    const picture = await takePicture(video);
    const text = picture ? await reader.read(picture) : null;
    if (text !== null && !stopped) await onText(text);
  };
  const goOn = async (): Promise<void> => {
    while (!stopped) {
      await look();
      await new Promise((resolve) => setTimeout(resolve, REST_MS));
    }
  };
  for (const track of tracks) track.addEventListener('ended', () => giveUp(new WalletError('camera.busy', { detail: 'ended' })));
  try {
    video.srcObject = stream;
    await video.play();
  } catch (cause) {
    stop();
    throw new WalletError('camera.busy', { detail: 'play', cause });
  }
  goOn().catch(giveUp);
  return { stop };
}
