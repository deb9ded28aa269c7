/** Transfers between two wallets wired to this browser: its camera, its workers, its randomness. */
import { watchCamera } from '../platform/camera.ts';
import { drawQr } from '../platform/qr-drawing.ts';
import { startQrReader } from '../platform/qr-reader.ts';
import { random } from '../platform/system.ts';
import { startWorker } from '../platform/workers.ts';
import type { TransferApi } from '../transfer/api.ts';
import { startReceiving } from '../transfer/receiver.ts';
import { startSending } from '../transfer/sender.ts';

export function composeTransfer(): TransferApi {
  return {
    receive: () => startReceiving(random),
    send: (invitation) => startSending(invitation, random),
    draw: drawQr,
    watch: (video, onText, onTrouble) => watchCamera({ video, onText, onTrouble, reader: startQrReader(() => startWorker('/qr-worker.js')) }),
  };
}
