/** ErrorMsgContent (RFC 9810 5.3.21). */
import { sequence, type DerNode } from '../asn1/reader.ts';
import { TAG } from '../asn1/tags.ts';
import * as der from '../asn1/writer.ts';
import type { Bytes } from '../bytes/bytes.ts';
import { readFreeText } from './free-text.ts';
import { malformed, strictly } from './malformed.ts';
import { readStatusInfo, writeStatusInfo, type StatusInfo } from './status.ts';

/**
 * The status of an error, with the details as its text where it has none of its own. Codes of the implementation are passed over.
 * @throws `request.malformed`
 */
export function readErrorMessage(content: DerNode): StatusInfo {
  return strictly(() => {
    const [status, ...rest] = sequence(content);
    if (rest[0]?.tag === TAG.INTEGER) rest.shift();
    const details = rest.shift();
    if (rest.length > 0) throw malformed('error message');
    const info = readStatusInfo(status);
    return { ...info, text: info.text ?? (details === undefined ? null : readFreeText(details)) };
  });
}

export function writeErrorMessage(status: Parameters<typeof writeStatusInfo>[0]): Bytes {
  return der.sequence(writeStatusInfo(status));
}
