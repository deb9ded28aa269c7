/** What a page may ask about the life of a certificate. Who asks names an authority by its id, never by an address. */
import { LIMITS } from './limits.ts';
import { malformed, readRecord, readText } from './read.ts';

/** For signatures, and for what others encrypt. */
export type CertificateUse = 'sign' | 'km';

export interface IssueRequest {
  /** Id of the authority in the wallet's directory. */
  readonly ca: string;
  /** From the registration office, after its identity check; used once. */
  readonly referenceNumber: string;
  readonly authorizationCode: string;
  /** What is asked for: a certificate for signatures, and one for encryption with it. */
  readonly certificates: readonly CertificateUse[];
  /** The certificate before was lost, and ends with this. */
  readonly reissue?: boolean;
}

export interface RenewRequest {
  /** Only certificates of this authority; absent: of any that the wallet can ask. */
  readonly ca?: string;
  /** Only the certificate of this serial number: content octets of the INTEGER in lower-case hex. */
  readonly serial?: string;
}

/** As for a renewal. The person chooses the certificate and the reason in the wallet's window. */
export interface RevokeRequest extends RenewRequest {
  /**
   * From the registration office, where the certificate's own key cannot sign any more: both, with `ca` and `serial` of the
   * certificate, which need not be in the wallet.
   */
  readonly referenceNumber?: string;
  readonly authorizationCode?: string;
}

export interface LifecycleCertificate {
  readonly use: CertificateUse;
  /** DER in base64. */
  readonly certificate: string;
  /** Content octets of the INTEGER in lower-case hex. */
  readonly serial: string;
  /** ISO 8601, UTC. */
  readonly notAfter: string;
}

export interface LifecycleResult {
  /** Those that were issued, or revoked; none where what was revoked is not in the wallet. */
  readonly certificates: readonly LifecycleCertificate[];
}

const CA = /^[a-z0-9]+(?:-[a-z0-9]+)*$/;
/** RFC 9483 4.1.6.1 leaves their form open; what a person can type is printable ASCII. */
const TYPED = /^[\x21-\x7e]+$/;
const SERIAL = /^(?:[0-9a-f]{2}){1,21}$/;
const DATE = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{3})?Z$/;
const ISSUED: readonly string[] = ['sign', 'sign km'];
const TOLD: readonly string[] = [...ISSUED, 'km', ''];

function readForm(value: unknown, name: string, max: number, form: RegExp): string {
  const text = readText(value, name, 1, max);
  if (!form.test(text)) throw malformed(name);
  return text;
}

function readUse(value: unknown): CertificateUse {
  if (value !== 'sign' && value !== 'km') throw malformed('use');
  return value;
}

/** One for signatures is always among them: it is what the km certificate comes with. */
function readUses(value: unknown): readonly CertificateUse[] {
  if (!Array.isArray(value) || value.length > 2) throw malformed('certificates');
  const uses = Array.from(value as readonly unknown[], readUse);
  if (!ISSUED.includes(uses.join(' '))) throw malformed('certificates');
  return uses;
}

/** Reads the payload of `issue`. @throws `request.malformed` */
export function readIssueRequest(value: unknown): IssueRequest {
  const fields = readRecord(value, ['ca', 'referenceNumber', 'authorizationCode', 'certificates'], ['reissue']);
  const reissue = fields.get('reissue');
  if (reissue !== undefined && typeof reissue !== 'boolean') throw malformed('reissue');
  return {
    ca: readForm(fields.get('ca'), 'ca', LIMITS.ca, CA),
    ...readNumbers(fields),
    certificates: readUses(fields.get('certificates')),
    ...(reissue === undefined ? {} : { reissue }),
  };
}

function readNumbers(fields: ReadonlyMap<string, unknown>): Pick<IssueRequest, 'referenceNumber' | 'authorizationCode'> {
  return {
    referenceNumber: readForm(fields.get('referenceNumber'), 'referenceNumber', LIMITS.referenceNumber, TYPED),
    authorizationCode: readForm(fields.get('authorizationCode'), 'authorizationCode', LIMITS.authorizationCode, TYPED),
  };
}

/** Reads the payload of `renew`. @throws `request.malformed` */
export function readRenewRequest(value: unknown): RenewRequest {
  return readTarget(readRecord(value, [], ['ca', 'serial']));
}

/** Reads the payload of `revoke`. @throws `request.malformed` */
export function readRevokeRequest(value: unknown): RevokeRequest {
  const fields = readRecord(value, [], ['ca', 'serial', 'referenceNumber', 'authorizationCode']);
  const target = readTarget(fields);
  if (!fields.has('referenceNumber') && !fields.has('authorizationCode')) return target;
  if (target.ca === undefined || target.serial === undefined) throw malformed('serial');
  return { ...target, ...readNumbers(fields) };
}

function readTarget(fields: ReadonlyMap<string, unknown>): RenewRequest {
  const [ca, serial] = [fields.get('ca'), fields.get('serial')];
  return {
    ...(ca === undefined ? {} : { ca: readForm(ca, 'ca', LIMITS.ca, CA) }),
    ...(serial === undefined ? {} : { serial: readForm(serial, 'serial', 42, SERIAL) }),
  };
}

function readCertificate(value: unknown): LifecycleCertificate {
  const fields = readRecord(value, ['use', 'certificate', 'serial', 'notAfter']);
  return {
    use: readUse(fields.get('use')),
    certificate: readText(fields.get('certificate'), 'certificate', 1, LIMITS.request),
    serial: readForm(fields.get('serial'), 'serial', 42, SERIAL),
    notAfter: readForm(fields.get('notAfter'), 'notAfter', 24, DATE),
  };
}

/** Reads the result of `issue`, `renew` and `revoke`. @throws `request.malformed` */
export function readLifecycleResult(value: unknown): LifecycleResult {
  const certificates = readRecord(value, ['certificates']).get('certificates');
  if (!Array.isArray(certificates) || certificates.length > 2) throw malformed('certificates');
  const read = Array.from(certificates as readonly unknown[], readCertificate);
  if (!TOLD.includes(read.map(({ use }) => use).join(' '))) throw malformed('certificates');
  return { certificates: read };
}
