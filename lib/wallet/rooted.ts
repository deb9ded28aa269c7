/** Whether a certificate is of the Korean authorities whose roots we ship. It says nothing of revocation. */
import type { Certificate } from '../npki/certificate.ts';
import { checkPath } from '../trust/path.ts';
import { shippedRoots } from '../trust/roots.ts';

/** Whether signatures lead to a root that we ship, at the last time the certificate was within its dates. */
export async function isRooted(leaf: Certificate, intermediates: readonly Certificate[], now: number): Promise<boolean> {
  const at = Math.max(Math.min(now, leaf.notAfter), leaf.notBefore);
  try {
    return (await checkPath({ leaf, intermediates, anchors: shippedRoots(), at })).length > 1;
  } catch {
    return false;
  }
}
