/** CMP over HTTP (RFC 9811): one message in, one message out; and, for tests, the ways in which that can go wrong. */
import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';
import type { Bytes } from '../../lib/bytes/bytes.ts';
import { readMessage } from '../../lib/cmp/message.ts';
import { htmlAnswer, jsonAnswer, redirect, type Answer } from '../answer.ts';
import { hasType, readBytes } from '../request.ts';
import { answerCmp, REQUEST_LIMIT } from './cmp/answer.ts';
import type { CaContext } from './context.ts';
import type { Turns } from './turns.ts';

const TYPE = 'application/pkixcmp';

function isConfirmation(octets: Bytes): boolean {
  return readMessage(octets, REQUEST_LIMIT).body.type === 'certConf';
}

/** Faults of the network before the message is looked at. */
async function beforeAnswer({ faults }: CaContext): Promise<Answer | null> {
  await wait(faults.take('slow') ?? 0);
  if (faults.takes('http-500')) return jsonAnswer({ code: 'internal' }, 500);
  if (faults.takes('html-200')) return htmlAnswer('<!doctype html><title>wifi</title><p>먼저 로그인하세요.</p>');
  return faults.takes('redirect') ? redirect('/ca/root.cer') : null;
}

/** Writes half of an answer and ends the connection. */
function cutShort(request: IncomingMessage, body: Bytes): null {
  const head = `HTTP/1.1 200 OK\r\ncontent-type: ${TYPE}\r\ncontent-length: ${String(body.length)}\r\n\r\n`;
  request.socket.write(head);
  request.socket.end(body.subarray(0, body.length / 2));
  return null;
}

/** Says nothing until whoever asked has gone. */
async function holdOut({ socket }: IncomingMessage): Promise<null> {
  if (!socket.destroyed) await once(socket, 'close');
  return null;
}

/** @returns null where the connection ends without an answer. @throws as `answerCmp` */
export async function answerHttpCmp(ca: CaContext, turns: Turns, request: IncomingMessage): Promise<Answer | null> {
  if (!hasType(request, TYPE)) return jsonAnswer({ code: 'request.malformed' }, 415);
  const octets = await readBytes(request, TYPE, REQUEST_LIMIT);
  const { faults } = ca;
  if (faults.isDue('held')) return holdOut(request);
  const instead = await beforeAnswer(ca);
  if (instead !== null) return instead;
  const body = await turns.take(() => answerCmp(ca, octets));
  if (faults.isDue('answer-held')) return holdOut(request);
  if (faults.takes('answer-lost') || (isConfirmation(octets) && faults.takes('confirm-answer-lost'))) return null;
  return faults.takes('cut-body') ? cutShort(request, body) : { status: 200, type: TYPE, body };
}
