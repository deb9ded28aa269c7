/** CertReqMessages (RFC 4211 3), the body of ir, cr and kur. */
import { bitString, children, expectTag, explicit, integerBytes, objectIdentifier, sequence, signedInteger, type DerNode } from '../asn1/reader.ts';
import { contextTag, TAG } from '../asn1/tags.ts';
import * as der from '../asn1/writer.ts';
import type { Bytes } from '../bytes/bytes.ts';
import { readAlgorithm, type Algorithm } from './algorithm.ts';
import { malformed, strictly } from './malformed.ts';
import { fewOf } from './message.ts';
import { CMP_OID } from './oids.ts';
import { readTemplate, writeTemplate, type Template, type TemplateFields } from './template.ts';

/** The certificate that a new one replaces. */
export interface OldCertificate {
  /** The issuer's Name as DER. */
  readonly issuer: Bytes;
  /** Content octets of the serial INTEGER. */
  readonly serial: Bytes;
}

/** POPOSigningKeyInput (RFC 4211 4.1) with a MAC over the key: what is signed while the name is not known yet. */
export interface KeyAndMac {
  /** The input as it is signed: DER with the tag of a SEQUENCE. */
  readonly signed: Bytes;
  readonly macAlgorithm: Algorithm;
  readonly mac: Bytes;
  /** SubjectPublicKeyInfo under the MAC. */
  readonly spki: Bytes;
}

/** `signature`: by the new key, over `input.signed` or, where there is none, over the request. Others prove nothing here. */
export type Possession =
  | { readonly kind: 'signature'; readonly input: KeyAndMac | null; readonly algorithm: Algorithm; readonly signature: Bytes }
  | { readonly kind: 'unsupported' }
  | { readonly kind: 'none' };

export interface CertificateRequest {
  readonly requestId: number;
  /** DER of the CertRequest, as it is signed. */
  readonly der: Bytes;
  readonly template: Template;
  readonly oldCertificate: OldCertificate | null;
  readonly possession: Possession;
  /** Values of regInfo by type. */
  readonly registration: ReadonlyMap<string, DerNode>;
}

/** AttributeTypeAndValue, each type once. */
function readAttributes(node: DerNode | undefined): ReadonlyMap<string, DerNode> {
  const found = new Map<string, DerNode>();
  for (const attribute of node === undefined ? [] : fewOf(node)) {
    const [type, value, more] = sequence(attribute);
    const id = objectIdentifier(type);
    if (value === undefined || more !== undefined || found.has(id)) throw malformed('attribute');
    found.set(id, value);
  }
  return found;
}

function readOldCertificate(node: DerNode | undefined): OldCertificate | null {
  if (node === undefined) return null;
  const [issuer, serial, more] = sequence(node);
  if (more !== undefined) throw malformed('oldCertID');
  return { issuer: explicit(issuer, contextTag(4)).raw, serial: integerBytes(serial) };
}

function readInput(node: DerNode): KeyAndMac {
  const [mac, spki, more] = children(node);
  const [algorithm, value, surplus] = sequence(mac);
  const { bytes } = bitString(value);
  if (more !== undefined || surplus !== undefined) throw malformed('proof input');
  // RFC 4211 4.1: the tag under the signature is that of the type, not the one it travels with.
  return { signed: der.sequence(node.content), macAlgorithm: readAlgorithm(algorithm), mac: bytes, spki: expectTag(spki, TAG.SEQUENCE).raw };
}

function readPossession(node: DerNode | undefined): Possession {
  if (node === undefined) return { kind: 'none' };
  if (node.tag !== contextTag(1)) return { kind: 'unsupported' };
  const parts = children(node);
  const input = parts[0]?.tag === contextTag(0) ? parts.shift() : undefined;
  const [algorithm, signature, more] = parts;
  const { unused, bytes } = bitString(signature);
  if (more !== undefined || unused !== 0) throw malformed('proof');
  return { kind: 'signature', input: input === undefined ? null : readInput(input), algorithm: readAlgorithm(algorithm), signature: bytes };
}

function readRequest(node: DerNode): CertificateRequest {
  const [request, ...rest] = sequence(node);
  const [id, template, controls, more] = sequence(request);
  const possession = rest[0] !== undefined && rest[0].tag !== TAG.SEQUENCE ? rest.shift() : undefined;
  const [registration, surplus] = rest;
  if (request === undefined || more !== undefined || surplus !== undefined) throw malformed('certificate request');
  return {
    requestId: signedInteger(id),
    der: request.raw,
    template: readTemplate(template),
    oldCertificate: readOldCertificate(readAttributes(controls).get(CMP_OID.oldCertId)),
    possession: readPossession(possession),
    registration: readAttributes(registration),
  };
}

/** @throws `request.malformed` */
export function readCertificateRequests(content: DerNode): CertificateRequest[] {
  return strictly(() => fewOf(content).map(readRequest));
}

/** CertRequest: what is asked for. */
export function writeCertificateRequest(requestId: number, template: TemplateFields, oldCertificate?: OldCertificate): Bytes {
  const controls =
    oldCertificate === undefined
      ? []
      : [
          der.sequence(
            der.sequence(
              der.objectIdentifier(CMP_OID.oldCertId),
              der.sequence(der.context(4, oldCertificate.issuer), der.element(TAG.INTEGER, oldCertificate.serial)),
            ),
          ),
        ];
  return der.sequence(der.integer(requestId), writeTemplate(template), ...controls);
}
