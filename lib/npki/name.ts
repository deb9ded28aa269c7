/** Distinguished names: read from DER (RFC 5280 4.1.2.4), compared as DER, written as text (RFC 4514). */
import { objectIdentifier, readDer, sequence, set, text, type DerNode } from '../asn1/reader.ts';
import { TAG } from '../asn1/tags.ts';
import { equal, type Bytes } from '../bytes/bytes.ts';
import { toHex } from '../bytes/hex.ts';
import { WalletError } from '../errors.ts';
import { OID } from './oids.ts';

export interface NameAttribute {
  /** Dotted attribute type. */
  readonly type: string;
  /** The value as text; `#` and the hex of its DER where it is no character string. */
  readonly value: string;
}

export interface Name {
  /** The Name as encoded. */
  readonly der: Bytes;
  /** All attributes in encoded order, usually from country to common name. */
  readonly attributes: readonly NameAttribute[];
}

/** RFC 4514 section 3: the types that have a short name of their own. */
const KEYWORDS: ReadonlyMap<string, string> = new Map([
  [OID.commonName, 'CN'],
  [OID.locality, 'L'],
  [OID.state, 'ST'],
  [OID.organization, 'O'],
  [OID.organizationalUnit, 'OU'],
  [OID.country, 'C'],
  [OID.street, 'STREET'],
  [OID.domainComponent, 'DC'],
  [OID.userId, 'UID'],
]);

const TEXT_TAGS: ReadonlySet<number> = new Set([
  TAG.UTF8_STRING,
  TAG.PRINTABLE_STRING,
  TAG.BMP_STRING,
  TAG.IA5_STRING,
  TAG.NUMERIC_STRING,
  TAG.VISIBLE_STRING,
  TAG.T61_STRING,
]);

interface RawAttribute extends NameAttribute {
  readonly encoded: DerNode;
}

/** X.690 10.2: a string of DER is in one piece. Of the universal types only SEQUENCE and SET have parts. */
function isInPieces({ tag }: DerNode): boolean {
  return (tag & 0xe0) === 0x20 && tag !== TAG.SEQUENCE && tag !== TAG.SET;
}

function readAttribute(node: DerNode): RawAttribute {
  const [type, encoded, more] = sequence(node);
  if (encoded === undefined || more !== undefined || isInPieces(encoded)) throw new WalletError('file.unreadable', { detail: 'name attribute' });
  const value = TEXT_TAGS.has(encoded.tag) ? text(encoded) : `#${toHex(encoded.raw)}`;
  return { type: objectIdentifier(type), value, encoded };
}

function readRdns(node: DerNode | undefined): RawAttribute[][] {
  return sequence(node).map((rdn) => {
    const attributes = set(rdn).map(readAttribute);
    if (attributes.length === 0) throw new WalletError('file.unreadable', { detail: 'empty RDN' });
    return attributes;
  });
}

/** Reads a Name. @throws `file.unreadable` */
export function readName(node: DerNode): Name {
  const attributes = readRdns(node).flat();
  return { der: node.raw, attributes: attributes.map(({ type, value }) => ({ type, value })) };
}

/** Whether two names are the same octets. Names are copied, never re-encoded, by the authorities of this field. */
export function sameName(a: Name, b: Name): boolean {
  return equal(a.der, b.der);
}

/** The first value of an attribute type, or null. */
export function nameValue(name: Name, type: string): string | null {
  return name.attributes.find((attribute) => attribute.type === type)?.value ?? null;
}

/** All values of an attribute type in encoded order. */
export function nameValues(name: Name, type: string): string[] {
  return name.attributes.filter((attribute) => attribute.type === type).map(({ value }) => value);
}

/** RFC 4514 2.4. */
function escapeValue(value: string): string {
  return value
    .replace(/[\\"+,;<>]/g, '\\$&')
    .replace(/ $/, '\\ ')
    .replace(/^[ #]/, '\\$&')
    .replaceAll('\0', '\\00');
}

function attributeText({ type, value, encoded }: RawAttribute): string {
  const keyword = KEYWORDS.get(type);
  if (keyword === undefined) return `${type}=#${toHex(encoded.raw)}`;
  return TEXT_TAGS.has(encoded.tag) ? `${keyword}=${escapeValue(value)}` : `${keyword}=${value}`;
}

/** The name as RFC 4514 text: most specific part first, `CN=홍길동()0020…,OU=WOORI,OU=personal4IB,O=yessign,C=kr`. */
export function nameText(name: Name): string {
  return readRdns(readDer(name.der))
    .reverse()
    .map((rdn) => rdn.map(attributeText).join('+'))
    .join(',');
}
