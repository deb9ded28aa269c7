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
export type RevokeRequest = RenewRequest;

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
  /** Those that were issued, or revoked. */
  readonly certificates: readonly LifecycleCertificate[];
}

const CA = /^[a-z0-9]+(?:-[a-z0-9]+)*$/;
/** RFC 9483 4.1.6.1 leaves their form open; what a person can type is printable ASCII. */
const TYPED = /^[\x21-\x7e]+$/;
const SERIAL = /^(?:[0-9a-f]{2}){1,21}$/;
const DATE = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{3})?Z$/;
const USES: readonly string[] = ['sign', 'sign km', 'km'];

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
  if (!USES.slice(0, 2).includes(uses.join(' '))) throw malformed('certificates');
  return uses;
}

/** Reads the payload of `issue`. @throws `request.malformed` */
export function readIssueRequest(value: unknown): IssueRequest {
  const fields = readRecord(value, ['ca', 'referenceNumber', 'authorizationCode', 'certificates'], ['reissue']);
  const reissue = fields.get('reissue');
  if (reissue !== undefined && typeof reissue !== 'boolean') throw malformed('reissue');
  return {
    ca: readForm(fields.get('ca'), 'ca', LIMITS.ca, CA),
    referenceNumber: readForm(fields.get('referenceNumber'), 'referenceNumber', LIMITS.referenceNumber, TYPED),
    authorizationCode: readForm(fields.get('authorizationCode'), 'authorizationCode', LIMITS.authorizationCode, TYPED),
    certificates: readUses(fields.get('certificates')),
    ...(reissue === undefined ? {} : { reissue }),
  };
}

/** Reads the payload of `renew` and of `revoke`. @throws `request.malformed` */
export function readRenewRequest(value: unknown): RenewRequest {
  const fields = readRecord(value, [], ['ca', 'serial']);
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
  if (!USES.includes(read.map(({ use }) => use).join(' '))) throw malformed('certificates');
  return { certificates: read };
}
