/** The messages between a page and the content script: one window message with a port, then that port alone. */
import { isErrorCode, WalletError, type ErrorCode } from '../errors.ts';
import { LIMITS } from './limits.ts';
import { isPlain, malformed, readRecord, readText, readUuid } from './read.ts';
import { isAction, PROTOCOL_VERSION, type Action } from './version.ts';

/** A page's message as the content script passes it on: the payload of an action is read where it is acted upon. */
export type PageRequest = { readonly id: string } & ({ readonly action: 'connect' } | { readonly action: Action; readonly payload: unknown });

/** Whether a window message means to be ours at all; others are left alone without a word. */
export function isAddressedToWallet(data: unknown): boolean {
  return typeof data === 'object' && data !== null && Object.hasOwn(data, 'dojang');
}

/** What a value holds, to be counted in its turn. Readers refuse every object but plain ones and lists, so none is opened. */
function contents(value: unknown): readonly unknown[] {
  if (Array.isArray(value)) return value;
  return isPlain(value) ? Object.entries(value).flat() : [];
}

/**
 * Whether a value has more than `limit` characters as JSON, roughly: 8 for whatever is no text. It is counted without
 * building the text and stops as soon as it passes the limit; what nests deeper than 16, a cycle above all, is over it.
 * @throws `request.malformed` where it has no JSON at all, since the way to the background is JSON in some browsers
 */
export function sizeOver(value: unknown, limit: number): boolean {
  let size = 0;
  const waiting: { value: unknown; depth: number }[] = [{ value, depth: 0 }];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    if (typeof next.value === 'bigint') throw malformed('number');
    size += typeof next.value === 'string' ? next.value.length + 2 : 8;
    const inside = contents(next.value);
    if (size + inside.length > limit || next.depth > 16) return true;
    for (const inner of inside) waiting.push({ value: inner, depth: next.depth + 1 });
  }
  return false;
}

/** Bounds of actions that carry documents. */
const SIZES: ReadonlyMap<unknown, number> = new Map<Action, number>([
  ['sign', LIMITS.signRequest],
  ['signTaxInvoices', LIMITS.invoicesRequest],
]);

/** @throws `request.too-large` */
export function checkSize(action: unknown, payload: unknown): void {
  if (sizeOver(payload, SIZES.get(action) ?? LIMITS.request)) throw new WalletError('request.too-large');
}

/** Reads the window message of a page. @throws `request.malformed`, `request.unsupported-version`, `request.too-large` */
export function readPageRequest(data: unknown): PageRequest {
  // The version first: a page of a later one may well send keys that this one does not know.
  if (!isPlain(data) || !Object.hasOwn(data, 'dojang')) throw malformed('object');
  if (data['dojang'] !== PROTOCOL_VERSION) throw new WalletError('request.unsupported-version');
  const fields = readRecord(data, ['dojang', 'id', 'action', 'payload']);
  const [action, payload] = [fields.get('action'), fields.get('payload')];
  checkSize(action, payload);
  const id = readUuid(fields.get('id'));
  if (action === 'connect') readRecord(payload, []);
  else if (!isAction(action)) throw malformed('action');
  return action === 'connect' ? { id, action } : { id, action, payload };
}

/** What comes back over the port. */
export type PortMessage =
  | { readonly ack: true }
  | { readonly extend: { readonly seconds: number } }
  | { readonly result: unknown }
  | { readonly error: { readonly code: ErrorCode } };

/** Reads a message of the wallet, as the page library gets it. @throws `request.malformed` */
export function readPortMessage(data: unknown): PortMessage {
  const fields = readRecord(data, [], ['ack', 'extend', 'result', 'error']);
  if (fields.size !== 1) throw malformed('port message');
  if (fields.get('ack') === true) return { ack: true };
  if (fields.has('result')) return { result: fields.get('result') };
  if (fields.has('extend')) {
    const seconds = readRecord(fields.get('extend'), ['seconds']).get('seconds');
    if (typeof seconds !== 'number' || !(seconds > 0 && seconds <= LIMITS.waitMaxMs / 1000)) throw malformed('extend');
    return { extend: { seconds } };
  }
  const code = readText(readRecord(fields.get('error'), ['code']).get('code'), 'code', 1, 64);
  return { error: { code: isErrorCode(code) ? code : 'internal' } };
}

/** Whether a message on the port of the page is its wish to stop. */
export function isCancel(data: unknown): boolean {
  return typeof data === 'object' && data !== null && Object.hasOwn(data, 'cancel') && (data as { cancel: unknown }).cancel === true;
}

export interface Greeting {
  readonly protocol: number;
  readonly wallet: { readonly name: string; readonly version: string };
  readonly features: readonly string[];
}

/** Reads the result of `connect`. @throws `request.malformed` */
export function readGreeting(value: unknown): Greeting {
  const fields = readRecord(value, ['protocol', 'wallet', 'features']);
  const wallet = readRecord(fields.get('wallet'), ['name', 'version']);
  const features: unknown = fields.get('features');
  const protocol = fields.get('protocol');
  if (typeof protocol !== 'number' || !Array.isArray(features)) throw malformed('greeting');
  return {
    protocol,
    wallet: { name: readText(wallet.get('name'), 'name', 1, 64), version: readText(wallet.get('version'), 'version', 1, 32) },
    // A copy first: methods of a list from outside make their result with whatever it calls its constructor.
    features: Array.from(features as readonly unknown[])
      .filter((feature) => typeof feature === 'string')
      .slice(0, 64),
  };
}
