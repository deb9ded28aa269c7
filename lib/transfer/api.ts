/** What the screens may ask of a transfer between two wallets. Everything that fails throws a `WalletError`. */
import type { Bytes } from '../bytes/bytes.ts';

/** The receiver's side of one transfer. */
export interface Receiving {
  /** The text of the first code, for the sender's camera or clipboard. */
  readonly invitation: string;
  /** Eight digits that answer the sender's six; null where six digits were not typed. Only frames from here on count, also where
   * the same digits are typed again. */
  answer(challenge: string): Promise<string | null>;
  /**
   * What the camera read in one code. Frames of a transfer with another key, challenge or sender change nothing.
   * `new`: brought something; `known`: nothing new; `other`: a frame of another transfer; `none`: no frame at all
   */
  take(text: string): Promise<'new' | 'known' | 'other' | 'none'>;
  /** Blocks' worth that is there, and how many there are; null before the first. */
  readonly progress: { readonly done: number; readonly total: number } | null;
  /** Whether `open` will find everything. */
  readonly isComplete: boolean;
  /** Unseals what came. The caller wipes `file`. @throws `transfer.damaged` */
  open(): Promise<{ readonly file: Bytes; readonly filePassword: string }>;
  /** Forgets the keys and what came. */
  end(): void;
}

/** The sender's side of one transfer, made from a receiver's invitation. */
export interface Sending {
  /** Six digits for the receiver's person to type. */
  readonly challenge: string;
  /**
   * Whether the receiver's answer is right, null where eight digits were not typed. Nothing is given out before it was.
   * @throws `transfer.code-wrong` at the third wrong one, and from then on
   */
  confirm(answer: string): Promise<boolean | null>;
  /** For the files inside. Fit for the rules of file passwords. @throws `transfer.code-wrong` before the answer */
  readonly filePassword: string;
  /** Seals the file, once. @throws `transfer.code-wrong` before the answer, `transfer.too-large` before it seals, so that another file may follow */
  seal(file: Bytes): Promise<void>;
  /** Frames that give everything where none is missed. */
  readonly frames: number;
  /** The text of the code of this number, counted from 0 without an end. */
  frame(number: number): Promise<string>;
  /** Forgets the keys and the sealed file. */
  end(): void;
}

/** A code as a drawing: dark squares on a field of `size` by `size`, without the light border. */
export interface QrDrawing {
  readonly size: number;
  /** SVG path data. */
  readonly path: string;
}

export interface Watching {
  /** Ends the camera and the reader. */
  stop(): void;
}

export interface TransferApi {
  receive(): Promise<Receiving>;
  /** @throws `transfer.malformed`, `transfer.newer-version` */
  send(invitation: string): Promise<Sending>;
  draw(text: string): QrDrawing;
  /**
   * Shows the camera in the element and reads codes, one at a time, until it is stopped.
   * @param onText the text of a code; the next picture is taken when it is done
   * @param onTrouble the camera ended, or the reader hung too often; the camera is off then
   * @throws `camera.none`, `camera.denied`, `camera.busy`
   */
  watch(video: HTMLVideoElement, onText: (text: string) => Promise<void>, onTrouble: (thrown: unknown) => void): Promise<Watching>;
}
