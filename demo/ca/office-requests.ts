/** What the bank's server may send to the registration office: JSON, read into typed values. */
import { WalletError } from '../../lib/errors.ts';
import { isIdNumber } from '../../lib/npki/identity.ts';

/** Bank, insurance and card use of a person. */
const USUAL_POLICY = '1.2.410.200005.1.1.4';
const MAX_DAYS = 1_100;

export interface RegisterRequest {
  readonly realName: string;
  readonly latin: string;
  readonly idNumber: string;
  readonly unit: string;
  readonly policy: string;
  readonly km: boolean;
  readonly days: number;
  readonly waits: number;
  readonly vid: boolean;
  /** Fixed numbers, which only a test may ask for; null otherwise. */
  readonly fixed: { readonly reference: string; readonly code: string } | null;
}

export interface ChangeRequest {
  /** Of a sign certificate, in hex. */
  readonly serial: string;
  readonly reason: number | null;
  /** Give numbers with which the holder revokes by message, instead of revoking at once. */
  readonly byHolder: boolean;
}

type Fields = Readonly<Record<string, unknown>>;

function malformed(detail: string): WalletError {
  return new WalletError('request.malformed', { detail });
}

function fieldsOf(body: unknown): Fields {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) throw malformed('fields');
  return { ...(body as Fields) }; // own fields only
}

function textField(fields: Fields, name: string, pattern: RegExp, usual?: string): string {
  const value = fields[name] ?? usual;
  if (typeof value !== 'string' || !pattern.test(value)) throw malformed(name);
  return value;
}

function numberField(fields: Fields, name: string, most: number, usual: number): number {
  const value = fields[name] ?? usual;
  if (typeof value !== 'number' || !Number.isInteger(value) || value < 0 || value > most) throw malformed(name);
  return value;
}

function flagField(fields: Fields, name: string): boolean {
  const value = fields[name] ?? false;
  if (typeof value !== 'boolean') throw malformed(name);
  return value;
}

function idNumberField(fields: Fields): string {
  const value = fields['number'];
  if (typeof value !== 'string' || !isIdNumber(value)) throw malformed('number');
  return value;
}

function readFixed(fields: Fields): RegisterRequest['fixed'] {
  if (fields['ref'] === undefined) return null;
  return { reference: textField(fields, 'ref', /^[!-~]{1,64}$/), code: textField(fields, 'code', /^[!-~]{8,128}$/) };
}

/** @throws `request.malformed` with the name of the field */
export function readRegisterRequest(body: unknown): RegisterRequest {
  const fields = fieldsOf(body);
  return {
    realName: textField(fields, 'name', /^[^\p{Cc}()]{1,60}$/u),
    latin: textField(fields, 'latin', /^[A-Z .]{0,40}$/, ''),
    idNumber: idNumberField(fields),
    unit: textField(fields, 'unit', /^[A-Za-z0-9]{1,20}$/, 'personal4IB'),
    policy: textField(fields, 'policy', /^1\.2\.410(\.\d{1,9}){1,10}$/, USUAL_POLICY),
    km: flagField(fields, 'km'),
    days: numberField(fields, 'days', MAX_DAYS, 365),
    waits: numberField(fields, 'waits', 100, 0),
    vid: flagField(fields, 'vid'),
    fixed: readFixed(fields),
  };
}

const SERIAL = /^([0-9a-f]{2}){1,21}$/;

/** @throws `request.malformed` with the name of the field */
export function readChangeRequest(body: unknown): ChangeRequest {
  const fields = fieldsOf(body);
  return {
    serial: textField(fields, 'serial', SERIAL),
    reason: fields['reason'] === undefined ? null : numberField(fields, 'reason', 10, 0),
    byHolder: flagField(fields, 'byHolder'),
  };
}

/** @throws `request.malformed` */
export function readIdNumber(body: unknown): string {
  return idNumberField(fieldsOf(body));
}
