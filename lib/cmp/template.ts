/** CertTemplate (RFC 4211 5). Its tags are IMPLICIT, but for those around a Name, which is a CHOICE. */
import { children, expectTag, explicit, integerBytes, readDer, sequence, type DerNode } from '../asn1/reader.ts';
import { contextTag, TAG } from '../asn1/tags.ts';
import * as der from '../asn1/writer.ts';
import type { Bytes } from '../bytes/bytes.ts';
import { malformed } from './malformed.ts';

/** Fields of a template; null where it leaves one to the authority. */
export interface Template {
  /** Content octets of the serial INTEGER, as they stand in the certificate. */
  readonly serial: Bytes | null;
  /** Names as DER. */
  readonly issuer: Bytes | null;
  readonly subject: Bytes | null;
  /** SubjectPublicKeyInfo. */
  readonly spki: Bytes | null;
  /** Extensions as DER: each a SEQUENCE of id, critical and value. */
  readonly extensions: readonly Bytes[];
}

const LAST_FIELD = 9;

function fieldsOf(node: DerNode | undefined): ReadonlyMap<number, DerNode> {
  const found = new Map<number, DerNode>();
  let last = -1;
  for (const field of sequence(node)) {
    const number = field.tag & 0x1f;
    if ((field.tag & 0xc0) !== 0x80 || number <= last || number > LAST_FIELD) throw malformed('template');
    found.set(number, field);
    last = number;
  }
  return found;
}

/** @throws `file.unreadable`, `request.malformed` */
export function readTemplate(node: DerNode | undefined): Template {
  const fields = fieldsOf(node);
  function read<Value>(number: number, reader: (field: DerNode) => Value): Value | null {
    const field = fields.get(number);
    return field === undefined ? null : reader(field);
  }
  const name = (number: number): Bytes | null =>
    read(number, (field) => {
      const inside = explicit(field, contextTag(number));
      sequence(inside);
      return inside.raw;
    });
  return {
    serial: read(1, (field) => integerBytes({ ...expectTag(field, contextTag(1, false)), tag: TAG.INTEGER })),
    issuer: name(3),
    subject: name(5),
    spki: read(6, (field) => der.sequence(expectTag(field, contextTag(6)).content)),
    extensions: read(9, (field) => children(expectTag(field, contextTag(9))).map(({ raw }) => raw)) ?? [],
  };
}

/** What a template asks for. Nothing else is ever asked for: names, dates and policies are the authority's. */
export type TemplateFields = Partial<Omit<Template, 'extensions'>> & { readonly extensions?: readonly Bytes[] };

export function writeTemplate({ serial, issuer, subject, spki, extensions = [] }: TemplateFields): Bytes {
  const fields = [
    serial && der.element(contextTag(1, false), serial),
    issuer && der.context(3, issuer),
    subject && der.context(5, subject),
    // IMPLICIT: the content of the key's SEQUENCE, without its own tag.
    spki && der.context(6, readDer(spki).content),
    extensions.length > 0 && der.context(9, ...extensions),
  ];
  return der.sequence(...fields.filter((field) => field instanceof Uint8Array));
}
