/** An OCSP answer and a revocation list to spoil. */
import type { Bytes } from '../../lib/bytes/bytes.ts';
import { certIdOf } from '../../lib/trust/status/ocsp-request.ts';
import { STATUS, writeAnswer, writeEntry, writeList, writeSingle } from '../support/status-messages.ts';
import { authorityExtensions, issue, makeKeys } from '../support/test-authority.ts';

export async function seedAnswer(): Promise<Bytes> {
  const signer = await issue({ name: 'Authority', keys: await makeKeys(), extensions: authorityExtensions() });
  const certId = await certIdOf({ serial: Uint8Array.of(7) }, signer.certificate);
  return writeAnswer({ singles: [writeSingle({ certId, status: STATUS.revoked(1) })], signer, nonce: new Uint8Array(32) });
}

export async function seedList(): Promise<Bytes> {
  const signer = await issue({ name: 'Authority', keys: await makeKeys(), extensions: authorityExtensions() });
  return writeList({ signer, entries: [7, 8].map((serial) => writeEntry({ serial: Uint8Array.of(serial) })) });
}
