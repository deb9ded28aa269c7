/** InfoTypeAndValue (RFC 9810 5.3.19): what stands in generalInfo and in general messages. */
import { objectIdentifier, sequence, time, type DerNode } from '../asn1/reader.ts';
import { TAG } from '../asn1/tags.ts';
import * as der from '../asn1/writer.ts';
import type { Bytes } from '../bytes/bytes.ts';
import { fromUtf8, utf8 } from '../bytes/text.ts';
import { CMP_LIMITS } from './limits.ts';
import { malformed } from './malformed.ts';

export interface Info {
  readonly type: string;
  readonly value: DerNode | null;
}

/** @throws `file.unreadable`, `request.malformed` where there are more than 32 */
export function readInfos(node: DerNode): Info[] {
  const infos = sequence(node);
  if (infos.length > CMP_LIMITS.generalInfo) throw malformed('general info');
  return infos.map((info) => {
    const [type, value, more] = sequence(info);
    if (more !== undefined) throw malformed('general info');
    return { type: objectIdentifier(type), value: value ?? null };
  });
}

export function writeInfo(type: string, value?: Bytes): Bytes {
  return der.sequence(der.objectIdentifier(type), ...(value === undefined ? [] : [value]));
}

const FRACTION = /\.\d*[1-9](?=Z$)/;

/** GeneralizedTime of a message, in milliseconds since 1970; unlike certificates, messages may have fractions (X.690 11.7). */
export function readMessageTime(node: DerNode): number {
  if (node.tag !== TAG.GENERALIZED_TIME || node.content.length > 32) throw malformed('time');
  return time({ ...node, content: utf8(fromUtf8(node.content).replace(FRACTION, '')) });
}
