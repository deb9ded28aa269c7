/** PollReqContent and PollRepContent (RFC 9810 5.3.22). */
import { sequence, signedInteger, type DerNode } from '../asn1/reader.ts';
import { TAG } from '../asn1/tags.ts';
import * as der from '../asn1/writer.ts';
import type { Bytes } from '../bytes/bytes.ts';
import { readFreeText } from './free-text.ts';
import { malformed, strictly } from './malformed.ts';
import { fewOf } from './message.ts';

/** The certReqId of a poll for the answer to a message that was no certificate request. */
export const WHOLE_MESSAGE = -1;

export interface PollAnswer {
  readonly requestId: number;
  /** Seconds, as the authority wrote them: any number. */
  readonly checkAfter: number;
  readonly text: string | null;
}

/** The certReqIds that are asked for. @throws `request.malformed` */
export function readPollRequest(content: DerNode): number[] {
  return strictly(() =>
    fewOf(content).map((node) => {
      const [id, more] = sequence(node);
      if (more !== undefined) throw malformed('poll request');
      return signedInteger(id);
    }),
  );
}

function writeRequestId(id: number): Bytes {
  return id === WHOLE_MESSAGE ? der.element(TAG.INTEGER, Uint8Array.of(0xff)) : der.integer(id);
}

export function writePollRequest(requestIds: readonly number[]): Bytes {
  return der.sequence(...requestIds.map((id) => der.sequence(writeRequestId(id))));
}

/** @throws `request.malformed` */
export function readPollAnswer(content: DerNode): PollAnswer[] {
  return strictly(() =>
    fewOf(content).map((node) => {
      const [id, checkAfter, text, more] = sequence(node);
      if (more !== undefined) throw malformed('poll answer');
      return { requestId: signedInteger(id), checkAfter: signedInteger(checkAfter), text: text === undefined ? null : readFreeText(text) };
    }),
  );
}

export function writePollAnswer(answers: readonly Pick<PollAnswer, 'requestId' | 'checkAfter'>[]): Bytes {
  return der.sequence(...answers.map(({ requestId, checkAfter }) => der.sequence(writeRequestId(requestId), der.integer(checkAfter))));
}
